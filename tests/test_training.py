from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import roc_auc_score

from imr_ml.errors import TrainingError
from imr_ml.features import said
from imr_ml.predicting import predict
from imr_ml.saving import load_model, save_model
from imr_ml.tabulating import DECISION_COLUMNS
from imr_ml.training import train
from tests.builders import decided_items, table


@pytest.fixture(scope="module")
def items() -> pd.DataFrame:
    return decided_items(150)


def test_it_learns_what_decides(items) -> None:
    model = train(items)
    new = decided_items(150, seed=1)
    assert roc_auc_score(new["outcome"] == "overturned", model.predict_proba(new)) > 0.65


def test_it_learns_nothing_from_nothing() -> None:
    model = train(decided_items(150, signal=0.0))
    p = model.predict_proba(decided_items(50, seed=1))
    assert np.ptp(p) < 0.2
    assert abs(p.mean() - model.base_rate) < 0.05


def test_the_same_items_give_the_same_model_in_any_order(items) -> None:
    asked = decided_items(20, seed=2)
    p = train(items).predict_proba(asked)
    assert np.array_equal(p, train(items).predict_proba(asked))
    assert np.array_equal(p, train(items.sample(frac=1, random_state=5)).predict_proba(asked))


@pytest.mark.parametrize("column", [name for name in DECISION_COLUMNS if name != "outcome"])
def test_nothing_known_only_after_the_decision_is_learned(items, column) -> None:
    changed = items.copy()
    changed[column] = {
        "decided_date": pd.Timestamp("2030-01-01"),
        "decided_year": 2030,
        "reviewer_guideline": items["outcome"],
        "rationale": items["outcome"],
    }[column]
    asked = decided_items(20, seed=2)
    assert np.array_equal(train(items).predict_proba(asked), train(changed).predict_proba(asked))


def test_the_reviewer_counts_at_assignment_only(items) -> None:
    told = items.copy()
    told["reviewer_states"] = [["Ohio"] if o == "overturned" else ["Texas"] for o in items["outcome"]]
    asked = items.assign(reviewer_states=[["Ohio"]] * len(items))
    for stage, moves in (("filing", False), ("assignment", True)):
        model = train(told, stage=stage)
        assert (not np.array_equal(model.predict_proba(asked), model.predict_proba(told))) == moves


def test_items_without_outcome_are_left_out_and_counted(items) -> None:
    undecided = decided_items(3, seed=9).assign(outcome=None)
    undecided[["item_id", "letter_id"]] = "u" + undecided[["item_id", "letter_id"]]
    model = train(pd.concat([items, undecided]))
    assert model.record["n_without_outcome"] == len(undecided)
    assert model.record["n_items"] == len(items)


def test_programs_are_mixed_only_when_asked_for(items) -> None:
    mixed = items.copy()
    mixed.loc[items.index < 100, "program"] = "dmhc"
    with pytest.raises(TrainingError, match=r"2 programs \(dmhc, dwc\).*pool=True"):
        train(mixed)
    assert train(mixed, pool=True).program == "dmhc+dwc"


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (decided_items(40).assign(outcome="upheld"), r"0 overturned and \d+ upheld .*read more letters"),
        (decided_items(4), r"at least 30 items are needed"),
        (decided_items(40).assign(letter_id="one"), r"in 1 letter\b"),
    ],
    ids=["one class", "ten rows", "one letter"],
)
def test_items_that_cannot_teach_are_refused(rows, message) -> None:
    with pytest.raises(TrainingError, match=message):
        train(rows)


def test_a_class_of_three_items_is_refused() -> None:
    items = decided_items(40).assign(outcome="upheld")
    items.loc[[0, 20, 40], "outcome"] = "overturned"
    with pytest.raises(TrainingError, match="3 overturned and"):
        train(items)


def test_an_error_rate_outside_its_range_is_refused() -> None:
    with pytest.raises(TrainingError, match="error_rate must lie above 0 and below 1, not 1"):
        train(decided_items(40), error_rate=1)


def test_an_unknown_family_is_refused() -> None:
    with pytest.raises(TrainingError, match="families: no feature family is named 'rationale words'"):
        train(decided_items(40), families=["rationale words"])


def test_a_table_with_nothing_but_requests_can_teach() -> None:
    bare = table(
        *(
            {"item_id": f"L{n}#1", "letter_id": f"L{n}", "request": f"MRI {n % 7}", "outcome": outcome}
            for n, outcome in enumerate(["upheld"] * 30 + ["overturned"] * 15)
        )
    )
    assert train(bare).predict_proba(bare).min() > 0


def test_an_update_keeps_the_choice_and_tells_its_lineage(items) -> None:
    first = train(items.iloc[:270], seed=3)
    again = train(items, update=first)
    assert again.record["chosen"] == first.record["chosen"] and again.seed == 3
    assert again.calibration is first.calibration and again.threshold == first.threshold
    assert [step["n_items"] for step in again.record["lineage"]] == [270, len(items)]
    assert again.record["lineage"][1]["n_new_letters"] == items["letter_id"].nunique() - len(first.letters)
    asked = decided_items(20, seed=2)
    assert not np.array_equal(again.predict_proba(asked), first.predict_proba(asked))


def test_an_update_is_the_same_whether_what_was_read_is_remembered(items, tmp_path, monkeypatch) -> None:
    old = load_model(save_model(train(items.iloc[:270]), tmp_path / "old"))
    answers = []
    for model in (old, replace(old, readings=None)):
        monkeypatch.setattr(said, "_remembered", {})
        answers.append(train(items, update=model).predict_proba(items))
    np.testing.assert_array_equal(*answers)


def test_an_update_cannot_change_what_the_model_was_for(items) -> None:
    model = train(items)
    with pytest.raises(TrainingError, match="trained on dwc, these items are of dmhc"):
        train(items.assign(program="dmhc"), update=model)
    with pytest.raises(TrainingError, match="train anew to choose another"):
        train(items, update=model, review_budget=0.1)


def test_the_threshold_serves_the_budget(items) -> None:
    model = train(items, review_budget=0.2)
    told = model.record["threshold"]
    assert told["value"] == model.threshold != 0.5
    assert told["called_overturned"] == pytest.approx(0.2, abs=0.03)


def test_the_record_is_plain_and_tells_what_was_tried(items) -> None:
    record = train(items).record
    assert json.loads(json.dumps(record, allow_nan=False)) == record
    tried = record["held_out"]["log_loss"]
    assert record["chosen"]["name"] in tried and "cohorts" in tried and len(tried) > 5


def test_many_letters_over_years_are_held_out_forward_in_time() -> None:
    many = decided_items(1100)
    record = train(many, families=("dispute", "patient")).record
    assert record["held_out"]["how"] == "forward in time"
    moved = many.assign(decided_date=many["decided_date"] + pd.Timedelta(days=3653))
    asked = decided_items(20, seed=2)
    p = [train(part, families=()).predict_proba(asked) for part in (many, moved)]
    np.testing.assert_allclose(*p, atol=1e-3)


@pytest.fixture(scope="module")
def lived():
    """A line of models in the order of time: the first, and it with 100 more letters, twice."""
    many = decided_items(1200)
    letters = many["letter_id"].drop_duplicates()
    known = [many[many["letter_id"].isin(letters[:n])] for n in (1000, 1100, 1200)]
    first = train(known[0], families=())
    second = train(known[1], update=first)
    return known, [first, second, train(known[2], update=second)]


def test_in_the_order_of_time_an_update_is_calibrated_by_what_was_foretold(lived) -> None:
    known, (first, second, third) = lived
    assert first.foretold is None and first.record["calibration"]["items_foretold"] == 0
    for model, items, teller in ((second, known[1], first), (third, known[2], second)):
        came = items[~teller.has_seen(items)].sort_values(["decided_date", "item_id"])
        assert len(came) > 150
        np.testing.assert_array_equal(model.foretold.letters[-len(came) :], came["letter_id"])
        np.testing.assert_allclose(model.foretold.scores[-len(came) :], teller.scores(came))
        assert model.record["calibration"]["items_foretold"] == len(model.foretold.scores)
        np.testing.assert_array_equal(
            model.calibration.coefficients, model.foretold.calibration().coefficients
        )
    assert len(third.foretold.scores) > len(second.foretold.scores) + 150
    assert third.foretold.carried is first.calibration


def test_a_line_of_models_goes_on_from_where_it_was_saved(lived, tmp_path) -> None:
    known, (_, second, third) = lived
    again = train(known[2], update=load_model(save_model(second, tmp_path / "second")))
    np.testing.assert_array_equal(again.predict_proba(known[2]), third.predict_proba(known[2]))


def test_an_update_follows_a_base_rate_that_turns(lived) -> None:
    known, (first, second, _) = lived
    turned = known[1].copy()
    turned.loc[~turned["letter_id"].isin(first.letters), "outcome"] = "overturned"
    assert second.calibration.coefficients[0] + 0.5 < train(turned, update=first).calibration.coefficients[0]


def test_a_budget_calls_as_many_when_the_rate_has_turned(lived) -> None:
    known, _ = lived
    first = train(known[0], review_budget=0.2)
    turned = known[1].copy()
    has_come = ~turned["letter_id"].isin(first.letters)
    turned.loc[has_come & (turned.index % 2 == 0), "outcome"] = "overturned"
    again = train(turned, update=first)
    assert again.threshold > first.threshold and again.record["threshold"]["value"] == again.threshold
    asked = known[2][~known[2]["letter_id"].isin(again.letters)].drop(columns="outcome")
    assert (again.predict_proba(asked) >= first.threshold).mean() > 0.4
    assert (again.predict_proba(asked) >= again.threshold).mean() == pytest.approx(0.2, abs=0.15)


def test_the_rate_that_an_update_expects_is_that_of_what_came_last(lived) -> None:
    known, (first, second, _) = lived
    turned = known[1].copy()
    turned.loc[~turned["letter_id"].isin(first.letters), "outcome"] = "overturned"
    again = train(turned, update=first)
    came = turned[~turned["letter_id"].isin(first.letters)].drop(columns="outcome")
    assert again.record["expected_rate"] > second.record["expected_rate"] + 0.1
    asked = predict(again, came, prior_rate=again.record["expected_rate"])["p_overturned"]
    np.testing.assert_allclose(asked, predict(again, came)["p_overturned"])


def test_what_taught_the_models_before_is_known_to_have(lived) -> None:
    known, (first, *_) = lived
    late = known[1][known[1]["letter_id"].isin(known[1]["letter_id"].unique()[-700:])]
    again = train(late, update=first)
    assert again.has_seen(known[0]).all()


def test_items_older_than_what_taught_the_model_were_not_foretold(lived) -> None:
    known, _ = lived
    late = known[1][~known[1]["letter_id"].isin(known[0]["letter_id"].unique()[:150])]
    first = train(late, families=())
    again = train(known[1], update=first)
    assert again.foretold.scores.size == 0 and again.calibration is first.calibration


def test_an_update_calibrates_anew_when_the_items_have_grown() -> None:
    old = train(decided_items(60), review_budget=0.2)
    little, much = decided_items(66), decided_items(150)
    assert train(little, update=old).threshold == old.threshold
    grown = train(much, update=old)
    assert grown.record["calibrated_on"] == len(much)
    assert grown.record["threshold"]["called_overturned"] == pytest.approx(0.2, abs=0.05)
    assert grown.record["threshold"]["review_budget"] == 0.2


@pytest.mark.parametrize(
    ("changed", "message"), [({"stage": "assignment"}, "stage filing"), ({"error_rate": 0.3}, "0.1")]
)
def test_an_update_keeps_what_the_model_is_for(changed, message) -> None:
    old = train(decided_items(60))
    with pytest.raises(TrainingError, match=message):
        train(decided_items(66), update=old, **changed)


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"stage": "assignment"}, "is of stage filing"),
        ({"seed": 7}, "keeps its seed, 0"),
        ({"error_rate": 0.2}, "keeps its error rate of 0.1"),
    ],
)
def test_an_update_refuses_to_change_what_it_keeps(asked: dict, words: str) -> None:
    items = decided_items(60)
    with pytest.raises(TrainingError, match=words):
        train(items, update=train(items), **asked)
