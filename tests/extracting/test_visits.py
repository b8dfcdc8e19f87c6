"""Which examination is the latest, and what it undoes."""

from __future__ import annotations

import pytest

from imr_ml.extracting.items.answers import contradictions
from imr_ml.extracting.summaries.tables import read_record

FACT = "has_spasm"


@pytest.mark.parametrize(
    ("summary", "is_found"),
    [
        ("On 3/4/2013 exam showed spasm. On 5/6/2014 exam showed no spasm.", 0.0),
        ("On 5/6/2014 exam showed no spasm. On 3/4/2013 exam showed spasm.", 0.0),
        ("On 3/4/2013 exam showed no spasm. On 5/6/2014 exam showed spasm.", 1.0),
        # What follows a visit is found at it.
        ("He was seen on 3/4/2013. There was spasm. He was seen on 5/6/2014. There was no spasm.", 0.0),
        ("At the visit of June 2014 there was spasm. At the visit of August 2014 there was no spasm.", 0.0),
        ("Objective findings (3-4-13) included spasm. Objective findings (5-6-13) included no spasm.", 0.0),
        ("Per the report (PR-2) of 3/4/2013 he had spasm. The 5/6/2013 report told of spasm. "
         "The exam of 7/8/2013 showed no spasm.", 0.0),
        ("Initially, there was spasm; currently, there is no spasm.", 0.0),
        ("Spasm was noted on exam on 3/4/2013 and on 5/6/2013 there was no spasm.", 0.0),
        ("On 3/4/2013 exam showed spasm. He was seen on 5/6/2014. Currently, there is no spasm.", 0.0),
    ],
)  # fmt: skip
def test_the_latest_examination_decides(summary: str, is_found: float) -> None:
    record = read_record(summary)
    assert record.said[FACT] == is_found
    assert contradictions(record) == ()


@pytest.mark.parametrize(
    "summary",
    [
        # The same visit, or when is not told.
        "On 3/4/2013 exam showed spasm. There was no spasm.",
        "There was spasm. On 5/6/2014 exam showed no spasm.",
        "Exam showed spasm. There was no spasm.",
        # A span of time, an injury and care date no examination.
        "At visits from 3/4/2013 to 5/6/2014 there was spasm. On 5/7/2014 exam showed no spasm.",
        "He had spasm after the injury of 3/4/2013. On 5/7/2014 exam showed no spasm.",
        "He was seen on 3/4/2013. Surgery was done on 4/4/2013; he was seen by us. There was spasm. "
        "On 5/7/2014 exam showed no spasm.",
        # What utilization review tells of its own date ends the visit before it.
        "He was seen on 3/4/2013. UR denied the request on 4/1/2013. There was spasm. On 5/7/2014 exam "
        "showed no spasm.",
    ],
)
def test_what_has_no_time_of_its_own_is_not_undone(summary: str) -> None:
    record = read_record(summary)
    assert record.said[FACT] == 1.0
    assert [one.fact for one in contradictions(record)] == [FACT]


@pytest.mark.parametrize(
    ("summary", "fact"),
    [
        # Of another part, of the other side, and what normal findings do not undo.
        ("On 3/4/2013 exam showed spasm of the neck. On 5/6/2014 the low back had no spasm.", FACT),
        ("On 3/4/2013 the right knee had crepitus. On 5/6/2014 the left had no crepitus.", "has_crepitus"),
        ("On 3/4/2013 he had hypertension. On 5/6/2014 he had no hypertension.", "has_cardiovascular_risk"),
    ],
)  # fmt: skip
def test_only_the_same_finding_of_the_same_part_is_undone(summary: str, fact: str) -> None:
    assert read_record(summary).said[fact] == 1.0
