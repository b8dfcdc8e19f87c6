"""The patient's history as the summary tells it."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from imr_ml.features.marks import Marks
from imr_ml.features.reading import read


class History(Marks):
    """Mark what each summary states and what it denies, each on its own; nothing where it says nothing.

    Judging sentences, utilization review's words and other people's illnesses do not count. Amounts are
    marked in bands.

    Parameters
    ----------
    min_items : int, default=5
        A statement of fewer training items has no column.
    """

    def _rows(self, X: pd.DataFrame) -> Iterator[tuple[str, ...]]:
        yield from read(X)["stated"]
