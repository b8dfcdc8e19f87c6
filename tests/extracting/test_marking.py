from __future__ import annotations

import re
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from imr_ml.extracting.marking import (
    letter_answers,
    letter_contradictions,
    letter_marks,
    letter_readings,
    letter_reviews,
    request_label,
)
from imr_ml.extracting.requests.request import read_request_facts
from imr_ml.letter import Letter
from imr_ml.parsing import parse_letter
from imr_ml.resources import read_rows
from imr_ml.showing import FACT_KINDS, render_html, render_text

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


def _marked(letter: Letter, kind: str, status: str = "") -> list[tuple[str, str]]:
    return [
        (" ".join(letter.text[mark.span.start : mark.span.end].split()), mark.label)
        for mark in letter_marks(letter)
        if mark.kind == FACT_KINDS[kind] and status in ("", mark.status)
    ]


def test_facts_stand_where_the_letter_states_them(letter: Letter) -> None:
    assert _marked(letter, "requested") == [
        ("Norco 10/325mg #120", "Pharmaceuticals: opioid; hydrocodone; acetaminophen; 10/325mg; 120 units"),
        ("MRI of the left knee", "Diagnostic Testing: Imaging/Radiology; knee; left"),
    ]
    assert _marked(letter, "drug") == [("Norco", "hydrocodone; acetaminophen (opioid)")]
    assert _marked(letter, "service") == [("MRI", "Diagnostic Testing: Imaging/Radiology")]
    assert _marked(letter, "citation") == [
        ("MTUS Opioid Treatment 2016", "mtus opioids 2016"),
        ("Knee Complaints 2004", "acoem knee 2004"),
    ]
    assert ("low back", "low back/lumbar") in _marked(letter, "part", "present")
    assert _marked(letter, "finding", "denied") == [("numbness", "numbness")]


@pytest.mark.parametrize(
    ("request_text", "expected"),
    [
        ("Lidocaine 4% 85.05gm", "Pharmaceuticals: topical analgesic; lidocaine; 4%; 85.05 g"),
        (
            "Lidocaine 5% cream 180gm (modified to 60gm)",
            "Pharmaceuticals: topical analgesic; lidocaine; cream; 5%; 120 g; 67% of the original request",
        ),
        ("TENS unit, purchase", "DMEPOS: Electrical Stimulation; purchase"),
        ("TENS unit, 30 day rental", "DMEPOS: Electrical Stimulation; 30 days; rental"),
        ("TENS unit rental or purchase", "DMEPOS: Electrical Stimulation; rental or purchase"),
        ("TENS unit", "DMEPOS: Electrical Stimulation"),
    ],
)
def test_the_label_of_a_request_tells_measure_and_supply(request_text: str, expected: str) -> None:
    assert request_label(request_text, read_request_facts(request_text)) == expected


def test_a_citation_is_marked_with_its_sections_and_pages() -> None:
    text = TEXT.replace(
        "MTUS Knee Complaints 2004.\n\nMAX",
        "MTUS Knee Complaints 2004, Section(s): Special\nStudies, Tests <b>(EMG/NCS)</b> Page(s): 341 and "
        "343.\n\nMAX",
        1,
    )
    letter = parse_letter(text, source="letter.txt")
    label = "acoem knee 2004; Special Studies; Tests <b>(EMG/NCS)</b>; pages 341, 343"
    assert [said for _, said in _marked(letter, "citation")] == ["mtus opioids 2016", label]
    page = render_html(letter, marks=letter_marks(letter))
    assert "Tests &lt;b&gt;(EMG/NCS)&lt;/b&gt;; pages 341, 343" in page
    assert "<b>(EMG" not in page


SAID = (
    "He denies numbness. Strength was normal. The straight leg raise was positive. "
    "Ankle reflexes were absent. He had surgery of the knee in 2012. An MRI was requested. "
    "Rule out radiculopathy. His father has diabetes. He takes Norco. "
    "Utilization review denied the MRI of the left knee due to no red flags."
)


def test_how_a_fact_is_said_stands_beside_it_in_a_word() -> None:
    letter = parse_letter(TEXT.replace("She denies numbness.", SAID), source="letter.txt")
    said = {mark.label.split(",")[0]: mark.status for mark in letter_marks(letter) if mark.status}
    assert said["numbness"] == "denied" and said["weakness"] == "normal" and said["diabetes"] == "unrelated"
    assert said["radiculopathy"] == "possible" and said["hydrocodone and acetaminophen"] == "present"
    page = render_html(letter, marks=letter_marks(letter))
    for status, word in (
        ("denied", "denied"),
        ("normal", "negative or normal"),
        ("planned", "planned or requested"),
        ("possible", "possible"),
        ("unrelated", "another person&#39;s or injury&#39;s"),
    ):
        assert re.search(rf'<small class="tag extra k-\w+ s-{status}"><b class="word">{word}</b>', page), (
            status
        )
    # The word is enough where the label says what stands there.
    assert 's-denied"><b class="word">denied</b></small>' in page
    assert said["straight leg raise"] == "present" and "straight leg raise, positive" in page
    assert said["reflex change"] == "present" and "reflex change, positive" not in page
    assert re.search(r'<span class="extra k-finding s-quoted"[^>]*>red flags', page)
    assert "utilization review: denied;" in page
    for row in read_rows("layouts/marks.csv"):
        if row["group"] == "status" and row["kind"] != "present":
            assert f".s-{row['kind']}" in page, row


def test_a_mark_names_side_and_part_and_tells_a_complaint() -> None:
    told = "She complains of weakness. Examination of the left knee was done. There is swelling."
    letter = parse_letter(TEXT.replace("She denies numbness.", told), source="letter.txt")
    labels = {mark.label for mark in letter_marks(letter)}
    assert {"weakness, complained of", "swelling, left, knee"} <= labels


@pytest.mark.parametrize(
    ("asked", "label"),
    [
        ("MRI of the lumbar spine", "Diagnostic Testing: Imaging/Radiology; low back/lumbar"),
        (
            "Physical therapy for the cervical spine 2 times a week for 3 weeks",
            "Rehabilitation: PT/OT; 6 sessions; 21 days; neck/cervical",
        ),
        ("EMG/NCV of the lower extremities", "Diagnostic Testing: EMG/NCV/NCS; lower extremity"),
        # Nothing is read that the request does not say.
        ("Rehabilitation: acupuncture", None),
    ],
)
def test_what_a_request_is_read_as_stands_beside_it_where_a_part_of_it_says_more(asked, label) -> None:
    letter = parse_letter(TEXT.replace("MRI of the left knee", asked), source="letter.txt")
    page = render_html(letter, marks=letter_marks(letter))
    shown = re.findall(r'<small class="tag extra k-read">(.*?)</small>', page)
    assert shown[1:] == ([label] if label else [])


def test_an_amount_has_one_decimal_on_the_page() -> None:
    told = "She was injured on 1/1/16 and seen on 3/27/16. Norco lowered pain from 8/10 to 5/10."
    letter = parse_letter(TEXT.replace("She denies numbness.", told), source="letter.txt")
    labels = {mark.label for mark in letter_marks(letter)}
    assert {"months of symptoms, 2.8", "pain drop, 38%"} <= labels


def test_a_kind_of_fact_has_one_colour_whatever_else_a_letter_holds() -> None:
    kinds = {row["kind"] for row in read_rows("layouts/marks.csv") if row["group"] == "mark"}
    only = parse_letter(
        TEXT.replace("with low back pain. She denies numbness", "who takes Norco"), source="a"
    )
    both = parse_letter(TEXT.replace("She denies", "MRI was done. Norco was taken. She denies"), source="b")
    for letter in (only, both):
        page = render_html(letter, marks=letter_marks(letter))
        assert '<span class="extra k-drug s-present">Norco</span>' in page or re.search(
            r'<span class="extra k-drug s-present"[^>]*>Norco', page
        )
        for kind in kinds:
            assert len(re.findall(rf"^(?:\.extra)?\.k-{kind} {{", page, re.MULTILINE)) == 1, kind


def _luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_marked_words_are_legible(letter: Letter) -> None:
    """Text on each colour of a mark has the contrast that WCAG 2 asks at its highest level."""
    page = render_html(letter, marks=letter_marks(letter))
    backgrounds = re.findall(r"^(?:\.extra)?\.k-(\w+) {.*?background: (#\w{6})", page, re.MULTILINE)
    assert len(backgrounds) >= 9
    for kind, colour in backgrounds:
        ink = "#4a4a4a" if kind == "judged" else "#1c2024"
        assert (_luminance(colour) + 0.05) / (_luminance(ink) + 0.05) >= 7, kind


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
    assert "<b>at night" not in page and "the record is silent on" in page
    told = " ".join(render_text(letter, grounds=grounds, contradictions=both).split())
    assert "function improved with the drug (MTUS" in told and '"Norco lets her cook."' in told
    assert (
        "both stated and denied: numbness stated: Numbness <b>at night</b>. denied: She denies numbness."
        in told
    )


def test_what_the_same_sentence_answers_stands_in_one_row() -> None:
    letter = parse_letter(
        TEXT.replace("She denies numbness.", "She takes Norco for two years."), source="a.txt"
    )
    grounds = letter_answers(letter)
    page = render_html(letter, grounds=grounds)
    first = page.split('<div class="item')[1]
    assert "not met (3)" in first and first.count("for two years") == 1
    assert (
        "<b>first trial for a stated indication; long use with a gain; new or short opioid use</b>" in first
    )
    told = " ".join(render_text(letter, grounds=grounds).split())
    assert (
        "not met: first trial for a stated indication; long use with a gain; new or short opioid use (MTUS"
        in told
    )


REVIEWED = TEXT.replace(
    "She denies numbness.",
    "Utilization review denied the MRI due to no <b>red flags</b>; no gain in function to support the use "
    "of Norco.",
)


def test_the_reasons_of_utilization_review_stand_beside_the_item_that_they_are_about() -> None:
    letter = parse_letter(REVIEWED, source="letter.txt")
    reviews = letter_reviews(letter)
    norco, mri = ([letter.text[place.start : place.end] for place in one.reasons] for one in reviews)
    assert norco == ["no gain in function to support the use of Norco."]
    assert mri == ["Utilization review denied the MRI due to no <b>red flags</b>"]
    page = render_html(letter, marks=letter_marks(letter), grounds=letter_answers(letter), reviews=reviews)
    first, second = page.split('<div class="item')[1:]
    for item, place in ((first, reviews[0].reasons[0]), (second, reviews[1].reasons[0])):
        assert "Utilization review&#39;s reasons" in item
        assert f'href="#at{place.start}"' in item and f'id="at{place.start}"' in page
    assert "<b>red" not in page
    told = " ".join(render_text(letter, reviews=reviews).split())
    assert 'utilization review\'s reasons: "no gain in function to support the use of Norco."' in told


# Colours as the eye without its red, green or blue cones sees them, in linear light (Machado et al. 2009,
# IEEE Transactions on Visualization and Computer Graphics 15, 1291-1298).
_SEEN = {
    "all": np.eye(3),
    "no red": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "no green": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.01182, 0.04294, 0.968881],
    ],
    "no blue": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.3039],
    ],
}
_JUST_SEEN = 2.3


def _lab(light: np.ndarray) -> np.ndarray:
    to_xyz = [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    parts = np.array(to_xyz) @ np.clip(light, 0, 1) / [0.9505, 1, 1.089]
    x, y, z = np.where(parts > 0.008856, np.cbrt(parts), 7.787 * parts + 16 / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


@pytest.mark.parametrize("seen", _SEEN.values(), ids=_SEEN)
def test_no_two_kinds_look_alike_to_the_colour_blind(letter: Letter, seen) -> None:
    page = render_html(letter, marks=letter_marks(letter))
    lines = re.findall(r"^\.k-(\w+) {.*?border-color: (#\w{6})", page, re.MULTILINE)
    assert len(lines) >= 7
    labs = {
        kind: _lab(np.array(seen) @ [_luminance(f"#{colour[at : at + 2] * 3}") for at in (1, 3, 5)])
        for kind, colour in lines
    }
    for one, other in combinations(labs, 2):
        assert np.linalg.norm(labs[one] - labs[other]) > 5 * _JUST_SEEN, (one, other)


def test_silent_criteria_stand_in_one_line(letter: Letter) -> None:
    page = render_html(letter, grounds=letter_answers(letter))
    first = page.split('<div class="item')[1]
    silent = re.findall(r"the record is silent on \((\d+)\)</h3>\n<p>(.*?)</p>", first)
    ((n_silent, told),) = silent
    assert int(n_silent) == len(told.split("; ")) > 5 and "opioid agreement" in told
    assert first.count("opioid agreement") == 1
    # What joins two of them is not named beside them.
    assert "function improved with the drug" in told and "pain and function both better" not in first


def test_what_the_rules_leave_open_is_not_among_what_the_record_is_silent_on() -> None:
    told = "She had 4 visits of chiropractic care for the low back."
    asked = "Chiropractic care, 8 visits, low back"
    changed = TEXT.replace("She denies numbness.", told).replace("MRI of the left knee", asked)
    letter = parse_letter(changed, source="letter.txt")
    page = render_html(letter, grounds=letter_answers(letter))
    second = page.split('<div class="item')[2]
    left_open, silent = second.split("<h3>What guidelines ask: ")[-2:]
    assert left_open.startswith("stated, but left open by the rules (2)")
    assert "<b>visits of one course</b> <span>visits asked for: 8<small>" in left_open
    assert f"<b>first course</b> <span><q>{told}</q>" in left_open
    assert silent.startswith("the record is silent on") and "course" not in silent.split("</p>")[0]
    text = " ".join(render_text(letter, grounds=letter_answers(letter)).split())
    assert "left open: visits of one course (MTUS" in text and "visits asked for: 8 " in text


LETTERS = sorted((Path(__file__).parents[1] / "letters").glob("a*.txt"))


@pytest.mark.parametrize("path", LETTERS[:12], ids=lambda path: path.stem)
def test_marks_stay_inside_the_letter(path: Path) -> None:
    letter = parse_letter(path.read_text(encoding="utf-8"), source=path.name)
    for span, kind, label, _ in letter_marks(letter):
        assert 0 <= span.start < span.end <= len(letter.text)
        assert kind in FACT_KINDS.values()
        assert label


def test_each_item_tells_how_it_was_read_and_what_bears_on_it() -> None:
    summary = "Six sessions of physical therapy of the right shoulder helped."
    letter = parse_letter(TEXT, source="letter.txt")
    item = replace(
        letter.items[0], request="ESI L4-L5 under fluoroscopy with sedation", original_request=None
    )
    other = replace(item, request="Physical therapy 2x6 for the left shoulder")
    letter = replace(letter, case_summary=summary, items=(item, other))
    (injection, therapy) = map(dict, letter_readings(letter))
    assert injection["request read as"].endswith("low back/lumbar; L4-L5; by fluoroscopy; with anesthesia")
    assert "guideline read as" in injection and "other items of the letter: 1" in injection["bears on it"]
    assert "not so: it was had for the part and side" in therapy["bears on it"]
    assert "an opioid" not in therapy["bears on it"]
    told = " ".join(render_text(letter, readings=letter_readings(letter)).split())
    assert "request read as: Rehabilitation: PT/OT; 12 sessions; shoulder; left" in told
    assert "by fluoroscopy; with anesthesia" in render_html(letter, readings=letter_readings(letter))
