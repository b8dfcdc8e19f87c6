import pandas as pd
import pytest

import imr_ml
from imr_ml.extracting.summaries.tables import summary_columns


def summary_facts(table: pd.DataFrame) -> pd.DataFrame:
    items = table.assign(item_id=[str(number) for number in range(len(table))], request=None)
    return imr_ml.facts(items)[list(summary_columns())]


def facts_of(summary: str | None) -> pd.Series:
    return summary_facts(pd.DataFrame({"case_summary": [summary]})).iloc[0]


def test_true_denied_and_not_mentioned_are_told_apart() -> None:
    facts = facts_of("He denies numbness. Spasm is noted. Acupuncture was requested.")
    assert not facts["has_numbness"]
    assert facts["has_spasm"]
    assert pd.isna(facts["has_weakness"])
    assert pd.isna(facts["has_acupuncture"])
    assert facts["is_acupuncture_planned"]


@pytest.mark.parametrize("summary", [None, "", "See above."])
def test_nothing_stated_is_missing(summary: str | None) -> None:
    assert facts_of(summary).isna().all()


def test_stated_both_ways_counts_as_stated() -> None:
    assert facts_of("There is no weakness. Later, weakness was found.")["has_weakness"]


def test_what_a_judging_sentence_says_does_not_count() -> None:
    assert facts_of("The records do not mention any red flags.").isna().all()


def test_groups_sum_up_their_members() -> None:
    facts = facts_of("Straight leg raise is positive. No depression.")
    assert facts["has_radicular_signs"]
    assert not facts["has_psychological_symptoms"]


def test_rows_stand_alone_and_in_order() -> None:
    table = pd.DataFrame({"case_summary": ["Spasm.", None, "No spasm.", "Spasm."]}, index=[7, 3, 5, 1])
    facts = summary_facts(table)
    assert facts["has_spasm"].tolist() == [True, pd.NA, False, True]
    assert facts.columns.tolist() == list(summary_columns())
    assert set(facts.dtypes.astype(str)) == {"boolean", "Float64"}


def test_a_table_without_summaries_states_nothing() -> None:
    assert summary_facts(pd.DataFrame({"letter_id": ["a"]})).isna().all(axis=None)


@pytest.mark.parametrize(
    ("summary", "column", "value"),
    [
        ("Pain is 8/10, 5/10 at best.", "n_pain_score", 8),
        ("Pain is 8/10, 5/10 at best.", "n_lowest_pain_score", 5),
        ("He takes Norco and Percocet.", "n_drugs", 2),
        ("He takes Norco.", "has_drug_opioid", True),
        ("Six visits of acupuncture helped.", "n_acupuncture_sessions", 6),
        ("Six visits of acupuncture helped.", "is_acupuncture_helpful", True),
        ("MRI of the knee was normal.", "is_mri_abnormal", False),
        ("UDS was inconsistent.", "is_urine_drug_test_consistent", False),
        ("She had a cortisone injection.", "has_any_injection", True),
        ("The UR denied the MRI because there was no documentation of red flags.", "is_ur_denied", True),
        ("The UR denied the MRI because there was no documentation of red flags.", "is_ur_no_deficit", True),
        ("He is off work.", "is_off_work", True),
        ("He fell.", "has_mechanism_fall", True),
        ("Right knee and ankle pain.", "n_body_parts", 2),
    ],
)
def test_columns_say_what_they_mean(summary: str, column: str, value: float) -> None:
    assert facts_of(summary)[column] == value


def test_drugs_of_no_class_are_drugs() -> None:
    facts = summary_facts(pd.DataFrame({"case_summary": ["First-line medications failed."]}))
    assert facts["has_medication"].item()
    assert not facts["is_medication_helpful"].item()
