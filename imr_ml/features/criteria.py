"""The criteria of guidelines that an item meets and those that it does not, one by one."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from imr_ml.features.marks import Marks
from imr_ml.features.reading import read


class Criteria(Marks):
    """Mark each criterion that is met and each that is unmet; nothing where the summary is silent.

    Parameters
    ----------
    min_items : int, default=5
        An answer of fewer training items has no column.
    """

    def _rows(self, X: pd.DataFrame) -> Iterator[tuple[str, ...]]:
        yield from read(X)["answers"]
