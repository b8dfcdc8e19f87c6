"""The treatment as requested: drug, amount, visits, body part."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from imr_ml.features.marks import Marks
from imr_ml.features.reading import read


class Treatment(Marks):
    """Mark what each request states: drug, class, amount, visits, body part, side, course, what is missing.

    Parameters
    ----------
    min_items : int, default=5
        A statement of fewer training items has no column.
    """

    def _rows(self, X: pd.DataFrame) -> Iterator[tuple[str, ...]]:
        yield from read(X)["requested"]
