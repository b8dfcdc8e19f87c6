"""Of which part and side findings are whose examination the sentences before tell of."""

from __future__ import annotations

import pytest

from imr_ml.extracting.items.bearing import item_scope, said_of_item
from imr_ml.extracting.summaries.summary import summary_findings
from imr_ml.extracting.summaries.tables import read_record


@pytest.mark.parametrize(
    ("summary", "fact", "place"),
    [
        ("Examination of the left knee was done. There is swelling.", "swelling", ("left", ("knee",))),
        ("Left knee exam: effusion. Motion is limited.", "limited_motion", ("left", ("knee",))),
        (
            "Right shoulder: tender. Gait is normal. Motion is full.",
            "limited_motion",
            ("right", ("shoulder",)),
        ),
        (
            "On exam, the left wrist was sore. Tinel's was positive.",
            "nerve_entrapment_signs",
            ("left", ("wrist",)),
        ),
        ("Inspection of the ankle was normal. The drawer was positive.", "ankle_signs", ("", ("ankle",))),
        ("Exam of the neck and back. Spasm was noted.", "spasm", ("", ("neck/cervical", "low back/lumbar"))),
        ("Exam of the right elbow and neck. Spasm was noted.", "spasm", ("", ("elbow", "neck/cervical"))),
        # Where the last finding was, for what may be found there.
        ("Exam found tenderness of the left hip. There is swelling.", "swelling", ("left", ("hip",))),
        ("Exam of the knee was normal. The hip was tender. There is swelling.", "swelling", ("", ("hip",))),
        (
            "Exam of the neck found spasm. Left rotation is 30 degrees.",
            "limited_motion",
            ("left", ("neck/cervical",)),
        ),
        (
            "Exam of the right shoulder was done. Abduction is 100 degrees.",
            "limited_motion",
            ("right", ("shoulder",)),
        ),
        (
            "Exam found a tender hip. Motion was limited due to complaints of pain.",
            "limited_motion",
            ("", ("hip",)),
        ),
        ("Exam found a tender neck and hip. There is swelling.", "swelling", ("", ())),
        ("The hip was tender. There is swelling.", "swelling", ("", ())),
        ("Exam found a sore buttock with pain radiating to the thigh. Spasm.", "spasm", ("", ())),
        ("Diagnoses: lumbar strain. There is spasm.", "spasm", ("", ())),
        ("Exam for a wrist brace. There is spasm.", "spasm", ("", ())),
        # Another part, side, complaint, care, plan or judgement stands between.
        ("Exam of the left knee was done. The neck is supple. Strength is 4/5.", "weakness", ("", ())),
        (
            "Exam of the left knee was done. The right knee is normal. There is swelling.",
            "swelling",
            ("", ("knee",)),
        ),
        ("Exam of the left knee was done. Straight leg raise is positive. Spasm.", "spasm", ("", ())),
        ("Exam of the left knee was done. He complains of locking. There is spasm.", "spasm", ("", ())),
        ("Exam of the left knee was done. PT helped. There is swelling.", "swelling", ("", ())),
        ("Exam of the left knee was done. UR denied an MRI. There is swelling.", "swelling", ("", ())),
        ("Exam of the left knee was done. No report was provided. There is swelling.", "swelling", ("", ())),
        ("Exam of the left knee and of the neck. Spasm.", "spasm", ("", ("knee", "neck/cervical"))),
        ("Exam showed effusion of the left knee, and the neck was stiff. Spasm.", "spasm", ("", ())),
        ("Exam of the left knee was done. Gait is antalgic.", "gait_change", ("", ())),
    ],
)
def test_findings_are_of_the_part_and_side_that_was_examined_before(
    summary: str, fact: str, place: tuple[str, tuple[str, ...]]
) -> None:
    (found,) = [one for one in summary_findings(summary) if one.fact == fact]
    assert (found.side, found.parts) == place


@pytest.mark.parametrize(
    ("request_words", "is_limited"),
    [("MRI of the right shoulder", 1.0), ("MRI of the right hand", None), ("MRI of the left shoulder", None)],
)
def test_what_was_found_elsewhere_says_nothing_of_an_item(
    request_words: str, is_limited: float | None
) -> None:
    told = "Exam found tenderness of the right shoulder. There was restricted range of motion."
    said = said_of_item(item_scope(request_words), read_record(told).sentences, {})
    assert said.get("has_limited_motion") == is_limited
