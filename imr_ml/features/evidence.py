"""The first step of every Pipeline: what a model of a stage may see, and nothing else."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, TransformerMixin

from imr_ml.tabulating import evidence, evidence_columns


class Evidence(TransformerMixin, BaseEstimator):
    """Keep the columns known at a stage, so that later steps cannot reach any other.

    Parameters
    ----------
    stage : {"filing", "assignment"}
        When the model is used.
    """

    def __init__(self, stage: str = "filing") -> None:
        self.stage = stage

    def fit(self, X: pd.DataFrame, y: Any = None) -> Self:
        """Check the stage; nothing is learned."""
        evidence_columns(self.stage)
        return self

    def __sklearn_is_fitted__(self) -> bool:
        return True

    def transform(self, X: pd.DataFrame) -> pd.DataFrame:
        """Give the evidence columns of shape (n_items, n_evidence_columns), absent ones as missing."""
        return evidence(X, self.stage)

    def get_feature_names_out(self, input_features: Any = None) -> np.ndarray:
        """Name the evidence columns."""
        return np.asarray(evidence_columns(self.stage), dtype=object)
