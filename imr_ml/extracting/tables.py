"""Facts as tables: one row per item, columns with their meaning."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

import numpy as np
import pandas as pd
import pyarrow as pa

from imr_ml.extracting.citations import citation_facts
from imr_ml.extracting.requests.request import RequestFacts, read_request_facts

Kind = Literal["string", "number", "int", "bool"]
_ARRAYS: dict[str, tuple[Any, type]] = {
    "number": (pd.arrays.FloatingArray, np.float64),
    "int": (pd.arrays.IntegerArray, np.int64),
    "bool": (pd.arrays.BooleanArray, np.bool_),
}
_STRING = pd.StringDtype("pyarrow", na_value=np.nan)
_PART = 1000


@dataclass(frozen=True, slots=True)
class FactColumn:
    """A column of facts: its type and what it means."""

    name: str
    kind: Kind
    meaning: str


REQUEST_COLUMNS: tuple[FactColumn, ...] = (
    FactColumn(
        "drug_generic", "string", "generic names without salt or release form, `;` between ingredients"
    ),
    FactColumn("drug_class", "string", "DWC's class; `;` between classes where a list of drugs is requested"),
    FactColumn("drug_brand", "string", "brand names, as the lexicon prints them"),
    FactColumn("dose_form", "string", "tablet, capsule, cream, gel, patch, suspension, injection, ..."),
    FactColumn("is_compound", "bool", "whether a pharmacy mixes the drugs for the skin"),
    FactColumn(
        "strength",
        "string",
        "as printed, of the part in dispute; `;` between ingredients and between several",
    ),
    FactColumn(
        "quantity",
        "number",
        "units of one fill in dispute: tablets, grams, millilitres, pieces; the first of several drugs'",
    ),
    FactColumn("refills", "int", "number of refills in dispute"),
    FactColumn("sessions", "int", "visits in dispute: times x weeks unless a total is given"),
    FactColumn("duration_days", "int", "days for which the part in dispute is asked; months as 30"),
    FactColumn("is_rental", "bool", "whether the request says rental"),
    FactColumn("is_purchase", "bool", "whether the request says purchase, not of a drug alone"),
    FactColumn("guidance", "string", "fluoroscopy, ultrasound or ct"),
    FactColumn("is_with_anesthesia", "bool", "whether anesthesia or sedation is asked for"),
    FactColumn("contrast", "string", "with, without, or with and without contrast"),
    FactColumn("course", "string", "first, continued, additional or repeat"),
    FactColumn(
        "body_part", "string", "parts of the body that the request names, in the order of `BODY_PARTS`"
    ),
    FactColumn("spinal_levels", "string", "levels of the spine (L4-L5;L5-S1)"),
    FactColumn(
        "laterality",
        "string",
        "left, right, bilateral; left;right where both are named apart (right knee, left knee)",
    ),
    FactColumn(
        "prefix", "string", "retrospective, associated surgical service, pre-op, post-op, additional, ..."
    ),
    FactColumn(
        "share_in_dispute", "number", "part in dispute as a share of the original request, where known"
    ),
    FactColumn("guideline_family", "string", "of the claims administrator's citation, in its order"),
    FactColumn("guideline_edition", "string", "years of the editions cited"),
    FactColumn("guideline_sections", "string", "topics cited, as printed"),
    FactColumn("guideline_pages", "string", "pages cited, as printed"),
)


def request_columns(
    requests: Sequence[str | None], originals: Sequence[str | None], guidelines: Sequence[str | None]
) -> dict[str, Any]:
    """Give what requests and the claims administrator's citations state, as arrays by name.

    Parameters
    ----------
    requests, originals, guidelines : sequence of str or None
        Of each row: the part in dispute, what was asked for, and the guideline line.

    Returns
    -------
    dict of str to array
        The columns of `REQUEST_COLUMNS`, in the order of the rows.
    """
    # All requests come before all citations: in turns they drive each other out of the processor's cache.
    asked: list[tuple[Any, ...]] = [
        _NOT_ASKED if request is None else read_request_facts(request, original)
        for request, original in zip(requests, originals, strict=True)
    ]
    cited = [_citation_values(guideline) for guideline in guidelines]
    columns = [*zip(*asked, strict=True), *zip(*cited, strict=True)] or [()] * len(REQUEST_COLUMNS)
    return {
        column.name: _array(values, column.kind)
        for column, values in zip(REQUEST_COLUMNS, columns, strict=True)
    }


def _array(values: Sequence[Any], kind: Kind) -> Any:
    if kind == "string":
        return string_array([_printed(value) for value in values])
    array, dtype = _ARRAYS[kind]
    missing = np.array([value is None for value in values], dtype=bool)
    return array(np.array([value or 0 for value in values], dtype=dtype), missing)


def _printed(value: str | tuple[str, ...] | None) -> str | None:
    return (";".join(value) or None) if isinstance(value, tuple) else value


def string_array(values: Sequence[str | None]) -> Any:
    """Give texts as pandas makes them in the end, after looking for what it need not look for here."""
    column = pa.array(values, type=pa.large_string())
    return pd.arrays.ArrowStringArray(column, dtype=_STRING)  # type: ignore[call-arg]


def texts(items: pd.DataFrame, name: str) -> list[str | None]:
    """Give a column as text, None where it is missing, blank, or not in the table."""
    if name not in items:
        return [None] * len(items)
    return [
        value if isinstance(value, str) and value and not value.isspace() else None
        for value in items[name].tolist()
    ]


def shared_texts(items: pd.DataFrame, name: str) -> list[str | None]:
    """Give the same, each different text once: the summary of a letter takes the room of one."""
    same: dict[str | None, str | None] = {}
    shared: list[str | None] = []
    # Part by part: taken all at once, each row's own would be there for a moment.
    for start in range(0, len(items), _PART):
        part = texts(items.iloc[start : start + _PART], name)
        shared += [same.setdefault(text, text) for text in part]
    return shared


_NOT_ASKED = (None,) * len(RequestFacts._fields)
_CITATION_NAMES = tuple(column.name for column in REQUEST_COLUMNS if column.name.startswith("guideline_"))


@lru_cache(maxsize=2**15)
def _citation_values(guideline: str | None) -> tuple[str | None, ...]:
    """Give the values of the columns about a citation, in their order."""
    facts = citation_facts(guideline)
    return tuple(facts[name] for name in _CITATION_NAMES)
