"""What statements are expected to be worth, before any outcome was seen."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from itertools import repeat
from typing import Any, Self

import numpy as np
import pandas as pd
from scipy import sparse
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.validation import check_is_fitted

from imr_ml.features.reading import read
from imr_ml.resources import read_rows

_EVERYWHERE = ("", "")


class ExpectedWorth(TransformerMixin, BaseEstimator):
    """Sum what an item's statements are expected to move its log-odds by.

    Which criterion speaks for a treatment, and how much, is known in the field before any outcome is seen:
    the weights (``taxonomies/expected_worth.csv``) serve few items as a prior that many overrule.
    """

    _NAMES = (
        "expected worth of met criteria",
        "expected worth of unmet criteria",
        "expected worth of what bears on the item",
        "expected worth for this kind of treatment",
    )

    def fit(self, X: pd.DataFrame, y: Any = None) -> Self:
        """Take up the weights, which go with the model; nothing is learned from `X`."""
        self.worth_ = expected_worth()
        return self

    def transform(self, X: pd.DataFrame) -> sparse.csr_matrix:
        """Give log-odds of shape (n_items, 4), each from about -4 to 4."""
        check_is_fitted(self, "worth_")
        everywhere = self.worth_[_EVERYWHERE]
        kinds = X[["treatment_category", "treatment_subcategory"]].astype(object)
        known = read(X)
        summed = np.zeros((len(known), len(self._NAMES)), dtype=np.float32)
        rows = zip(known["answers"], known["bears"], kinds.itertuples(index=False, name=None), strict=True)
        for row, (answers, bears, kind) in enumerate(rows):
            each = [everywhere.get(answer, 0.0) for answer in answers]
            of_kind = self.worth_.get(kind, {})
            summed[row] = (
                sum(value for value in each if value > 0),
                sum(value for value in each if value < 0),
                sum(map(everywhere.get, bears, repeat(0.0))),
                sum(map(of_kind.get, answers, repeat(0.0))),
            )
        return sparse.csr_matrix(summed)

    def get_feature_names_out(self, input_features: Any = None) -> np.ndarray:
        """Name the sums."""
        return np.asarray(self._NAMES, dtype=object)


@cache
def expected_worth() -> Mapping[tuple[str, str], Mapping[str, float]]:
    """Give by treatment category and subcategory the log-odds of each mark; by two empty ones, everywhere."""
    worth: dict[tuple[str, str], dict[str, float]] = {_EVERYWHERE: {}}
    for row in read_rows("taxonomies/expected_worth.csv"):
        kind = row["treatment_category"], row["treatment_subcategory"]
        worth.setdefault(kind, {})[row["mark"]] = float(row["log_odds"])
    return worth
