"""Reading the texts of items: by one process or several, remembered or not, always the same."""

from __future__ import annotations

import pandas as pd
import pytest

from imr_ml.extracting.items.bearing import BEARING_COLUMNS, item_texts
from imr_ml.extracting.summaries.judging import without
from imr_ml.extracting.summaries.tables import summary_columns
from imr_ml.features import said
from imr_ml.resources import read_rows
from tests.builders import decided_items


@pytest.fixture
def unread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(said, "_remembered", {})


def test_processes_side_by_side_read_the_same(unread: None, monkeypatch: pytest.MonkeyPatch) -> None:
    items = decided_items(60)
    items.loc[::7, "case_summary"] = None
    items.loc[3, "case_summary"] = "She has pain. No rationale was given for the request."
    texts = item_texts(pd.concat([items, items.iloc[::-1]], ignore_index=True))
    alone = said.read_texts(texts)
    monkeypatch.setattr(said, "_remembered", {})
    monkeypatch.setattr(said, "MANY_ITEMS", 1)
    monkeypatch.setattr(said, "_PART", 11)
    monkeypatch.setattr("joblib.cpu_count", lambda: 2)
    assert said.read_texts(texts) == alone
    assert without(texts[3][2], alone[3].judged) == "She has pain."


def test_what_is_remembered_is_bounded_and_changes_nothing(
    unread: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = item_texts(decided_items(30))
    whole = said.read_texts(texts)
    monkeypatch.setattr(said, "_MOST_REMEMBERED", 4)
    for start in range(0, 30, 3):
        assert said.read_texts(texts[start : start + 3]) == whole[start : start + 3]
        assert len(said._remembered) <= max(4, 3)
    assert said.read_texts(texts) == whole


NAMES = [
    # column, value -> what a physician reads
    ("has_no_lasting_gain", 1, "no lasting benefit"),
    ("has_no_lasting_gain", 0, "lasting benefit"),
    ("has_spasm", 0, "no spasm"),
    ("has_improving", 0, "not getting better"),
    ("is_permanent_and_stationary", 0, "not permanent and stationary"),
    ("is_mri_abnormal", 0, "MRI normal"),
    ("is_mri_abnormal", 1, "MRI abnormal"),
    ("is_mri_planned", 0, "MRI not planned"),
    ("is_physical_therapy_helpful", 0, "physical therapy not helpful"),
    ("has_straight_leg_raise", 0, "negative straight leg raise"),
    ("has_spurling", 1, "positive Spurling's test"),
    ("has_drug_h2_blocker", 1, "drug class H2 blocker taken"),
    ("has_part_low_back", 0, "low back without complaint"),
    ("has_mechanism_fall", 1, "injury by fall"),
    ("is_ur_no_deficit", 1, "utilization review found no deficit or red flag"),
    ("is_care_had", 1, "same care had before"),
    ("is_care_had_helpful", 0, "same care did not help before"),
    # a band of one number is that number
    ("n_body_parts", 1, "body parts in the summary: 1"),
    ("n_drugs", 2, "drugs taken: 2"),
    ("n_drugs", 3, "drugs taken: 3 to 4"),
    ("n_drugs", 0, "drugs taken: none"),
    ("n_pain_drop", 0.45, "pain drop in percent: 30 to 49"),
]


@pytest.mark.parametrize(("column", "value", "name"), NAMES)
def test_what_is_said_has_a_name_that_a_physician_reads(column: str, value: float, name: str) -> None:
    assert said._mark(column, float(value)) == name


def test_no_two_statements_share_a_name() -> None:
    of_summaries, of_items = list(summary_columns()), list(BEARING_COLUMNS)
    for columns in (of_summaries, of_items):
        names: dict[str, str] = {}
        for column in columns:
            # By the colon amounts are told from facts.
            assert (":" in said._mark(column, 1.0)) == column.startswith("n_")
            # Amounts may share a band, not with another column's.
            for value in (0.0, 1.0, 2.0, 3.0, 40.0) if column.startswith("n_") else (0.0, 1.0):
                assert names.setdefault(said._mark(column, value), column) == column
            assert column.startswith("n_") or said._mark(column, 0.0) != said._mark(column, 1.0)


def test_each_row_names_a_column_otherwise_than_the_rules_would(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = read_rows("lexicons/feature_names.csv")
    assert len({row["column"] for row in rows}) == len(rows)
    for row in rows:
        assert row["column"] in summary_columns() or row["column"] in BEARING_COLUMNS, row
    named = [[said._mark(row["column"], value) for value in (0.0, 1.0)] for row in rows]
    said._mark.cache_clear()
    with monkeypatch.context() as patch:
        patch.setattr(said, "_wordings", dict)
        for row, names in zip(rows, named, strict=True):
            assert [said._mark(row["column"], value) for value in (0.0, 1.0)] != names, row
    said._mark.cache_clear()
