"""Facts as tables: one row per item, columns with their meaning."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd

from imr_ml.errors import TableError
from imr_ml.extracting.citations import citation_facts
from imr_ml.extracting.requests import RequestFacts, read_request_facts

Kind = Literal["string", "number", "int", "bool"]
_TYPES = {"string": "str", "number": "Float64", "int": "Int64", "bool": "boolean"}


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
    FactColumn("strength", "string", "as printed, of the part in dispute; `;` between ingredients"),
    FactColumn("quantity", "number", "number of units in dispute: tablets, grams, millilitres, pieces"),
    FactColumn("refills", "int", "number of refills in dispute"),
    FactColumn("sessions", "int", "visits in dispute: times x weeks unless a total is given"),
    FactColumn("duration_days", "int", "days for which the part in dispute is asked; months as 30"),
    FactColumn("is_rental", "bool", "whether the request says rental"),
    FactColumn("is_purchase", "bool", "whether the request says purchase"),
    FactColumn("guidance", "string", "fluoroscopy, ultrasound or ct"),
    FactColumn("is_with_anesthesia", "bool", "whether anesthesia or sedation is asked for"),
    FactColumn("contrast", "string", "with, without, or with and without contrast"),
    FactColumn("course", "string", "first, continued, additional or repeat"),
    FactColumn(
        "body_part", "string", "parts of the body that the request names, in the order of `BODY_PARTS`"
    ),
    FactColumn("spinal_levels", "string", "levels of the spine (L4-L5;L5-S1)"),
    FactColumn("laterality", "string", "left, right, bilateral; left;right where both are named apart"),
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


def request_facts(items: pd.DataFrame) -> pd.DataFrame:
    """Give what the requests and the claims administrator's citations of a table state.

    Parameters
    ----------
    items : DataFrame of shape (n_items, n_columns)
        At least ``item_id`` and ``request``; ``original_request`` and ``claims_administrator_guideline``
        are read where present.

    Returns
    -------
    DataFrame of shape (n_items, n_facts + 1)
        ``item_id`` and the columns of `REQUEST_COLUMNS`, in the order of `items`.

    Raises
    ------
    TableError
        If ``item_id`` or ``request`` is missing.
    """
    if missing := [name for name in ("item_id", "request") if name not in items]:
        raise TableError(f"items: column {missing[0]} missing; facts are read per item_id from its request")
    requests = texts(items, "request")
    originals = texts(items, "original_request")
    guidelines = texts(items, "claims_administrator_guideline")
    rows = [
        {**_row(request, original), **citation_facts(guideline)}
        for request, original, guideline in zip(requests, originals, guidelines, strict=True)
    ]
    facts = as_table(rows, REQUEST_COLUMNS)
    facts.insert(0, "item_id", items["item_id"].to_numpy(dtype=object))
    return facts.astype({"item_id": "str"})


def texts(items: pd.DataFrame, name: str) -> list[str | None]:
    """Give a column as text, None where it is missing, blank, or not in the table."""
    if name not in items:
        return [None] * len(items)
    return [value if isinstance(value, str) and value.strip() else None for value in items[name]]


def as_table(rows: Sequence[dict[str, Any]], columns: Iterable[FactColumn]) -> pd.DataFrame:
    """Make a table of rows of facts, with the types of the columns."""
    return pd.DataFrame(
        {
            column.name: pd.Series([row.get(column.name) for row in rows], dtype=_TYPES[column.kind])
            for column in columns
        }
    )


def _row(request: str | None, original: str | None) -> dict[str, Any]:
    return {} if request is None else request_row(read_request_facts(request, original))


def request_row(facts: RequestFacts) -> dict[str, Any]:
    """Give the facts of a request by column name, several values with ``;`` between them."""
    return {
        "drug_generic": _joined(facts.drug_generics),
        "drug_class": _joined(facts.drug_classes),
        "drug_brand": _joined(facts.drug_brands),
        "dose_form": facts.dose_form,
        "is_compound": facts.is_compound,
        "strength": _joined(facts.strengths),
        "quantity": facts.quantity,
        "refills": facts.refills,
        "sessions": facts.sessions,
        "duration_days": facts.duration_days,
        "is_rental": facts.is_rental,
        "is_purchase": facts.is_purchase,
        "guidance": facts.guidance,
        "is_with_anesthesia": facts.is_with_anesthesia,
        "contrast": facts.contrast,
        "course": facts.course,
        "body_part": _joined(facts.body_parts),
        "spinal_levels": _joined(facts.spinal_levels),
        "laterality": facts.laterality,
        "prefix": _joined(facts.prefixes),
        "share_in_dispute": facts.share_in_dispute,
    }


def _joined(parts: Sequence[str]) -> str | None:
    return ";".join(parts) or None
