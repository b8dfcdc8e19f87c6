"""The step before the families: each summary is read once, and held against each item once."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple, Self

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, TransformerMixin

from imr_ml.collecting import no_collection
from imr_ml.extracting.bearing import bearing, criteria_judged, item_texts
from imr_ml.extracting.judging import without_judgements
from imr_ml.extracting.summary_tables import read_record
from imr_ml.features.marks import band

# Pain: mild to 3, moderate to 6, severe above. Visits: the trial, the course and the cap of most therapy
# guidelines. Body mass index: WHO's classes of obesity. Months: short use, the acute and subacute phase, a
# year. Relief: half, and six weeks of it, is what guidelines ask of an injection.
_PAIN_BANDS = (3, 6, 10)
_SESSION_BANDS = (6, 12, 24)
_BODY_MASS_BANDS = (24, 29, 34, 39)
_COUNT_BANDS = (1, 2, 4)
_MONTH_BANDS = (1, 3, 6, 12)
_PERCENT_BANDS = (29, 49, 69)
_WEEK_BANDS = (2, 5, 11)
_DOSE_BANDS = (50, 80, 120)

READ_COLUMNS = ("summary", "stated", "bears", "n_met", "n_unmet")
"""What `Reading` adds: the summary without its judging sentences, what it states and denies, what of it and
of the letter bears on the item, and how many of the guidelines' criteria are met and unmet."""


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
    if "stated" in X:
        return X
    with no_collection():
        rows = [_read_item(*item) for item in item_texts(X)]
    columns = zip(*rows, strict=True) if rows else ([] for _ in READ_COLUMNS)
    return X.assign(
        **{
            name: pd.Series(list(values), index=X.index, dtype=object)
            for name, values in zip(READ_COLUMNS, columns, strict=True)
        }
    )


class _ItemReading(NamedTuple):
    summary: str | None
    stated: tuple[str, ...]
    bears: tuple[str, ...]
    n_met: int
    n_unmet: int


# What is remembered is small, some 300 bytes: folds and replays read the same items again and again.
@lru_cache(maxsize=2**17)
def _read_item(
    request: str | None, original: str | None, summary: str | None, others: tuple[str, ...]
) -> _ItemReading:
    kept, stated = (None, ("no summary",)) if summary is None else _read_summary(summary)
    if request is None:
        return _ItemReading(kept, stated, (), 0, 0)
    record = read_record(summary or "")
    bears = bearing(request, record, others, original)
    judged = criteria_judged(request, record, bears, original)
    marks = (
        *map(_item_mark, bears, bears.values()),
        *[_criterion_mark(name, is_met) for name, is_met in judged.items() if is_met is not None],
    )
    answers = list(judged.values())
    return _ItemReading(kept, stated, marks, answers.count(True), answers.count(False))


@lru_cache(maxsize=2**16)
def _read_summary(summary: str) -> tuple[str, tuple[str, ...]]:
    said = read_record(summary).said
    return without_judgements(summary), tuple(map(_mark, said, said.values()))


@lru_cache(maxsize=2**12)
def _item_mark(name: str, value: float) -> str:
    return f"item: {_mark(name, value)}"


@lru_cache(maxsize=2**12)
def _criterion_mark(name: str, is_met: bool) -> str:
    return f"{'met' if is_met else 'unmet'}: {name}"


@lru_cache(maxsize=2**12)
def _mark(name: str, value: float) -> str:
    """Name one statement as a physician would.

    >>> _mark("has_spasm", 0.0), _mark("is_mri_planned", 1.0), _mark("n_pain_score", 8.0)
    ('no spasm', 'mri planned', 'pain score: 7 to 10')
    """
    kind, _, words = name.partition("_")
    words = words.replace("_", " ")
    if kind != "n":
        return words if value else f"no {words}"
    if words == "pain drop":
        words, value = "pain drop in percent", 100 * value
    if not value:
        return f"{words}: none"
    return band(words, float(np.ceil(value)), _bands(words))


def _bands(words: str) -> tuple[int, ...]:
    if words.startswith(("pain score", "pain with", "lowest")):
        return _PAIN_BANDS
    if words.endswith(("sessions", "had")):
        return _SESSION_BANDS
    if words.startswith("months"):
        return _MONTH_BANDS
    named = {
        "body mass index": _BODY_MASS_BANDS,
        "relief percent": _PERCENT_BANDS,
        "pain drop in percent": _PERCENT_BANDS,
        "relief weeks": _WEEK_BANDS,
        "morphine equivalent": _DOSE_BANDS,
    }
    return named.get(words, _COUNT_BANDS)
