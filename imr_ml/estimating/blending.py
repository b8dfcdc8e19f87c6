"""The last step of a model's Pipeline: one or several classifiers, their log-odds averaged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.special import expit
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.utils.validation import check_is_fitted

from imr_ml.estimating.calibration import log_odds
from imr_ml.estimating.cohorts import Cohort, CohortRates
from imr_ml.estimating.linear import OffsetLogistic

Floats = NDArray[np.float64]
Blocks = Mapping[str, tuple[int, int]]

CODES = "cohorts"
"""The block of codes from 1 (0: missing) whose values name cohorts."""
EXPECTED = "published rate"
"""The block of one column: log-odds before any outcome was seen."""
WORTH = "expected worth"
"""The block of log-odds that statements are expected to be worth; the last column: for such a treatment."""
_SPECIAL = (CODES, EXPECTED)
_WORDS = "words"
_SUMMARY_WORDS = "summary words"
_UNSCALED = (_WORDS, "criteria", WORTH)
_CATEGORIES = "categories"
_OF_CRITERIA = (WORTH, "categories", "dispute")
_OF_GROUNDS = (*_OF_CRITERIA, "criteria", "request facts", "bearing", "patient")
_LINEAR = {"criteria": _OF_CRITERIA, "grounds": _OF_GROUNDS}

_MIN_BOOSTED_ITEMS = 60
_MAX_BOOSTED_COLUMNS = 60
_CATEGORY, _SUBCATEGORY = 0, 1


class Blend(ClassifierMixin, BaseEstimator):
    """Average the log-odds of several classifiers of the same columns.

    Parameters
    ----------
    blocks : mapping of str to (int, int)
        First column and the one past the last of each family of features. `CODES`, `EXPECTED` and `WORTH`
        have meanings of their own; a family with "words" in its name is sparse.
    members : sequence of {"cohorts", "departures", "criteria", "grounds", "linear", "boosting"}
        ``cohorts``: `CohortRates`. ``departures``: `OffsetLogistic` over every family that starts from these
        rates, each item's as they stood before it. ``linear``: the same from what was expected at first, by
        the category's published rate and by what is stated; ``grounds``: over the families that speak of the
        item alone, not of the rest of the summary; ``criteria``: over the few columns that few items can
        teach: what statements are expected to be worth, the category and the dispute. ``boosting``: gradient
        boosting over the families that are no words, and the codes.
    cohorts : sequence of tuple of int
        For `CohortRates`, by columns of the `CODES` block, the treatment's category and subcategory first.
    settings : mapping of str to mapping of str to float, default=None
        Of each member that has any. ``half_life``: years after which an item counts half; ``cohorts`` have
        their own. And of the linear members ``C``, the inverse penalty, by default 1; ``mark_scale``, by
        what columns that are no words and no criteria are multiplied, by default 1: a word's weight is a
        fraction of its text, a mark is 0 or 1, and one penalty does not fit both where marks are many;
        ``word_scale``, the same for the words of summaries, by default 1;
        ``category_scale``, the same for columns of categories, by default as of other marks;
        ``group_scale``, how freely a column's weight departs from treatment to treatment (by category and,
        in it, by subcategory), as a multiple of the freedom that it has itself, by default 0.
    seed : int
    """

    def __init__(
        self,
        blocks: Blocks,
        *,
        members: Sequence[str] = ("linear",),
        cohorts: Sequence[Cohort] = ((0,),),
        settings: Mapping[str, Mapping[str, float | None]] | None = None,
        seed: int = 0,
    ) -> None:
        self.blocks = blocks
        self.members = members
        self.cohorts = cohorts
        self.settings = settings
        self.seed = seed

    def fit(
        self, X: sparse.csr_matrix, y: Any, *, letters: np.ndarray | None = None, years: Any = None
    ) -> Self:
        """Teach each member.

        Parameters
        ----------
        X : sparse matrix of shape (n_items, n_columns)
        y : ndarray of shape (n_items,)
            1 for overturned, 0 for upheld.
        letters : ndarray of shape (n_items,)
        years : ndarray of shape (n_items,)
            When each was decided, as a decimal year; None where no time is known.
        """
        X = sparse.csr_matrix(X)
        y = np.asarray(y)
        self.classes_ = np.array([0, 1])
        self.n_features_in_ = X.shape[1]
        self.fitted_ = {}
        for name in self.members:
            weight = np.ones(len(y))
            half_life = self._settings(name).get("half_life")
            if years is not None and half_life is not None:
                weight = np.exp2((years - np.max(years)) / half_life)
            member = self._member(name)
            self.fitted_[name] = member.fit(X, y, letters=letters, years=years, weight=weight)
        return self

    def member_scores(self, X: sparse.csr_matrix) -> Floats:
        """Give each member's log-odds, shape (n_items, n_members)."""
        check_is_fitted(self, "fitted_")
        X = sparse.csr_matrix(X)
        return np.column_stack([member.scores(X) for member in self.fitted_.values()])

    def predict_proba(self, X: sparse.csr_matrix) -> Floats:
        """Give the probabilities of upheld and overturned, shape (n_items, 2)."""
        p = expit(self.member_scores(X).mean(axis=1))
        return np.column_stack([1 - p, p])

    def _settings(self, member: str) -> Mapping[str, Any]:
        return (self.settings or {}).get(member, {})

    def _member(self, name: str) -> Any:
        if name == "cohorts":
            return _Cohorts(self.blocks, self.cohorts)
        own = {key: value for key, value in self._settings(name).items() if key != "half_life"}
        if name == "linear" or name in _LINEAR:
            used = {n: span for n, span in self.blocks.items() if n in _LINEAR.get(name, self.blocks)}
            return _Linear(self.blocks, used, **own)
        if name == "departures":
            return _Departures(self.blocks, self.cohorts, **own)
        if name == "boosting":
            return _Boosting(self.blocks, self.seed)
        raise ValueError(f"no member is named {name!r}")


class _Cohorts:
    def __init__(self, blocks: Blocks, cohorts: Sequence[Cohort]) -> None:
        self.blocks, self.rates = blocks, CohortRates(cohorts)

    def fit(self, X: Any, y: Any, *, letters: Any, years: Any, weight: Floats) -> Self:
        self.fit_looking_back(X, y, letters=letters, years=years)
        return self

    def fit_looking_back(
        self, X: Any, y: Any, *, letters: Any, years: Any
    ) -> tuple[Floats, NDArray[np.bool_]]:
        codes, expected = _codes(X, self.blocks), _expected(X, self.blocks)
        return self.rates.fit_looking_back(codes, y, letters=letters, years=years, expected=expected)

    def scores(self, X: Any) -> Floats:
        p = self.rates.predict_proba(_codes(X, self.blocks), expected=_expected(X, self.blocks))
        return log_odds(p[:, 1])


class _Linear:
    def __init__(
        self,
        blocks: Blocks,
        used: Blocks,
        C: float = 1,
        mark_scale: float = 1,
        word_scale: float = 1,
        group_scale: float = 0,
        category_scale: float | None = None,
    ) -> None:
        self.blocks, self.used = blocks, used
        self.mark_scale, self.word_scale = mark_scale, word_scale
        self.category_scale = mark_scale if category_scale is None else category_scale
        self.regression = OffsetLogistic(C, group_scale=group_scale)

    def fit(self, X: Any, y: Any, *, letters: Any, years: Any, weight: Floats) -> Self:
        return self.fit_from(_start(X, self.blocks), X, y, weight)

    def fit_from(self, start: Floats, X: Any, y: Any, weight: Floats) -> Self:
        scale = np.zeros(X.shape[1])
        for name, span in self.used.items():
            if name not in _SPECIAL:
                is_scaled = not any(unscaled in name for unscaled in _UNSCALED)
                of_marks = self.category_scale if name == _CATEGORIES else self.mark_scale
                of_others = self.word_scale if _SUMMARY_WORDS in name else 1.0
                scale[slice(*span)] = of_marks if is_scaled else of_others
        groups = treatments(X, self.blocks)
        self.regression.fit(X, y, offset=start, sample_weight=weight, scale=scale, groups=groups)
        return self

    def scores(self, X: Any) -> Floats:
        return self.scores_from(_start(X, self.blocks), X)

    def scores_from(self, start: Floats, X: Any) -> Floats:
        return self.regression.decision_function(X, offset=start, groups=treatments(X, self.blocks))


class _Departures:
    def __init__(self, blocks: Blocks, cohorts: Sequence[Cohort], **settings: float) -> None:
        self.rates, self.linear = _Cohorts(blocks, cohorts), _Linear(blocks, blocks, **settings)

    def fit(self, X: Any, y: Any, *, letters: Any, years: Any, weight: Floats) -> Self:
        start, is_told = self.rates.fit_looking_back(X, y, letters=letters, years=years)
        rows = np.flatnonzero(is_told)
        self.linear.fit_from(start[rows], X[rows], y[rows], weight[rows])
        return self

    def scores(self, X: Any) -> Floats:
        return self.linear.scores_from(self.rates.scores(X), X)


class _Boosting:
    def __init__(self, blocks: Blocks, seed: int) -> None:
        self.blocks, self.seed = blocks, seed

    def fit(self, X: Any, y: Any, *, letters: Any, years: Any, weight: Floats) -> Self:
        self.columns_ = self._worth_splitting(X, y, weight)
        self.boosted_ = HistGradientBoostingClassifier(
            # As good as a hundred smaller trees of smaller leaves, in two fifths of the time.
            learning_rate=0.16,
            max_iter=40,
            max_leaf_nodes=16,
            min_samples_leaf=_MIN_BOOSTED_ITEMS,
            l2_regularization=5.0,
            max_features=0.3,
            early_stopping=False,
            random_state=self.seed,
        ).fit(self._dense(X), y, sample_weight=None if np.ptp(weight) == 0 else weight)
        return self

    def scores(self, X: Any) -> Floats:
        return log_odds(self.boosted_.predict_proba(self._dense(X))[:, 1])

    def _worth_splitting(self, X: Any, y: Any, weight: Floats) -> NDArray[np.intp]:
        """Find the frequent facts that, each by itself, tell the most: every column costs time."""
        # One column per category would say again, slowly, what the codes say.
        kept = [span for name, span in self.blocks.items() if _WORDS not in name and name != "categories"]
        columns = np.concatenate([np.arange(*span) for span in kept])
        facts = X[:, columns].tocsc()
        # A tree splits off groups of this size at the least.
        common = np.flatnonzero(facts.getnnz(axis=0) >= max(_MIN_BOOSTED_ITEMS, len(y) / 100))
        facts, columns = facts[:, common], columns[common]
        share = weight / weight.sum()
        mean = facts.T @ share
        spread = np.sqrt(np.maximum(facts.multiply(facts).T @ share - mean**2, 1e-12))
        told = np.abs(facts.T @ (share * (y - share @ y))) / spread
        special = np.isin(columns, [at for name in _SPECIAL for at in range(*self.blocks[name])])
        told[special] = np.inf
        best: NDArray[np.intp] = np.sort(columns[np.argsort(-told, kind="stable")[:_MAX_BOOSTED_COLUMNS]])
        return best

    def _dense(self, X: Any) -> NDArray[np.float32]:
        dense: NDArray[np.float32] = X[:, self.columns_].toarray().astype(np.float32, copy=False)
        return dense


def _codes(X: Any, blocks: Blocks) -> NDArray[np.int64]:
    codes: NDArray[np.int64] = X[:, slice(*blocks[CODES])].toarray().astype(np.int64)
    return codes


def treatments(X: Any, blocks: Blocks) -> NDArray[np.int64]:
    """Give each item's category, and its subcategory as one number with the category; 0 where unknown."""
    codes = _codes(X, blocks)
    category, subcategory = codes[:, _CATEGORY], codes[:, min(_SUBCATEGORY, codes.shape[1] - 1)]
    within = np.where((category > 0) & (subcategory > 0), (category << 32) + subcategory, 0)
    return np.column_stack([category, within])


def _expected(X: Any, blocks: Blocks) -> Floats:
    expected: Floats = X[:, slice(*blocks[EXPECTED])].toarray().ravel().astype(float)
    return expected


def _start(X: Any, blocks: Blocks) -> Floats:
    """Add up what was expected at first: by the category, and by what is stated.

    What a statement is expected to be worth for one kind of treatment beyond what it is for all is less sure:
    it is a column like others, which the data weigh.
    """
    start = _expected(X, blocks)
    if WORTH in blocks:
        first, past = blocks[WORTH]
        start += np.asarray(X[:, first : past - 1].sum(axis=1), dtype=float).ravel()
    return start
