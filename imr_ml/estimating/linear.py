"""Logistic regression that starts from what is known already, and may weigh a column by the row's group."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import minimize
from scipy.special import expit
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.validation import check_is_fitted

from imr_ml.estimating.calibration import log_odds

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]

_MOST = 0.9


class OffsetLogistic(ClassifierMixin, BaseEstimator):
    """Logistic regression with a ridge penalty, a given start for each row's log-odds, and groups of rows.

    scikit-learn's own has no such start. With a strong penalty the start stands; with many rows the data
    overrule it. Where rows have groups, each column's weight may depart in each group from its weight
    everywhere, under a penalty of its own: what a word is worth for one kind of item it need not be worth
    for another. This takes hardly longer than without groups, as each row is still read once.

    Parameters
    ----------
    C : float, default=1
        Inverse of the penalty, above 0, as in scikit-learn. The intercept is not penalised.
    group_scale : float, default=0
        How freely a group's weights depart, as a multiple of the freedom of the weights themselves.
    min_group_rows : int, default=20
        A column has a departure in a group only where it is not zero in so many of its rows.
    max_iter : int, default=200
    tol : float, default=1e-5
        Largest slope at which the search stops, per unit of total weight.

    References
    ----------
    Daume (2007), ACL 45, 256-263 (one weight for all domains and one for each, regularised alike).
    """

    def __init__(
        self,
        C: float = 1.0,
        *,
        group_scale: float = 0.0,
        min_group_rows: int = 20,
        max_iter: int = 200,
        tol: float = 1e-5,
    ) -> None:
        self.C = C
        self.group_scale = group_scale
        self.min_group_rows = min_group_rows
        self.max_iter = max_iter
        self.tol = tol

    def fit(
        self,
        X: Any,
        y: Any,
        *,
        offset: Any = None,
        sample_weight: Any = None,
        scale: Any = None,
        groups: Any = None,
    ) -> Self:
        """Find the coefficients.

        Parameters
        ----------
        X : ndarray or sparse matrix of shape (n_rows, n_columns)
            Read as it is: in single precision where it comes so.
        y : ndarray of shape (n_rows,)
            1 or 0.
        offset : ndarray of shape (n_rows,)
            Log-odds from which each row starts; by default 0.
        sample_weight : ndarray of shape (n_rows,)
            By default 1.
        scale : ndarray of shape (n_columns,)
            By what each column is multiplied before it is penalised; 0 leaves it out. By default 1.
        groups : ndarray of int of shape (n_rows, n_levels)
            The groups of each row, broad ones first, 0 for none; read only where `group_scale` is above 0.
        """
        X = X.tocsr() if _is_sparse(X) else np.asarray(X)
        y = np.asarray(y, dtype=float)
        n_rows, n_given = X.shape
        begin = np.zeros(n_rows) if offset is None else np.asarray(offset, dtype=float)
        weight = np.ones(n_rows) if sample_weight is None else np.asarray(sample_weight, dtype=float)
        # A column that is the same in every row would share the work of the intercept, and move every answer
        # where a new row differs in it.
        scale = _varies(X) * (1.0 if scale is None else np.asarray(scale, dtype=float))
        used = np.flatnonzero(scale)
        # Where most numbers stand in columns that are used, a copy without the others saves nothing.
        filled = _count_filled(X)
        if filled[used].sum() < _MOST * filled.sum():
            X, scale = X[:, used], scale[used]
        else:
            used = np.arange(n_given)
        n_columns = len(used)
        order, bounds, paths = _sorted_by(self._levels(groups, n_rows))
        if order is not None:
            X, y, begin, weight = X[order], y[order], begin[order], weight[order]
        departures = self._find_departures(X, bounds, paths, scale)
        ends = np.cumsum([n_columns, *(len(d.columns) for d in departures)])
        places = {d.group: (d, slice(*span)) for d, span in zip(departures, pairwise(ends), strict=True)}
        parts = [
            (_rows(X, start, end), slice(start, end), [places[group] for group in path if group in places])
            for (start, end), path in zip(bounds, paths, strict=True)
        ]
        total, sign = weight.sum(), 1 - 2 * y
        penalty = 1 / (self.C * total)
        start = np.zeros(ends[-1] + 1)
        start[-1] = log_odds(weight @ y / total) - log_odds(weight @ expit(begin) / total)
        step = _steps(parts, start[-1] + begin, weight / total, scale, penalty, len(start))

        def loss(steps: Floats) -> tuple[float, Floats]:
            beta = step * steps
            slopes, eta = scale * beta[:n_columns], begin + beta[-1]
            for part, rows, departing in parts:
                here = slopes.copy() if departing else slopes
                for departure, span in departing:
                    here[departure.columns] += departure.scale * beta[span]
                eta[rows] += part @ here.astype(part.dtype, copy=False)
            residual = weight * (expit(eta) - y) / total
            gradient = penalty * beta
            gradient[-1] = residual.sum()
            for part, rows, departing in parts:
                found = part.T @ residual[rows].astype(part.dtype, copy=False)
                gradient[:n_columns] += scale * found
                for departure, span in departing:
                    gradient[span] += departure.scale * found[departure.columns]
            value = (weight @ np.logaddexp(0, sign * eta)) / total + penalty * (beta[:-1] @ beta[:-1]) / 2
            return float(value), step * gradient

        found = minimize(
            loss,
            start / step,
            jac=True,
            method="L-BFGS-B",
            options={
                "maxiter": self.max_iter,
                "gtol": self.tol,
                # In single precision the loss is known to seven digits only; more steps improve no score.
                "ftol": 1e-9 if X.dtype == np.float64 else 1e-5,
                "maxcor": 10,
            },
        )
        self.classes_ = np.array([0, 1])
        self.n_features_in_ = n_given
        beta = step * found.x
        self.coef_ = np.zeros(n_given)
        self.coef_[used] = scale * beta[:n_columns]
        self.intercept_ = float(beta[-1])
        self.departures_ = {
            group: (used[departure.columns], departure.scale * beta[span])
            for group, (departure, span) in places.items()
        }
        return self

    def decision_function(self, X: Any, *, offset: Any = None, groups: Any = None) -> Floats:
        """Give the log-odds, shape (n_rows,)."""
        check_is_fitted(self, "coef_")
        X = X.tocsr().astype(np.float64, copy=False) if _is_sparse(X) else np.asarray(X, dtype=float)
        eta = np.full(X.shape[0], self.intercept_)
        order, bounds, paths = _sorted_by(self._levels(groups, len(eta)))
        for (start, end), path in zip(bounds, paths, strict=True):
            rows = slice(start, end) if order is None else order[start:end]
            here = self.coef_.copy()
            for group in path:
                columns, departs = self.departures_.get(group, ([], 0.0))
                here[columns] += departs
            # Row by row: a dense product's last digit may depend on how many rows there are.
            eta[rows] += X[rows] @ here if _is_sparse(X) else (X[rows] * here).sum(axis=1)
        return eta if offset is None else eta + np.asarray(offset, dtype=float)

    def predict_proba(self, X: Any, *, offset: Any = None, groups: Any = None) -> Floats:
        """Give the probabilities of 0 and 1, shape (n_rows, 2)."""
        p = expit(self.decision_function(X, offset=offset, groups=groups))
        return np.column_stack([1 - p, p])

    def _levels(self, groups: Any, n_rows: int) -> Codes:
        if groups is None or self.group_scale <= 0:
            return np.zeros((n_rows, 0), dtype=np.int64)
        return np.asarray(groups, dtype=np.int64)

    def _find_departures(self, X: Any, bounds: Any, paths: Any, scale: Floats) -> list[_Departure]:
        """Tell which columns are frequent enough in which group."""
        counts: dict[tuple[int, int], Any] = {}
        for (start, end), path in zip(bounds, paths, strict=True):
            filled = _count_filled(_rows(X, start, end)) if path else 0
            for group in path:
                counts[group] = counts.get(group, 0) + filled
        kept = {
            group: np.flatnonzero((count >= self.min_group_rows) & (scale > 0))
            for group, count in counts.items()
        }
        return [
            _Departure(group, columns, self.group_scale * scale[columns])
            for group, columns in kept.items()
            if len(columns)
        ]


@dataclass(frozen=True, slots=True)
class _Departure:
    group: tuple[int, int]
    columns: NDArray[np.intp]
    scale: Floats


_Part = tuple[Any, slice, list[tuple[_Departure, slice]]]


def _steps(
    parts: Sequence[_Part], eta: Floats, weight: Floats, scale: Floats, penalty: float, n: int
) -> Floats:
    """Give the unit of each coefficient: smaller ones where the loss bends more, so that few steps do.

    The root of what would make all bend alike: as columns overlap, the middle way was the quickest.
    """
    p = expit(eta)
    spread = weight * p * (1 - p)
    bend = np.full(n, penalty)
    bend[-1] = spread.sum()
    for part, rows, departing in parts:
        squares = part.multiply(part) if _is_sparse(part) else part * part
        found = squares.T @ spread[rows].astype(part.dtype, copy=False)
        bend[: len(scale)] += scale * scale * found
        for departure, span in departing:
            bend[span] += departure.scale**2 * found[departure.columns]
    units: Floats = bend**-0.25
    return units


def _sorted_by(levels: Codes) -> tuple[Any, list[tuple[int, int]], list[list[tuple[int, int]]]]:
    """Give an order in which rows of the same groups stand together, where they begin and end, their groups.

    The order is None where the rows stand so already. A group is its level and code.
    """
    n_rows, n_levels = levels.shape
    if not n_levels:
        return None, [(0, n_rows)], [[]]
    order = np.lexsort(levels.T[::-1])
    ordered = levels[order]
    starts = np.flatnonzero(np.append(True, (ordered[1:] != ordered[:-1]).any(axis=1))[:n_rows])
    bounds = list(pairwise([*starts.tolist(), n_rows]))
    paths = [
        [(level, int(code)) for level, code in enumerate(ordered[start]) if code > 0] for start, _ in bounds
    ]
    return (None if (order[1:] > order[:-1]).all() else order), bounds, paths


def _rows(X: Any, start: int, end: int) -> Any:
    """Give neighbouring rows without copying them."""
    if not _is_sparse(X):
        return X[start:end]
    first, past = X.indptr[start], X.indptr[end]
    return sparse.csr_matrix(
        (X.data[first:past], X.indices[first:past], X.indptr[start : end + 1] - first),
        shape=(end - start, X.shape[1]),
    )


def _count_filled(X: Any) -> NDArray[np.intp]:
    if _is_sparse(X):
        return np.asarray(np.bincount(X.indices, minlength=X.shape[1]))
    return np.asarray(np.count_nonzero(X, axis=0))


def _varies(X: Any) -> NDArray[np.bool_]:
    if not _is_sparse(X):
        varies: NDArray[np.bool_] = X.min(axis=0) != X.max(axis=0)
        return varies
    filled = _count_filled(X)
    varies = filled > 0
    full = np.flatnonzero(filled == X.shape[0])
    if len(full):
        columns = X[:, full].toarray()
        varies[full] = columns.min(axis=0) != columns.max(axis=0)
    return varies


def _is_sparse(X: Any) -> bool:
    return bool(sparse.issparse(X))
