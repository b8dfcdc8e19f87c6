from __future__ import annotations

import re
from pathlib import Path

from imr_ml.columns import COLUMNS
from imr_ml.simulating import simulate
from imr_ml.simulating.simulating import TruthRow

DATA = Path(__file__).resolve().parents[1] / "data"


def rows_of_readme() -> dict[str, list[str]]:
    rows: dict[str, list[str]] = {}
    for line in (DATA / "README.md").read_text(encoding="utf-8").splitlines():
        if line.startswith("| `"):
            first, *rest = (cell.strip() for cell in line.strip("|").split("|"))
            for name in re.findall(r"`([^`]+)`", first):
                rows.setdefault(name, rest)
    return rows


def test_every_column_is_described_with_its_type_and_stage():
    rows = rows_of_readme()
    for column in COLUMNS:
        kind, stage, meaning = rows[column.name]
        assert (kind, stage) == (column.kind, column.stage), column.name
        assert meaning
    assert set(TruthRow._fields) <= set(rows)


def test_the_sample_is_what_the_simulator_makes(tmp_path):
    command = re.search(r"imr-ml simulate --letters (\d+) --seed (\d+)", (DATA / "README.md").read_text())
    simulate(tmp_path / "again", n_letters=int(command[1]), seed=int(command[2]))
    made = {path.name: path.read_bytes() for path in (tmp_path / "again").iterdir()}
    kept = {path.name: path.read_bytes() for path in (DATA / "sample").iterdir()}
    assert kept == made, "run the command in data/README.md again"
