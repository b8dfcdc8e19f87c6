from __future__ import annotations

import pickle

import pandas as pd
import pytest

from imr_ml.extracting.items.bearing import item_texts
from imr_ml.features import remembering, said
from imr_ml.features.reading import read, with_readings
from imr_ml.features.remembering import Readings
from imr_ml.features.said import read_keyed, read_texts, text_key
from imr_ml.tabulating import evidence

SEEN = evidence(
    pd.DataFrame(
        {
            "request": ["MRI of the lumbar spine", "Norco 10/325mg #60", None],
            "case_summary": ["Low back pain rated 8/10. No rationale was given. No spasm.", None, "Pain."],
            "other_requests": [["Norco 10/325mg #60"], None, None],
        }
    ),
    "filing",
)


TEXTS = item_texts(SEEN)


@pytest.fixture
def saved(monkeypatch) -> Readings:
    """What a model keeps, as a process finds it that has read nothing yet."""
    kept = pickle.dumps(Readings(dict(read_keyed(TEXTS, {}))))
    monkeypatch.setattr(said, "_remembered", {})
    return pickle.loads(kept)


def test_what_was_saved_is_what_was_read(saved, monkeypatch) -> None:
    remembered = read_keyed(TEXTS, saved.by_key())
    monkeypatch.setattr(said, "_remembered", {})
    assert remembered == read_keyed(TEXTS, {})
    table = with_readings(SEEN, [reading for _, reading in remembered])
    pd.testing.assert_frame_equal(table, read(SEEN))
    assert table["summary"].tolist() == ["Low back pain rated 8/10. No spasm.", None, "Pain."]


def test_only_what_is_new_is_read(saved, monkeypatch) -> None:
    asked: list[str | None] = []
    read_anew = said._read_part
    monkeypatch.setattr(
        said, "_read_part", lambda items: asked.extend(texts[0] for texts in items) or read_anew(items)
    )
    new = [("MRI of the lumbar spine", None, "Another summary.", ())]
    read_keyed([*TEXTS, *new, *new], saved.by_key())
    assert asked == ["MRI of the lumbar spine"]
    read_texts([*TEXTS, *new])
    assert len(asked) == 1  # just read


def test_what_another_version_read_is_forgotten(saved, monkeypatch) -> None:
    monkeypatch.setattr(remembering, "reader", lambda: "with other word lists")
    assert saved.by_key() == {}


def test_other_texts_have_another_key() -> None:
    alike = [
        ("Norco", None, "Pain.", ("MRI",)),
        ("Norco", "Pain.", None, ("MRI",)),
        ("Norco", None, "Pain.", ()),
        ("Norco", None, "Pain.MRI", ()),
        ("Norco", None, "Pain.", ("M", "RI")),
        (None, "Norco", "Pain.", ("MRI",)),
        ("Norco\udce9", None, "Pain.", ("MRI",)),  # a byte that was no text
    ]
    assert len(set(map(text_key, alike))) == len(alike)
