from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from imr_ml.errors import CaseError, TableError
from imr_ml.letter import Case, DisputedItem
from imr_ml.predicting import ANSWER_COLUMNS, asked_items, predict
from imr_ml.tabulating import DECISION_COLUMNS, items_table
from imr_ml.training import train
from tests.builders import decided_items, letter


@pytest.fixture(scope="module")
def model():
    return train(decided_items(150))


@pytest.fixture(scope="module")
def asked() -> pd.DataFrame:
    return decided_items(30, seed=3)


def test_the_answer_has_the_agreed_columns_and_ranges(model, asked) -> None:
    answer = predict(model, asked)
    assert tuple(answer.columns) == ANSWER_COLUMNS
    assert answer["item_id"].tolist() == asked["item_id"].tolist()
    assert (answer["p_low"] > 0).all()
    assert (answer["p_low"] <= answer["p_overturned"]).all()
    assert (answer["p_overturned"] <= answer["p_high"]).all()
    assert (answer["p_high"] < 1).all()
    assert set(answer["predicted"]) <= {"upheld", "overturned"}
    assert set(answer["certainty"]) <= {"certain", "uncertain"}


def test_the_base_rate_is_that_of_the_category_in_training(model, asked) -> None:
    taught = decided_items(150)
    rates = taught.groupby("treatment_category")["outcome"].apply(lambda o: (o == "overturned").mean())
    answer = predict(model, asked)
    assert np.allclose(answer["base_rate"], asked["treatment_category"].map(rates))


def test_every_row_stands_alone(model, asked) -> None:
    together = predict(model, asked)
    shuffled = (
        predict(model, asked.sample(frac=1, random_state=1)).set_index("item_id").loc[together["item_id"]]
    )
    alone = pd.concat([predict(model, asked.iloc[[row]]) for row in range(len(asked))], ignore_index=True)
    pd.testing.assert_frame_equal(together, shuffled.reset_index()[list(ANSWER_COLUMNS)])
    pd.testing.assert_frame_equal(together, alone)


def test_no_decision_column_moves_a_prediction(model, asked) -> None:
    plain = predict(model, asked)
    flipped = asked.assign(
        outcome=asked["outcome"].map({"upheld": "overturned", "overturned": "upheld"}),
        reviewer_guideline="something else",
        rationale="The request is medically necessary.",
        decided_date=pd.Timestamp("2031-01-01"),
        decided_year=2031,
    )
    pd.testing.assert_frame_equal(plain, predict(model, flipped))
    pd.testing.assert_frame_equal(plain, predict(model, asked.drop(columns=list(DECISION_COLUMNS))))
    assert (flipped["outcome"] != asked["outcome"]).all()


def test_no_decision_of_a_letter_moves_a_prediction(model) -> None:
    item = DisputedItem("Norco 10/325mg #120", "upheld", rationale="Not medically necessary.")
    one = letter(
        items=(item,), case_summary="Functional gain was documented.", decided_date=dt.date(2016, 1, 1)
    )
    other = replace(
        one,
        decided_date=dt.date(2020, 1, 1),
        items=(replace(item, outcome="overturned", rationale="Necessary.", reviewer_guideline="MTUS"),),
    )
    pd.testing.assert_frame_equal(predict(model, one), predict(model, other))


def test_a_letter_a_case_and_a_table_agree(model) -> None:
    one = letter(
        items=(DisputedItem("MRI of the left knee"), DisputedItem("Norco #60")),
        case_summary="Functional gain was documented.",
        age_years=50,
        sex="female",
        source="mine.txt",
    )
    case = {
        "case_id": "mine",
        "case_summary": one.case_summary,
        "age_years": 50,
        "sex": "female",
        "items": [{"request": "MRI of the left knee"}, {"request": "Norco #60"}],
    }
    from_letter = predict(model, one)
    pd.testing.assert_frame_equal(from_letter, predict(model, items_table(one)))
    pd.testing.assert_frame_equal(from_letter, predict(model, case))
    pd.testing.assert_frame_equal(from_letter, predict(model, Case.from_dict(case)))
    pd.testing.assert_frame_equal(from_letter, predict(model, [one]))


def test_what_a_prediction_lacks_is_said(model) -> None:
    assert "no case summary" in predict(model, {"items": ["Norco #60"]})["warnings"][0]
    assert "names no known treatment" in predict(model, {"items": ["xyzzy"]})["warnings"][0]
    assert (
        "no Surgery among the items of training"
        in predict(model, {"items": ["Right shoulder arthroscopy"], "case_summary": "Pain."})["warnings"][0]
    )
    for summary, n_facts in (("Pain.", 0), ("The roof was painted.", 0), ("He has low back pain.", 1)):
        asked = {"items": ["Norco #60"], "case_summary": summary}
        told = f"hardly anything of a patient is read in its summary ({n_facts} facts)"
        assert told in predict(model, asked)["warnings"][0]
    told = decided_items(160).iloc[[-1]].assign(letter_id="new", item_id="new#1")
    told = told.assign(case_summary="He has low back pain, weakness and a limp. Norco helped him to work.")
    assert predict(model, told)["warnings"][0].endswith(
        f"the model saw only {model.record['n_overturned']} overturned items"
    )


def test_an_answer_is_said_to_be_cut_where_it_was_scored_beyond_what_was_checked(model) -> None:
    items = decided_items(160).iloc[:40].reset_index(drop=True)
    scores = model.scores(items)
    reach = (-np.inf, float(np.median(scores)))
    answers = predict(replace(model, calibration=replace(model.calibration, reach=reach)), items)
    is_told = answers["warnings"].str.contains("scored higher than what could be checked")
    np.testing.assert_array_equal(is_told, scores > reach[1])
    assert answers["p_overturned"][is_told].nunique() == 1


def test_a_category_of_few_items_is_named_with_their_number(model) -> None:
    def told(n_items: int, **changed: object) -> str:
        of_surgery = {**model.category_rates, "Surgery": 0.5}
        record = {**model.record, "category_items": {"Surgery": n_items}, **changed}
        asked = {"items": ["Right shoulder arthroscopy"], "case_summary": "Pain."}
        return predict(replace(model, category_rates=of_surgery, record=record), asked)["warnings"][0]

    assert told(2).startswith("only 2 items of Surgery taught the model; ")
    assert "only 1 item of Surgery taught" in told(1)
    assert "only 9 items of Surgery taught" in told(9)
    assert "of Surgery" not in told(10)
    # A model of an earlier day did not note it.
    assert "of Surgery" not in told(2, category_items=None)
    counts = decided_items(150)["treatment_category"].value_counts()
    assert model.record["category_items"] == counts.to_dict()


def test_an_item_that_taught_the_model_is_named(model) -> None:
    taught = decided_items(150).iloc[:2]
    assert predict(model, taught)["warnings"].str.contains("taught the model").all()
    renamed = taught.assign(letter_id="other", item_id=["other#1", "other#2"])
    assert predict(model, renamed)["warnings"].str.contains("taught the model").all()


def test_what_another_base_rate_makes_of_the_answer_is_certain_only_if_alone_plausible(model) -> None:
    asked = decided_items(150).drop(columns="outcome")
    plausible = model.certainty.plausible(model.scores(asked_items(asked)))
    upheld_only, overturned_only = (
        (plausible == alone).all(axis=1) & trusted
        for alone, trusted in zip(([True, False], [False, True]), model.certainty.trusted, strict=True)
    )
    assert upheld_only.any()
    for rate in (0.001, 0.999):
        moved = predict(model, asked, prior_rate=rate)
        is_certain = (moved["certainty"] == "certain").to_numpy()
        called = (moved["predicted"] == "overturned").to_numpy()
        assert (is_certain == np.where(called, overturned_only, upheld_only)).all()


def test_a_curve_that_moves_makes_no_answer_more_plausible(model) -> None:
    asked = decided_items(150).drop(columns="outcome")
    risen = replace(model.calibration, coefficients=model.calibration.coefficients + np.array([1.0, 0]))
    before, after = predict(model, asked), predict(replace(model, calibration=risen), asked)
    same = before["predicted"] == after["predicted"]
    assert same.any() and not same.all() and (after["p_overturned"] > before["p_overturned"]).all()
    assert (before["certainty"] == after["certainty"])[same].all()


def test_another_base_rate_moves_every_probability(model, asked) -> None:
    plain = predict(model, asked)["p_overturned"]
    assert (predict(model, asked, prior_rate=model.base_rate / 2)["p_overturned"] < plain).all()
    expected = model.record["expected_rate"]
    assert np.allclose(predict(model, asked, prior_rate=expected)["p_overturned"], plain)
    rates = predict(model, asked, prior_rate=0.01)["base_rate"]
    assert (rates < predict(model, asked)["base_rate"]).all()
    with pytest.raises(CaseError, match="prior_rate must lie above 0 and below 1"):
        predict(model, asked, prior_rate=0)


@pytest.mark.parametrize(
    ("asked", "error", "message"),
    [
        ({}, CaseError, "no items; give 'items'"),
        ({"items": []}, CaseError, "no items"),
        ({"items": [{"words": "Norco"}]}, CaseError, "item 1 has no 'request'"),
        ({"items": [" "]}, CaseError, "item 1 has no words in 'request'"),
        ({"items": [{"request": 5}]}, CaseError, "item 1: 'request' must be text, not 5"),
        ({"items": [{"request": "Norco", "outcome": "upheld"}]}, CaseError, "'outcome'; an item may hold"),
        ({"items": ["Norco"], "age": 4}, CaseError, "unknown key 'age'"),
        ({"items": ["Norco"], "sex": "f"}, CaseError, "'sex' must be one of female, male"),
        (
            {"items": ["Norco"], "injury_date": "1/2/98"},
            CaseError,
            "'injury_date' must be a date as YYYY-MM-DD",
        ),
        (
            {"items": ["Norco"], "injury_date": "2999-01-01"},
            CaseError,
            "'injury_date' is 2999-01-01; its year must lie from 1900 to 2100",
        ),
        ([], CaseError, "nothing is asked about"),
        ([7], CaseError, "asked must be a Letter, a case .*, not 7"),
        (letter(items=()), CaseError, "letter.txt: no disputed items"),
        (pd.DataFrame({"request": ["a"]}), TableError, "columns missing: item_id, letter_id"),
        (decided_items(1).iloc[:0], TableError, "no rows"),
    ],
)
def test_what_cannot_be_predicted_is_refused(model, asked, error, message) -> None:
    with pytest.raises(error, match=message):
        predict(model, asked)


def test_a_summary_unlike_any_in_training_is_named(model) -> None:
    foreign = "El paciente refiere dolor lumbar desde hace meses sin mejoria despues de terapia fisica."
    asked = {"items": ["Norco #60"], "case_summary": foreign}
    assert "a summary unlike those of training" in predict(model, asked)["warnings"][0]
    usual = {"items": ["Norco #60"], "case_summary": "Year old with low back pain. Symptoms persisted."}
    assert "unlike" not in predict(model, usual)["warnings"][0]
