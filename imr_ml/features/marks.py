"""Features that say what a text states: zeros and ones under names in words."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, repeat
from typing import Any, Self

import numpy as np
import pandas as pd
from scipy import sparse
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.validation import check_is_fitted

_NO_COLUMN = -1


class Marks(ABC, TransformerMixin, BaseEstimator):
    """Zeros and ones for what a text states; a statement too rare in training has no column.

    Parameters
    ----------
    min_items : int, default=5
        A statement of fewer training items has no column.
    """

    def __init__(self, *, min_items: int = 5) -> None:
        self.min_items = min_items

    def fit(self, X: pd.DataFrame, y: Any = None) -> Self:
        """Learn which statements are frequent enough to count."""
        self._learn(self._rows(X))
        return self

    def fit_transform(self, X: pd.DataFrame, y: Any = None, **_: Any) -> sparse.csr_matrix:
        """Learn and mark in one pass over the texts."""
        rows = list(self._rows(X))
        self._learn(rows)
        return self._marked(rows)

    def _learn(self, rows: Iterable[Sequence[str]]) -> None:
        counts: Counter[str] = Counter()
        for marks in rows:
            counts.update(set(marks))
        self.marks_ = np.asarray(
            sorted(mark for mark, n_items in counts.items() if n_items >= self.min_items), dtype=object
        )

    def transform(self, X: pd.DataFrame) -> sparse.csr_matrix:
        """Give zeros and ones of shape (n_items, n_marks)."""
        check_is_fitted(self, "marks_")
        return self._marked(self._rows(X))

    def _marked(self, said: Iterable[Sequence[str]]) -> sparse.csr_matrix:
        place = {mark: column for column, mark in enumerate(self.marks_)}
        rows = []
        for marks in said:
            marked_columns = set(map(place.get, marks, repeat(_NO_COLUMN)))
            marked_columns.discard(_NO_COLUMN)
            rows.append(sorted(marked_columns))
        ends = np.cumsum([0, *map(len, rows)], dtype=np.int32)
        columns = np.fromiter(chain.from_iterable(rows), dtype=np.int32, count=ends[-1])
        marked = np.ones(ends[-1], dtype=np.float32)
        return sparse.csr_matrix((marked, columns, ends), shape=(len(rows), len(self.marks_)))

    def get_feature_names_out(self, input_features: Any = None) -> np.ndarray:
        """Name the statements in words."""
        check_is_fitted(self, "marks_")
        return self.marks_.copy()

    @abstractmethod
    def _rows(self, X: pd.DataFrame) -> Iterator[Sequence[str]]:
        """Give the statements of each row."""
