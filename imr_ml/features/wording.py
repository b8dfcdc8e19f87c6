"""The words of the request and of the case summary."""

from __future__ import annotations

from collections.abc import Container, Sequence
from copy import copy
from typing import Any, Self

import numpy as np
import pandas as pd
from scipy import sparse
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.utils.validation import check_is_fitted

from imr_ml.features.reading import READ_COLUMNS, read

_UNUSUAL = 0.01
_MOST_COMPARED = 300


class Words(TransformerMixin, BaseEstimator):
    """Weigh the words and word pairs of one text column; equal texts are read once.

    Parameters
    ----------
    column : str
        The column of text; a missing text has no words. ``summary`` is what `Reading` keeps of the case
        summary.
    pairs : bool, default=True
        Whether pairs of words count beside words. Of summaries, whose facts are read, pairs add nothing
        to speak of and cost most of the time and room.
    min_letters : int, default=3
        A word met in fewer different texts is left out. With fewer than ten texts, every word is kept.
    max_words : int, default=100_000
        At most so many words, the most frequent first.
    """

    def __init__(
        self,
        column: str = "case_summary",
        *,
        pairs: bool = True,
        min_letters: int = 3,
        max_words: int = 100_000,
    ) -> None:
        self.column = column
        self.pairs = pairs
        self.min_letters = min_letters
        self.max_words = max_words

    def fit(self, X: pd.DataFrame, y: Any = None) -> Self:
        """Learn the vocabulary and how common each word is among the different texts."""
        self.fit_transform(X, y)
        return self

    def fit_transform(self, X: pd.DataFrame, y: Any = None, **_: Any) -> sparse.csr_matrix:
        """Learn and weigh in one pass over the texts."""
        rows, texts = self._texts(X)
        self.vectorizer_ = TfidfVectorizer(
            ngram_range=(1, 2 if self.pairs else 1),
            sublinear_tf=True,
            min_df=self.min_letters if len(texts) >= 10 else 1,
            max_features=self.max_words,
            token_pattern=r"(?u)\w+(?:[./'-]+\w+)*",
            dtype=np.float32,
        )
        try:
            weights = self.vectorizer_.fit_transform(texts)
        except ValueError:  # no word is left: the column is empty in this training set
            self.vectorizer_ = None
            return _no_words(len(rows))
        self.usual_share_ = self._usual_share(texts)
        found: sparse.csr_matrix = weights[rows]
        return found

    def transform(self, X: pd.DataFrame) -> sparse.csr_matrix:
        """Give TF-IDF weights of shape (n_items, n_words), each row from 0 to 1 in length."""
        check_is_fitted(self, "vectorizer_")
        rows, texts = self._texts(X)
        if self.vectorizer_ is None:
            return _no_words(len(rows))
        found: sparse.csr_matrix = self.vectorizer_.transform(texts)[rows]
        return found

    def known_share(self, X: pd.DataFrame) -> np.ndarray:
        """Give the share of each text's words that training met, shape (n_items,), from 0 to 1.

        A text without words counts as 1. Numbers count for nothing: dates and doses are new in every text.
        """
        check_is_fitted(self, "vectorizer_")
        if self.vectorizer_ is None:
            return np.ones(len(X))
        rows, texts = self._texts(X)
        found: np.ndarray = _shares(texts, self.vectorizer_.vocabulary_)[rows]
        return found

    def _usual_share(self, texts: list[str]) -> float:
        """Give the share that nearly every text has of words that the other ones teach."""
        # A word that just enough texts have would not be known without any one of them.
        n_texts_with = (1 + len(texts)) / np.exp(self.vectorizer_.idf_ - 1) - 1
        enough = n_texts_with > self.vectorizer_.min_df + 0.5
        others = {word for word, column in self.vectorizer_.vocabulary_.items() if enough[column]}
        some = [texts[place] for place in range(0, len(texts), -(-len(texts) // _MOST_COMPARED))]
        return float(np.quantile(_shares(some, others), _UNUSUAL))

    def get_feature_names_out(self, input_features: Any = None) -> np.ndarray:
        """Name each column by its word, such as ``case_summary: "failed"``."""
        check_is_fitted(self, "vectorizer_")
        words = [] if self.vectorizer_ is None else self.vectorizer_.get_feature_names_out()
        return np.asarray([f'{self.column}: "{word}"' for word in words], dtype=object)

    def __getstate__(self) -> dict[str, Any]:
        # The vectorizer notes an address in memory, which would make the bytes of a saved model differ.
        state: dict[str, Any] = super().__getstate__()
        if state.get("vectorizer_") is not None:
            state["vectorizer_"] = copy(state["vectorizer_"])
            state["vectorizer_"].__dict__.pop("_stop_words_id", None)
        return state

    def _texts(self, X: pd.DataFrame) -> tuple[np.ndarray, list[str]]:
        column = (read(X) if self.column in READ_COLUMNS else X)[self.column]
        codes, unique = pd.factorize(column.fillna("").astype(object))
        return codes, [str(text) for text in unique]


def _shares(texts: Sequence[str], known: Container[str]) -> np.ndarray:
    words_of = TfidfVectorizer(token_pattern=r"(?u)\b[^\W\d_]{3,}\b").build_analyzer()
    shares = []
    for text in texts:
        words = set(words_of(text))
        shares.append(sum(word in known for word in words) / len(words) if words else 1.0)
    return np.asarray(shares)


def _no_words(n_rows: int) -> sparse.csr_matrix:
    return sparse.csr_matrix(np.zeros((n_rows, 0), dtype=np.float32))
