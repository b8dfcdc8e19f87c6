from __future__ import annotations

import datetime as dt
import json

import numpy as np
import pandas as pd
import pytest

from imr_ml.columns import prefix_column
from imr_ml.errors import OutputError, TableError
from imr_ml.letter import Case, DisputedItem
from imr_ml.rows import case_rows
from imr_ml.tabulating import (
    COLUMNS,
    DECISION_COLUMNS,
    check_items,
    evidence,
    evidence_columns,
    frame_of,
    items_table,
    read_items,
    write_items,
)
from tests.builders import decided_items, letter, table

CONTRACT = {
    "item_id", "letter_id", "program", "source", "layout", "position", "n_items", "request", "case_summary",
    "claims_administrator_guideline", "injury_date", "ur_decision_date", "received_date", "priority",
    "age_years", "sex", "diagnosis_category", "diagnosis_subcategory", "treatment_category",
    "treatment_subcategory", "review_type", "age_range", "case_number", "assigned_date",
    "reviewer_specialties", "reviewer_states", "decided_date", "decided_year", "outcome",
    "reviewer_guideline", "rationale",
}  # fmt: skip


def test_every_agreed_column_is_required() -> None:
    assert {column.name for column in COLUMNS if column.required} == CONTRACT


def test_one_row_per_item_with_ids_from_the_letter() -> None:
    items = items_table(
        [
            letter(
                case_number="CM16-0000001",
                items=(DisputedItem("A", "upheld"), DisputedItem("B", "overturned")),
            ),
            letter(source="other.txt", items=(DisputedItem("C"),), decided_date=dt.date(2017, 1, 31)),
        ]
    )
    assert items["item_id"].tolist() == ["CM16-0000001#1", "CM16-0000001#2", "other#1"]
    assert items["other_requests"].tolist() == [["B"], ["A"], None]
    assert items["outcome"].fillna("-").tolist() == ["upheld", "overturned", "-"]
    assert items["decided_year"].tolist()[2] == 2017
    assert items["n_items"].tolist() == [2, 2, 1]


def test_two_letters_of_one_name_are_refused() -> None:
    with pytest.raises(TableError, match=r"b\.txt and a\.txt: both are letter CM16-0000001"):
        items_table([letter(source=name, case_number="CM16-0000001") for name in ("a.txt", "b.txt")])


def test_no_letters_make_an_empty_table_with_all_columns() -> None:
    assert list(items_table([]).columns) == [column.name for column in COLUMNS]


@pytest.mark.parametrize("stage", ["filing", "assignment"])
def test_nothing_of_the_decision_is_evidence(stage: str) -> None:
    assert set(evidence_columns(stage)).isdisjoint(DECISION_COLUMNS)


def test_reviewers_are_evidence_at_assignment_only() -> None:
    assert "reviewer_specialties" not in evidence_columns("filing")
    assert "reviewer_specialties" in evidence_columns("assignment")


def test_there_is_no_decision_stage() -> None:
    with pytest.raises(TableError, match="stage must be 'filing' or 'assignment', not 'decision'"):
        evidence(decided_items(3), "decision")


@pytest.mark.parametrize("name", ["items.parquet", "items.csv"])
def test_a_written_table_comes_back_the_same(tmp_path, name) -> None:
    items = decided_items(8)
    items.loc[0, ["case_summary", "age_years", "injury_date"]] = None
    write_items(items, tmp_path / name)
    pd.testing.assert_frame_equal(read_items(tmp_path / name), items)


@pytest.mark.parametrize("name", ["items.parquet", "items.csv"])
def test_the_same_table_gives_the_same_bytes(tmp_path, name) -> None:
    for folder in ("a", "b"):
        write_items(decided_items(8), tmp_path / folder / name)
    assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


@pytest.mark.parametrize(
    ("column", "value", "message"),
    [
        ("position", "first", r"column position must hold whole numbers: row 1 holds 'first'"),
        ("age_years", "41.5", r"column age_years must hold whole numbers: row 1 holds '41\.5'"),
        (
            "decided_date",
            "yesterday",
            r"column decided_date must hold dates as YYYY-MM-DD: row 1 holds 'yesterday'",
        ),
        ("injury_date", "3016-02-01", "row 1: injury_date is 3016-02-01; it must lie from 1930 to 2099"),
        ("decided_year", "216", "row 1: decided_year is 216; it must lie from 1930 to 2099"),
        ("decided_date", 20170131, r"column decided_date must hold dates as YYYY-MM-DD"),
        (
            "outcome",
            "Partially Overturned",
            r"row 1: outcome is 'Partially Overturned'; it must be upheld or",
        ),
        ("program", "medicare", r"row 1: program is 'medicare'; it must be dwc or dmhc"),
        ("request", 7, r"column request must hold text: row 1 holds 7"),
        ("request", "  ", r"row 1: request is empty"),
        ("letter_id", None, r"row 1: letter_id is empty"),
        ("reviewer_states", [3], r"column reviewer_states must hold lists of text"),
        ("age_years", -50, r"row 1: age_years is -50; it must lie from 0 to 120"),
        ("reviewer_states", "[Ohio]", r"row 1 holds '\[Ohio\]'; in CSV, write"),
        ("is_synthetic", "perhaps", r"column is_synthetic must hold true or false: row 1 holds 'perhaps'"),
    ],
)
def test_a_wrong_value_is_named_with_its_row(column, value, message) -> None:
    items = table({}).astype(object)
    items.at[0, column] = value
    with pytest.raises(TableError, match=message):
        check_items(items)


def test_a_missing_column_is_named() -> None:
    with pytest.raises(TableError, match=r"t\.csv: columns missing: request, outcome"):
        check_items(table({}).drop(columns=["request", "outcome"]), where="t.csv")


def test_a_repeated_id_is_named() -> None:
    with pytest.raises(TableError, match=r"item_id 'L1#1' stands in 2 rows"):
        check_items(table({}, {}))


def test_no_rows_and_no_outcomes_are_refused() -> None:
    with pytest.raises(TableError, match="no rows"):
        check_items(table({}).iloc[:0])
    with pytest.raises(TableError, match="no item has an outcome"):
        check_items(table({"outcome": None}), need_outcome=True)


def test_a_question_needs_only_its_keys() -> None:
    asked = pd.DataFrame({"item_id": ["a#1"], "letter_id": ["a"], "request": ["MRI of the left knee"]})
    checked = check_items(asked, complete=False)
    assert checked["treatment_category"].tolist() == ["Diagnostic Testing"]
    assert checked["outcome"].isna().all()
    with pytest.raises(TableError, match="column missing: request"):
        check_items(asked.drop(columns="request"), complete=False)


@pytest.mark.parametrize(
    ("stated", "kept"),
    [
        ((None, None), ("Pharmaceuticals", "opioid")),
        (("Pharmaceuticals", None), ("Pharmaceuticals", "opioid")),
        (("Surgery", None), ("Surgery", None)),
        (("Surgery", "Spine"), ("Surgery", "Spine")),
    ],
)
def test_a_treatment_that_is_not_stated_is_classified(
    stated: tuple[str | None, str | None], kept: tuple[str, str | None]
) -> None:
    names = ["treatment_category", "treatment_subcategory"]
    items = table({"request": "Norco 10/325mg #60", **dict(zip(names, stated, strict=True))})

    def given(items: pd.DataFrame) -> list[str | None]:
        return [None if pd.isna(value) else value for value in check_items(items)[names].iloc[0]]

    assert given(items) == [*kept]
    assert given(items.assign(program="dmhc")) == [*stated]


def test_foreign_types_of_the_same_facts_are_understood() -> None:
    items = table(
        {"decided_date": dt.date(2017, 1, 31), "age_years": 50, "reviewer_states": ["Ohio"]}
    ).astype(object)
    items["decided_date"] = pd.Series(["2017-01-31"], dtype=object)
    items["age_years"] = [50.0]
    items["reviewer_states"] = [json.dumps(["Ohio"])]
    checked = check_items(items)
    assert checked["decided_date"][0] == pd.Timestamp("2017-01-31")
    assert checked["age_years"][0] == 50
    assert checked["reviewer_states"][0] == ["Ohio"]


def test_unknown_columns_are_left_out() -> None:
    assert "score" not in check_items(table({}).assign(score=1.0))


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("none.parquet", None, "no such file"),
        ("broken.parquet", b"not parquet", "cannot be read as Parquet"),
        ("empty.csv", b"", "cannot be read as CSV"),
        ("other.csv", b"a,b\n1,2\n", "columns missing: item_id"),
    ],
)
def test_a_file_that_is_no_items_table_is_named(tmp_path, name, content, message) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(TableError, match=f"{name}.*{message}"):
        read_items(tmp_path / name)


def test_only_parquet_and_csv_are_written(tmp_path) -> None:
    with pytest.raises(OutputError, match=r"items\.xlsx: the name must end in \.parquet or \.csv"):
        write_items(table({}), tmp_path / "items.xlsx")


def test_a_case_becomes_rows_like_a_letter() -> None:
    case = Case(
        requests=("Norco 10/325mg #120", "MRI of the left knee"), case_summary="Pain.", case_id="mine"
    )
    rows = frame_of(case_rows(case))
    assert rows["item_id"].tolist() == ["mine#1", "mine#2"]
    assert rows["n_items"].tolist() == [2, 2]
    assert rows["other_requests"].tolist() == [["MRI of the left knee"], ["Norco 10/325mg #120"]]
    assert rows[list(DECISION_COLUMNS)].isna().all(axis=None)


def test_evidence_fills_what_a_table_lacks() -> None:
    seen = evidence(pd.DataFrame({"request": ["Norco"]}), "filing")
    assert list(seen.columns) == list(evidence_columns("filing"))
    assert seen.drop(columns="request").isna().all(axis=None)


def test_prefix_columns_are_in_the_table() -> None:
    items = items_table(
        [letter(items=(DisputedItem("Retrospective Norco", "upheld", prefixes=("retrospective",)),))]
    )
    assert bool(items[prefix_column("retrospective")][0]) is True
    assert bool(items[prefix_column("initial")][0]) is False


def test_dates_lose_their_time_of_day() -> None:
    items = table({})
    items["decided_date"] = pd.to_datetime(["2017-01-31 13:45"])
    assert check_items(items)["decided_date"][0] == np.datetime64("2017-01-31")


def test_lists_as_pandas_prints_them_are_understood() -> None:
    items = table({}, {"item_id": "2"}).astype(object)
    items["reviewer_states"] = ["['Ohio' 'New York']", "['Ohio', \"New York\"]"]
    assert check_items(items)["reviewer_states"].tolist() == [["Ohio", "New York"]] * 2


def test_a_table_saved_by_a_spreadsheet_has_a_byte_order_mark(tmp_path) -> None:
    write_items(decided_items(3), tmp_path / "items.csv")
    content = (tmp_path / "items.csv").read_bytes()
    (tmp_path / "bom.csv").write_bytes(b"\xef\xbb\xbf" + content)
    pd.testing.assert_frame_equal(read_items(tmp_path / "bom.csv"), read_items(tmp_path / "items.csv"))
