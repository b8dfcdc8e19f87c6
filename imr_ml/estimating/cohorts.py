"""Overturn rates of cohorts of like items, as they stood when each item was filed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.model_selection import GroupKFold
from sklearn.utils.validation import check_is_fitted

from imr_ml.estimating.calibration import log_odds
from imr_ml.estimating.linear import OffsetLogistic

Floats = NDArray[np.float64]
Keys = NDArray[np.int64]
Cohort = tuple[int, ...]
"""Columns of the code matrix whose values together name a cohort; without the last, its parent."""

_MAX_BLOCKS = 200
_MIN_BLOCK_ITEMS = 50
_WARM_UP = 0.1
_FOLDS = 10


@dataclass(slots=True)
class _Tally:
    """Weighted numbers of items, of overturned ones, and of those expected so, fading with time."""

    sums: Floats
    seen_at: Floats
    half_life: float

    @classmethod
    def empty(cls, n_cohorts: int, half_life: float) -> _Tally:
        return cls(np.zeros((3, max(1, n_cohorts))), np.zeros(max(1, n_cohorts)), half_life)

    def read(self, cohorts: Keys, now: float) -> Floats:
        """Give the three numbers for items of these cohorts (-1: of none) at a time in years."""
        known = cohorts >= 0
        at = np.where(known, cohorts, 0)
        found: Floats = known * self._faded(at, now) * self.sums[:, at]
        return found

    def add(self, cohorts: Keys, overturned: Floats, expected: Floats, now: float) -> None:
        """Count items whose outcomes became known at a time."""
        known = cohorts >= 0
        touched, at = np.unique(cohorts[known], return_inverse=True)
        faded = self._faded(touched, now)
        for sums, weights in zip(self.sums, (None, overturned[known], expected[known]), strict=True):
            sums[touched] = faded * sums[touched] + np.bincount(at, weights, minlength=len(touched))
        self.seen_at[touched] = now

    def _faded(self, cohorts: Keys, now: float) -> Floats:
        if np.isinf(self.half_life):
            return np.ones(len(cohorts))
        faded: Floats = np.exp2((self.seen_at[cohorts] - now) / self.half_life)
        return faded


class CohortRates(ClassifierMixin, BaseEstimator):
    """Weigh the overturn rates of an item's cohorts, from the broadest to its own like.

    Each cohort's rate leans on its parent's as on `strength` items; the rate of all items leans on what was
    expected before any outcome was seen. The log-odds by which each rate departs from its parent's, at
    several half-lives, are weighed by a regularised logistic regression that starts from the rate
    of all items. In training, every item sees the rates as they stood before it (or, where no time is
    known, those of other letters), so that the regression learns how far a rate can be trusted.

    Parameters
    ----------
    cohorts : sequence of tuple of int
        Each the columns of `X` that name a cohort; its parent is the tuple without its last column, where
        that stands before it, or else all items.
    half_lives : sequence of float, default=(0.35, 1.4, inf)
        Years after which an outcome counts half. Where no time is known, only ``inf`` is used.
    strength : float, default=10
        For how many items a parent's rate counts, above 0.
    delay : float, default=0.1
        In training, an item sees no outcome of the last so many years: it would not have been known.
    C : float, default=0.001
        Inverse penalty of the regression.

    References
    ----------
    Micci-Barreca (2001), SIGKDD Explorations 3(1), 27-32 (rates that lean on their parents'); Dawid (1984),
    Journal of the Royal Statistical Society A 147, 278-292 (forecasting each case from those before it).
    """

    def __init__(
        self,
        cohorts: Sequence[Cohort] = ((0,),),
        *,
        half_lives: Sequence[float] = (0.35, 1.4, np.inf),
        strength: float = 10.0,
        delay: float = 0.1,
        C: float = 0.001,
    ) -> None:
        self.cohorts = cohorts
        self.half_lives = half_lives
        self.strength = strength
        self.delay = delay
        self.C = C

    def fit(
        self,
        X: Any,
        y: Any,
        *,
        letters: np.ndarray | None = None,
        years: np.ndarray | None = None,
        expected: np.ndarray | None = None,
    ) -> Self:
        """Count the cohorts and learn how to weigh their rates.

        Parameters
        ----------
        X : ndarray of shape (n_items, n_columns)
            Codes from 1; 0 where a value is missing, which tells nothing.
        y : ndarray of shape (n_items,)
            1 for overturned, 0 for upheld.
        letters : ndarray of shape (n_items,)
            Items of one letter never see one another's outcomes; by default each item is its own letter.
        years : ndarray of shape (n_items,)
            When each was decided, as a decimal year; None where no time is known.
        expected : ndarray of shape (n_items,)
            Log-odds of each item before any outcome is seen; by default 0.
        """
        self.fit_looking_back(X, y, letters=letters, years=years, expected=expected)
        return self

    def fit_looking_back(
        self,
        X: Any,
        y: Any,
        *,
        letters: np.ndarray | None = None,
        years: np.ndarray | None = None,
        expected: np.ndarray | None = None,
    ) -> tuple[Floats, NDArray[np.bool_]]:
        """Fit, and tell of the training items what would have been told of them before their outcomes.

        Parameters
        ----------
        X, y, letters, years, expected : ndarray
            See `fit`.

        Returns
        -------
        log_odds : ndarray of shape (n_items,)
        is_told : ndarray of shape (n_items,)
            False for the first items in time, before which too little was known.
        """
        X, y = np.asarray(X), np.asarray(y, dtype=float)
        letters = np.arange(len(y)) if letters is None else letters
        expected = np.zeros(len(y)) if expected is None else np.asarray(expected, dtype=float)
        self.classes_ = np.array([0, 1])
        self.half_lives_ = (np.inf,) if years is None else tuple(self.half_lives)
        self._learn_keys(X)
        seen, start = np.empty((len(y), self._width)), np.empty(len(y))
        past = self._pasts(letters, years)
        keys = self._keys(X)
        taught = np.ones(len(y), dtype=bool)
        for asked, now in past(keys, y, expected):
            seen[asked], start[asked] = self._read(keys[:, asked], now, expected[asked])
            taught[asked] = self.tallies_[-1][0].sums[0, 0] >= _WARM_UP * len(y)
        self.scale_ = seen[taught].std(axis=0)
        self.scale_[self.scale_ < 1e-6] = np.inf
        self.regression_ = OffsetLogistic(C=self.C)
        self.regression_.fit(seen[taught] / self.scale_, y[taught], offset=start[taught])
        return self.regression_.decision_function(seen / self.scale_, offset=start), taught

    def predict_proba(self, X: Any, *, expected: np.ndarray | None = None) -> Floats:
        """Give the probabilities of upheld and overturned, shape (n_items, 2)."""
        check_is_fitted(self, "regression_")
        X = np.asarray(X)
        expected = np.zeros(len(X)) if expected is None else np.asarray(expected, dtype=float)
        seen, start = self._read(self._keys(X), self.now_, expected)
        return self.regression_.predict_proba(seen / self.scale_, offset=start)

    def _pasts(self, letters: np.ndarray, years: np.ndarray | None) -> Any:
        """Count the items step by step, giving at each step who may look, and when."""

        def across_letters(keys: Keys, y: Floats, expected: Floats) -> Iterator[tuple[Keys, float]]:
            folds = GroupKFold(min(_FOLDS, len(np.unique(letters)))).split(y, y, letters)
            for known, asked in folds:
                self._start()
                self._add(keys, y, expected, known, 0.0)
                yield asked, 0.0
            self._start()
            self._add(keys, y, expected, np.arange(len(y)), 0.0)
            self.now_ = 0.0

        def as_lived(keys: Keys, y: Floats, expected: Floats) -> Iterator[tuple[Keys, float]]:
            filed = _first_of_letter(years, letters)
            in_order = np.argsort(filed, kind="stable")
            ordered = filed[in_order]
            self._start()
            n_known = 0
            for block in np.split(in_order, _block_starts(ordered)):
                now = float(filed[block[0]])
                n_ready = int(np.searchsorted(ordered, now - self.delay))
                self._add(keys, y, expected, in_order[n_known:n_ready], now)
                n_known = max(n_known, n_ready)
                yield block, now
            self.now_ = float(ordered[-1])
            self._add(keys, y, expected, in_order[n_known:], self.now_)

        return across_letters if years is None else as_lived

    def _start(self) -> None:
        self.tallies_ = [
            [_Tally.empty(n, half_life) for n in (1, *map(len, self.known_keys_))]
            for half_life in self.half_lives_
        ]

    def _add(self, keys: Keys, y: Floats, expected: Floats, rows: Keys, now: float) -> None:
        if len(rows):
            chance = expit(expected[rows])
            for tallies in self.tallies_:
                for tally, cohorts in zip(tallies, keys, strict=True):
                    tally.add(cohorts[rows], y[rows], chance, now)

    @property
    def _width(self) -> int:
        return len(self.half_lives_) * (1 + len(self.cohorts))

    def _read(self, keys: Keys, now: float, expected: Floats) -> tuple[Floats, Floats]:
        """Give every departure, shape (n_items, width), and the log-odds of all items together."""
        departures: list[Floats] = []
        for tallies in self.tallies_:
            n_items, n_overturned, n_expected = tallies[0].read(keys[0], now)
            usual = (n_expected + self.strength * expit(expected)) / (n_items + self.strength)
            everywhere = (n_overturned + self.strength * usual) / (n_items + self.strength)
            departures.append(log_odds(everywhere) - log_odds(usual))
            rates: dict[Cohort, Floats] = {(): expected + departures[-1]}
            for cohort, tally, cohorts in zip(self.cohorts, tallies[1:], keys[1:], strict=True):
                parent = rates.get(cohort[:-1], rates[()])
                n_items, n_overturned, _ = tally.read(cohorts, now)
                rate = (n_overturned + self.strength * expit(parent)) / (n_items + self.strength)
                rates[cohort] = log_odds(rate)
                departures.append(rates[cohort] - parent)
            start = rates[()]
        return np.column_stack(departures), start

    def _learn_keys(self, X: np.ndarray) -> None:
        self.radix_ = X.max(axis=0).astype(np.int64) + 1
        packed = [self._packed(X, cohort) for cohort in self.cohorts]
        self.known_keys_ = [np.unique(keys[keys >= 0]) for keys in packed]

    def _keys(self, X: np.ndarray) -> Keys:
        """Find each item's cohorts, all items first; -1 where a value is missing or was never met."""
        keys = np.zeros((1 + len(self.cohorts), len(X)), dtype=np.int64)
        for row, cohort, known in zip(keys[1:], self.cohorts, self.known_keys_, strict=True):
            packed = self._packed(X, cohort)
            at = np.searchsorted(known, packed)
            found = at < len(known)
            found[found] = known[at[found]] == packed[found]
            row[:] = np.where(found, at, -1)
        return keys

    def _packed(self, X: np.ndarray, cohort: Cohort) -> Keys:
        packed = np.zeros(len(X), dtype=np.int64)
        missing = np.zeros(len(X), dtype=bool)
        for column in cohort:
            codes = X[:, column].astype(np.int64)
            missing |= (codes <= 0) | (codes >= self.radix_[column])
            packed = packed * self.radix_[column] + codes
        return np.where(missing, -1, packed)


def _first_of_letter(years: Any, letters: np.ndarray) -> Floats:
    codes = np.unique(letters, return_inverse=True)[1]
    first = np.full(codes.max() + 1, np.inf)
    np.minimum.at(first, codes, np.asarray(years, dtype=float))
    # A letter's items stand together even where another letter has the same time.
    found: Floats = first[codes]
    return found


def _block_starts(ordered: Floats) -> Keys:
    """Cut items in the order of time into blocks that see the same past, never between equal times."""
    size = max(_MIN_BLOCK_ITEMS, -(-len(ordered) // _MAX_BLOCKS))
    blocks = np.searchsorted(ordered, ordered) // size
    starts: Keys = np.flatnonzero(np.diff(blocks)) + 1
    return starts
