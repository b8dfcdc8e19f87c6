"""Findings that went, that came, and that were looked for in vain, on sentences of our own."""

from __future__ import annotations

import pytest

from imr_ml.extracting.summaries.tables import read_record

FINDINGS = {
    "weakness of the left leg": "has_weakness",
    "numbness of the hand": "has_numbness",
    "burning pain": "has_neuropathic_pain",
    "depression": "has_depression",
    "swelling": "has_swelling",
    "insomnia": "has_insomnia",
    "radiating pain": "has_radiating_pain",
    "heartburn": "has_gi_risk",
}
GONE = [
    "The {} recorded in 2014 has gone.",
    "{} was present in March but is no longer found.",
    "Earlier {} had resolved by the latest visit.",
    "{}, once noted, has cleared.",
    "There was {} at first; none is seen now.",
    "{} seen last year is no longer there.",
    "He had {}, which resolved.",
    "What was thought to be {} is now known to be something else.",
    "Examination does not confirm the {} he complains of.",
    "{} was looked for and not found.",
    "{} is not among his complaints.",
]
THERE = [
    "{} was absent in March and is now present.",
    "There was no {} before; now there is.",
    "{} came back in June.",
    "{} persists despite treatment.",
    "{} has not resolved.",
    "{} is present, and the rash has gone.",
    "{} is found; none was seen at first.",
]


@pytest.mark.parametrize("finding", FINDINGS)
@pytest.mark.parametrize(("form", "is_there"), [(f, 0.0) for f in GONE] + [(f, 1.0) for f in THERE])
def test_what_passed_and_what_came(form: str, is_there: float, finding: str) -> None:
    text = form.format(finding)
    assert read_record(text[0].upper() + text[1:]).said.get(FINDINGS[finding]) == is_there


@pytest.mark.parametrize(
    ("text", "is_there"),
    [
        ("No weakness was noted at first, but weakness has since developed.", 1.0),
        ("There is no weakness, pain is now present.", 0.0),
        ("No weakness; swelling has since developed.", 0.0),
        ("Weakness is noted; the pain has gone.", 1.0),
        ("He has weakness and now needs a cane.", 1.0),
    ],
)
def test_what_came_or_went_is_what_is_named(text: str, is_there: float) -> None:
    assert read_record(text).said["has_weakness"] == is_there
