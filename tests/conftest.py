import os
from pathlib import Path

import pytest
from hypothesis import settings


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real letters and tables, which are not part of the project; skips where there is none."""
    root = Path(__file__).resolve().parents[1]
    folder = (root / os.environ.get("IMR_ML_REAL_DATA", "../shared")).resolve()
    if not (folder / "letters").is_dir():
        pytest.skip(f"no real letters in {folder}; set IMR_ML_REAL_DATA to their folder")
    return folder


# No test asserts a time: the first example of a property loads the lexicons.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
