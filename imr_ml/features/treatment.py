"""The treatment as requested: drug, amount, visits, body part; and what its denial was based on."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from imr_ml.extracting.citations import Citation, parse_citations
from imr_ml.extracting.requests import RequestFacts, read_request_facts
from imr_ml.extracting.tables import texts
from imr_ml.extracting.treatments import classify_treatment
from imr_ml.features.marks import Marks
from imr_ml.features.said import band

# Upper ends of bands: 30, 60 and 90 units are a month of one, two and three a day; 6, 12 and 24 visits are
# the trial, the course and the cap of most therapy guidelines.
_QUANTITY_BANDS = (30, 60, 90, 120)
_SESSION_BANDS = (6, 12, 24)
_DURATION_BANDS = (7, 30, 90)
_GIVEN_IN_VISITS = ("Rehabilitation", "Psych Services")


class Treatment(Marks):
    """Mark what each request states: drug, class, amount, visits, body part, side, course, what is missing.

    Parameters
    ----------
    min_items : int, default=5
        A statement of fewer training items has no column.
    """

    def _rows(self, X: pd.DataFrame) -> Iterator[list[str]]:
        for request, original in zip(texts(X, "request"), texts(X, "original_request"), strict=True):
            yield [] if request is None else _treatment_marks(request, read_request_facts(request, original))


class Guidelines(Marks):
    """Mark what the claims administrator cited: family, edition, section, or nothing.

    Parameters
    ----------
    min_items : int, default=5
        A guideline of fewer training items has no column.
    """

    def _rows(self, X: pd.DataFrame) -> Iterator[list[str]]:
        for line in texts(X, "claims_administrator_guideline"):
            yield ["no guideline line"] if line is None else _guideline_marks(parse_citations(line))


def _treatment_marks(request: str, facts: RequestFacts) -> list[str]:
    category, subcategory = classify_treatment(request)
    marks = [
        *(f"drug class: {name}" for name in facts.drug_classes),
        *(f"drug: {name}" for name in facts.drug_generics),
        *(f"body part: {part}" for part in facts.body_parts),
        *(f"side: {side}" for side in (facts.laterality or "").split(";") if side),
    ]
    if facts.dose_form:
        marks.append(f"form: {facts.dose_form}")
    if facts.course:
        marks.append(f"course: {facts.course}")
    if facts.guidance:
        marks.append(f"guided by {facts.guidance}")
    said = {
        "compounded for the skin": facts.is_compound,
        "several drugs": len(facts.drug_generics) > 1,
        "several body parts": len(facts.body_parts) > 1,
        "several spinal levels": len(facts.spinal_levels) > 1,
        "rental": facts.is_rental,
        "purchase": facts.is_purchase,
        "with anesthesia": facts.is_with_anesthesia,
        "refills": bool(facts.refills),
        "part authorized: less than half in dispute": (facts.share_in_dispute or 1) < 0.5,
        "part authorized: half or more in dispute": 0.5 <= (facts.share_in_dispute or 0) < 1,
    }
    marks += [name for name, is_said in said.items() if is_said]
    if facts.drug_generics or category == "Pharmaceuticals":
        marks.append(band("units", facts.quantity, _QUANTITY_BANDS))
    if facts.sessions or category in _GIVEN_IN_VISITS:
        marks += [band("visits", facts.sessions, _SESSION_BANDS)]
        marks += [f"{subcategory}, {band('visits', facts.sessions, _SESSION_BANDS)}"]
    if category == "DMEPOS":
        marks.append(band("days of use", facts.duration_days, _DURATION_BANDS))
    return marks


def _guideline_marks(cited: tuple[Citation, ...]) -> list[str]:
    if not cited:
        return ["no known guideline cited"]
    families = [one.family for one in cited]
    marks = [
        *(f"cited: {one.family}" for one in cited),
        *(f"cited: {one.family} {one.edition}" for one in cited if one.edition),
        *(f"cited section: {section}" for one in cited for section in one.sections),
    ]
    if len(families) > 1:
        marks.append("cited: several guidelines")
    if all(family.startswith(("odg", "other")) for family in families):
        marks.append("cited: only outside MTUS")
    return marks
