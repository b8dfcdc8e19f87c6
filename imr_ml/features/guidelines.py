"""What the claims administrator cited for the denial."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from imr_ml.extracting.citations import Citation, parse_citations
from imr_ml.extracting.tables import texts
from imr_ml.features.marks import Marks


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
