"""What a model must beat: simple ways of predicting, taught on the same items."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pandas as pd
    from sklearn.pipeline import Pipeline


class Scorer(Protocol):
    """Anything that gives each item a probability of being overturned."""

    def predict_proba(self, items: pd.DataFrame, /) -> NDArray[np.float64]:
        """Give ``p_overturned`` of shape (n_items,), from 0 to 1."""
        ...


class FittedModel(Scorer, Protocol):
    """What an evaluation asks of a model that was fitted elsewhere."""

    @property
    def program(self) -> str:
        """Where its teaching items came from; several joined by ``+``."""
        ...

    @property
    def stage(self) -> str:
        """Stage at which its evidence is known."""
        ...

    @property
    def base_rate(self) -> float:
        """Share of its teaching items that was overturned."""
        ...

    @property
    def is_synthetic(self) -> bool:
        """Whether any of its teaching items was made up."""
        ...

    @property
    def decided(self) -> pd.DataFrame:
        """Its teaching items, with their words, categories and outcomes."""
        ...

    def has_seen(self, items: pd.DataFrame, /) -> NDArray[np.bool_]:
        """Tell which items taught it."""
        ...


Fit = Callable[["pd.DataFrame", int], Scorer]
"""Teaches a scorer: from an items table with outcomes, and a seed."""


class ConstantScorer:
    """Give every item the same probability."""

    def __init__(self, rate: float) -> None:
        self.rate = rate

    def predict_proba(self, items: pd.DataFrame) -> NDArray[np.float64]:
        """Give the rate for every item."""
        return np.full(len(items), self.rate)


class CategoryRateScorer:
    """Give every item the share of its treatment category that was overturned, drawn towards the whole.

    Parameters
    ----------
    rates : mapping of str to float
        By ``treatment_category``.
    rate : float
        For a category that was not seen, or none.
    """

    def __init__(self, rates: dict[str, float], rate: float) -> None:
        self.rates = rates
        self.rate = rate

    def predict_proba(self, items: pd.DataFrame) -> NDArray[np.float64]:
        """Give the rate of each item's category."""
        rates = items["treatment_category"].map(self.rates).astype(float).fillna(self.rate)
        return np.asarray(rates, dtype=np.float64)


class TextScorer:
    """Give what a pipeline over the words of some columns predicts."""

    def __init__(self, pipeline: Pipeline, columns: tuple[str, ...]) -> None:
        self.pipeline = pipeline
        self.columns = columns

    def predict_proba(self, items: pd.DataFrame) -> NDArray[np.float64]:
        """Give the probability by the words."""
        chances: NDArray[np.float64] = self.pipeline.predict_proba(joined_text(items, self.columns))[:, 1]
        return chances


def joined_text(items: pd.DataFrame, columns: tuple[str, ...]) -> list[str]:
    """Join columns of text, a line each; missing ones are empty."""
    parts: list[pd.Series[Any]] = [items[name].astype(object).fillna("") for name in columns]
    return ["\n".join(row) for row in zip(*parts, strict=True)]


def fit_always_upheld(items: pd.DataFrame, seed: int) -> Scorer:
    """Predict the base rate for every item: always upheld, with the honest chance of being wrong."""
    return ConstantScorer(_rate(items))


def fit_category_rate(items: pd.DataFrame, seed: int) -> Scorer:
    """Predict the rate of the item's treatment category, with the weight of 10 items at the base rate."""
    rate = _rate(items)
    overturned = (items["outcome"] == "overturned").groupby(items["treatment_category"])
    rates = (overturned.sum() + 10 * rate) / (overturned.size() + 10)
    return CategoryRateScorer({str(name): float(value) for name, value in rates.items()}, rate)


def fit_request_only(items: pd.DataFrame, seed: int) -> Scorer:
    """Predict from the words of the request alone."""
    return fit_text(items, ("request",), seed)


def fit_tfidf(items: pd.DataFrame, seed: int) -> Scorer:
    """Predict from the words of request and summary."""
    return fit_text(items, ("request", "case_summary"), seed)


BASELINES: dict[str, Fit] = {
    "always_upheld": fit_always_upheld,
    "category_rate": fit_category_rate,
    "request_only": fit_request_only,
    "tfidf": fit_tfidf,
}
BASELINE_NAMES = {
    "always_upheld": "Always upheld (base rate)",
    "category_rate": "Rate of the treatment category",
    "request_only": "Words of the request only",
    "tfidf": "Words of request and summary (plain TF-IDF)",
}


def _rate(items: pd.DataFrame) -> float:
    return float((items["outcome"] == "overturned").mean())


def fit_text(items: pd.DataFrame, columns: tuple[str, ...], seed: int) -> Scorer:
    """Predict from the words of some columns: TF-IDF of words and pairs, logistic regression."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    texts = joined_text(items, columns)
    if not any(re.search(r"\b\w\w", text) for text in texts):
        return ConstantScorer(_rate(items))
    pipeline = make_pipeline(
        TfidfVectorizer(ngram_range=(1, 2)),
        LogisticRegression(max_iter=1000, random_state=seed),
    )
    pipeline.fit(texts, (items["outcome"] == "overturned").to_numpy())
    return TextScorer(pipeline, columns)
