from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from fairlearn.metrics import demographic_parity_difference, equalized_odds_difference

from imr_ml.evaluation.slices import (
    OTHERS,
    fairness_tables,
    fold_small,
    slice_groups,
    slice_statements,
    slice_table,
)


@pytest.fixture(scope="module")
def predictions(items):
    rng = np.random.default_rng(1)
    rate = items.groupby("treatment_category")["outcome"].transform(
        lambda part: (part == "overturned").mean()
    )
    return pd.DataFrame(
        {
            "item_id": items["item_id"],
            "letter_id": items["letter_id"],
            "outcome": items["outcome"],
            "base_rate": 0.2,
            "p_model": np.clip(rate + rng.normal(0, 0.1, len(items)), 0.01, 0.99),
            "p_category_rate": rate,
        }
    )


def test_every_dimension_counts_every_item_once(items, predictions):
    table = slice_table(items, predictions, n_bootstrap=40)
    for _, rows in table.groupby("dimension"):
        assert rows["n_items"].sum() == len(items)
        assert rows["n_overturned"].sum() == (items["outcome"] == "overturned").sum()
    assert (table["rate_low"] <= table["rate"]).all()
    assert (table["rate"] <= table["rate_high"]).all()


def test_where_every_group_is_small_there_is_none(items, predictions):
    few = predictions.head(19)
    table = slice_table(items, few, n_bootstrap=40)
    assert table.empty and {"dimension", "n_letters", "roc_auc"} <= set(table)
    assert slice_statements(table) == []


def test_rows_are_matched_by_item_and_not_by_order(items, predictions):
    shuffled = predictions.sample(frac=1, random_state=3).reset_index(drop=True)
    first, second = (slice_table(items, part, n_bootstrap=30) for part in (predictions, shuffled))
    columns = ["dimension", "group", "n_items", "n_overturned", "rate", "predicted", "log_loss"]
    pd.testing.assert_frame_equal(first[columns], second[columns])


def test_small_groups_are_folded_and_named():
    folded = fold_small(pd.Series(["a"] * 25 + ["b"] * 5 + [None]), 20)
    assert folded.value_counts().to_dict() == {"a": 25, OTHERS: 5}


@pytest.mark.parametrize(
    ("column", "value", "dimension", "group"),
    [
        ("age_years", 29, "age_band", "under 30"),
        ("age_years", 60, "age_band", "60 and over"),
        ("n_items", 2, "n_items", "2"),
        ("n_items", 6, "n_items", "6 and more"),
        ("case_summary", "word " * 150, "summary_words", "150 to 249"),
        ("decided_year", 2016, "year", "2016"),
        ("sex", None, "sex", "not stated"),
    ],
)
def test_the_group_of_an_item(items, column, value, dimension, group):
    one = items[:2].copy()
    one.loc[0, column] = value
    assert slice_groups(one)[dimension].iloc[0] == group


def test_an_age_range_serves_where_there_is_no_age(items):
    ranged = items[:1].assign(age_years=pd.array([None], dtype="Int64"), age_range="51-64")
    assert slice_groups(ranged)["age_band"].tolist() == ["51-64"]


def test_only_drugs_have_a_drug_class(items):
    some = items[:2].assign(
        treatment_category=["Pharmaceuticals", "Surgery"], treatment_subcategory=["opioid", "Spine"]
    )
    assert slice_groups(some)["drug_class"].fillna("none").tolist() == ["opioid", "none"]


def test_a_group_where_the_model_is_worse_is_named(items, predictions):
    bad = predictions.copy()
    surgery = (items["treatment_category"] == "Surgery").to_numpy()
    bad.loc[surgery, "p_model"] = np.where(bad["outcome"][surgery] == "overturned", 0.02, 0.9)
    said = slice_statements(slice_table(items, bad, n_bootstrap=60))
    assert any(line.startswith("Treatment category, Surgery: the model is WORSE") for line in said)
    bad.loc[surgery, "p_model"] = 0.95
    said = slice_statements(slice_table(items, bad, n_bootstrap=60))
    assert any("Surgery: the model expects 95% overturned" in line for line in said)


def test_too_few_letters_say_nothing():
    row = {
        "dimension": "sex",
        "group": "x",
        "n_letters": 4,
        "difference_low": 1.0,
        "gap_low": 1.0,
        "gap_high": 2.0,
    }
    assert slice_statements(pd.DataFrame([row])) == []


def test_fairness_agrees_with_fairlearn(items, predictions):
    stated = items["sex"].notna().to_numpy()
    summary = fairness_tables(items[stated], predictions[stated], n_bootstrap=60)[1]["sex"]
    truth = {
        "y_true": (predictions["outcome"][stated] == "overturned").astype(int),
        "y_pred": (predictions["p_model"][stated] > 0.2).astype(int),
        "sensitive_features": items["sex"][stated].astype(object),
    }
    parity, odds = summary["demographic_parity_difference"], summary["equalized_odds_difference"]
    assert parity["value"] == pytest.approx(demographic_parity_difference(**truth))
    assert odds["value"] == pytest.approx(equalized_odds_difference(**truth))
    for found in (parity, odds, summary["calibration_gap_difference"]):
        assert found["low"] < found["value"] < found["high"]
        assert set(found["groups"]) == {"female", "male"}


def test_one_group_has_no_difference(items, predictions):
    summary = fairness_tables(items.assign(sex="female"), predictions, n_bootstrap=20)[1]["sex"]
    for found in summary.values():
        assert (found["value"], found["reason"]) == (None, "one group only")


def test_few_overturned_items_of_a_group_show_no_difference(items, predictions):
    few = predictions.copy()
    women = (items["sex"] == "female").to_numpy()
    few.loc[women, "outcome"] = "upheld"
    few.loc[np.flatnonzero(women)[:3], "outcome"] = "overturned"
    table, summary = fairness_tables(items, few, n_bootstrap=60)
    odds = summary["sex"]["equalized_odds_difference"]
    # What is found of three items says nothing; false alarms can be compared.
    shares = table[table["dimension"] == "sex"].set_index("group")
    assert shares.loc["female", "found"] is not None and pd.isna(shares.loc["female", "found_low"])
    assert odds["value"] == pytest.approx(
        abs(shares.loc["female", "false_alarms"] - shares.loc["male", "false_alarms"])
    )
    few.loc[~women, "outcome"] = "overturned"
    odds = fairness_tables(items, few)[1]["sex"]["equalized_odds_difference"]
    assert odds["reason"] == "fewer than two groups have 5 letters with an overturned item"
