"""What of summary and letter bears on the item."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from imr_ml.features.marks import Marks
from imr_ml.features.reading import read


class Bearing(Marks):
    """Mark what summary and letter say that bears on each item.

    What a statement is worth for one kind of treatment and not for another is for the classifier to learn.

    Parameters
    ----------
    min_items : int, default=5
        A statement of fewer training items has no column.
    """

    def _rows(self, X: pd.DataFrame) -> Iterator[tuple[str, ...]]:
        yield from read(X)["bears"]
