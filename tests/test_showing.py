import datetime as dt
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from imr_ml.letter import DisputedItem, Letter, Span
from imr_ml.parsing import parse_letter
from imr_ml.showing import place_in_summary, render_html, render_text

LETTERS = Path(__file__).parent / "letters"
TRUTH = json.loads((LETTERS / "truth.json").read_text(encoding="utf-8"))
TEXT = "The worker, 50 years old, has <b>pain</b>.\nNorco 10/325mg #60: Upheld\nNo."


def made_letter(**changes: object) -> Letter:
    item = DisputedItem(
        "Norco 10/325mg #60",
        "upheld",
        rationale="No.",
        original_request="Norco #90",
        prefixes=("retrospective",),
        service_dates=(dt.date(2014, 1, 2),),
        spans={"request": Span(43, 61), "outcome": Span(63, 69), "rationale": Span(70, 73)},
    )
    values: dict[str, object] = {
        "source": "a<b>.txt",
        "layout": "A2",
        "text": TEXT,
        "items": (item,),
        "case_summary": TEXT[:42],
        "age_years": 50,
        "represented": False,
        "spans": {"case_summary": Span(0, 42), "age_years": Span(12, 24)},
    }
    return Letter(**{**values, **changes})  # type: ignore[arg-type]


class Words(HTMLParser):
    """Collects the words of the page's letter, without the labels beside them."""

    def __init__(self) -> None:
        super().__init__()
        self.depth, self.tags, self.text, self.open = 0, 0, "", []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("meta", "br"):
            return
        self.open.append((tag, dict(attrs).get("class") or ""))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        if ("div", "text") in self.open and not any(tag == "small" for tag, _ in self.open):
            self.text += data


def words_of(page: str) -> str:
    words = Words()
    words.feed(page)
    assert words.open == []
    return words.text


def test_the_page_shows_the_whole_text_once_and_escaped() -> None:
    page = render_html(made_letter())
    assert words_of(page) == TEXT
    assert "<b>pain" not in page and "a<b>" not in page
    assert "&lt;b&gt;pain" in page


def test_the_page_needs_nothing_from_elsewhere() -> None:
    page = render_html(made_letter())
    assert not re.search(r"<script|<link|<img|https?://|@import|url\(", page)


def test_parts_are_marked_where_they_stand() -> None:
    page = render_html(made_letter())
    assert '<span class="request" title="request 1">Norco 10/325mg #60</span>' in page
    assert '<span class="outcome-upheld" title="outcome 1">Upheld</span>' in page
    # The age lies inside the summary: one mark in the other.
    assert (
        '<span class="summary" title="case summary; age: 50"><span class="fact">50 years old</span></span>'
        in page
    )


@pytest.mark.parametrize(
    "marks",
    [
        [(Span(4, 20), "person", "worker"), (Span(12, 30), "age", "50")],  # overlapping
        [
            (Span(0, 42), "whole", "w"),
            (Span(12, 14), "part", "p"),
            (Span(12, 14), "other", "o"),
        ],  # nested, equal
        [
            (Span(5, 5), "empty", "e"),
            (Span(-3, 4), "before", "b"),
            (Span(70, 999), "after", "a"),
        ],  # no places
        [(Span(0, 3), 'a" onclick="x', "<i>")],  # a kind from a stranger
    ],
)
def test_further_marks_may_overlap(marks: list[tuple[Span, str, str]]) -> None:
    page = render_html(made_letter(), marks=marks)
    assert words_of(page) == TEXT
    assert 'onclick="x' not in page and "<i>" not in page


def test_a_synthetic_letter_says_so() -> None:
    assert "Synthetic letter" in render_html(made_letter(is_synthetic=True))
    assert "Synthetic letter" not in render_html(made_letter())
    assert "synthetic" in render_text(made_letter(is_synthetic=True)).splitlines()[0]


def test_text_says_what_was_read() -> None:
    shown = render_text(made_letter(warnings=("item 1: no rationale",)))
    for line in (
        "a<b> (a<b>.txt), layout A2",
        "age: 50",
        "represented: no",
        "case number: not stated",
        "1. upheld: Norco 10/325mg #60",
        "   asked for: Norco #90",
        "   prefixes: retrospective",
        "   dates of service: 2014-01-02",
        "warning: item 1: no rationale",
    ):
        assert line in shown.splitlines()


def test_long_parts_are_shortened_by_their_middle() -> None:
    summary = " ".join(f"w{number}" for number in range(100))
    shown = " ".join(render_text(made_letter(case_summary=summary)).split())
    assert "w24 ... w85" in shown and "(100 words)" in shown and "w50" not in shown


@pytest.mark.parametrize(
    "name",
    sorted(path.name for path in LETTERS.glob("[abcd]*.txt") if TRUTH[path.stem]["layout"] != "unknown"),
)
def test_invented_letters_of_every_layout_are_shown_whole(name: str) -> None:
    letter = parse_letter((LETTERS / name).read_bytes().decode("utf-8", "replace"), source=name)
    assert words_of(render_html(letter)) == letter.text.replace("\r", "")
    assert render_text(letter)


def test_a_place_in_the_summary_is_found_in_the_text() -> None:
    text = "CLINICAL CASE SUMMARY\n" + "The back\nhurts much.\n\nThe knee\nalso."
    letter = made_letter(
        text=text,
        case_summary="The back hurts much.\nThe knee also.",
        spans={"case_summary": Span(22, len(text))},
    )
    for word in ("hurts", "knee", "also."):
        at = letter.case_summary.index(word)  # type: ignore[union-attr]
        span = place_in_summary(letter, at, at + len(word))
        assert text[span.start : span.end] == word
    with pytest.raises(ValueError, match="no case summary from 0 to 99"):
        place_in_summary(letter, 0, 99)
