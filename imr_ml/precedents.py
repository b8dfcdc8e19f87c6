"""Decided items most like one in dispute, with their outcomes, their grounds and why they are alike."""

from __future__ import annotations

import re
from typing import Any
from weakref import WeakKeyDictionary

import bm25s
import numpy as np
import pandas as pd
from bm25s.stopwords import STOPWORDS_EN

from imr_ml.arguments import check_kind, check_whole
from imr_ml.errors import CaseError
from imr_ml.model import OutcomeModel
from imr_ml.predicting import Asked, asked_items

PRECEDENT_ANSWER_TYPES = {
    "item_id": "str",
    "rank": "int64",
    "precedent_item_id": "str",
    "score": "float64",
    "alike_in": "str",
    "outcome": "str",
    "decided_date": "datetime64[s]",
    "request": "str",
    "reviewer_guideline": "str",
    "grounds": "str",
}

_WORD = re.compile(r"[a-z0-9][a-z0-9.%/-]*")
# A request says what is disputed in a few words, a summary tells the case in hundreds: without this weight,
# precedents would share the summary's small talk rather than the treatment.
_REQUEST_WEIGHT = 5


def find_precedents(model: OutcomeModel, asked: Asked, *, k: int = 5) -> pd.DataFrame:
    """Find the decided items of training that are most like each item asked about.

    A precedent was decided before the case was filed (or, where that is not stated, before utilization review
    decided), comes from another letter, and shares at least one telling word of the request or the
    treatment subcategory.

    Parameters
    ----------
    model : OutcomeModel
        Its training items are the precedents.
    asked : Letter, Case, dict, items table, or several letters or cases
        As in `predict`.
    k : int, default=5
        At most so many precedents per item, 1 or more.

    Returns
    -------
    DataFrame
        At most ``k`` rows per item, best first: ``item_id`` of the item asked about, ``rank`` from 1,
        ``precedent_item_id``, ``score`` (BM25, comparable within one item only), ``alike_in`` (the shared
        words that count most), ``outcome``, ``decided_date``, ``request``, ``reviewer_guideline`` and
        ``grounds`` (the rationale) of the precedent.

    Raises
    ------
    CaseError
        If `k` is below 1 or there is nothing to ask about.
    ModelError
        If `model` is none.

    References
    ----------
    Robertson and Zaragoza (2009), Foundations and Trends in Information Retrieval 3, 333-389.
    """
    check_kind(model, "model", about="model")
    check_whole(k, about="k", least=1, error=CaseError)
    index = _INDEXES.get(model)
    if index is None:
        index = _INDEXES[model] = _Index(model.decided)
    items = asked_items(asked)
    rows = [row for _, item in items.iterrows() for row in index.alike(item, k)]
    return pd.DataFrame(rows, columns=list(PRECEDENT_ANSWER_TYPES)).astype(PRECEDENT_ANSWER_TYPES)


class _Index:
    def __init__(self, decided: pd.DataFrame) -> None:
        self.decided = decided
        self.request_words = [
            set(_request_words(request, subcategory))
            for request, subcategory in zip(decided["request"], decided["treatment_subcategory"], strict=True)
        ]
        self.words = [
            [*(_REQUEST_WEIGHT * sorted(request_words)), *_words(summary)]
            for request_words, summary in zip(self.request_words, decided["case_summary"], strict=True)
        ]
        self.retriever = bm25s.BM25()
        self.retriever.index(self.words, show_progress=False)
        self.decided_on = decided["decided_date"].to_numpy(copy=True)
        # A table without dates still has years: the last day of the year keeps time running forward.
        years = decided["decided_year"].astype("Float64").to_numpy(dtype=float, na_value=np.nan)
        for row in np.flatnonzero(np.isnat(self.decided_on) & ~np.isnan(years)):
            self.decided_on[row] = np.datetime64(f"{int(years[row])}-12-31", "s")

    def alike(self, item: pd.Series[Any], k: int) -> list[dict[str, Any]]:
        request_words = sorted(set(_request_words(item["request"], item["treatment_subcategory"])))
        query = [*(_REQUEST_WEIGHT * request_words), *sorted(set(_words(item["case_summary"])))]
        known = [word for word in query if word in self.retriever.vocab_dict]
        if not known:
            return []
        scores = self.retriever.get_scores(known)
        allowed = (self.decided["letter_id"] != item["letter_id"]).to_numpy() & self._before(item)
        candidates = np.flatnonzero(allowed & (scores > 0))
        best = candidates[np.lexsort((candidates, -scores[candidates]))]
        rows: list[dict[str, Any]] = []
        for place in best:
            shared = [word for word in request_words if word in self.request_words[place]]
            if not shared:
                continue
            precedent = self.decided.iloc[place]
            rows.append(
                {
                    "item_id": item["item_id"],
                    "rank": len(rows) + 1,
                    "precedent_item_id": precedent["item_id"],
                    "score": float(scores[place]),
                    "alike_in": ", ".join(shared),
                    "outcome": precedent["outcome"],
                    "decided_date": precedent["decided_date"],
                    "request": precedent["request"],
                    "reviewer_guideline": precedent["reviewer_guideline"],
                    "grounds": precedent["rationale"],
                }
            )
            if len(rows) == k:
                break
        return rows

    def _before(self, item: pd.Series[Any]) -> np.ndarray:
        for name in ("received_date", "ur_decision_date"):
            filed = item.get(name, pd.NaT)
            if not pd.isna(filed):
                earlier: np.ndarray = self.decided_on < np.datetime64(filed)
                return earlier
        return np.ones(len(self.decided), dtype=bool)


_INDEXES: WeakKeyDictionary[OutcomeModel, _Index] = WeakKeyDictionary()


def _words(text: Any) -> list[str]:
    if not isinstance(text, str):
        return []
    return [word for word in _WORD.findall(text.lower()) if word not in STOPWORDS_EN]


def _request_words(request: str, subcategory: Any) -> list[str]:
    return [*_words(request), *([f"[{subcategory}]"] if isinstance(subcategory, str) else [])]
