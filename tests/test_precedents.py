from __future__ import annotations

import pandas as pd
import pytest

from imr_ml.errors import CaseError
from imr_ml.precedents import PRECEDENT_ANSWER_TYPES, find_precedents
from imr_ml.training import train
from tests.builders import decided_items


@pytest.fixture(scope="module")
def model():
    return train(decided_items(60))


def test_the_same_treatment_comes_first(model) -> None:
    found = find_precedents(model, {"items": ["TENS unit"], "case_summary": "Low back pain."}, k=3)
    assert list(found.columns) == list(PRECEDENT_ANSWER_TYPES)
    assert found["request"].tolist() == ["TENS unit purchase"] * 3
    assert found["rank"].tolist() == [1, 2, 3]
    assert found["score"].is_monotonic_decreasing
    assert found["alike_in"].str.contains("tens").all()
    assert found["grounds"].notna().all()


def test_a_precedent_was_decided_before_the_case_was_filed(model) -> None:
    items = decided_items(60)
    asked = items[items["letter_id"] == items["letter_id"].iloc[80]]
    found = find_precedents(model, asked, k=100)
    assert len(found) > 0
    assert (found["decided_date"] < asked["received_date"].iloc[0]).all()
    assert found["decided_date"].max() < items["decided_date"].max()


def test_a_letter_is_no_precedent_of_itself(model) -> None:
    asked = decided_items(60).drop(columns=["received_date", "ur_decision_date"]).iloc[:5]
    found = find_precedents(model, asked, k=500)
    letters = found["precedent_item_id"].str.partition("#")[0]
    assert (letters != found["item_id"].str.partition("#")[0]).all()


def test_nothing_alike_gives_no_rows(model) -> None:
    assert find_precedents(model, {"items": ["xyzzy"]}).empty


def test_the_answer_does_not_depend_on_the_company(model) -> None:
    asked = decided_items(6, seed=4)
    together = find_precedents(model, asked, k=2)
    alone = pd.concat(
        [find_precedents(model, asked.iloc[[n]], k=2) for n in range(len(asked))], ignore_index=True
    )
    pd.testing.assert_frame_equal(together, alone)


def test_k_below_one_is_refused(model) -> None:
    with pytest.raises(CaseError, match="k must be 1 or more, not 0"):
        find_precedents(model, {"items": ["Norco"]}, k=0)


def test_a_table_with_years_only_has_precedents_too() -> None:
    items = decided_items(60).assign(decided_date=pd.NaT)
    found = find_precedents(train(items), {"items": ["TENS unit"], "received_date": "2015-03-01"}, k=100)
    years = items.set_index("item_id")["decided_year"]
    assert years.loc[found["precedent_item_id"]].max() == 2014
