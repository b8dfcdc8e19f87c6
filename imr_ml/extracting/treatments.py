"""The treatment category of a request, in the names of DWC's own search form."""

from __future__ import annotations


def classify_treatment(request: str) -> tuple[str | None, str | None]:
    """Give category and subcategory of a request; None where its words name no known treatment."""
    return None, None
