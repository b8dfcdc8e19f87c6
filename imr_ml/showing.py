"""One letter as it was understood, for a person to check: as text, or as a page with its parts marked."""

from __future__ import annotations

import datetime as dt
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from imr_ml.letter import DisputedItem, Letter, Span
from imr_ml.resources import read_rows, template

if TYPE_CHECKING:
    from imr_ml.extracting.answers import Answer

Grounds = Sequence[Sequence["Answer"]]
"""By item, what guidelines ask of it, as `imr_ml.extracting.marking.letter_answers` gives it."""

Contradictions = Sequence[tuple[str, Sequence[Span], Sequence[Span]]]
"""What a summary states and denies, as `imr_ml.extracting.marking.letter_contradictions` gives it."""

_WIDTH = 100
_FIRST_WORDS, _LAST_WORDS = 25, 15


def render_text(letter: Letter, *, grounds: Grounds = (), contradictions: Contradictions = ()) -> str:
    """Write a letter's facts, items and warnings as plain text; long parts by their first and last words.

    Parameters
    ----------
    letter : Letter
    grounds : sequence, optional
        What guidelines ask of each item.
    contradictions : sequence, optional
        What the summary both states and denies.

    Returns
    -------
    str
        Lines of at most 100 characters, where words allow.
    """
    synthetic = ", synthetic" if letter.is_synthetic else ""
    lines = [f"{letter.letter_id} ({letter.source}), layout {letter.layout}{synthetic}", ""]
    lines += [f"{name}: {value}" for name, value in _facts(letter)]
    lines += ["", *_paragraph("case summary", _shortened(letter.case_summary))]
    for number, item in enumerate(letter.items, start=1):
        lines += ["", *_paragraph(f"{number}. {item.outcome or 'no outcome'}", item.request)]
        lines += [line for name, value in _details(item) for line in _paragraph(f"   {name}", value)]
        for name, told in _told(letter, grounds[number - 1] if grounds else ()):
            lines += _paragraph(f"   {name}", told)
    for fact, stated, denied in contradictions:
        lines += ["", *_paragraph("both stated and denied", fact)]
        for name, places in (("stated", stated), ("denied", denied)):
            lines += [line for place in places for line in _paragraph(f"   {name}", _quoted(letter, place))]
    if letter.warnings:
        lines += ["", *(line for warning in letter.warnings for line in _paragraph("warning", warning))]
    return "\n".join(lines) + "\n"


def _told(letter: Letter, answers: Sequence[Answer]) -> list[tuple[str, str]]:
    told = []
    for is_met, name in ((True, "met"), (False, "not met")):
        for one in answers:
            if one.is_met is is_met:
                quotes = "".join(f'; "{_quoted(letter, place)}"' for place in one.places[:_MOST_QUOTED])
                told.append((name, f"{one.criterion} ({one.source}){quotes}"))
    if unstated := [one.criterion for one in answers if one.is_met is None]:
        told.append(("not stated", "; ".join(unstated)))
    return told


_MOST_QUOTED = 2


def _quoted(letter: Letter, place: Span) -> str:
    return textwrap.shorten(letter.text[place.start : place.end], _LONGEST_QUOTE, placeholder=" ...")


_LONGEST_QUOTE = 160


def _paragraph(name: str, value: str) -> list[str]:
    indent = " " * (len(name) - len(name.lstrip()) + 3)
    return textwrap.wrap(
        f"{name}: {value}", _WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )


def _shortened(text: str | None) -> str:
    if text is None:
        return "none"
    words = text.split()
    if len(words) <= _FIRST_WORDS + _LAST_WORDS:
        return " ".join(words)
    return f"{' '.join(words[:_FIRST_WORDS])} ... {' '.join(words[-_LAST_WORDS:])} ({len(words)} words)"


_FACT_NAMES = {row["field"]: row["name"] for row in read_rows("layouts/marks.csv") if row["group"] == "fact"}


def _facts(letter: Letter) -> list[tuple[str, str]]:
    return [(name, _said(getattr(letter, fact))) for fact, name in _FACT_NAMES.items()]


def _said(value: Any) -> str:
    if value is None or value == ():
        return "not stated"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    return value.isoformat() if isinstance(value, dt.date) else str(value)


def _details(item: DisputedItem) -> list[tuple[str, str]]:
    found = [
        ("asked for", item.original_request),
        ("authorized", item.authorized_request),
        ("prefixes", ", ".join(item.prefixes)),
        ("dates of service", ", ".join(date.isoformat() for date in item.service_dates)),
        ("claims administrator's guideline", item.claims_administrator_guideline),
        ("reviewer's guideline", item.reviewer_guideline),
        ("rationale", _shortened(item.rationale) if item.rationale else None),
    ]
    return [(name, value) for name, value in found if value]


@dataclass(frozen=True, slots=True)
class _Mark:
    """A place in the text, what kind of thing stands there, and what to write beside it."""

    start: int
    end: int
    kind: str
    label: str


@dataclass(slots=True)
class _Piece:
    """A run of text under the same marks, the widest first; labels of those that begin or end with it."""

    text: str
    kinds: list[str]
    title: str
    anchor: int | None = None
    before: list[_Mark] = field(default_factory=list)
    after: list[_Mark] = field(default_factory=list)


def render_html(
    letter: Letter,
    *,
    marks: Sequence[tuple[Span, str, str]] = (),
    grounds: Grounds = (),
    contradictions: Contradictions = (),
) -> str:
    """Make a page that shows the letter's text with its parts marked.

    Parameters
    ----------
    letter : Letter
    marks : sequence of (Span, str, str), optional
        More places in ``letter.text`` to mark, each with its kind (one colour and one line of the legend per
        kind) and its label; they may overlap each other and the letter's own parts. For places in the case
        summary, see `place_in_summary`.
    grounds : sequence, optional
        What guidelines ask of each item, with links to the sentences that say so.
    contradictions : sequence, optional
        What the summary both states and denies, with links.

    Returns
    -------
    str
        One self-contained HTML page: no scripts, no network, every word of the letter escaped.
    """
    own = _own_marks(letter)
    extra = [_Mark(span.start, span.end, f"extra-{kind}", label) for span, kind, label in marks]
    kinds = {row["kind"]: row["name"] for row in read_rows("layouts/marks.csv") if row["group"] == "legend"}
    used = {mark.kind for mark in (*own, *extra)}
    legend = [(kind, name) for kind, name in kinds.items() if kind in used]
    colours = {kind: number for number, kind in enumerate(dict.fromkeys(mark.kind for mark in extra))}
    return template("letter.html.jinja").render(
        letter=letter,
        facts=_facts(letter),
        items=[
            (item, _details(item), grounds[number] if grounds else ())
            for number, item in enumerate(letter.items)
        ],
        contradictions=contradictions,
        pieces=_pieces(letter.text, [*own, *extra], _linked(grounds, contradictions)),
        legend=legend,
        colours=colours,
    )


def _own_marks(letter: Letter) -> list[_Mark]:
    rows = {row["field"]: row for row in read_rows("layouts/marks.csv") if row["field"]}
    labels: dict[tuple[int, int, str], list[str]] = {}
    for name, span in letter.spans.items():
        row = rows[name]
        label = row["name"] if row["group"] == "part" else f"{row['name']}: {_said(getattr(letter, name))}"
        labels.setdefault((span.start, span.end, row["kind"]), []).append(label)
    for number, item in enumerate(letter.items, start=1):
        for name, span in item.spans.items():
            kind = f"{rows[name]['kind']}-{item.outcome}" if name == "outcome" else rows[name]["kind"]
            labels.setdefault((span.start, span.end, kind), []).append(f"{rows[name]['name']} {number}")
    return [_Mark(*place, ", ".join(names)) for place, names in labels.items()]


def _linked(grounds: Grounds, contradictions: Contradictions) -> set[int]:
    """Give where the sentences begin to which the page links."""
    places = [place for answers in grounds for one in answers for place in one.places]
    places += [place for _, *both in contradictions for some in both for place in some]
    return {place.start for place in places}


def _pieces(text: str, marks: Sequence[_Mark], anchors: set[int]) -> list[_Piece]:
    """Cut the text wherever a mark begins or ends, or a link leads."""
    marks = [
        mark
        for mark in marks
        if 0 <= mark.start < mark.end <= len(text) and text[mark.start : mark.end].strip()
    ]
    begins: dict[int, list[_Mark]] = {}
    for mark in sorted(marks, key=lambda mark: mark.start - mark.end):
        begins.setdefault(mark.start, []).append(mark)
    cuts = sorted({0, len(text), *anchors, *(mark.start for mark in marks), *(mark.end for mark in marks)})
    pieces = []
    active: list[_Mark] = []
    for start, end in pairwise(cuts):
        new = begins.get(start, [])
        active = sorted(
            [*(mark for mark in active if mark.end > start), *new], key=lambda mark: mark.start - mark.end
        )
        title = "; ".join(mark.label for mark in active)
        ending = [mark for mark in reversed(active) if mark.end == end]
        anchor = start if start in anchors else None
        pieces.append(_Piece(text[start:end], [mark.kind for mark in active], title, anchor, new, ending))
    return pieces


def place_in_summary(letter: Letter, start: int, end: int) -> Span:
    """Give the place in ``letter.text`` of ``letter.case_summary[start:end]``.

    Raises
    ------
    ValueError
        If the letter has no case summary, or the place lies outside it.
    """
    span = letter.spans.get("case_summary")
    if span is None or letter.case_summary is None or not 0 <= start <= end <= len(letter.case_summary):
        raise ValueError(f"{letter.source}: no case summary from {start} to {end}")
    # The summary writes a line end, and the two of a blank line, as one character.
    raw = letter.text[span.start : span.end].replace("\n\n", "\n\0")
    kept = [offset for offset, character in enumerate(raw) if character != "\0"]
    first = span.start + kept[start] if start < len(kept) else span.end
    return Span(first, span.start + kept[end - 1] + 1 if end > start else first)
