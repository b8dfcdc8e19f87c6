import datetime as dt
import subprocess
import sys
from typing import Any

import pyarrow as pa
import pytest

from imr_ml.columns import COLUMNS, EMPTY_ROW, arrow_rows, arrow_schema, named_values

VALUES: dict[str, list[Any]] = {
    "string": ["", "knee – right", None, "a\nb"],
    "int": [3, 0, None, -1],
    "date": [dt.date(1969, 12, 31), dt.date(2016, 2, 29), None, dt.date(1970, 1, 1)],
    "list": [["one", "two"], None, ["é"], []],
    "bool": [True, False, None, True],
}
ROWS = [{column.name: VALUES[column.kind][row] for column in COLUMNS} for row in range(4)]


def test_values_go_back_to_their_names() -> None:
    assert [named_values(tuple(row.values())) for row in ROWS] == ROWS
    assert named_values(tuple(EMPTY_ROW.values())) == dict.fromkeys(column.name for column in COLUMNS)


@pytest.mark.parametrize(
    "rows", [ROWS, ROWS[2:3], [{}, {}], ROWS * 5], ids=["all", "missing", "empty", "many"]
)
def test_a_table_is_what_pyarrow_makes_of_its_columns(rows: list[dict[str, Any]]) -> None:
    table = arrow_rows([tuple((EMPTY_ROW | row).values()) for row in rows])
    table.validate(full=True)
    expected = [pa.array([row.get(field.name) for row in rows], field.type) for field in arrow_schema()]
    assert table.equals(pa.Table.from_arrays(expected, schema=arrow_schema()))


def test_making_a_table_does_not_import_pandas() -> None:
    program = (
        "import sys; from imr_ml.columns import EMPTY_ROW, arrow_rows;"
        "arrow_rows([tuple(EMPTY_ROW.values())]); print('pandas' in sys.modules)"
    )
    assert subprocess.check_output([sys.executable, "-c", program], text=True) == "False\n"
