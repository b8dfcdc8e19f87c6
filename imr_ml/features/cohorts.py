"""What names an item's cohorts, and what was published on its category before any letter is read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

import numpy as np
import pandas as pd
from scipy import sparse
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.validation import check_is_fitted

from imr_ml.estimating.calibration import log_odds
from imr_ml.estimating.cohorts import Cohort

COLUMNS = (
    "treatment_category",
    "treatment_subcategory",
    "diagnosis_category",
    "diagnosis_subcategory",
    "review_type",
    "age_range",
    "sex",
)
_BY_LETTER = {"TC": 0, "TS": 1, "DC": 2, "DS": 3, "RT": 4, "AG": 5, "SX": 6, "ONE": 7}
COHORTS: tuple[Cohort, ...] = tuple(
    tuple(_BY_LETTER[part] for part in cohort.split())
    for cohort in (
        "TC",
        "DC",
        "TS",
        "DS",
        "RT",
        "AG",
        "ONE",
        "TC TS",
        "DC DS",
        "TC RT",
        "TC DC",
        "TC AG",
        "TC ONE",
        "DC AG",
        "DC RT",
        "RT AG",
        "TC RT AG",
        "DC RT AG",
        "TS DC",
        "TS DC DS",
        "TS DC DS AG",
        "TC TS DC",
        "TC TS DC DS",
        "TC TS DC DS RT",
        "TC TS DC DS RT AG",
    )
)
"""Cohorts of like items, each after its parent, by columns of `CohortCodes`."""


class CohortCodes(TransformerMixin, BaseEstimator):
    """Number the values of each column of `COLUMNS`, and whether the item is its letter's only one.

    Codes run from 1; 0 stands for a missing value and for one never met in training, so that neither tells
    anything: in one table, blank categories are overturned far more often, which is how they were filled in,
    not what was asked for.
    """

    def fit(self, X: pd.DataFrame, y: Any = None) -> Self:
        """Learn the values of each column."""
        self.values_: dict[str, Mapping[str, int]] = {
            name: {value: code for code, value in enumerate(sorted(X[name].dropna().unique()), start=1)}
            for name in COLUMNS
        }
        return self

    def transform(self, X: pd.DataFrame) -> sparse.csr_matrix:
        """Give codes of shape (n_items, 8)."""
        check_is_fitted(self, "values_")
        columns = [X[name].astype(object).map(self.values_[name]).fillna(0) for name in COLUMNS]
        n_items = X["n_items"].astype("Float64").to_numpy(dtype=float, na_value=0.0)
        only = np.where(n_items == 0, 0, np.where(n_items == 1, 1, 2))
        codes = np.column_stack([*(column.to_numpy(dtype=float) for column in columns), only])
        return sparse.csr_matrix(codes, dtype=np.float32)

    def get_feature_names_out(self, input_features: Any = None) -> np.ndarray:
        """Name the codes."""
        return np.asarray([*(f"code of {name}" for name in COLUMNS), "code of only item"], dtype=object)


class PublishedRate(TransformerMixin, BaseEstimator):
    """Give the published overturn rate of each item's treatment category, as log-odds.

    Categories that nobody published a rate for, as those of the health plans, stand at 0: an intercept
    moves them to their own base rate.
    """

    def fit(self, X: pd.DataFrame, y: Any = None) -> Self:
        """Take up the published rates; nothing is learned from `X`."""
        from imr_ml.published import category_prior

        prior = category_prior()
        rates = log_odds(prior["overturn_rate"].to_numpy())
        self.rates_ = dict(zip(prior["treatment_category"], rates, strict=True))
        self.usual_ = float(np.average(rates, weights=prior["share"]))
        return self

    def transform(self, X: pd.DataFrame) -> sparse.csr_matrix:
        """Give log-odds of shape (n_items, 1), 0 for the usual category."""
        check_is_fitted(self, "rates_")
        rates = X["treatment_category"].astype(object).map(self.rates_).astype(float) - self.usual_
        return sparse.csr_matrix(rates.fillna(0.0).to_numpy()[:, None], dtype=np.float32)

    def get_feature_names_out(self, input_features: Any = None) -> np.ndarray:
        """Name the column."""
        return np.asarray(["published rate of the category (log-odds)"], dtype=object)
