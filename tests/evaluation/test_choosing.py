from __future__ import annotations

import json

import pytest

from imr_ml.estimating.selecting import search_space
from imr_ml.estimating.thresholds import Rule, threshold_facts
from imr_ml.evaluation.choosing import MEMBER_NAMES, training_facts
from tests.builders import HELD_OUT_OUTCOMES, HELD_OUT_P, training_record


def test_every_candidate_is_told_with_what_it_lost():
    facts = training_facts(training_record())
    assert [(row["name"], row["is_chosen"]) for row in facts["candidates"]] == [
        ("cohorts", True),
        ("linear (C=1)", False),
    ]
    assert facts["candidates"][0]["difference"] == pytest.approx(0.01)
    assert "2 ways were compared by log loss on 1,263 held-out items (by letter, 5 folds)" in facts["rule"]
    assert "lower by more than one standard error" in facts["rule"]
    assert set(facts["members"]) == {"cohorts", "linear"}
    assert json.loads(json.dumps(facts, allow_nan=False)) == facts


def test_every_member_that_may_be_tried_has_words():
    tried = {
        name
        for n in (100, 10_000)
        for words in (True, False)
        for name in search_space(n, has_features=True, has_summaries=words, lived=True).members
    }
    assert tried == set(MEMBER_NAMES)


def test_only_an_updated_model_disowns_the_scores():
    assert training_facts(training_record())["whose"] is None
    step = training_record()["lineage"][0]
    updated = training_facts(training_record(lineage=[step, step]))
    assert updated["is_update"]
    assert "not this model's own" in updated["whose"]
    assert "cohorts" in updated["whose"]
    assert "Nothing in its last update" not in updated["whose"]
    stale = training_facts(training_record(lineage=[step, {**step, "n_new_letters": 0}]))
    assert "Nothing in its last update was new to it" in stale["whose"]


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        ((0.05, 400, 391), "400 were certain, and 391 of these right"),
        ((0.05, 3, 1), "of 3 held-out ones that would have been, 1 were right"),
        ((0.05, 0, 0), "none of the held-out items would have been"),
        ((0.0, 0, 0), "too few upheld items were held out to promise it"),
    ],
)
def test_what_certain_answers_were_worth_is_said(facts, told):
    certain = {"overturned": dict(zip(("level", "n_certain", "n_right"), facts, strict=True))}
    assert told in training_facts(training_record(certain=certain))["certain"]["overturned"]["told"]


def test_the_threshold_says_what_it_does():
    threshold = training_facts(training_record())["threshold"]
    # From 0.7 on there are three items, of which two are overturned, of four in all.
    assert [(row["hits"], row["n"]) for row in threshold["rows"]] == [(3, 10), (2, 4), (2, 3)]
    assert threshold["asked"].startswith("the 30% of items rated highest")
    assert all(row["low"] < row["share"] < row["high"] for row in threshold["rows"])


@pytest.mark.parametrize(
    ("rule", "asked"),
    [
        (Rule(), "nothing, so that"),
        (
            Rule(cost_missed_overturn=3, cost_false_alarm=1),
            "an overturned item missed costs 3, a false alarm 1",
        ),
    ],
)
def test_what_was_asked_for_is_said(rule, asked):
    threshold = training_facts(
        training_record(threshold=threshold_facts(rule, 0.99, HELD_OUT_P, HELD_OUT_OUTCOMES))
    )["threshold"]
    assert threshold["asked"].startswith(asked)
    assert (threshold["cost_per_item"] is None) == rule.is_even()
    # Nothing is called overturned: of these, no share is right.
    assert threshold["rows"][2]["share"] is None


def test_a_record_made_before_numbers_were_kept_is_still_told():
    old = {"value": 0.5, "called_overturned": 0.1, "found": 0.2, "right": None}
    assert training_facts(training_record(threshold=old))["threshold"]["rows"] == []
