from __future__ import annotations

import numpy as np
import pytest
from scipy.special import expit
from sklearn.metrics import log_loss

from imr_ml.estimating.cohorts import CohortRates


def drifting(n: int = 4000, seed: int = 0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Make twenty cohorts whose rates turn over half way, four thousand items in ten years."""
    rng = np.random.default_rng(seed)
    codes = rng.integers(1, 21, size=(n, 1))
    years = np.linspace(2005, 2015, n)
    rates = expit(rng.normal(0, 1.5, size=(2, 21)))
    y = (rng.random(n) < rates[(years > 2010).astype(int), codes[:, 0]]).astype(int)
    return codes, y, years


def test_recent_outcomes_count_more_where_rates_drift() -> None:
    codes, y, years = drifting()
    known = years < 2012
    with_time = CohortRates().fit(codes[known], y[known], years=years[known])
    without = CohortRates().fit(codes[known], y[known])
    later = ~known
    losses = [log_loss(y[later], m.predict_proba(codes[later])) for m in (with_time, without)]
    assert losses[0] < losses[1] - 0.03


def test_one_cohort_by_hand() -> None:
    """Two of four overturned at strength 10 and an expected half: (2 + 10 / 2) / (4 + 10) is a half."""
    rates = CohortRates(C=1e9).fit(np.ones((4, 1)), np.array([1, 1, 0, 0]))
    departures, start = rates._read(rates._keys(np.ones((1, 1))), rates.now_, np.zeros(1))
    assert departures == pytest.approx(0, abs=1e-9) and start == pytest.approx(0, abs=1e-9)
    np.testing.assert_allclose(rates.predict_proba(np.ones((1, 1))), [[0.5, 0.5]], atol=1e-6)


def test_what_was_expected_stands_where_data_are_few_and_yields_where_they_are_many() -> None:
    rng = np.random.default_rng(1)
    for n, low, high in ((20, -np.inf, -1.0), (20_000, 1.0, np.inf)):
        codes = rng.integers(1, 3, size=(n, 1))
        y = np.asarray(rng.random(n) < np.where(codes[:, 0] == 1, 0.8, 0.2), dtype=int)
        wrong = np.where(codes[:, 0] == 1, -1.0, 1.0)
        fitted = CohortRates().fit(codes, y, expected=wrong)
        p = fitted.predict_proba(np.array([[1], [2]]), expected=np.array([-1.0, 1.0]))[:, 1]
        assert low < np.log(p[0] / (1 - p[0])) - np.log(p[1] / (1 - p[1])) < high


def test_no_item_sees_the_outcomes_of_its_own_letter() -> None:
    """Cohorts of one letter each: what they tell in training would be the answer itself."""
    letters = np.repeat(np.arange(300), 4)
    y = np.repeat(np.random.default_rng(2).integers(0, 2, 300), 4)
    codes = letters[:, None] + 1
    years = np.repeat(np.linspace(2005, 2015, 300), 4)
    for when in (None, years):
        fitted = CohortRates().fit(codes, y, letters=letters, years=when)
        of_letter = fitted.scale_[1::2]
        assert np.isinf(of_letter).all()


def test_looking_back_items_are_told_of_by_what_was_known_before_them() -> None:
    codes, y, years = drifting()
    told, is_told = CohortRates().fit_looking_back(codes, y, years=years)
    assert not is_told[:300].any() and is_told[1000:].all()
    # A turn of all rates is seen after it, not before.
    turned, after = (years > 2010) & (years < 2010.1), years > 2012
    losses = [log_loss(y[asked], expit(told[asked])) for asked in (turned, after)]
    assert losses[0] > losses[1] + 0.1


def test_missing_and_unseen_values_tell_nothing() -> None:
    codes, y, years = drifting()
    fitted = CohortRates().fit(codes, y, years=years)
    p = fitted.predict_proba(np.array([[0], [99], [5]]))[:, 1]
    assert p[0] == p[1] != p[2]


def test_rows_stand_alone() -> None:
    codes, y, years = drifting()
    fitted = CohortRates().fit(codes, y, years=years)
    together = fitted.predict_proba(codes[:50])
    alone = np.vstack([fitted.predict_proba(row[None]) for row in codes[:50]])
    np.testing.assert_array_equal(together, alone)
