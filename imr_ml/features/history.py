"""The patient's history as the summary tells it, and what of it bears on the item."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import numpy as np
import pandas as pd

from imr_ml.extracting.bearing import bearings
from imr_ml.extracting.summary_tables import summary_records
from imr_ml.extracting.tables import texts
from imr_ml.features.marks import Marks, band

# Pain: mild to 3, moderate to 6, severe above. Visits: the trial, the course and the cap of most therapy
# guidelines. Body mass index: WHO's classes of obesity.
_PAIN_BANDS = (3, 6, 10)
_SESSION_BANDS = (6, 12, 24)
_BODY_MASS_BANDS = (24, 29, 34, 39)
_COUNT_BANDS = (1, 2, 4)


class History(Marks):
    """Mark what each summary states and what it denies, each on its own; nothing where it says nothing.

    Judging sentences, utilization review's words and other people's illnesses do not count. Amounts are
    marked in bands.

    Parameters
    ----------
    min_items : int, default=5
        A statement of fewer training items has no column.
    """

    def _rows(self, X: pd.DataFrame) -> Iterator[list[str]]:
        records, rows = summary_records(X)
        marks = [[_mark(name, value) for name, value in record.said.items()] for record in records]
        for row, summary in zip(rows, texts(X, "case_summary"), strict=True):
            yield ["no summary"] if summary is None else marks[row]


class Bearing(Marks):
    """Mark what summary and letter say that bears on each item, alone and with its treatment category.

    Parameters
    ----------
    min_items : int, default=5
        A statement of fewer training items has no column.
    """

    def _rows(self, X: pd.DataFrame) -> Iterator[list[str]]:
        categories = texts(X, "treatment_category")
        for found, category in zip(bearings(X), categories, strict=True):
            marks = [_item_mark(name, value) for name, value in found.items()]
            yield marks + [_with_category(category, mark) for mark in marks] if category else marks


@lru_cache(maxsize=2**12)
def _item_mark(name: str, value: float) -> str:
    return f"item: {_mark(name, value)}"


@lru_cache(maxsize=2**14)
def _with_category(category: str, mark: str) -> str:
    return f"{category} {mark}"


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
    if not value:
        return f"{words}: none"
    ends: tuple[int, ...]
    if words.startswith(("pain", "lowest")):
        ends = _PAIN_BANDS
    elif words.endswith(("sessions", "had")):
        ends = _SESSION_BANDS
    else:
        ends = _BODY_MASS_BANDS if words == "body mass index" else _COUNT_BANDS
    return band(words, float(np.ceil(value)), ends)
