import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real letters and tables, which are not part of the project; skips where there is none."""
    root = Path(__file__).resolve().parents[1]
    folder = (root / os.environ.get("IMR_ML_REAL_DATA", "../shared")).resolve()
    if not (folder / "letters").is_dir():
        pytest.skip(f"no real letters in {folder}; set IMR_ML_REAL_DATA to their folder")
    return folder
