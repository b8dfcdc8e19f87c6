"""The criteria of guidelines that an item meets, counted and one by one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Self

import numpy as np
import pandas as pd
from scipy import sparse
from sklearn.base import BaseEstimator, TransformerMixin

from imr_ml.features.marks import Marks
from imr_ml.features.reading import read


class CriteriaOneByOne(Marks):
    """Mark each criterion that is met and each that is unmet; nothing where the summary is silent.

    Parameters
    ----------
    min_items : int, default=5
        An answer of fewer training items has no column.
    """

    def _rows(self, X: pd.DataFrame) -> Iterator[tuple[str, ...]]:
        yield from read(X)["answers"]


class Criteria(TransformerMixin, BaseEstimator):
    """Count what guidelines ask of each item and the summary states, and what it denies.

    Which statement speaks for a treatment and which against it is known before any outcome is seen
    (``taxonomies/criteria.csv``): two sums, from which few items can learn.
    """

    _NAMES = ("criteria met", "criteria unmet")

    def fit(self, X: pd.DataFrame, y: Any = None) -> Self:
        """Learn nothing."""
        return self

    def __sklearn_is_fitted__(self) -> bool:
        return True

    def transform(self, X: pd.DataFrame) -> sparse.csr_matrix:
        """Give numbers of shape (n_items, 2), each from 0 to about 6."""
        return sparse.csr_matrix(read(X)[["n_met", "n_unmet"]].to_numpy(dtype=np.float32))

    def get_feature_names_out(self, input_features: Any = None) -> np.ndarray:
        """Name the counts."""
        return np.asarray(self._NAMES, dtype=object)
