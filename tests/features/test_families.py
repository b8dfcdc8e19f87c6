from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import sparse
from sklearn.base import clone

from imr_ml.errors import TableError
from imr_ml.features.assemble import ASSIGNMENT_FAMILIES, family
from imr_ml.features.categories import Categories
from imr_ml.features.dispute import Dispute
from imr_ml.features.evidence import Evidence
from imr_ml.features.patient import Patient
from imr_ml.features.reviewer import Reviewer
from imr_ml.features.wording import Words
from imr_ml.tabulating import DECISION_COLUMNS, evidence
from tests.builders import decided_items, table


def _dense(values) -> np.ndarray:
    return values.toarray() if sparse.issparse(values) else np.asarray(values)


def _by_name(transformer, row: pd.DataFrame) -> dict[str, float]:
    numbers = _dense(transformer.fit_transform(row))[0]
    return dict(zip(transformer.get_feature_names_out(), numbers, strict=True))


@pytest.fixture(scope="module")
def seen() -> pd.DataFrame:
    return evidence(decided_items(60), "assignment")


@pytest.mark.parametrize("name", ASSIGNMENT_FAMILIES)
def test_every_family_keeps_the_rules(seen, name) -> None:
    before = seen.copy(deep=True)
    fitted = clone(family(name)).fit(seen)
    numbers = _dense(fitted.transform(seen))
    assert numbers.shape == (len(seen), len(fitted.get_feature_names_out()))
    assert np.isfinite(numbers).all()
    assert len(set(fitted.get_feature_names_out())) == numbers.shape[1]
    pd.testing.assert_frame_equal(seen, before)
    assert np.array_equal(_dense(clone(family(name)).fit_transform(seen)), numbers)


@pytest.mark.parametrize("name", ASSIGNMENT_FAMILIES)
def test_every_row_stands_alone(seen, name) -> None:
    fitted = family(name).fit(seen)
    together = _dense(fitted.transform(seen.iloc[:8]))
    alone = np.vstack([_dense(fitted.transform(seen.iloc[[row]])) for row in range(8)])
    assert np.array_equal(together, alone)


@pytest.mark.parametrize("name", ASSIGNMENT_FAMILIES)
def test_a_row_with_nothing_but_a_request_has_numbers(seen, name) -> None:
    bare = evidence(pd.DataFrame({"request": ["xyzzy"]}), "assignment")
    assert np.isfinite(_dense(family(name).fit(seen).transform(bare))).all()


def test_evidence_lets_nothing_later_through() -> None:
    items = decided_items(5)
    assert set(Evidence("assignment").fit_transform(items).columns).isdisjoint(DECISION_COLUMNS)
    assert "reviewer_states" not in Evidence("filing").fit_transform(items)
    with pytest.raises(TableError, match="not 'decision'"):
        Evidence("decision").fit(items)


def test_words_are_learned_once_per_text_and_pair_by_pair() -> None:
    texts = ("failed therapy", "pain", "failed therapy", "pain")
    items = table(*({"item_id": f"{n}", "case_summary": text} for n, text in enumerate(texts)))
    words = Words("case_summary").fit(items)
    assert words.get_feature_names_out().tolist() == [
        'case_summary: "failed"',
        'case_summary: "failed therapy"',
        'case_summary: "pain"',
        'case_summary: "therapy"',
    ]


def test_words_of_an_empty_column_are_none() -> None:
    items = table({"case_summary": None}, {"item_id": "2", "case_summary": ""})
    assert Words("case_summary").fit_transform(items).shape == (2, 0)


def test_words_are_those_of_the_summary_without_its_judging_sentences() -> None:
    items = table({"case_summary": "Pain. No rationale was offered."})
    assert Words("summary").fit(items).get_feature_names_out().tolist() == ['summary: "pain"']
    assert 'case_summary: "rationale"' in Words("case_summary").fit(items).get_feature_names_out()


def test_patient_numbers_by_hand() -> None:
    row = evidence(
        table(
            {
                "age_years": 55,
                "sex": "female",
                "injury_date": pd.Timestamp("2010-01-01"),
                "ur_decision_date": pd.Timestamp("2012-01-01"),
                "received_date": pd.Timestamp("2012-01-16"),
            }
        ),
        "filing",
    )
    numbers = _by_name(Patient(), row)
    assert numbers["age in decades from 45"] == pytest.approx(1.0)
    assert numbers["female"] == 1
    assert numbers["claim age at denial (log years)"] == pytest.approx(np.log1p(730 / 365.25))
    assert numbers["months from denial to filing"] == pytest.approx(0.5)
    assert numbers["age not stated"] == 0


def test_what_is_not_stated_is_marked() -> None:
    row = evidence(pd.DataFrame({"request": ["Norco"]}), "filing")
    numbers = _by_name(Patient(), row)
    assert [name for name, value in numbers.items() if value == 1] == [
        "age not stated",
        "claim age not stated",
        "filing delay not stated",
    ]


def test_dispute_numbers_by_hand() -> None:
    row = evidence(table({"n_items": 4, "original_request": "Norco #120", "is_additional": True}), "filing")
    numbers = _by_name(Dispute(), row)
    assert numbers["only item of the letter"] == 0
    assert numbers["items in the letter (log)"] == pytest.approx(np.log(4))
    assert (numbers["partly authorized"], numbers["additional"], numbers["initial"]) == (1, 1, 0)


def test_rare_and_unseen_categories_share_a_column() -> None:
    taught = table(*({"item_id": f"{n}", "review_type": "Usual" if n < 9 else "Rare"} for n in range(10)))
    marks = Categories(["review_type"], min_items=5).fit(taught)
    assert marks.get_feature_names_out().tolist() == ["review_type = Usual", "review_type = rare or unseen"]
    assert marks.transform(table({"review_type": "New"})).toarray().tolist() == [[0, 1]]


def test_a_reviewer_with_an_unknown_state_has_no_mark() -> None:
    marks = Reviewer(["reviewer_states"]).fit(table({"reviewer_states": ["Ohio", "Texas"]}))
    assert marks.get_feature_names_out().tolist() == ["reviewer_states = Ohio", "reviewer_states = Texas"]
    assert _dense(marks.transform(table({"reviewer_states": ["Texas", "Guam"]}))).tolist() == [[0.0, 1.0]]
    assert _dense(marks.transform(table({}))).tolist() == [[0.0, 0.0]]
