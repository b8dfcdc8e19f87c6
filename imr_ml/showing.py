"""One letter as it was understood, for a person to check: as text, or as a page with its parts marked."""

from __future__ import annotations

import datetime as dt
import re
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from imr_ml.letter import DisputedItem, Letter, Span
from imr_ml.resources import read_rows, template

if TYPE_CHECKING:
    from imr_ml.extracting.items.answers import Answer
    from imr_ml.extracting.items.review import ReviewSaid

Readings = Sequence[Sequence[tuple[str, str]]]
Grounds = Sequence[Sequence["Answer"]]
"""By item, what guidelines ask of it, as `imr_ml.extracting.marking.letter_answers` gives it."""

Reviews = Sequence["ReviewSaid"]
"""By item, what utilization review said of it, as `imr_ml.extracting.marking.letter_reviews` gives it."""

Contradictions = Sequence[tuple[str, Sequence[Span], Sequence[Span]]]
"""What a summary states and denies, as `imr_ml.extracting.marking.letter_contradictions` gives it."""

_ROWS = read_rows("layouts/marks.csv")
FACT_KINDS = {row["field"]: row["kind"] for row in _ROWS if row["group"] == "mark"}
"""The kind of mark of each kind of fact (of `Finding.kind` and of what requests and citations hold)."""
_KIND_NAMES = {row["kind"]: row["name"] for row in _ROWS if row["group"] == "mark"}
_STATUS_NAMES = {row["kind"]: row["name"] for row in _ROWS if row["group"] == "status"}
# Said of a whole sentence, in a label before it.
_WHOLE = (FACT_KINDS["review"], FACT_KINDS["judgement"])
_USUAL = "present"

_WIDTH = 100
_FIRST_WORDS, _LAST_WORDS = 25, 15


def render_text(
    letter: Letter,
    *,
    readings: Readings = (),
    grounds: Grounds = (),
    reviews: Reviews = (),
    contradictions: Contradictions = (),
) -> str:
    """Write a letter's facts, items and warnings as plain text; long parts by their first and last words.

    Parameters
    ----------
    letter : Letter
    readings : sequence, optional
        How the request of each item was read, and what bears on it: names, and what stands under them.
    grounds : sequence, optional
        What guidelines ask of each item.
    reviews : sequence, optional
        What utilization review said of each item.
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
        told_of = [*_details(item), *(readings[number - 1] if readings else ())]
        lines += [line for name, value in told_of for line in _paragraph(f"   {name}", value)]
        for name, told in _told(letter, grounds[number - 1] if grounds else ()):
            lines += _paragraph(f"   {name}", told)
        if reviews:
            name, told = _review_told(letter, reviews[number - 1])
            lines += _paragraph(f"   {name}", told)
    for fact, stated, denied in contradictions:
        lines += ["", *_paragraph("both stated and denied", fact)]
        for name, places in (("stated", stated), ("denied", denied)):
            lines += [
                line
                for place in places
                for line in _paragraph(f"   {name}", _quoted(letter, place, _LONGEST_QUOTE))
            ]
    if letter.warnings:
        lines += ["", *(line for warning in letter.warnings for line in _paragraph("warning", warning))]
    return "\n".join(lines) + "\n"


def _told(letter: Letter, answers: Sequence[Answer]) -> list[tuple[str, str]]:
    told = []
    for standing in _STANDINGS:
        for one in _together(_of_standing(answers, standing)):
            quotes = [f'"{_quoted(letter, place, _LONGEST_QUOTE)}"' for place in one.places[:_MOST_QUOTED]]
            said = "; ".join(filter(None, (f"{one.criterion} ({one.source})", *quotes, one.because)))
            told.append((standing, said))
    if silent := _silent(answers):
        told.append(("not stated", "; ".join(silent)))
    return told


_STANDINGS = {"met": "met", "not met": "not met", "left open": "stated, but left open by the rules"}
"""How a criterion stands of which something is stated, and the words for it on the page."""


def _of_standing(answers: Sequence[Answer], standing: str) -> list[Answer]:
    """Give the answers of one standing; what joins others is not left open beside them."""
    if standing == "left open":
        return [one for one in answers if one.is_open and not one.joins]
    return [one for one in answers if one.is_met is (standing == "met")]


def _together(answers: Sequence[Answer]) -> list[Answer]:
    """Make one of the answers that are told from the same: their names and sources stand in a row."""
    found: dict[Any, list[Answer]] = {}
    for number, one in enumerate(answers):
        told = (one.is_met, one.places, one.because)
        found.setdefault(told if one.is_met is not None and one.places else number, []).append(one)
    return [
        own[0]._replace(
            criterion="; ".join(dict.fromkeys(one.criterion for one in own)),
            source="; ".join(dict.fromkeys(one.source for one in own)),
        )
        for own in found.values()
    ]


def _silent(answers: Sequence[Answer]) -> list[str]:
    """Name what the record is silent on, once: not again where it is joined with something else."""
    return [one.criterion for one in answers if one.is_met is None and not one.is_open and not one.joins]


def _review_told(letter: Letter, review: ReviewSaid) -> tuple[str, str]:
    quotes = [f'"{_quoted(letter, place, _LONGEST_REASON)}"' for place in review.told]
    return review_name(review), "; ".join(quotes) if quotes else "not told in the summary"


def review_name(review: ReviewSaid) -> str:
    """Name what is told of utilization review: its reasons, or its decision where no reason is told."""
    return "utilization review" if review.acts and not review.reasons else "utilization review's reasons"


_MOST_QUOTED = 2


def _quoted(letter: Letter, place: Span, longest: int) -> str:
    return textwrap.shorten(letter.text[place.start : place.end], longest, placeholder=" ...")


_LONGEST_QUOTE = 160
_LONGEST_REASON = 320


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


_FACT_NAMES = {row["field"]: row["name"] for row in _ROWS if row["group"] == "fact"}


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


class Mark(NamedTuple):
    """A place in ``Letter.text`` to mark.

    Parameters
    ----------
    span : Span
    kind : str
        What kind of thing stands there: those of ``layouts/marks.csv`` have a colour each, others share one.
    label : str
        What was read there.
    status : str
        How it is said, as `imr_ml.extracting.summaries.summary.Finding` tells it; empty where that does not
        matter.
    """

    span: Span
    kind: str
    label: str
    status: str = ""


@dataclass(frozen=True, slots=True)
class _Mark:
    """A place in the text, its classes in the page, its title, and what to write beside it, if anything."""

    start: int
    end: int
    classes: str
    title: str
    tag: str | None
    is_before: bool = False
    word: str = ""


@dataclass(slots=True)
class _Piece:
    """A run of text under the same marks, the widest first; labels of those that begin or end with it."""

    text: str
    classes: list[str]
    title: str
    anchor: int | None = None
    before: list[_Mark] = field(default_factory=list)
    after: list[_Mark] = field(default_factory=list)


def render_html(
    letter: Letter,
    *,
    marks: Sequence[Mark | tuple[Span, str, str]] = (),
    readings: Readings = (),
    grounds: Grounds = (),
    reviews: Reviews = (),
    contradictions: Contradictions = (),
) -> str:
    """Make a page that shows the letter's text with its parts marked.

    Parameters
    ----------
    letter : Letter
    marks : sequence of Mark, optional
        More places in ``letter.text`` to mark; they may overlap each other and the letter's own parts. For
        places in the case summary, see `place_in_summary`.
    readings : sequence, optional
        How the request of each item was read, and what bears on it: names, and what stands under them.
    grounds : sequence, optional
        What guidelines ask of each item, with links to the sentences that say so.
    reviews : sequence, optional
        What utilization review said of each item, with links.
    contradictions : sequence, optional
        What the summary both states and denies, with links.

    Returns
    -------
    str
        One self-contained HTML page: no scripts, no network, every word of the letter escaped.
    """
    further = [Mark(*mark) for mark in marks]
    own = _own_marks(letter)
    used = {mark.classes for mark in own}
    legend = [(row["kind"], row["name"]) for row in _ROWS if row["group"] == "legend" and row["kind"] in used]
    statuses = {mark.status for mark in further}
    return template("letter.html.jinja").render(
        letter=letter,
        facts=_facts(letter),
        items=[
            _ItemShown(
                item,
                [*_details(item), *(readings[number] if readings else ())],
                grounds[number] if grounds else (),
                reviews[number] if reviews else None,
            )
            for number, item in enumerate(letter.items)
        ],
        contradictions=contradictions,
        pieces=_pieces(
            letter.text,
            [*own, *_further_marks(letter.text, further)],
            _linked(grounds, reviews, contradictions),
        ),
        legend=legend,
        kinds=_kinds_of(further),
        statuses=[(status, name) for status, name in _STATUS_NAMES.items() if status in statuses],
        quoted=lambda place: _quoted(letter, place, _LONGEST_REASON),
        review_name=review_name,
        standings=_STANDINGS,
        of_standing=_of_standing,
        silent=_silent,
        together=_together,
    )


class _ItemShown(NamedTuple):
    """An item with all that the page tells of it."""

    item: DisputedItem
    details: list[tuple[str, str]]
    grounds: Sequence[Answer]
    review: ReviewSaid | None


_BEFORE = ("summary", "rationale", "ur", "reviewer", "request", "asked", "authorized")
"""Kinds of the letter's own parts whose label stands before them."""


def _own_marks(letter: Letter) -> list[_Mark]:
    rows = {row["field"]: row for row in _ROWS if row["group"] in ("fact", "part")}
    named: dict[tuple[int, int, str], list[tuple[str, str]]] = {}
    for name, span in letter.spans.items():
        row = rows[name]
        title = row["name"] if row["group"] == "part" else f"{row['name']}: {_said(getattr(letter, name))}"
        named.setdefault((span.start, span.end, row["kind"]), []).append((row["name"], title))
    for number, item in enumerate(letter.items, start=1):
        for name, span in item.spans.items():
            kind = f"{rows[name]['kind']}-{item.outcome}" if name == "outcome" else rows[name]["kind"]
            label = f"{rows[name]['name']} {number}"
            named.setdefault((span.start, span.end, kind), []).append((label, label))
    return [
        _Mark(
            start,
            end,
            kind,
            ", ".join(title for _, title in names),
            ", ".join(label for label, _ in names),
            kind in _BEFORE,
        )
        for (start, end, kind), names in named.items()
    ]


def _further_marks(text: str, marks: Sequence[Mark]) -> list[_Mark]:
    read = [mark.span for mark in marks if mark.kind == FACT_KINDS["requested"]]
    found = []
    for span, kind, label, status in marks:
        # What a request holds is told in the one label of the request.
        is_told = any(one != span and one.start <= span.start and span.end <= one.end for one in read)
        says_more = not is_told and _says_more(label, text[span.start : span.end])
        word = "" if status in ("", _USUAL, _QUOTED) else _STATUS_NAMES.get(status, status)
        found.append(
            _Mark(
                span.start,
                span.end,
                f"extra {_class_of(kind)}{f' s-{status}' if status in _STATUS_NAMES else ''}",
                label if status in ("", _USUAL) else f"{_STATUS_NAMES.get(status, status)}: {label}",
                label if says_more else "" if word else None,
                kind in _WHOLE,
                word,
            )
        )
    return found


# Its sentence says so before it, and marks of quotation around it.
_QUOTED = "quoted"


def _says_more(label: str, words: str) -> bool:
    """Tell whether a part of a label says more than the words that it stands beside.

    Of two names of a part ("neck/cervical"), either may be among the words.

    >>> _says_more("low back/lumbar", "lumbar spine"), _says_more("radiating pain", "radiating")
    (False, True)
    >>> _says_more("Rehabilitation: PT/OT; 6 sessions; low back/lumbar", "PT, lumbar spine, #6")
    True
    >>> _says_more("acoem elbow 2007; Nerve studies (EMG/NCS)", "Elbow Complaints, Nerve studies (EMG/NCS)")
    True
    """
    there = _stems(words)
    return not all(
        any(_stems(name) <= there for name in part.split("/")) for part in _PARTS_OF_LABEL.split(label)
    )


_PARTS_OF_LABEL = re.compile(r"[;:,] ")


def _stems(words: str) -> set[str]:
    return {word.rstrip("s") for word in re.findall(r"\w+", words.lower())}


def _class_of(kind: str) -> str:
    return f"k-{kind}" if kind in _KIND_NAMES else "k-other"


def _kinds_of(marks: Sequence[Mark]) -> list[tuple[str, str]]:
    """Give class and name of the kinds that occur, those of the table first and in its order."""
    kinds = dict.fromkeys(mark.kind for mark in marks)
    ordered = [*(kind for kind in _KIND_NAMES if kind in kinds), *(k for k in kinds if k not in _KIND_NAMES)]
    return [(_class_of(kind), _KIND_NAMES.get(kind, kind)) for kind in ordered]


def _linked(grounds: Grounds, reviews: Reviews, contradictions: Contradictions) -> set[int]:
    """Give where the sentences begin to which the page links."""
    places = [place for answers in grounds for one in answers for place in one.places]
    places += [place for said in reviews for place in said.told]
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
        title = "; ".join(mark.title for mark in active)
        ending = [mark for mark in reversed(active) if mark.end == end]
        anchor = start if start in anchors else None
        pieces.append(_Piece(text[start:end], [mark.classes for mark in active], title, anchor, new, ending))
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
