from __future__ import annotations

import numpy as np
import pytest

from imr_ml.errors import TrainingError
from imr_ml.estimating.thresholds import Rule, choose_threshold, threshold_facts

RNG = np.random.default_rng(0)
P = RNG.beta(1, 6, 5000)
Y = (RNG.random(5000) < P).astype(int)
LETTERS = np.arange(5000)


@pytest.mark.parametrize(("missed", "alarm"), [(9, 1), (1, 1), (1, 4)])
def test_calibrated_probabilities_need_no_other_threshold_than_costs_call_for(missed, alarm) -> None:
    assert choose_threshold(Rule(missed, alarm), P, Y, LETTERS) == pytest.approx(alarm / (alarm + missed))


def test_a_threshold_that_is_cheaper_beyond_chance_is_taken() -> None:
    wrong = np.clip(P / 4, 0, 1)
    chosen = choose_threshold(Rule(9, 1), wrong, Y, LETTERS)
    assert chosen < 0.06


def test_what_only_one_letter_would_save_moves_no_threshold() -> None:
    p = np.repeat([0.05, 0.2], 100)
    y = (np.arange(200) < 60).astype(int)
    for letters, chosen in (
        (np.arange(200), 0.05),
        (np.maximum(np.arange(200), 60), 0.1),
        (np.zeros(200), 0.1),
    ):
        assert choose_threshold(Rule(9, 1), p, y, letters) == pytest.approx(chosen)


def test_a_budget_is_kept() -> None:
    rule = Rule(review_budget=0.1)
    threshold = choose_threshold(rule, P, Y, LETTERS)
    facts = threshold_facts(rule, threshold, P, Y)
    assert facts["called_overturned"] == pytest.approx(0.1, abs=0.002)
    assert facts["right"] > Y.mean() and facts["review_budget"] == 0.1


def test_costs_by_hand() -> None:
    """One of two overturned is missed at 9, one of two upheld is an alarm at 1: 10 over 4 items."""
    facts = threshold_facts(Rule(9, 1), 0.5, np.array([0.9, 0.1, 0.8, 0.2]), np.array([1, 1, 0, 0]))
    assert facts["cost_per_item"] == 2.5
    assert (facts["found"], facts["right"], facts["called_overturned"]) == (0.5, 0.5, 0.5)


def test_nothing_asked_for_is_even_odds() -> None:
    assert choose_threshold(Rule(), P, Y, LETTERS) == 0.5


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"cost_missed_overturn": 1}, "give both costs"),
        ({"cost_missed_overturn": 0, "cost_false_alarm": 1}, "cost_missed_overturn must lie above 0, not 0"),
        ({"cost_missed_overturn": 1, "cost_false_alarm": -2}, "cost_false_alarm must lie above 0, not -2"),
        ({"cost_missed_overturn": 1, "cost_false_alarm": float("nan")}, "above 0, not nan"),
        ({"review_budget": 0}, "review_budget must lie above 0 and below 1, not 0"),
        ({"review_budget": 1.0}, r"not 1\.0"),
        ({"review_budget": 0.1, "cost_false_alarm": 1}, "costs or a review budget, not both"),
    ],
)
def test_what_makes_no_rule(asked, message) -> None:
    with pytest.raises(TrainingError, match=message):
        Rule(**asked)
