"""A deficit that the worker tells of is none that was found."""

from __future__ import annotations

import pytest

from imr_ml.extracting.items.about import ItemScope, said_about
from imr_ml.extracting.summaries.tables import read_record


@pytest.mark.parametrize(
    "sentence",
    [
        "He complains of weakness in the leg.",
        "The patient also reports numbness and weakness.",
        "Subjective: pain, weakness.",
        "He c/o weakness.",
        "Motion was limited due to reported weakness.",
        "The injured worker denied weakness.",
        "She has pain and states that her arm is weak.",
        "The applicant reported loss of sensation in the foot.",
        "He reports numbness. Weakness too.",
        "He reports that therapy has helped but continues with weakness.",
        "She complains of neck pain. She takes Norco. She has weakness of the arm.",
        "He is being treated for numbness and weakness of both arms.",
    ],
)
def test_a_complaint_is_no_objective_deficit(sentence: str) -> None:
    said = read_record(sentence).said
    assert "has_objective_deficit" not in said
    assert {"has_weakness", "has_sensory_loss"} & said.keys()


@pytest.mark.parametrize(
    ("sentence", "is_found"),
    [
        ("There is weakness of the leg.", 1.0),
        ("He complains of numbness. Weakness was found.", 1.0),
        ("He reports numbness but strength is reduced.", 1.0),
        ("He complains of numbness. There is weakness.", 1.0),
        ("He complains of numbness. Sensation is decreased in the foot. Weakness of the ankle.", 1.0),
        ("He complains of numbness. Tenderness and weakness of the leg.", 1.0),
        ("He complains of numbness. Strength is 4/5.", 1.0),
        ("He complains of numbness. UR denied an MRI. Weakness of the leg.", 1.0),
        ("He complains of pain, and exam showed weakness.", 1.0),
        ("The treating physician reported weakness in the leg.", 1.0),
        ("The progress report noted weakness.", 1.0),
        ("The patient was noted to have weakness.", 1.0),
        ("The patient complained of pain with strength of 4/5.", 1.0),
        ("The patient reports pain; there is atrophy.", 1.0),
        ("Despite the complaints, there is no weakness.", 0.0),
        ("He reports pain, while pinprick was blunted in the foot.", 1.0),
        ("He reports pain. Reflexes are absent.", 1.0),
        ("Neurologically intact.", 0.0),
        ("He reports weakness. Motor strength is 5/5.", 0.0),
    ],
)
def test_what_was_examined_is_an_objective_deficit_or_its_absence(sentence: str, is_found: float) -> None:
    record = read_record(sentence)
    assert record.said["has_objective_deficit"] == is_found
    assert said_about(ItemScope(), record.sentences)["has_objective_deficit"] == is_found


def test_nerves_of_the_limb_bear_on_the_spine() -> None:
    record = read_record("There is weakness of the left foot.")
    said = said_about(ItemScope(parts=frozenset({"low back/lumbar"})), record.sentences)
    assert said["has_objective_deficit"] == 1.0
