"""Of which side of the body findings and care are, and what that says of an item for one side."""

from __future__ import annotations

import pytest

from imr_ml.extracting.items.answers import contradictions
from imr_ml.extracting.items.bearing import bearing, item_scope, said_of_item
from imr_ml.extracting.summaries.summary import summary_findings
from imr_ml.extracting.summaries.tables import read_record


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        (
            "Right SLR positive, left negative.",
            [("straight_leg_raise", "right"), ("-straight_leg_raise", "left")],
        ),
        (
            "SLR was positive on the right but negative on the left.",
            [("straight_leg_raise", "right"), ("-straight_leg_raise", "left")],
        ),
        (
            "Spurling's was positive on the right; the left was negative.",
            [("spurling", "right"), ("-spurling", "left")],
        ),
        (
            "Strength is 4/5 in the left EHL and 5/5 on the right.",
            [("weakness", "left"), ("-weakness", "right")],
        ),
        ("Right knee: crepitus, laxity.", [("crepitus", "right"), ("instability", "right")]),
        ("The left knee shows effusion and crepitus.", [("swelling", "left"), ("crepitus", "left")]),
        ("Tenderness and swelling of the R knee.", [("tenderness", "right"), ("swelling", "right")]),
        ("On the left, knee jerk is absent.", [("reflex_change", "left")]),
        ("Pain radiates down the left leg.", [("radiating_pain", "left")]),
        (
            "Effusion of the right knee, and the left knee has crepitus.",
            [("swelling", "right"), ("crepitus", "left")],
        ),
        ("MRI of the left shoulder showed a labral tear.", [("mri", "left"), ("labral_tear", "left")]),
        # A side behind "and normal" is that of what follows.
        (
            "A steady gait and normal left wrist motion were seen.",
            [("-limited_motion", "left"), ("-gait_change", "")],
        ),
        # Of both, of neither alone, or untold.
        ("Crepitus of both knees.", [("crepitus", "")]),
        ("Crepitus of the left and right knee.", [("crepitus", "")]),
        ("Crepitus, left greater than right.", [("crepitus", "")]),
        ("X-rays of the left ankle, right elbow and neck.", [("xray", "")]),
        ("Tenderness of the right elbow, left wrist and neck.", [("tenderness", "")]),
        ("Spasm of the neck and left shoulder.", [("spasm", "")]),
        ("The right knee is sore and there is spasm of the neck.", [("spasm", "")]),
        ("The right knee is sore, but he has numbness.", [("numbness", "")]),
        ("She is right hand dominant with weakness.", [("weakness", "")]),
        ("He left work because of weakness.", [("weakness", "")]),
        ("Radiculopathy at L5.", [("radiculopathy", "")]),
    ],
)
def test_findings_have_the_side_that_the_words_beside_them_name(
    sentence: str, expected: list[tuple[str, str]]
) -> None:
    facts = {fact.lstrip("-") for fact, _ in expected}
    found = [
        ("-" * (one.status == "denied") + one.fact, one.side)
        for one in summary_findings(sentence)
        if one.fact in facts
    ]
    assert list(dict.fromkeys(found)) == expected


@pytest.mark.parametrize(
    ("request_words", "expected"),
    [
        ("MRI of the left knee", {"has_swelling": 0.0}),
        ("MRI of the right knee", {"has_swelling": 1.0}),
        ("MRI of the bilateral knees", {"has_swelling": 1.0}),
        ("MRI of the knee", {"has_swelling": 1.0}),
    ],
)
def test_what_is_of_the_other_side_says_nothing_of_an_item(
    request_words: str, expected: dict[str, float]
) -> None:
    record = read_record("The right knee shows effusion. The left knee shows no effusion.")
    said = said_of_item(item_scope(request_words), record.sentences, {})
    assert expected.items() <= said.items()


@pytest.mark.parametrize(
    ("request_words", "expected"),
    [
        (
            "Right knee steroid injection",
            {"is_care_had_for_part": 1.0, "is_care_had_helpful": 1.0, "is_imaging_of_part_done": 1.0},
        ),
        ("Left knee steroid injection", {"is_care_had_for_part": 0.0, "is_imaging_of_part_done": 0.0}),
    ],
)
def test_care_of_the_other_side_is_none_of_this_one(request_words: str, expected: dict[str, float]) -> None:
    summary = "A right knee steroid injection gave 60% relief. MRI of the right knee showed a meniscus tear."
    found = bearing(request_words, read_record(summary))
    assert expected.items() <= found.items()
    assert ("is_care_had_helpful" in found) == ("is_care_had_helpful" in expected)
    assert ("is_imaging_abnormal" in found) == (request_words[0] == "R")
    said = said_of_item(item_scope(request_words), read_record(summary).sentences, {})
    assert said.get("n_relief_percent") == (60.0 if request_words[0] == "R" else None)


def test_sides_that_differ_are_no_contradiction() -> None:
    other = "Straight leg raise is positive on the right. Straight leg raise is negative on the left."
    assert contradictions(read_record(other)) == ()
    same = other.replace("left", "right")
    assert [one.fact for one in contradictions(read_record(same))] == ["has_straight_leg_raise"]
    # What one sentence states and denies counts as stated.
    mixed = "Reflexes are 2+, right ankle reflex 1+. There is a decreased right ankle reflex."
    assert contradictions(read_record(mixed)) == ()
