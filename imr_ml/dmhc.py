"""The other source: the health plans' table of the Department of Managed Health Care, as items."""

from __future__ import annotations

import csv
import html
import io
import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from imr_ml.errors import ReadError, TableError
from imr_ml.reading import ReadingSummary
from imr_ml.reading.table import FAILURES_TOLD
from imr_ml.resources import read_rows
from imr_ml.tabulating import frame_of, write_items
from imr_ml.writing import check_suffix, check_writable, write_table

_NEEDED = {
    "letter_id": "Reference ID",
    "outcome": "Determination",
    "treatment_category": "Treatment Category",
}
_LARGEST_FIELD = 10_000_000


@cache
def _names(kind: str) -> Mapping[str, str]:
    """Give what the table writes (folded) and what the items table calls it."""
    rows = read_rows("dmhc_names.csv")
    return {_folded(row["written"]): row["name"] for row in rows if row["kind"] == kind}


def read_dmhc(path: str | Path) -> tuple[pd.DataFrame, list[ReadError]]:
    """Read the health plans' table of determinations as an items table.

    Both published shapes are read: the older copies (semicolons, "Reference ID") and the portal's
    present file (commas, "ReferenceID", ``Findings`` over several lines), in UTF-8 or ISO-8859-1. Each case
    is one letter with one item, of which only the treatment's category and subcategory are published:
    ``request`` is composed of them. ``Findings`` states the decision and becomes ``rationale``; the day
    counts are known only afterwards and are left out.

    Parameters
    ----------
    path : str or Path
        The CSV file.

    Returns
    -------
    items : DataFrame of shape (n_items, n_columns)
        With the columns of `imr_ml.tabulating.COLUMNS`, in the order of the file. What is blank is missing.
        An item whose determination is unknown, or which the file decides both ways, has no outcome.
    failures : list of ReadError
        Each row that was left out (no Reference ID, a repetition), and each that was kept in part, with its
        number (the heading is row 1) and what was wrong.

    Raises
    ------
    TableError
        If the file is missing, empty, or lacks a column that a prediction needs; the message names it.

    References
    ----------
    California Department of Managed Health Care, "Independent Medical Review (IMR) Determinations, Trend",
    CHHS open data portal, data.chhs.ca.gov.
    """
    path = Path(path)
    rows = _rows(_text(path), path)
    headings = [_names("heading").get(_folded(heading)) for heading in rows[0]]
    if missing := [written for name, written in _NEEDED.items() if name not in headings]:
        raise TableError(
            f"{path}: no column {', '.join(missing)} among "
            f"{', '.join(rows[0][:12])!r}; is this the DMHC's table of IMR determinations?"
        )
    items: dict[str, dict[str, Any]] = {}
    failures: list[ReadError] = []
    first_row: dict[str, int] = {}
    for number, cells in enumerate(rows[1:], start=2):
        fail = _Failures(str(path), number, failures)
        if len(cells) != len(headings):
            fail(f"has {len(cells)} fields where the heading has {len(headings)}; left out")
            continue
        item = _item({name: cell for name, cell in zip(headings, cells, strict=True) if name}, path, fail)
        identity = item["letter_id"]
        if identity is None:
            fail("Reference ID is empty; left out")
        elif identity not in items:
            first_row[identity], items[identity] = number, item
        else:
            _settle_repetition(items[identity], item, first_row[identity], fail)
    if not items:
        raise TableError(f"{path}: no row with a Reference ID; there is nothing to read")
    return frame_of(list(items.values())), failures


def read_dmhc_to_table(sources: Sequence[str | Path], out: str | Path) -> ReadingSummary:
    """Read one or several copies of the table into an items table on disk, as `read_to_table` does letters.

    Parameters
    ----------
    sources : sequence of str or Path
        CSV files; a case that stands in several counts once if they agree, else it is a failure.
    out : str or Path
        The table, ``.parquet`` or ``.csv``; beside it comes ``<name>.failures.csv``.

    Returns
    -------
    ReadingSummary
        Of rows: each is a letter with one item.

    Raises
    ------
    TableError, OutputError
        If a file is not that table, or `out` cannot be written.
    """
    out = Path(out)
    check_suffix(out, (".parquet", ".csv"))
    failures_path = out.with_suffix(".failures.csv")
    for path in (out, failures_path):
        check_writable(path)
    tables, failures = zip(*(read_dmhc(source) for source in sources), strict=True)
    listed = [{"source": failure.source, "error": failure.reason} for found in failures for failure in found]
    items = pd.concat(tables, ignore_index=True)
    again = items["item_id"].duplicated()
    contents = [column for column in items if column != "source"]
    copies = items.astype(str).duplicated(contents)
    listed += [
        {
            "source": source,
            "error": f"{letter_id} stands in another file with other facts; left out",
        }
        for source, letter_id in items.loc[again & ~copies, ["source", "letter_id"]].itertuples(index=False)
    ]
    items = items[~again].reset_index(drop=True)
    write_items(items, out)
    write_table(pd.DataFrame(listed, columns=["source", "error"], dtype="str"), failures_path)
    return ReadingSummary(
        n_files=len(sources),
        n_letters=len(items),
        n_items=len(items),
        n_failures=len(listed),
        n_copies=int((again & copies).sum()),
        n_with_warnings=0,
        n_resumed=0,
        left_alone={},
        items_path=out,
        failures_path=failures_path,
        first_failures=[f"{one['source']}: {one['error']}" for one in listed[:FAILURES_TOLD]],
        notes_path=None,
        called="cases",
    )


class _Failures:
    def __init__(self, source: str, row: int, failures: list[ReadError]) -> None:
        self.source, self.row, self.failures = source, row, failures

    def __call__(self, reason: str) -> None:
        self.failures.append(ReadError(self.source, f"row {self.row}: {reason}"))


def _text(path: Path) -> str:
    if path.is_dir():
        raise TableError(f"{path}: is a folder; name the CSV file of the portal in it")
    try:
        content = path.read_bytes()
    except OSError as error:
        raise TableError(f"{path}: cannot be read ({error.strerror or error})") from None
    if b"\x00" in content:
        raise TableError(f"{path}: is not a text file; give the CSV file of the portal")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("iso-8859-1")


def _rows(text: str, path: Path) -> list[list[str]]:
    heading = text.split("\n", 1)[0]
    delimiter = ";" if heading.count(";") > heading.count(",") else ","
    limit = csv.field_size_limit(_LARGEST_FIELD)
    try:
        rows = [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter) if any(row)]
    except csv.Error as error:
        raise TableError(f"{path}: is not a CSV table ({error})") from None
    finally:
        csv.field_size_limit(limit)
    if len(rows) < 2:
        raise TableError(f"{path}: no rows; give the CSV file of the portal")
    return rows


def _item(cells: Mapping[str, str], path: Path, fail: _Failures) -> dict[str, Any]:
    cells = {name: _clean(cell) for name, cell in cells.items()}
    category, subcategory = _category(cells, "treatment_category"), _category(cells, "treatment_subcategory")
    identity = cells["letter_id"] or None
    return {
        "item_id": f"{identity}#1",
        "letter_id": identity,
        "program": "dmhc",
        "source": path.name,
        "is_synthetic": False,
        "position": 1,
        "n_items": 1,
        "request": _request(category, subcategory),
        "priority": _names("priority").get(_folded(cells.get("priority", ""))),
        "sex": _names("sex").get(_folded(cells.get("sex", ""))),
        "diagnosis_category": _category(cells, "diagnosis_category"),
        "diagnosis_subcategory": _category(cells, "diagnosis_subcategory"),
        "treatment_category": category,
        "treatment_subcategory": subcategory,
        "review_type": _category(cells, "review_type"),
        "age_range": _age_range(cells.get("age_range", "")),
        "case_number": identity,
        "decided_year": _year(cells.get("decided_year", ""), path, fail),
        "outcome": _outcome(cells["outcome"], fail),
        "rationale": cells.get("rationale") or None,
    }


def _settle_repetition(kept: dict[str, Any], again: dict[str, Any], row: int, fail: _Failures) -> None:
    if kept == again:
        fail(f"repeats row {row}; left out")
        return
    differing = next(name for name in kept if kept[name] != again[name])
    fail(f"Reference ID {kept['letter_id']} stands in row {row} with another {differing}; left out")
    if kept["outcome"] != again["outcome"]:
        kept["outcome"] = None


def _folded(words: str) -> str:
    return re.sub(r"[\s_]+", "", words).casefold()


def _clean(cell: str) -> str:
    # Some copies were escaped twice ("&amp;amp;").
    return html.unescape(html.unescape(cell)).replace("\xa0", " ").strip()


def _category(cells: Mapping[str, str], name: str) -> str | None:
    words = re.sub(r"\s*/\s*", "/", " ".join(cells.get(name, "").split()))
    return _names("category").get(_folded(words), words) or None


def _request(category: str | None, subcategory: str | None) -> str:
    if category is None or subcategory is None:
        return category or subcategory or "treatment not stated"
    return f"{subcategory} ({category})"


def _age_range(words: str) -> str | None:
    """Spell ``11_20``, ``11 to 20`` and ``65 +`` as ``11-20`` and ``65+``."""
    words = re.sub(r"\s+|years?", "", words.casefold())
    return re.sub(r"_|–|to", "-", words) or None


def _year(words: str, path: Path, fail: _Failures) -> int | None:
    if not words:
        return None
    if not re.fullmatch(r"(19|20)\d\d", words):
        fail(f"Report Year is {words!r}, not a year; kept without")
        return None
    return int(words)


def _outcome(words: str, fail: _Failures) -> str | None:
    outcome = _names("outcome").get(_folded(words))
    if outcome is None:
        fail(
            f"Determination is {words!r}, neither Upheld nor Overturned Decision of Health Plan; kept without"
        )
    return outcome
