"""The worker and the claim: age, sex, how old the claim was at the denial, how soon it was disputed."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
import pandas as pd
from scipy import sparse
from sklearn.base import BaseEstimator, TransformerMixin


class Patient(TransformerMixin, BaseEstimator):
    """Age, sex, claim age and filing delay, each with a mark where it is not stated.

    A value that is not stated counts as 0 beside its mark, so that nothing is borrowed from other rows.
    """

    _NAMES = (
        "age in decades from 45",
        "age not stated",
        "female",
        "male",
        "claim age at denial (log years)",
        "claim age not stated",
        "months from denial to filing",
        "filing delay not stated",
        "expedited",
        "represented",
    )

    def fit(self, X: pd.DataFrame, y: Any = None) -> Self:
        """Learn nothing."""
        return self

    def __sklearn_is_fitted__(self) -> bool:
        return True

    def transform(self, X: pd.DataFrame) -> sparse.csr_matrix:
        """Give numbers of shape (n_items, 10), each about -3 to 3."""
        age = X["age_years"].astype("Float64").to_numpy(dtype=float, na_value=np.nan)
        claim_years = _days(X["ur_decision_date"], X["injury_date"]) / 365.25
        delay_days = _days(X["received_date"], X["ur_decision_date"])
        sex, priority = X["sex"].astype(object), X["priority"].astype(object)
        columns = [
            *_with_mark((age - 45) / 10),
            (sex == "female").to_numpy(dtype=float),
            (sex == "male").to_numpy(dtype=float),
            *_with_mark(np.log1p(np.clip(claim_years, 0, 60))),
            *_with_mark(np.clip(delay_days, 0, 120) / 30),
            (priority == "expedited").to_numpy(dtype=float),
            X["is_represented"].fillna(False).to_numpy(dtype=float),
        ]
        return sparse.csr_matrix(np.column_stack(columns), dtype=np.float32)

    def get_feature_names_out(self, input_features: Any = None) -> np.ndarray:
        """Name the numbers in words."""
        return np.asarray(self._NAMES, dtype=object)


def _days(later: pd.Series[Any], earlier: pd.Series[Any]) -> np.ndarray:
    return (later - earlier).dt.days.to_numpy(dtype=float, na_value=np.nan)


def _with_mark(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    missing = np.isnan(values)
    return np.where(missing, 0.0, values), missing.astype(float)
