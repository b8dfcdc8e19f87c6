from __future__ import annotations

import re
from pathlib import Path

import pytest

from imr_ml.extracting.marking import (
    BODY_PART,
    CITED,
    DENIED,
    DRUG,
    REQUESTED,
    SERVICE,
    letter_answers,
    letter_contradictions,
    letter_marks,
)
from imr_ml.letter import Letter
from imr_ml.parsing import parse_letter
from imr_ml.showing import render_html, render_text

TEXT = """CLINICAL CASE SUMMARY
The expert reviewer developed the following clinical case summary based on a review of the
case file, including all medical records:
The worker is a 50 year old female with low back pain. She denies numbness.

IMR ISSUES, DECISIONS AND RATIONALES
The Final Determination was based on decisions for the disputed items/services set forth below:

Norco 10/325mg
#120: Upheld

Claims Administrator guideline: Decision based on MTUS Opioid Treatment 2016.

MAXIMUS guideline: Decision based on MTUS Opioid Treatment 2016.

Decision rationale: The request is not medically necessary.

MRI of the left knee: Overturned

Claims Administrator guideline: Decision based on MTUS Knee Complaints 2004.

MAXIMUS guideline: Decision based on MTUS Knee Complaints 2004.

Decision rationale: The request is medically necessary.
"""


@pytest.fixture(scope="module")
def letter() -> Letter:
    return parse_letter(TEXT, source="letter.txt")


def _marked(letter: Letter, kind: str) -> list[tuple[str, str]]:
    return [
        (" ".join(letter.text[span.start : span.end].split()), label)
        for span, own, label in letter_marks(letter)
        if own == kind
    ]


def test_facts_stand_where_the_letter_states_them(letter: Letter) -> None:
    assert _marked(letter, REQUESTED) == [
        ("Norco 10/325mg #120", "Pharmaceuticals: opioid; hydrocodone; acetaminophen; 10/325mg; 120 units"),
        ("MRI of the left knee", "Diagnostic Testing: Imaging/Radiology; knee; left"),
    ]
    assert _marked(letter, DRUG) == [("Norco", "hydrocodone; acetaminophen (opioid)")]
    assert _marked(letter, SERVICE) == [("MRI", "Diagnostic Testing: Imaging/Radiology")]
    assert _marked(letter, CITED) == [
        ("MTUS Opioid Treatment 2016", "mtus opioids 2016"),
        ("Knee Complaints 2004", "acoem knee 2004"),
    ]
    assert ("low back", "low back/lumbar") in _marked(letter, BODY_PART)
    assert _marked(letter, DENIED) == [("numbness", "numbness, denied")]


def test_the_page_shows_them(letter: Letter) -> None:
    page = render_html(letter, marks=letter_marks(letter))
    assert "hydrocodone; acetaminophen (opioid)" in page


CONTRADICTED = TEXT.replace(
    "She denies numbness.", "She denies numbness.\nNorco lets her cook. Numbness <b>at night</b>."
)


def test_what_guidelines_ask_and_what_is_contradicted_lead_to_their_sentences() -> None:
    letter = parse_letter(CONTRADICTED, source="letter.txt")
    grounds, both = letter_answers(letter), letter_contradictions(letter)
    (met,) = (one for one in grounds[0] if one.criterion == "function improved with the drug")
    (place,) = met.places
    assert letter.text[place.start : place.end] == "Norco lets her cook."
    assert [fact for fact, *_ in both] == ["numbness"]
    page = render_html(letter, marks=letter_marks(letter), grounds=grounds, contradictions=both)
    linked = set(re.findall(r'href="#(at\d+)"', page))
    anchors = re.findall(r'id="(at\d+)"', page)
    assert f"at{place.start}" in linked and linked == set(anchors) and len(anchors) == len(linked)
    assert "<b>at night" not in page and "not stated:" in page
    told = " ".join(render_text(letter, grounds=grounds, contradictions=both).split())
    assert "function improved with the drug (MTUS" in told and '"Norco lets her cook."' in told
    assert (
        "both stated and denied: numbness stated: Numbness <b>at night</b>. denied: She denies numbness."
        in told
    )


LETTERS = sorted((Path(__file__).parents[1] / "letters").glob("a*.txt"))


@pytest.mark.parametrize("path", LETTERS[:12], ids=lambda path: path.stem)
def test_marks_stay_inside_the_letter(path: Path) -> None:
    letter = parse_letter(path.read_text(encoding="utf-8"), source=path.name)
    for span, kind, label in letter_marks(letter):
        assert 0 <= span.start < span.end <= len(letter.text)
        assert kind
        assert label
