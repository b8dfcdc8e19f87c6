from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from scipy import sparse

from imr_ml.estimating.blending import CODES, EXPECTED, WORTH, Blend
from imr_ml.estimating.selecting import (
    Candidate,
    Teaching,
    _last_unless_better,
    hold_out,
    search_space,
    select,
)

MEMBERS = ("cohorts", "departures", "criteria", "grounds", "linear", "boosting")
BLOCKS = {"request words": (0, 2), "summary facts": (2, 3), CODES: (3, 4), EXPECTED: (4, 5)}


def rows(n: int, signal: float, seed: int = 0):
    """Make items whose outcome depends on the summary's fact alone."""
    rng = np.random.default_rng(seed)
    words, fact = rng.random((n, 2)) < 0.3, rng.random(n) < 0.5
    codes = rng.integers(1, 4, n)
    y = (rng.random(n) < 1 / (1 + np.exp(-signal * (2 * fact - 1)))).astype(int)
    X = np.column_stack([words, fact, codes, np.zeros(n)]).astype(float)
    return sparse.csr_matrix(X), y, np.arange(n)


def teaching(n: int, signal: float) -> Teaching:
    X, y, letters = rows(n, signal)
    folds = [(np.flatnonzero(letters % 4 != k), np.flatnonzero(letters % 4 == k)) for k in range(4)]
    return Teaching(X, y, letters, None, folds, BLOCKS, ((0,),), 0)


def chosen(n: int, signal: float) -> tuple[str, ...]:
    space = search_space(n, has_features=True, has_summaries=True, lived=False)
    return select(teaching(n, signal), space).chosen.members


def test_the_last_average_is_taken_where_nothing_is_better() -> None:
    assert chosen(1200, 0.0) == ("grounds", "linear", "boosting")


def test_a_single_member_is_taken_where_the_others_only_blur_it() -> None:
    assert chosen(400, 1.0) == ("linear",)


def test_what_is_better_by_more_than_one_standard_error_is_taken_instead() -> None:
    letters, luck = np.arange(400), np.random.default_rng(0).normal(0, 1, 400)
    average = np.full(400, 0.5)
    # The standard error is 0.05.
    for gain, taken in ((0.04, "average"), (0.07, "better")):
        better = average - gain + luck - luck.mean()
        found, table = _last_unless_better({"better": better, "average": average}, letters)
        assert found == taken
        assert table["better"] == (pytest.approx(0.5 - gain), 0.0)
        assert table["average"] == (0.5, pytest.approx(0.05, rel=0.1))


def test_what_the_summary_tells_is_taken_where_it_decides() -> None:
    assert "linear" in chosen(400, 2.0)


def test_few_items_get_no_trees_and_bare_cohorts_get_no_rival() -> None:
    few = search_space(999, has_features=True, has_summaries=True, lived=False)
    many = search_space(1000, has_features=True, has_summaries=True, lived=True)
    assert "boosting" not in few.members and "boosting" in many.members
    bare = search_space(1000, has_features=True, has_summaries=False, lived=True)
    assert bare.members == ("cohorts", "departures", "boosting")
    assert search_space(9, has_features=False, has_summaries=False, lived=False).members == ("cohorts",)


def test_the_next_strength_is_tried_while_it_is_better_and_half_lives_with_the_best() -> None:
    space = search_space(1200, has_features=True, has_summaries=True, lived=True)
    taught = replace(teaching(1200, 2.0), blocks={**BLOCKS, "bearing": BLOCKS["summary facts"]})
    tried = [name for name in select(taught, space).losses if " + " not in name]
    strengths = [name for name in tried if name.startswith("grounds") and "half_life" not in name]
    assert 1 < len(strengths) <= len(space.strengths)
    assert len([name for name in tried if name.startswith("grounds") and "half_life=1" in name]) == 1
    # What served best serves the words too: trying them is dear.
    (linear,) = [name for name in tried if name.startswith("linear")]
    assert linear.replace("linear", "grounds") in tried


def test_an_update_is_scored_on_the_same_held_out_items() -> None:
    taught = teaching(400, 2.0)
    found = select(taught, search_space(400, has_features=True, has_summaries=True, lived=False))
    again = hold_out(taught, found.chosen)
    assert np.array_equal(found.scores, again.scores)
    assert again.losses[str(found.chosen)][0] == found.losses[str(found.chosen)][0]


def test_a_candidate_survives_the_card() -> None:
    settings = {"criteria": {"C": 1.0}, "linear": {"C": 0.3, "half_life": None}}
    candidate = Candidate(("cohorts", "criteria", "linear"), settings)
    assert Candidate.from_dict(json.loads(json.dumps(candidate.to_dict()))) == candidate
    assert str(candidate) == "cohorts + criteria (C=1) + linear (C=0.3)"


def test_a_blend_averages_log_odds_and_every_row_stands_alone() -> None:
    X, y, letters = rows(1200, 1.0)
    blend = Blend(BLOCKS, members=MEMBERS, cohorts=((0,),))
    blend.fit(X, y, letters=letters)
    p = blend.predict_proba(X[:40])[:, 1]
    np.testing.assert_allclose(np.log(p / (1 - p)), blend.member_scores(X[:40]).mean(axis=1))
    alone = [blend.predict_proba(X[row])[0, 1] for row in range(40)]
    np.testing.assert_array_equal(p, alone)


def test_departures_start_from_the_rates_of_a_kind_that_is_new() -> None:
    """A kind of item that came in the last tenth of the time and is mostly overturned, unlike all others."""
    rng = np.random.default_rng(5)
    n = 3000
    years = np.linspace(2010, 2015, n)
    is_new = (years > 2014.5) & (rng.random(n) < 0.3)
    codes = np.where(is_new, 9, rng.integers(1, 9, n))
    y = (rng.random(n) < np.where(is_new, 0.9, 0.2)).astype(int)
    kinds = np.eye(10)[codes]
    X = sparse.csr_matrix(np.column_stack([kinds, codes, np.zeros(n)]))
    blocks = {"categories": (0, 10), CODES: (10, 11), EXPECTED: (11, 12)}

    def told(member: str) -> float:
        settings = {member: {"C": 0.1, "mark_scale": 0.2}}
        blend = Blend(blocks, members=(member,), settings=settings).fit(X, y, years=years)
        return float(blend.predict_proba(X[np.flatnonzero(is_new)[:1]])[0, 1])

    assert told("linear") < 0.7 < told("departures")


@pytest.mark.parametrize("member", ["linear", "grounds", "criteria"])
def test_few_items_keep_what_statements_are_expected_to_be_worth(member: str) -> None:
    X, y, letters = rows(400, 0.0)
    worth = np.random.default_rng(1).normal(size=(400, 3))
    X = sparse.hstack([X, sparse.csr_matrix(worth)]).tocsr()
    blend = Blend({**BLOCKS, WORTH: (5, 8)}, members=(member,), settings={member: {"C": 1e-6}})
    scores = blend.fit(X, y, letters=letters).member_scores(X)[:, 0]
    # The last column, what they are worth beyond that for a kind of treatment, moves nothing by itself.
    assert np.ptp(scores - worth[:, :2].sum(axis=1)) < 0.01


def test_many_items_overrule_what_statements_are_expected_to_be_worth() -> None:
    X, _, letters = rows(4000, 0.0)
    rng = np.random.default_rng(1)
    worth = rng.normal(size=(4000, 3))
    y = (rng.random(4000) < 1 / (1 + np.exp(worth.sum(axis=1)))).astype(int)
    X = sparse.hstack([X, sparse.csr_matrix(worth)]).tocsr()
    blend = Blend({**BLOCKS, WORTH: (5, 8)}, members=("linear",), settings={"linear": {"C": 1.0}})
    scores = blend.fit(X, y, letters=letters).member_scores(X)[:, 0]
    assert np.corrcoef(scores, -worth.sum(axis=1))[0, 1] > 0.99


def test_marks_are_scaled_and_words_are_not() -> None:
    X, y, letters = rows(500, 1.0)
    large = X.copy().tocsc()
    large[:, 2] *= 10

    def scores(scale: float, X: sparse.csr_matrix) -> np.ndarray:
        blend = Blend(BLOCKS, settings={"linear": {"mark_scale": scale}})
        return blend.fit(X, y, letters=letters).member_scores(X)

    plain = scores(1.0, X)
    scaled = scores(0.1, large.tocsr())
    np.testing.assert_allclose(plain, scaled, atol=1e-8)


def test_what_was_held_out_is_what_is_fitted() -> None:
    """A blend is scored by its members as each served best, and is taught so."""
    taught = teaching(400, 2.0)
    settings = {"criteria": {"C": 0.1}, "linear": {"C": 3.0}}
    apart = [hold_out(taught, Candidate((name,), {name: own})).scores for name, own in settings.items()]
    together = hold_out(taught, Candidate(("criteria", "linear"), settings)).scores
    np.testing.assert_allclose(together, np.mean(apart, axis=0))
    assert not np.allclose(apart[0], apart[1])
