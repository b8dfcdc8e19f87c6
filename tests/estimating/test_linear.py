from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from imr_ml.estimating.linear import OffsetLogistic


@pytest.fixture
def rows() -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    X = rng.normal(size=(300, 5)) * (rng.random((300, 5)) < 0.5)
    return X, (rng.random(300) < 1 / (1 + np.exp(-X[:, 0]))).astype(int)


@pytest.mark.parametrize(
    "form", [np.asarray, sparse.csr_matrix, lambda X: sparse.csr_matrix(X, dtype="float32")]
)
def test_without_a_start_it_is_plain_logistic_regression(rows, form) -> None:
    X, y = rows
    weight = np.linspace(0.5, 2, len(y))
    plain = LogisticRegression(C=0.5, tol=1e-8).fit(X, y, sample_weight=weight)
    ours = OffsetLogistic(C=0.5).fit(form(X), y, sample_weight=weight)
    np.testing.assert_allclose(ours.predict_proba(form(X)), plain.predict_proba(X), atol=2e-3)


def test_the_start_stands_under_a_strong_penalty(rows) -> None:
    X, y = rows
    start = np.where(y == 1, 1.0, -1.0)
    strong = OffsetLogistic(C=1e-9).fit(X, y, offset=start)
    np.testing.assert_allclose(strong.coef_, 0, atol=1e-6)
    eta = strong.decision_function(X, offset=start)
    np.testing.assert_allclose(eta - start, strong.intercept_, atol=1e-4)
