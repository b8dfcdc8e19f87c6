"""The figures that the real letters must give; their text is not part of the project."""

import re
from pathlib import Path

import pypdfium2
import pytest

from imr_ml.letter import Letter
from imr_ml.parsing import parse_letter

DATES = ("injury_date", "ur_decision_date", "received_date", "assigned_date", "decided_date")


@pytest.fixture(scope="module")
def early(real_data: Path) -> list[Letter]:
    files = sorted((real_data / "letters" / "2013-2015").glob("*.txt"))
    return [parse_letter(file.read_bytes().decode("utf-8"), source=file.name) for file in files]


@pytest.fixture(scope="module")
def late(real_data: Path) -> list[Letter]:
    letters = []
    for file in sorted((real_data / "letters" / "2016-2017").glob("*.pdf")):
        with pypdfium2.PdfDocument(file) as pdf:
            pages = [page.get_textpage().get_text_bounded() for page in pdf]
        letters.append(parse_letter("\f".join(pages), source=file.name))
    return letters


def test_the_five_letters_without_header(early: list[Letter]) -> None:
    assert [(item.request, item.outcome) for letter in early for item in letter.items] == [
        ("IT pump trial with dilaudid, anesthesia with x-ray, under fluoroscopic guidance x2", "upheld"),
        ("Implantation of tunneled intrathecal or epidural catheter", "upheld"),
        ("Oxycodone 30mg #180", "upheld"),
        ("prescription of Baclofen", "overturned"),
        ("prescription of Fentanyl", "overturned"),
        ("Pain pump for the lumbar spine", "upheld"),
        ("Prialt pump trial with fluoroscopy", "upheld"),
    ]
    assert [letter.layout for letter in early] == ["A2", "A1", "A1", "A1", "A2"]
    assert [(letter.age_years, letter.sex) for letter in early] == [
        (50, "female"),
        (60, "male"),
        (None, None),
        (None, None),
        (60, "female"),
    ]
    assert [str(letter.injury_date) for letter in early] == [
        "1998-02-22",
        "2002-10-07",
        "1990-01-19",
        "2013-09-06",
        "1999-10-26",
    ]
    assert [letter.reviewer_specialties for letter in early] == [
        ("Surgery",),
        ("Internal Medicine",),
        ("Emergency Medicine",),
        ("Occupational Medicine",),
        ("Anesthesiology", "Pain Management"),
    ]
    assert [letter.reviewer_states for letter in early] == [
        ("Arizona",),
        ("District of Columbia", "Virginia"),
        ("California",),
        ("California",),
        ("Georgia",),
    ]
    assert [letter.represented for letter in early] == [None, None, None, True, None]


def test_the_letters_with_header(late: list[Letter]) -> None:
    items = [item for letter in late for item in letter.items]
    assert (len(late), len(items), sum(item.outcome == "overturned" for item in items)) == (96, 256, 33)
    assert sum(item.outcome == "upheld" for item in items) == 223
    for letter in late:
        assert letter.case_number == letter.source.removesuffix(".pdf")
        assert all(getattr(letter, name) for name in DATES), letter.source
        assert letter.injury_date <= letter.ur_decision_date <= letter.decided_date  # type: ignore[operator]
        assert letter.reviewer_specialties and letter.reviewer_states, letter.source
        assert letter.priority == "standard"
        assert letter.sex, letter.source
        assert letter.warnings == (), letter.source


def test_no_part_of_an_item_holds_a_neighbour(early: list[Letter], late: list[Letter]) -> None:
    heading = re.compile(r"(?i):\s*(?:upheld|overturned)|guideline:|decision rationale")
    for letter in (*early, *late):
        for item in letter.items:
            parts = (item.claims_administrator_guideline, item.reviewer_guideline, item.rationale)
            assert all(parts), letter.source
            for part in (item.request, *parts):
                assert part and not heading.search(part), (letter.source, part)
            assert "medically necessary" not in item.request, letter.source
            assert not re.match(r"[a-z]+[.;]", item.request), letter.source
            assert len(item.request) < 250


def test_every_span_gives_its_value(early: list[Letter], late: list[Letter]) -> None:
    for letter in (*early, *late):
        for owner in (letter, *letter.items):
            for name, span in owner.spans.items():
                assert 0 <= span.start < span.end <= len(letter.text)
                value = getattr(owner, name)
                if isinstance(value, str) and name not in ("outcome", "sex", "priority"):
                    assert " ".join(letter.text[span.start : span.end].split()) == value


def test_modified_requests(late: list[Letter]) -> None:
    modified = [item for letter in late for item in letter.items if item.original_request]
    assert len(modified) == 23
    assert all(item.authorized_request for item in modified)
