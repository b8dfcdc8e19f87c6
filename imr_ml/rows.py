"""What a letter or a case says, as rows by column name; without pandas, so that readers start quickly."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from imr_ml.columns import EMPTY_ROW, PREFIXES, prefix_column
from imr_ml.extracting.requests.treatments import classify_treatment
from imr_ml.letter import Case, DisputedItem, Letter

_NO_PREFIXES: dict[str, Any] = dict.fromkeys(map(prefix_column, PREFIXES), False)


def letter_rows(letter: Letter) -> list[dict[str, Any]]:
    """Give the rows of one letter, every column in its order; what the letter does not state is None.

    An item of which no word of its request can be read has no row; the letter's ``warnings`` name it.
    """
    letter_id = letter.letter_id
    shared: dict[str, Any] = {
        **EMPTY_ROW,
        **_NO_PREFIXES,
        "letter_id": letter_id,
        "program": "dwc",
        "source": letter.source,
        "layout": letter.layout,
        "is_synthetic": letter.is_synthetic,
        "n_items": len(letter.items),
        "case_summary": letter.case_summary,
        "injury_date": letter.injury_date,
        "ur_decision_date": letter.ur_decision_date,
        "received_date": letter.received_date,
        "priority": letter.priority,
        "is_represented": letter.represented,
        "age_years": letter.age_years,
        "sex": letter.sex,
        "case_number": letter.case_number,
        "assigned_date": letter.assigned_date,
        "reviewer_specialties": list(letter.reviewer_specialties) or None,
        "reviewer_states": list(letter.reviewer_states) or None,
        "decided_date": letter.decided_date,
        "decided_year": letter.decided_date.year if letter.decided_date else None,
    }
    requests = [item.request for item in letter.items]
    return [
        {**shared, **_item_row(letter_id, position, item, _others(requests, position))}
        for position, item in enumerate(letter.items, start=1)
        if item.request
    ]


def case_rows(case: Case) -> list[dict[str, Any]]:
    """Give the rows of a case, as `letter_rows` does for a letter."""
    guidelines = case.claims_administrator_guidelines or (None,) * len(case.requests)
    shared: dict[str, Any] = {
        "letter_id": case.case_id,
        "program": "dwc",
        "n_items": len(case.requests),
        "case_summary": case.case_summary,
        "injury_date": case.injury_date,
        "ur_decision_date": case.ur_decision_date,
        "received_date": case.received_date,
        "priority": case.priority,
        "age_years": case.age_years,
        "sex": case.sex,
    }
    rows = []
    for position, (request, guideline) in enumerate(zip(case.requests, guidelines, strict=True), start=1):
        category, subcategory = classify_treatment(request)
        rows.append(
            {
                **shared,
                "item_id": f"{case.case_id}#{position}",
                "position": position,
                "request": request,
                "other_requests": _others(list(case.requests), position),
                "claims_administrator_guideline": guideline,
                "treatment_category": category,
                "treatment_subcategory": subcategory,
            }
        )
    return rows


def _others(requests: Sequence[str], position: int) -> list[str] | None:
    return [one for one in (*requests[: position - 1], *requests[position:]) if one] or None


def _item_row(letter_id: str, position: int, item: DisputedItem, others: list[str] | None) -> dict[str, Any]:
    category, subcategory = classify_treatment(item.request)
    return {
        "item_id": f"{letter_id}#{position}",
        "position": position,
        "request": item.request,
        "original_request": item.original_request,
        "authorized_request": item.authorized_request,
        "other_requests": others,
        **{prefix_column(prefix): True for prefix in item.prefixes},
        "service_dates": [date.isoformat() for date in item.service_dates] or None,
        "claims_administrator_guideline": item.claims_administrator_guideline,
        "treatment_category": category,
        "treatment_subcategory": subcategory,
        "outcome": item.outcome,
        "reviewer_guideline": item.reviewer_guideline,
        "rationale": item.rationale,
    }
