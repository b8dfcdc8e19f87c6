"""Categories as columns of zeros and ones, rare and unseen ones folded together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Self

import numpy as np
import pandas as pd
from scipy import sparse
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.preprocessing import OneHotEncoder
from sklearn.utils.validation import check_is_fitted


class Categories(TransformerMixin, BaseEstimator):
    """Mark the category that each column holds.

    Parameters
    ----------
    columns : sequence of str
        Columns of categories; a missing one is a category of its own, since not every source states all.
    min_items : int, default=5
        A category with fewer training items shares one column with those never seen.
    """

    def __init__(self, columns: Sequence[str] = ("treatment_category",), *, min_items: int = 5) -> None:
        self.columns = columns
        self.min_items = min_items

    def fit(self, X: pd.DataFrame, y: Any = None) -> Self:
        """Learn the categories of each column."""
        self.encoder_ = OneHotEncoder(
            handle_unknown="infrequent_if_exist", min_frequency=self.min_items, dtype=np.float32
        ).fit(self._categories(X))
        return self

    def transform(self, X: pd.DataFrame) -> sparse.csr_matrix:
        """Give zeros and ones of shape (n_items, n_categories)."""
        check_is_fitted(self, "encoder_")
        marks: sparse.csr_matrix = self.encoder_.transform(self._categories(X))
        return marks

    def get_feature_names_out(self, input_features: Any = None) -> np.ndarray:
        """Name each column ``treatment_category = Surgery``."""
        check_is_fitted(self, "encoder_")
        return np.asarray(
            [
                f"{column} = {category}"
                for column, kept, folded in zip(
                    self.columns, self.encoder_.categories_, self.encoder_.infrequent_categories_, strict=True
                )
                for category in _named(kept, folded)
            ],
            dtype=object,
        )

    def _categories(self, X: pd.DataFrame) -> np.ndarray:
        return X[list(self.columns)].astype(object).fillna("not stated").to_numpy()


def _named(kept: np.ndarray, folded: np.ndarray | None) -> list[str]:
    if folded is None:
        return list(kept)
    return [*(category for category in kept if category not in set(folded)), "rare or unseen"]
