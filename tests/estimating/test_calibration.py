from __future__ import annotations

import numpy as np
import pytest
from scipy.special import expit

from imr_ml.estimating.calibration import Calibration, Foretold, fit_calibration, for_the_future, log_odds
from imr_ml.estimating.certainty import fit_certainty, safe_level, tried_certainty


def _draw(n: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    scores = rng.normal(-1, 1.5, n)
    return scores, (rng.random(n) < expit(scores)).astype(int)


def test_true_scores_are_left_as_they_are() -> None:
    scores, overturned = _draw(20_000)
    calibration = fit_calibration(scores, overturned, np.arange(len(scores)))
    assert calibration.coefficients == pytest.approx([0, 1], abs=0.05)


def test_overconfident_scores_are_pulled_in() -> None:
    scores, overturned = _draw(20_000)
    calibration = fit_calibration(3 * scores + 1, overturned, np.arange(len(scores)))
    assert calibration.probability(3 * scores + 1) == pytest.approx(expit(scores), abs=0.02)


def test_the_interval_covers_the_truth_as_often_as_it_says() -> None:
    covered = []
    for seed in range(200):
        scores, overturned = _draw(400, seed)
        low, high = fit_calibration(scores, overturned, np.arange(400)).interval(np.array([-2.0]), level=0.9)
        covered.append(low[0] <= expit(-2.0) <= high[0])
    assert 0.85 <= np.mean(covered) <= 0.99


def test_items_of_one_letter_prove_less_than_as_many_letters() -> None:
    scores, overturned = _draw(300)
    repeated = np.repeat(scores, 5), np.repeat(overturned, 5)
    apart = fit_calibration(*repeated, np.arange(1500)).interval(np.array([0.0]))
    together = fit_calibration(*repeated, np.repeat(np.arange(300), 5)).interval(np.array([0.0]))
    assert together[1] - together[0] > 1.5 * (apart[1] - apart[0])


def test_perfect_separation_stays_uncertain() -> None:
    scores = np.array([-9.0, -8.0, 8.0, 9.0])
    calibration = fit_calibration(scores, (scores > 0).astype(int), np.arange(4))
    low, high = calibration.interval(scores)
    assert (low > 0).all()
    assert (high < 1).all()
    assert (high - low).min() > 1e-5


def test_log_odds_stay_finite() -> None:
    assert np.isfinite(log_odds([0.0, 0.5, 1.0])).all()


def test_certain_and_wrong_is_as_rare_as_promised_in_each_class() -> None:
    scores, overturned = _draw(6000)
    certainty = fit_certainty(scores, overturned, np.arange(6000), error_rate=0.1)
    new, truth = _draw(6000, seed=1)
    predicted = new >= 0
    wrong = certainty.is_certain(new, predicted) & (predicted != truth.astype(bool))
    assert wrong[truth == 1].mean() <= 0.12
    assert wrong[truth == 0].mean() <= 0.12
    covered = certainty.plausible(new)[np.arange(len(new)), truth]
    assert covered[truth == 1].mean() == pytest.approx(0.9, abs=0.03)
    assert covered[truth == 0].mean() == pytest.approx(0.9, abs=0.03)


@pytest.mark.parametrize(("n_items", "error_rate"), [(40, 0.1), (25, 0.2), (300, 0.05)])
def test_nine_models_in_ten_keep_the_error_rate(n_items: int, error_rate: float) -> None:
    rank = round(safe_level(n_items, error_rate) * (n_items + 1))
    # What is as strange as the held-out item of that rank is called implausible: that share of all items.
    strangeness = np.sort(np.random.default_rng(0).random((20_000, n_items)), axis=1)
    broken = [(strangeness[:, place] > error_rate).mean() for place in (rank - 1, rank)]
    assert broken[0] <= 0.105 < broken[1]
    assert safe_level(5, error_rate) == 0


def test_items_that_share_a_letter_promise_less_than_others() -> None:
    scores, overturned = _draw(400)
    alone = fit_certainty(scores, overturned, np.arange(400))
    shared = fit_certainty(scores, overturned, np.arange(400) // 4)
    assert all(less < more for less, more in zip(shared.levels, alone.levels, strict=True))
    in_one = fit_certainty(scores, overturned, np.zeros(400))
    assert in_one.levels == (0, 0)


def test_answers_that_are_mostly_wrong_where_certain_are_never_certain() -> None:
    """Three of a hundred are overturned, and hardly told apart: each class keeps its rate all the same."""
    rng = np.random.default_rng(3)
    overturned = (np.arange(6000) % 33 == 0).astype(int)
    scores = rng.normal(0.4 * overturned, 1)
    certainty = fit_certainty(scores, overturned, np.arange(6000))
    predicted = scores > 1.5
    assert (certainty.is_certain(scores, predicted) & predicted).any()
    trusted, told = tried_certainty(certainty, scores, predicted, overturned)
    assert trusted.trusted == (True, False)
    assert not (trusted.is_certain(scores, predicted) & predicted).any()
    assert 0 < 2 * told["overturned"]["n_right"] < told["overturned"]["n_certain"]
    assert told["upheld"]["n_right"] > 0.95 * told["upheld"]["n_certain"] > 0


def test_of_a_curve_learned_forward_in_time_only_a_taming_slope_is_kept() -> None:
    for slope, kept in ((0.7, 0.7), (1.4, 1.0)):
        scores, _ = _draw(400)
        curve = for_the_future(Calibration(np.array([0.5, slope]), np.eye(2)), scores)
        assert curve.coefficients[1] == kept
        assert curve.probability(scores).mean() == pytest.approx(expit(scores).mean())


def test_no_answer_is_surer_than_any_that_was_checked() -> None:
    scores, overturned = _draw(400)
    calibration = fit_calibration(scores, overturned, np.arange(400))
    beyond = np.array([-1e9, 1e9])
    checked = calibration.probability(scores)
    assert calibration.probability(beyond) == pytest.approx([checked.min(), checked.max()])
    low, high = calibration.interval(beyond)
    assert (low <= calibration.probability(beyond)).all() and (calibration.probability(beyond) <= high).all()


RIGHT = Calibration(np.array([0.0, 1.0]), np.eye(2) / 1000)


def foretold(scores: np.ndarray, overturned: np.ndarray, *, first: int = 0) -> Foretold:
    return Foretold.nothing(RIGHT).and_then(scores, overturned, np.arange(first, first + len(scores)))


def test_where_nothing_came_since_the_curve_is_the_one_carried() -> None:
    assert Foretold.nothing(RIGHT).calibration() is RIGHT


def test_where_the_scores_stay_right_the_curve_hardly_moves() -> None:
    for seed in range(20):
        moved = foretold(*_draw(1000, seed)).calibration()
        assert moved.coefficients == pytest.approx([0, 1], abs=0.3)


def test_a_base_rate_that_turns_is_met_within_a_few_hundred_outcomes() -> None:
    before, since = _draw(2000), _draw(800, seed=1)
    rng = np.random.default_rng(2)
    since_turned = (rng.random(800) < expit(since[0] + 1)).astype(int)
    told = foretold(*before).and_then(since[0], since_turned, np.arange(2000, 2800))
    asked, _ = _draw(5000, seed=3)
    actual = expit(asked + 1).mean()
    at_once = actual - told.calibration().probability(asked).mean()
    assert 0 < at_once < 0.5 * (actual - expit(asked).mean())
    all_alike = fit_calibration(told.scores, told.overturned, told.letters)
    assert at_once < 0.8 * (actual - all_alike.probability(asked).mean())


def test_scores_that_became_too_sure_are_tamed() -> None:
    scores, overturned = _draw(1000)
    assert foretold(3 * scores, overturned).calibration().coefficients[1] < 0.6


def test_the_latest_items_are_kept_in_order() -> None:
    scores, overturned = _draw(5000)
    told = foretold(scores[:3000], overturned[:3000]).and_then(
        scores[3000:], overturned[3000:], np.arange(3000, 5000)
    )
    np.testing.assert_array_equal(told.letters, np.arange(1000, 5000))
    np.testing.assert_array_equal(told.scores, scores[1000:])
    anew = Calibration(np.array([0.0, 0.5]), np.eye(2) / 1000)
    assert told.from_now_on(anew).carried is anew and len(told.from_now_on(anew).scores) == 4000


def test_the_answers_reach_as_far_as_some_that_were_checked() -> None:
    scores, overturned = _draw(400)
    near = Calibration(RIGHT.coefficients, RIGHT.covariance, (-1.0, 1.0))
    moved = Foretold.nothing(near).and_then(scores, overturned, np.arange(400)).calibration()
    assert moved.reach == (np.sort(scores)[4], np.sort(scores)[-5])
    few = fit_calibration(scores[:59], overturned[:59], np.arange(59))
    assert few.reach == (np.sort(scores[:59])[1], np.sort(scores[:59])[-2])
    assert few.probability(scores.max() + 9) == few.probability(np.sort(scores[:59])[-2])
    fewest = fit_calibration(scores[:19], overturned[:19], np.arange(19))
    assert fewest.reach == (scores[:19].min(), scores[:19].max())
