"""The items table: one row per disputed item, made from letters, read, written and checked."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from imr_ml.arguments import as_several, check_kind
from imr_ml.columns import COLUMNS, Column, Kind, arrow_schema, written_list
from imr_ml.errors import TableError
from imr_ml.extracting.requests.treatments import classify_treatment
from imr_ml.letter import Letter
from imr_ml.rows import letter_rows
from imr_ml.writing import check_suffix, whole_file

if TYPE_CHECKING:
    import pyarrow as pa

_BY_NAME = {column.name: column for column in COLUMNS}
DECISION_COLUMNS = tuple(column.name for column in COLUMNS if column.stage == "decision")
_KEYS = ("item_id", "letter_id", "request")
_TREATMENT = ["treatment_category", "treatment_subcategory"]


def evidence_columns(stage: str) -> tuple[str, ...]:
    """Name the columns that a model of this stage may use.

    Parameters
    ----------
    stage : {"filing", "assignment"}

    Raises
    ------
    TableError
        For any other stage: what is known with the decision is never evidence.

    Examples
    --------
    >>> "outcome" in evidence_columns("assignment"), "case_number" in evidence_columns("filing")
    (False, False)
    """
    if stage not in ("filing", "assignment"):
        raise TableError(f"must be 'filing' or 'assignment', not {stage!r}", about="stage")
    known = ("filing",) if stage == "filing" else ("filing", "assignment")
    return tuple(column.name for column in COLUMNS if column.stage in known)


def evidence(items: pd.DataFrame, stage: str) -> pd.DataFrame:
    """Keep only what is known at a stage: the one door through which features see a table.

    Columns of the table that are absent come back as missing values, so that a case with nothing but
    requests can be asked about.

    Parameters
    ----------
    items : DataFrame of shape (n_items, n_columns)
        Checked items, or any part of their columns.
    stage : {"filing", "assignment"}

    Returns
    -------
    DataFrame of shape (n_items, n_evidence_columns)
        In the order of `COLUMNS`, with the index of `items`.
    """
    names = evidence_columns(stage)
    kept: dict[str, pd.Series[Any]] = {}
    for name in names:
        if name in items:
            kept[name] = _coerced(items, _BY_NAME[name])
        else:
            kept[name] = pd.Series(_empty(_BY_NAME[name].kind, len(items)), index=items.index)
    return pd.DataFrame(kept, index=items.index)


def items_table(letters: Letter | Iterable[Letter]) -> pd.DataFrame:
    """Make the items table of letters, in their order.

    Parameters
    ----------
    letters : Letter or iterable of Letter

    Returns
    -------
    DataFrame of shape (n_items, n_columns)
        One row per disputed item, with the columns of `COLUMNS`.

    Raises
    ------
    TableError
        If what is given is no letter, or two letters have the same ``letter_id``; the message names both
        files.
    """
    sources: dict[str, str] = {}
    rows: list[dict[str, Any]] = []
    for letter in as_several(letters):
        check_kind(letter, "letter", about="letters")
        if letter.letter_id in sources:
            raise TableError(
                f"{letter.source} and {sources[letter.letter_id]}: both are letter {letter.letter_id}; "
                "leave one of them out"
            )
        sources[letter.letter_id] = letter.source
        rows.extend(letter_rows(letter))
    return frame_of(rows)


def frame_of(rows: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """Make a table with every column of `COLUMNS` in their agreed types from rows by column name."""
    columns = {
        column.name: _TYPED[column.kind](pd.Series([row.get(column.name) for row in rows], dtype=object))
        for column in COLUMNS
    }
    return pd.DataFrame(columns)


def check_items(
    items: pd.DataFrame, *, where: str = "items", complete: bool = True, need_outcome: bool = False
) -> pd.DataFrame:
    """Check a table against `COLUMNS` and give it in the agreed order and types.

    Parameters
    ----------
    items : DataFrame
        Columns that the table does not know are left out.
    where : str
        Names the table in errors, usually its file.
    complete : bool
        Whether every agreed column must be there, as for training. To be asked about, an item needs its
        keys and its request.
    need_outcome : bool
        Refuse a table in which no item has an outcome.

    Returns
    -------
    DataFrame
        A new table; `items` is not changed. Where a row states no treatment category, its request is
        classified, as `items_table` does; not of health plans, whose requests are their own category.

    Raises
    ------
    TableError
        For a missing column, a wrong type or value, a missing or repeated key; the message names the
        column and the first row.
    """
    needed = {column.name for column in COLUMNS if column.required} if complete else set(_KEYS)
    check_kind(items, "table", about=where)
    if twice := [str(name) for name in items.columns[items.columns.duplicated()]]:
        raise TableError(f"column {twice[0]} stands there twice; leave one of them out", about=where)
    if missing := [column.name for column in COLUMNS if column.name in needed and column.name not in items]:
        raise TableError(
            f"column{'s' if len(missing) > 1 else ''} missing: {', '.join(missing)}; "
            "make the table with imr-ml read, or add the column with empty values",
            about=where,
        )
    if items.empty:
        raise TableError("no rows; read some letters first", about=where)
    items = items.reset_index(drop=True)
    checked = pd.DataFrame(
        {
            column.name: _coerced(items, column, where)
            if column.name in items
            else pd.Series(_empty(column.kind, len(items)))
            for column in COLUMNS
        }
    )
    for name in (*_KEYS, "program") if complete else _KEYS:
        empty = checked[name].isna() | (checked[name].str.strip() == "")
        if empty.any():
            raise TableError(
                f"row {int(np.argmax(empty)) + 1}: {name} is empty; every item needs one", about=where
            )
    repeated = checked["item_id"].duplicated()
    if repeated.any():
        first = checked.loc[repeated, "item_id"].iloc[0]
        raise TableError(
            f"item_id {first!r} stands in {int((checked['item_id'] == first).sum())} rows; "
            "every item must have its own",
            about=where,
        )
    if need_outcome and checked["outcome"].isna().all():
        raise TableError("no item has an outcome; nothing can be learned or scored from it", about=where)
    return _with_treatments(checked)


def _with_treatments(items: pd.DataFrame) -> pd.DataFrame:
    """Classify the requests of rows that state no category, or the one found here and no subcategory."""
    stated = items[_TREATMENT].astype(object)
    rows = stated.isna().any(axis=1) & items["program"].ne("dmhc").fillna(True)
    if not rows.any():
        return items
    found = pd.DataFrame(
        [classify_treatment(request) for request in items.loc[rows, "request"]],
        index=items.index[rows],
        columns=_TREATMENT,
        dtype=object,
    )
    category = stated["treatment_category"]
    stated.update(found[category[rows].isna() | category[rows].eq(found["treatment_category"])])
    return items.assign(**{name: _typed_string(stated[name]) for name in _TREATMENT})


def read_items(path: str | Path, *, complete: bool = True) -> pd.DataFrame:
    """Read and check an items table from Parquet, or from CSV by suffix.

    Parameters
    ----------
    path : str or Path
    complete : bool
        As in `check_items`.

    Raises
    ------
    TableError
        If the file cannot be read as a table or is not an items table; the message names the file.
    """
    check_kind(path, "path", about="path")
    path = Path(path)
    if path.is_dir():
        raise TableError(
            "is a folder; name an items table, as imr-ml read makes it from a folder", about=str(path)
        )
    if not path.is_file():
        raise TableError("no such file; make an items table with imr-ml read", about=str(path))
    is_csv = path.suffix.lower() == ".csv"
    try:
        if is_csv:
            items = pd.read_csv(
                path, dtype="str", keep_default_na=False, na_values=[""], encoding="utf-8-sig"
            )
        else:
            items = pd.read_parquet(path)
    except Exception as error:
        raise TableError(
            f"cannot be read as {'CSV' if is_csv else 'Parquet'} "
            f"({str(error).splitlines()[0] if str(error) else type(error).__name__}); "
            f"{'save it in UTF-8 with commas, or ' if is_csv else ''}make an items table with imr-ml read",
            about=str(path),
        ) from None
    return check_items(items, where=str(path), complete=complete)


def write_items(items: pd.DataFrame, path: str | Path) -> None:
    """Write an items table to Parquet, or to CSV by suffix: whole or not at all, the same bytes each time.

    Raises
    ------
    TableError
        If `items` is no items table, or lacks a column.
    OutputError
        If the path exists as a folder, cannot be written, or has another suffix.
    """
    check_kind(path, "path", about="path")
    check_kind(items, "table", about="items")
    if missing := [column.name for column in COLUMNS if column.name not in items]:
        raise TableError(
            f"column {missing[0]} missing; items_table and read_items give every column", about="items"
        )
    path = Path(path)
    check_suffix(path, (".parquet", ".csv"))
    with whole_file(path) as partial:
        if path.suffix.lower() == ".csv":
            csv_frame(items).to_csv(partial, index=False, lineterminator="\n", encoding="utf-8")
        else:
            import pyarrow.parquet as pq

            pq.write_table(arrow_table(items), partial, compression="zstd")


def csv_frame(items: pd.DataFrame) -> pd.DataFrame:
    """Give the table as CSV holds it: dates as YYYY-MM-DD, lists as JSON."""
    shown = items.copy()
    for column in COLUMNS:
        if column.kind == "date":
            shown[column.name] = shown[column.name].dt.strftime("%Y-%m-%d")
        elif column.kind == "list":
            shown[column.name] = [
                None if v is None else json.dumps(v, ensure_ascii=False) for v in shown[column.name]
            ]
    return shown


def arrow_table(items: pd.DataFrame) -> pa.Table:
    """Give the table as Parquet holds it."""
    import pyarrow as pa

    return pa.Table.from_pandas(items, schema=arrow_schema(), preserve_index=False).replace_schema_metadata(
        None
    )


def _coerced(items: pd.DataFrame, column: Column, where: str = "items") -> pd.Series[Any]:
    try:
        values = _TYPED[column.kind](items[column.name])
    except (TypeError, ValueError, OverflowError) as error:
        raise TableError(
            f"column {column.name} must hold {_HELD[column.kind]}: {error}", about=where
        ) from None
    if column.allowed and not set(values.dropna().unique()) <= set(column.allowed):
        row = int(np.argmax(values.notna() & ~values.isin(column.allowed)))
        raise TableError(
            f"row {row + 1}: {column.name} is {values.iloc[row]!r}; "
            f"it must be {' or '.join(column.allowed)}, or empty",
            about=where,
        )
    if column.within:
        numbers = values.dt.year if column.kind == "date" else values
        outside = (values.notna() & ~numbers.between(*column.within)).fillna(False)
        if outside.any():
            row = int(np.argmax(outside))
            found = values.iloc[row].date() if column.kind == "date" else values.iloc[row]
            raise TableError(
                f"row {row + 1}: {column.name} is {found}; "
                f"it must lie from {column.within[0]} to {column.within[1]}, or be empty",
                about=where,
            )
    return values


_HELD = {
    "string": "text",
    "int": "whole numbers",
    "date": "dates as YYYY-MM-DD",
    "list": "lists of text",
    "bool": "true or false",
}


def _first_bad(values: pd.Series[Any], bad: Any) -> str:
    row = int(np.argmax(np.asarray(bad)))
    return f"row {row + 1} holds {values.iloc[row]!r}"


def _typed_string(values: pd.Series[Any]) -> pd.Series[Any]:
    if not isinstance(values.dtype, pd.StringDtype):
        values = values.astype(object)
        bad = [not (isinstance(value, str) or _missing(value)) for value in values]
        if any(bad):
            raise ValueError(_first_bad(values, bad))
        values = values.where(values.notna(), None)
    return values.astype("str")


def _typed_int(values: pd.Series[Any]) -> pd.Series[Any]:
    if isinstance(values.dtype, pd.Int64Dtype):
        return values
    numbers = pd.to_numeric(values, errors="coerce").astype("Float64")
    bad = (values.notna() & numbers.isna()) | (numbers.notna() & (numbers % 1 != 0)).fillna(False)
    if bad.any():
        raise ValueError(_first_bad(values, bad))
    return numbers.astype("Int64")


def _typed_date(values: pd.Series[Any]) -> pd.Series[Any]:
    if values.dtype == "datetime64[s]":
        return values
    if values.dtype.kind != "M":
        # A bare number would be read as a count of some unit since 1970.
        bad = [isinstance(value, int | float | np.number) and not _missing(value) for value in values]
        if any(bad):
            raise ValueError(_first_bad(values, bad))
    dates = pd.to_datetime(values, errors="coerce", format=None if values.dtype.kind == "M" else "ISO8601")
    unread = values.notna() & dates.isna()
    if unread.any():
        raise ValueError(_first_bad(values, unread))
    return dates.astype("datetime64[s]").dt.normalize()


def _typed_list(values: pd.Series[Any]) -> pd.Series[Any]:
    def read(value: Any) -> list[str] | None:
        if isinstance(value, str):
            value = written_list(value) if value.startswith("[") else [value]
        elif isinstance(value, list | tuple | np.ndarray):
            value = list(value)
        elif _missing(value):
            return None
        if not isinstance(value, list) or not all(isinstance(part, str) for part in value):
            raise ValueError
        return value or None

    if values.dtype == object and _are_lists(values.tolist()):
        return values
    lists = np.empty(len(values), dtype=object)
    for row, value in enumerate(values):
        try:
            lists[row] = read(value)
        except ValueError:
            raise ValueError(f'row {row + 1} holds {value!r}; in CSV, write ["one", "two"]') from None
    return pd.Series(lists, index=values.index, dtype=object)


def _are_lists(held: Sequence[Any]) -> bool:
    """Say whether all are lists of text or None already, as in a table that was checked before."""
    if not set(map(type, held)) <= {list, type(None)}:
        return False
    lists = [value for value in held if value is not None]
    return all(lists) and set(map(type, chain.from_iterable(lists))) <= {str}


def _typed_bool(values: pd.Series[Any]) -> pd.Series[Any]:
    if isinstance(values.dtype, pd.BooleanDtype):
        return values
    known = {"True": True, "False": False, "true": True, "false": False, True: True, False: False}
    bad = [not (_missing(v) or (isinstance(v, str | bool | np.bool_) and v in known)) for v in values]
    if any(bad):
        raise ValueError(_first_bad(values, bad))
    return pd.Series([None if _missing(v) else known[v] for v in values], index=values.index, dtype="boolean")


def _missing(value: Any) -> bool:
    return (
        value is None or value is pd.NA or value is pd.NaT or (isinstance(value, float) and np.isnan(value))
    )


_TYPED: dict[str, Callable[[pd.Series[Any]], pd.Series[Any]]] = {
    "string": _typed_string,
    "int": _typed_int,
    "date": _typed_date,
    "list": _typed_list,
    "bool": _typed_bool,
}


def _empty(kind: Kind, n_rows: int) -> Any:
    if kind == "date":
        return np.full(n_rows, np.datetime64("NaT"), dtype="datetime64[s]")
    if kind == "list":
        return np.full(n_rows, None, dtype=object)
    dtype = {"string": "str", "int": "Int64", "bool": "boolean"}[kind]
    return pd.Series([None] * n_rows, dtype=dtype).array
