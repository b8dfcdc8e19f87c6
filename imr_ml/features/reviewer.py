"""The reviewer, who is known only once a case is assigned."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Self

import numpy as np
import pandas as pd
from scipy import sparse
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.preprocessing import MultiLabelBinarizer
from sklearn.utils.validation import check_is_fitted


class Reviewer(TransformerMixin, BaseEstimator):
    """Mark the reviewer's specialties and states: known at assignment, never at filing.

    Parameters
    ----------
    columns : sequence of str
        Columns of lists.
    """

    def __init__(self, columns: Sequence[str] = ("reviewer_specialties", "reviewer_states")) -> None:
        self.columns = columns

    def fit(self, X: pd.DataFrame, y: Any = None) -> Self:
        """Learn the names that occur."""
        self.binarizers_ = [MultiLabelBinarizer().fit(_lists(X[column])) for column in self.columns]
        return self

    def transform(self, X: pd.DataFrame) -> sparse.csr_matrix:
        """Give zeros and ones of shape (n_items, n_names); a name never seen has no column."""
        check_is_fitted(self, "binarizers_")
        blocks = []
        for column, binarizer in zip(self.columns, self.binarizers_, strict=True):
            known = set(binarizer.classes_)
            kept = [[name for name in names if name in known] for names in _lists(X[column])]
            blocks.append(binarizer.transform(kept))
        return sparse.csr_matrix(np.hstack(blocks), dtype=np.float32)

    def get_feature_names_out(self, input_features: Any = None) -> np.ndarray:
        """Name each column ``reviewer_states = Texas``."""
        check_is_fitted(self, "binarizers_")
        return np.asarray(
            [
                f"{column} = {name}"
                for column, binarizer in zip(self.columns, self.binarizers_, strict=True)
                for name in binarizer.classes_
            ],
            dtype=object,
        )


def _lists(values: pd.Series[Any]) -> list[list[str]]:
    return [value if isinstance(value, list) else [] for value in values]
