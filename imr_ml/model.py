"""A trained model: one fitted Pipeline, its calibration, and the record of what it saw."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
from sklearn.pipeline import Pipeline

from imr_ml.estimating.calibration import Calibration, Foretold, log_odds
from imr_ml.estimating.certainty import Certainty
from imr_ml.estimating.threads import one_thread
from imr_ml.features.reading import read
from imr_ml.features.remembering import Readings
from imr_ml.tabulating import evidence

PRECEDENT_COLUMNS = (
    "item_id",
    "letter_id",
    "request",
    "treatment_category",
    "treatment_subcategory",
    "case_summary",
    "claims_administrator_guideline",
    "decided_date",
    "decided_year",
    "outcome",
    "reviewer_guideline",
    "rationale",
)


class Precedents:
    """Training items with their outcomes and grounds, of a loaded model unpacked when first asked for.

    Parameters
    ----------
    kept : DataFrame or bytes
        The table with `PRECEDENT_COLUMNS`, or what `packed` gave.

    Raises
    ------
    ValueError
        If the bytes hold no such table.
    """

    def __init__(self, kept: pd.DataFrame | bytes) -> None:
        self._kept = kept
        if isinstance(kept, bytes) and (
            missing := {*PRECEDENT_COLUMNS}.difference(pq.read_schema(BytesIO(kept)).names)
        ):
            raise ValueError(f"column missing: {', '.join(sorted(missing))}")

    def table(self) -> pd.DataFrame:
        """Give the table."""
        if isinstance(self._kept, bytes):
            found = pd.read_parquet(BytesIO(self._kept))
            self._kept = found.astype({"decided_date": "datetime64[s]"})
        return self._kept

    def packed(self) -> bytes:
        """Give it as a Parquet file."""
        if isinstance(self._kept, bytes):
            return self._kept
        packed = BytesIO()
        self._kept.to_parquet(packed, index=False, compression="zstd")
        return packed.getvalue()


@dataclass(frozen=True, eq=False)
class OutcomeModel:
    """Gives each disputed item its probability of being overturned.

    Parameters
    ----------
    pipeline : sklearn.pipeline.Pipeline
        From the evidence columns to an uncalibrated probability, features inside.
    calibration : Calibration
        From its log-odds to a probability, learned out of fold.
    certainty : Certainty
        Which answers are certain, learned out of fold.
    stage : {"filing", "assignment"}
        What may be known when the model is asked.
    program : str
        ``dwc``, ``dmhc``, or both joined by ``+`` where pooling was asked for.
    seed : int
    threshold : float
        Probability from which ``predicted`` says overturned.
    base_rate : float
        Share of overturned items in training.
    category_rates : mapping of str to float
        The same for each treatment category.
    record : mapping
        Plain values: sizes, settings, what was chosen and why; becomes part of the card.
    letters : frozenset of str
        The ``letter_id`` of every training letter.
    fingerprints : frozenset of str
        Of every training item's words, so that a copy under another name is recognised.
    precedents : Precedents
        The training items with their outcomes and grounds; predictions do not need them.
    is_synthetic : bool
        Whether any training letter was made up by imr-ml.
    foretold : Foretold, default=None
        What the models that were updated to this one had said of later items; None in a model of its own.
    readings : Readings, default=None
        What was read of the training items, for an update.
    """

    pipeline: Pipeline
    calibration: Calibration
    certainty: Certainty
    stage: str
    program: str
    seed: int
    threshold: float
    base_rate: float
    category_rates: Mapping[str, float]
    record: Mapping[str, Any]
    letters: frozenset[str]
    fingerprints: frozenset[str]
    is_synthetic: bool
    precedents: Precedents = field(repr=False)
    foretold: Foretold | None = field(default=None, repr=False)
    readings: Readings | None = field(default=None, repr=False)

    @property
    def decided(self) -> pd.DataFrame:
        """Give the training items with their outcomes and grounds."""
        return self.precedents.table()

    @one_thread
    def scores(self, items: pd.DataFrame) -> np.ndarray:
        """Give uncalibrated log-odds, shape (n_items,), from the evidence columns alone."""
        return log_odds(self.pipeline.predict_proba(evidence(items, self.stage))[:, 1])

    def predict_proba(self, items: pd.DataFrame) -> np.ndarray:
        """Give the probability that each item is overturned, shape (n_items,), from 0 to 1."""
        return self.calibration.probability(self.scores(items))

    def known_words(self, items: pd.DataFrame) -> tuple[np.ndarray, float]:
        """Give the share of each summary's words that training met, and what it usually is.

        Returns
        -------
        shares : ndarray of shape (n_items,)
            From 0 to 1.
        usual : float
            What all but a hundredth of the summaries of training have of the words of the others.
        """
        for name, words in self.pipeline["features"].transformer_list:
            if name.startswith("summary words") and words.vectorizer_ is not None:
                shares: np.ndarray = words.known_share(read(evidence(items, self.stage)))
                return shares, words.usual_share_
        return np.ones(len(items)), 0.0

    def items_of(self, category: str) -> int | None:
        """Count the training items of a treatment category; None in a model that did not note it yet."""
        noted: Mapping[str, int] | None = self.record.get("category_items")
        return None if noted is None else noted.get(category, 0)

    def facts_told(self, items: pd.DataFrame) -> np.ndarray:
        """Count what is read in each summary of the patient, shape (n_items,); amounts do not count."""
        told = read(evidence(items, self.stage))["stated"]
        return np.array([sum(":" not in mark for mark in marks) for marks in told])

    def has_seen(self, items: pd.DataFrame) -> np.ndarray:
        """Tell which items, by letter or by their words, were in training: booleans of shape (n_items,)."""
        same_words = fingerprints(items).isin(self.fingerprints)
        return (items["letter_id"].isin(self.letters) | same_words).to_numpy()


def fingerprints(items: pd.DataFrame) -> pd.Series[str]:
    """Hash the words of each item's request and summary, whatever the letter is called.

    An item without a summary is known by its letter only: many have the same short request.
    """
    return pd.Series(
        [
            hashlib.sha256(f"{request.casefold()}\0{summary.casefold()}".encode()).hexdigest()[:24]
            if isinstance(summary, str) and summary.strip()
            else ""
            for request, summary in zip(items["request"], items["case_summary"], strict=True)
        ],
        index=items.index,
        dtype="str",
    )
