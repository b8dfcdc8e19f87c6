"""The columns of the items table, their types and stages; without pandas, so that reading starts quickly."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

if TYPE_CHECKING:
    import pyarrow as pa

PREFIXES = (
    "retrospective",
    "associated surgical service",
    "pre-op",
    "post-op",
    "additional",
    "continued",
    "initial",
)
"""What may stand before a request; each becomes a column ``is_...`` of the items table."""


def prefix_column(prefix: str) -> str:
    """Name the column that says whether a request has the prefix.

    >>> prefix_column("associated surgical service")
    'is_associated_surgical_service'
    """
    return "is_" + prefix.replace(" ", "_").replace("-", "_")


Kind = Literal["string", "int", "date", "list", "bool"]
Stage = Literal["key", "filing", "assignment", "decision"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its type, the stage at which it becomes known, its values or range (of dates, in years)."""

    name: str
    kind: Kind
    stage: Stage
    allowed: tuple[str, ...] = ()
    required: bool = True
    within: tuple[int, int] | None = None


# Of injuries still disputed, to dates that are no slip of a key.
_YEARS = (1930, 2099)

COLUMNS: tuple[Column, ...] = (
    Column("item_id", "string", "key"),
    Column("letter_id", "string", "key"),
    Column("program", "string", "key", ("dwc", "dmhc")),
    Column("source", "string", "key"),
    Column("layout", "string", "key"),
    Column("is_synthetic", "bool", "key", required=False),
    Column("position", "int", "filing", within=(1, 10_000)),
    Column("n_items", "int", "filing", within=(1, 10_000)),
    Column("request", "string", "filing"),
    Column("original_request", "string", "filing", required=False),
    Column("authorized_request", "string", "filing", required=False),
    Column("other_requests", "list", "filing", required=False),
    *(Column(prefix_column(prefix), "bool", "filing", required=False) for prefix in PREFIXES),
    Column("service_dates", "list", "filing", required=False),
    Column("case_summary", "string", "filing"),
    Column("claims_administrator_guideline", "string", "filing"),
    Column("injury_date", "date", "filing", within=_YEARS),
    Column("ur_decision_date", "date", "filing", within=_YEARS),
    Column("received_date", "date", "filing", within=_YEARS),
    Column("priority", "string", "filing"),
    Column("is_represented", "bool", "filing", required=False),
    Column("age_years", "int", "filing", within=(0, 120)),
    Column("sex", "string", "filing", ("female", "male")),
    Column("diagnosis_category", "string", "filing"),
    Column("diagnosis_subcategory", "string", "filing"),
    Column("treatment_category", "string", "filing"),
    Column("treatment_subcategory", "string", "filing"),
    Column("review_type", "string", "filing"),
    Column("age_range", "string", "filing"),
    Column("case_number", "string", "assignment"),
    Column("assigned_date", "date", "assignment", within=_YEARS),
    Column("reviewer_specialties", "list", "assignment"),
    Column("reviewer_states", "list", "assignment"),
    Column("decided_date", "date", "decision", within=_YEARS),
    Column("decided_year", "int", "decision", within=_YEARS),
    Column("outcome", "string", "decision", ("upheld", "overturned")),
    Column("reviewer_guideline", "string", "decision"),
    Column("rationale", "string", "decision"),
)

_NAMES = tuple(column.name for column in COLUMNS)
EMPTY_ROW: dict[str, Any] = dict.fromkeys(_NAMES)
"""A row that states nothing: every column in its order."""


def named_values(values: Sequence[Any]) -> dict[str, Any]:
    """Give the row, by column name, that has these values."""
    return dict(zip(_NAMES, values, strict=True))


def arrow_schema() -> pa.Schema:
    """Give the table's types as Parquet holds them."""
    import pyarrow as pa

    types = {
        "string": pa.string(),
        "int": pa.int64(),
        "date": pa.date32(),
        "list": pa.list_(pa.string()),
        "bool": pa.bool_(),
    }
    return pa.schema([pa.field(column.name, types[column.kind]) for column in COLUMNS])


def arrow_rows(rows: Sequence[Sequence[Any]]) -> pa.Table:
    """Give a table as Parquet holds it from the values of its rows, each in the order of `COLUMNS`."""
    import pyarrow as pa

    schema, columns = arrow_schema(), zip(*rows, strict=True)
    return pa.Table.from_arrays(
        [
            # Letters leave a third of the columns empty.
            pa.nulls(len(rows), field.type)
            if values[0] is None and values.count(None) == len(rows)
            else _ARRAYS[column.kind](values)
            for column, field, values in zip(COLUMNS, schema, columns, strict=True)
        ],
        schema=schema,
    )


# Arrays are put together from their parts, as the Arrow columnar format lays them out: pyarrow's own way
# from lists imports pandas first, which takes longer than reading some hundred letters.
Values = Sequence[Any]


def _present(values: Values) -> pa.Buffer | None:
    """Give the bits that say which values there are; None where all are."""
    import pyarrow as pa

    if _are_present(values):
        return None
    present = bytes([value is not None for value in values])
    return pa.py_buffer(np.packbits(np.frombuffer(present, np.bool_), bitorder="little"))


def _are_present(values: Values) -> bool:
    return all(values) or None not in values  # the first is far quicker, and mostly so


def _offsets(values: Sequence[str | bytes | Sequence[str]]) -> pa.Buffer:
    import pyarrow as pa

    offsets = np.zeros(len(values) + 1, np.int32)
    np.cumsum(np.fromiter(map(len, values), np.int32, len(values)), out=offsets[1:])
    return pa.py_buffer(offsets)


def _string_array(values: Values) -> pa.Array:
    import pyarrow as pa

    texts = values if _are_present(values) else [value or "" for value in values]
    parts = list(map(str.encode, texts))
    buffers = [_present(values), _offsets(parts), pa.py_buffer(b"".join(parts))]
    return pa.Array.from_buffers(pa.string(), len(values), buffers)


def _list_array(values: Values) -> pa.Array:
    import pyarrow as pa

    parts = _string_array([part for value in values for part in value or ()])
    buffers = [_present(values), _offsets([value or () for value in values])]
    return pa.Array.from_buffers(pa.list_(pa.string()), len(values), buffers, children=[parts])


def _int_array(values: Values) -> pa.Array:
    import pyarrow as pa

    numbers = pa.py_buffer(np.array([value or 0 for value in values], dtype=np.int64))
    return pa.Array.from_buffers(pa.int64(), len(values), [_present(values), numbers])


def _date_array(values: Values) -> pa.Array:
    import pyarrow as pa

    days = [0 if value is None else value.toordinal() - _EPOCH for value in values]
    buffers = [_present(values), pa.py_buffer(np.array(days, dtype=np.int32))]
    return pa.Array.from_buffers(pa.date32(), len(values), buffers)


_EPOCH = dt.date(1970, 1, 1).toordinal()


def _bool_array(values: Values) -> pa.Array:
    import pyarrow as pa

    flags = np.frombuffer(bytes(map(bool, values)), np.bool_)
    bits = pa.py_buffer(np.packbits(flags, bitorder="little"))
    return pa.Array.from_buffers(pa.bool_(), len(values), [_present(values), bits])


_ARRAYS: dict[Kind, Callable[[Values], pa.Array]] = {
    "string": _string_array,
    "int": _int_array,
    "date": _date_array,
    "list": _list_array,
    "bool": _bool_array,
}


def written_list(value: str) -> Any:
    """Read a list as JSON writes it, or as pandas prints the lists and arrays of a table into a CSV.

    >>> written_list('["MRI", "Norco"]'), written_list("['MRI' 'Norco']")
    (['MRI', 'Norco'], ['MRI', 'Norco'])
    """
    try:
        return json.loads(value)
    except ValueError:
        if _PRINTED_LIST.fullmatch(value) is None:
            raise
        return [single or double for single, double in _PRINTED_TEXT.findall(value)]


_PRINTED_TEXT = re.compile(r"""'([^'"]*)'|"([^"]*)\"""")
_PRINTED_LIST = re.compile(r"""\[(?:\s*(?:'[^'"]*'|"[^"]*")\s*,?)*\s*\]""")
