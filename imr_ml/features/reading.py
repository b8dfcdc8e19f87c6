"""The step before the families: each summary is read once, and held against each item once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Self

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, TransformerMixin

from imr_ml.extracting.items.bearing import item_texts
from imr_ml.extracting.summaries.judging import without
from imr_ml.extracting.tables import shared_texts
from imr_ml.features.said import ItemReading, read_texts

_COUNTED = ("requested", "stated", "bears", "answers")
READ_COLUMNS = ("summary", *_COUNTED)
"""What `Reading` adds: the summary without its judging sentences, what the request asks for, what the summary
states and denies, what of it and of the letter bears on the item, and which of the guidelines' criteria are
met or unmet."""


class Reading(TransformerMixin, BaseEstimator):
    """Read the texts of the evidence for the families that count what they state."""

    def fit(self, X: pd.DataFrame, y: Any = None) -> Self:
        """Learn nothing."""
        return self

    def __sklearn_is_fitted__(self) -> bool:
        return True

    def transform(self, X: pd.DataFrame) -> pd.DataFrame:
        """Give the evidence with the columns of `READ_COLUMNS`."""
        return read(X)

    def get_feature_names_out(self, input_features: Any = None) -> np.ndarray:
        """Name what is added."""
        return np.asarray(READ_COLUMNS, dtype=object)


def read(X: pd.DataFrame) -> pd.DataFrame:
    """Give evidence of shape (n_items, n_columns) with the columns of `READ_COLUMNS`, where it lacks them."""
    return X if "stated" in X else with_readings(X, read_texts(item_texts(X)))


def with_readings(X: pd.DataFrame, readings: Sequence[ItemReading]) -> pd.DataFrame:
    """Give the same, where what each item says was read before."""
    summaries = shared_texts(X, "case_summary")
    judged = {summary: reading.judged for summary, reading in zip(summaries, readings, strict=True)}
    # One text for all items of a letter.
    kept = {summary: summary and without(summary, spans) for summary, spans in judged.items()}
    columns = {
        "summary": [kept[summary] for summary in summaries],
        **{name: [getattr(reading, name) for reading in readings] for name in _COUNTED},
    }
    return X.assign(
        **{name: pd.Series(values, index=X.index, dtype=object) for name, values in columns.items()}
    )
