"""Logistic regression that starts from what is known already."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import minimize
from scipy.special import expit
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.validation import check_is_fitted

Floats = NDArray[np.float64]


class OffsetLogistic(ClassifierMixin, BaseEstimator):
    """Logistic regression with a ridge penalty and a given start for each row's log-odds.

    scikit-learn's own has no such start. With a strong penalty the start stands; with many rows the data
    overrule it.

    Parameters
    ----------
    C : float, default=1
        Inverse of the penalty, above 0, as in scikit-learn. The intercept is not penalised.
    max_iter : int, default=200
    tol : float, default=1e-4
        Largest slope at which the search stops, per unit of total weight.
    """

    def __init__(self, C: float = 1.0, *, max_iter: int = 200, tol: float = 1e-5) -> None:
        self.C = C
        self.max_iter = max_iter
        self.tol = tol

    def fit(
        self,
        X: Any,
        y: Any,
        *,
        offset: Any = None,
        sample_weight: Any = None,
        start: Floats | None = None,
    ) -> Self:
        """Find the coefficients.

        Parameters
        ----------
        X : ndarray or sparse matrix of shape (n_rows, n_columns)
        y : ndarray of shape (n_rows,)
            1 or 0.
        offset : ndarray of shape (n_rows,)
            Log-odds from which each row starts; by default 0.
        sample_weight : ndarray of shape (n_rows,)
            By default 1.
        start : ndarray of shape (n_columns + 1,)
            Coefficients and intercept to begin the search at.
        """
        X = _doubles(X)
        y = np.asarray(y, dtype=float)
        n_rows, n_columns = X.shape
        # A column that is the same in every row would share the work of the intercept, and move every answer
        # where a new row differs in it.
        varies = _varies(X)
        X = X @ sparse.diags_array(varies.astype(float)) if _is_sparse(X) else X * varies
        begin = np.zeros(n_rows) if offset is None else np.asarray(offset, dtype=float)
        weight = np.ones(n_rows) if sample_weight is None else np.asarray(sample_weight, dtype=float)
        total = weight.sum()
        sign = 1 - 2 * y
        penalty = 1 / (self.C * total)
        transposed = X.T.tocsr() if _is_sparse(X) else X.T

        def loss(beta: Floats) -> tuple[float, Floats]:
            slopes = beta[:-1]
            eta = begin + beta[-1] + X @ slopes
            residual = weight * (expit(eta) - y) / total
            gradient = np.append(transposed @ residual + penalty * slopes, residual.sum())
            value = (weight @ np.logaddexp(0, sign * eta)) / total + penalty * (slopes @ slopes) / 2
            return float(value), gradient

        found = minimize(
            loss,
            np.zeros(n_columns + 1) if start is None else start,
            jac=True,
            method="L-BFGS-B",
            options={"maxiter": self.max_iter, "gtol": self.tol, "ftol": 1e-9, "maxcor": 10},
        )
        self.classes_ = np.array([0, 1])
        self.n_features_in_ = n_columns
        self.coef_ = found.x[:-1]
        self.intercept_ = float(found.x[-1])
        return self

    def decision_function(self, X: Any, *, offset: Any = None) -> Floats:
        """Give the log-odds, shape (n_rows,)."""
        check_is_fitted(self, "coef_")
        X = _doubles(X)
        # Row by row: a dense product's last digit may depend on how many rows there are.
        eta: Floats = self.intercept_ + (X @ self.coef_ if _is_sparse(X) else (X * self.coef_).sum(axis=1))
        return eta if offset is None else eta + np.asarray(offset, dtype=float)

    def predict_proba(self, X: Any, *, offset: Any = None) -> Floats:
        """Give the probabilities of 0 and 1, shape (n_rows, 2)."""
        p = expit(self.decision_function(X, offset=offset))
        return np.column_stack([1 - p, p])


def _varies(X: Any) -> Any:
    low, high = X.min(axis=0), X.max(axis=0)
    if _is_sparse(X):
        low, high = low.toarray().ravel(), high.toarray().ravel()
    return low != high


def _doubles(X: Any) -> Any:
    # Mixed with single precision, every product would convert the whole matrix anew.
    return X.tocsr().astype(np.float64, copy=False) if _is_sparse(X) else np.asarray(X, dtype=np.float64)


def _is_sparse(X: Any) -> bool:
    return bool(sparse.issparse(X))
