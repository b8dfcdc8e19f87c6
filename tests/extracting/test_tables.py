from __future__ import annotations

import pandas as pd
import pytest

import imr_ml
from imr_ml.errors import TableError
from imr_ml.extracting.tables import REQUEST_COLUMNS, shared_texts, texts

ITEMS = pd.DataFrame(
    {
        "item_id": ["b#1", "a#1", "a#2", "c#1"],
        "request": [
            "Norco 10/325mg #60 with 1 refill",
            "Physical therapy six sessions",
            "MRI of the left knee",
            None,
        ],
        "original_request": [None, "Physical therapy 12 sessions for the neck", None, None],
        "claims_administrator_guideline": ["ODG, Pain", None, "", "MTUS Low Back Complaints 2004"],
    },
    index=[7, 3, 5, 9],
)


def test_one_row_per_item_in_order_with_missing_values_where_nothing_is_stated() -> None:
    found = imr_ml.facts(ITEMS)
    assert found["item_id"].tolist() == ["b#1", "a#1", "a#2", "c#1"]
    assert found["drug_generic"].fillna("").tolist() == ["hydrocodone;acetaminophen", "", "", ""]
    assert found["quantity"].fillna(-1).tolist() == [60, -1, -1, -1]
    assert found["refills"].fillna(-1).tolist() == [1, -1, -1, -1]
    assert found["sessions"].fillna(-1).tolist() == [-1, 6, -1, -1]
    assert found["body_part"].fillna("").tolist() == ["", "neck/cervical", "knee", ""]
    assert found["share_in_dispute"].fillna(-1).tolist() == [-1, 0.5, -1, -1]
    assert found["guideline_family"].fillna("").tolist() == ["odg pain", "", "", "acoem low back"]
    assert found["is_compound"].tolist()[:3] == [False, False, False]
    assert pd.isna(found["is_compound"].iloc[3])


def test_every_column_is_there_and_documented() -> None:
    found = imr_ml.facts(ITEMS[["item_id", "request"]])
    assert list(found.columns)[: 1 + len(REQUEST_COLUMNS)] == [
        "item_id",
        *(one.name for one in REQUEST_COLUMNS),
    ]
    assert all(len(one.meaning) > 10 for one in REQUEST_COLUMNS)
    assert found["guideline_family"].isna().all()


def test_rows_stand_alone_and_the_table_is_not_changed() -> None:
    before = ITEMS.copy(deep=True)
    whole = imr_ml.facts(ITEMS)
    pd.testing.assert_frame_equal(ITEMS, before)
    shuffled = imr_ml.facts(ITEMS.iloc[[2, 0, 3, 1]])
    pd.testing.assert_frame_equal(
        shuffled.set_index("item_id").loc[whole["item_id"]].reset_index(), whole, check_dtype=False
    )


def test_an_empty_table_gives_an_empty_one() -> None:
    assert imr_ml.facts(ITEMS.iloc[:0]).shape[0] == 0


@pytest.mark.parametrize("name", ["item_id", "request"])
def test_a_missing_column_is_named(name: str) -> None:
    with pytest.raises(TableError, match=f"column {name} missing"):
        imr_ml.facts(ITEMS.drop(columns=name))


def test_two_columns_of_one_name_are_refused() -> None:
    table = pd.DataFrame([["a", "MRI", "CT"]], columns=["item_id", "request", "request"])
    with pytest.raises(TableError, match="two columns are named request"):
        imr_ml.facts(table)


def test_equal_texts_are_shared_over_all_parts_of_a_table() -> None:
    table = pd.DataFrame({"case_summary": ["Spasm.", None, " ", *("No spasm." for _ in range(2500))]})
    shared = shared_texts(table, "case_summary")
    assert shared == texts(table, "case_summary")
    assert shared[3] is shared[1500] is shared[-1]
    assert shared_texts(table, "request") == [None] * len(table)
