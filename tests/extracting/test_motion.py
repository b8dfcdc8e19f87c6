"""Motion in bare degrees: every row of ``lexicons/normal_motion.csv``, and what no measure is."""

from __future__ import annotations

import pytest

from imr_ml.extracting.grammar.sentences import words_of
from imr_ml.extracting.grammar.words import find_hits, phrasebook
from imr_ml.extracting.summaries.summary import summary_findings
from imr_ml.resources import read_rows

ROWS = read_rows("lexicons/normal_motion.csv")
NAMES = {"neck/cervical": "cervical spine", "low back/lumbar": "lumbar spine"}
"""How an examiner calls a part where it is not called by its name in the table."""


def statuses(summary: str) -> list[str]:
    return [f.status for f in summary_findings(summary) if f.fact == "limited_motion"]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['body_part']}-{row['motion']}")
def test_motion_counts_as_restricted_below_the_normal_of_its_part(row: dict[str, str]) -> None:
    normal = int(row["degrees"])
    little = int(normal - max(5, normal / 10)) - 1
    assert row["source"] and little > 0
    for part in row["body_part"].split(";"):
        tested = f"Examination of the {NAMES.get(part, part)} showed {row['motion']}"
        assert statuses(f"{tested} of {little} degrees.") == ["present"]
        assert statuses(f"{tested} of {normal} degrees.") == []


def test_each_motion_is_one_that_summaries_name() -> None:
    for row in ROWS:
        words = words_of(row["motion"])
        (hit,) = find_hits(words, phrasebook())[0]
        assert hit[:2] == (0, len(words)) and " ".join(words) == row["motion"]
        assert [fact for fact, *_ in hit[2].facts] == ["limited_motion"]


@pytest.mark.parametrize(
    "sentence",
    [
        "There was 90 degrees of elbow flexion.",
        "Elbow flexion was 10-95 degrees.",
        "Hip flexion is 0 to 70 degrees.",
        "Flexion of 25 degrees of the cervical spine.",
        "Right elbow: extension 0, flexion 100, strength 5/5.",
        # The record itself says what is normal.
        "Flexion 40/90.",
    ],
)
def test_reads_a_measure_however_it_is_written(sentence: str) -> None:
    assert statuses(sentence) == ["present"]


@pytest.mark.parametrize(
    "sentence",
    [
        "Flexion 40 degrees.",
        "Elbow flexion 4/5.",
        "Elbow flexion 4, extension 5.",
        "Elbow flexion 0 degrees, extension 130 degrees.",
        "Elbow flexion improved from 60 to 90 degrees.",
        "Elbow tenderness at 30 degrees of flexion.",
        "Pain on elbow flexion at 60 degrees.",
        "The brace allows elbow flexion to 90 degrees.",
        "The goal is elbow flexion of 120 degrees.",
        "The elbow is sore; flexion 90 degrees.",
        "Lumbar pain radiates to the leg, flexion 40 degrees.",
        "The patient has neck pain and great toe flexion of 30 degrees.",
        "Ankle plantar flexion 4/5 at 20 weeks.",
    ],
)
def test_says_nothing_of_what_is_no_measure_or_of_no_known_part(sentence: str) -> None:
    assert statuses(sentence) == []
