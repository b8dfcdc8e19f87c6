from __future__ import annotations

import json

import numpy as np
from scipy import sparse

from imr_ml.estimating.blending import CODES, EXPECTED, Blend
from imr_ml.estimating.selecting import Candidate, candidates, select

BLOCKS = {"request words": (0, 2), "summary facts": (2, 3), CODES: (3, 4), EXPECTED: (4, 5)}


def rows(n: int, signal: float, seed: int = 0):
    """Make items whose outcome depends on the summary's fact alone."""
    rng = np.random.default_rng(seed)
    words, fact = rng.random((n, 2)) < 0.3, rng.random(n) < 0.5
    codes = rng.integers(1, 4, n)
    y = (rng.random(n) < 1 / (1 + np.exp(-signal * (2 * fact - 1)))).astype(int)
    X = np.column_stack([words, fact, codes, np.zeros(n)]).astype(float)
    return sparse.csr_matrix(X), y, np.arange(n)


def chosen(n: int, signal: float) -> tuple[str, ...]:
    X, y, letters = rows(n, signal)
    folds = [(np.flatnonzero(letters % 4 != k), np.flatnonzero(letters % 4 == k)) for k in range(4)]
    tried = candidates(n, has_features=True, has_summaries=True, lived=False)
    return select(X, y, letters, None, folds, tried, blocks=BLOCKS, cohorts=((0,),), seed=0).chosen.members


def test_the_simplest_is_taken_where_nothing_is_better() -> None:
    assert chosen(400, 0.0) == ("cohorts",)


def test_what_the_summary_tells_is_taken_where_it_decides() -> None:
    assert "linear" in chosen(400, 2.0)


def test_few_items_get_no_trees_and_bare_cohorts_get_no_rival() -> None:
    few = candidates(999, has_features=True, has_summaries=True, lived=False)
    many = candidates(1000, has_features=True, has_summaries=True, lived=True)
    assert all(c.members != ("boosting",) for c in few) and any(c.members == ("boosting",) for c in many)
    assert candidates(9, has_features=False, has_summaries=False, lived=False) == [Candidate(("cohorts",))]


def test_a_candidate_survives_the_card() -> None:
    candidate = Candidate(("cohorts", "linear"), {"C": 0.3, "half_life": None})
    assert Candidate.from_dict(json.loads(json.dumps(candidate.to_dict()))) == candidate
    assert str(candidate) == "cohorts + linear (C=0.3)"


def test_a_blend_averages_log_odds_and_every_row_stands_alone() -> None:
    X, y, letters = rows(1200, 1.0)
    blend = Blend(BLOCKS, members=("cohorts", "request", "linear", "boosting"), cohorts=((0,),))
    blend.fit(X, y, letters=letters)
    p = blend.predict_proba(X[:40])[:, 1]
    np.testing.assert_allclose(np.log(p / (1 - p)), blend.member_scores(X[:40]).mean(axis=1))
    alone = [blend.predict_proba(X[row])[0, 1] for row in range(40)]
    np.testing.assert_array_equal(p, alone)


def test_marks_are_scaled_and_words_are_not() -> None:
    X, y, letters = rows(500, 1.0)
    large = X.copy().tocsc()
    large[:, 2] *= 10
    plain = Blend(BLOCKS, mark_scale=1.0).fit(X, y, letters=letters).member_scores(X)
    scaled = Blend(BLOCKS, mark_scale=0.1).fit(large.tocsr(), y, letters=letters).member_scores(large.tocsr())
    np.testing.assert_allclose(plain, scaled, atol=1e-8)
