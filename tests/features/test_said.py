"""Reading the texts of items: by one process or several, remembered or not, always the same."""

from __future__ import annotations

import pandas as pd
import pytest

from imr_ml.extracting.bearing import item_texts
from imr_ml.extracting.judging import without
from imr_ml.features import said
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
