"""The dispute as filed: how many items, which prefixes, how much the claims administrator granted."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
import pandas as pd
from scipy import sparse
from sklearn.base import BaseEstimator, TransformerMixin

from imr_ml.columns import PREFIXES, prefix_column


class Dispute(TransformerMixin, BaseEstimator):
    """Number of disputed items, the request's prefixes, whether a part was authorized."""

    def fit(self, X: pd.DataFrame, y: Any = None) -> Self:
        """Learn nothing."""
        return self

    def __sklearn_is_fitted__(self) -> bool:
        return True

    def transform(self, X: pd.DataFrame) -> sparse.csr_matrix:
        """Give numbers of shape (n_items, 3 + n_prefixes), each about 0 to 3."""
        n_items = X["n_items"].astype("Float64").to_numpy(dtype=float, na_value=1.0)
        columns = [
            (n_items <= 1).astype(float),
            np.log(np.clip(n_items, 1, 50)),
            X["original_request"].notna().to_numpy(dtype=float),
            *(X[prefix_column(prefix)].fillna(False).to_numpy(dtype=float) for prefix in PREFIXES),
        ]
        return sparse.csr_matrix(np.column_stack(columns), dtype=np.float32)

    def get_feature_names_out(self, input_features: Any = None) -> np.ndarray:
        """Name the numbers in words."""
        names = ["only item of the letter", "items in the letter (log)", "partly authorized", *PREFIXES]
        return np.asarray(names, dtype=object)
