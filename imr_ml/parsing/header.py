"""Facts of the header: case number, dates, priority."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any, NamedTuple

from imr_ml.letter import Span
from imr_ml.parsing.dates import find_dates
from imr_ml.parsing.landmarks import Squeezed, landmarks

DATES = ("injury_date", "ur_decision_date", "received_date", "assigned_date", "decided_date")


@dataclass(slots=True)
class Facts:
    """Values and their places, by the field names of `Letter`; and what was contradictory."""

    values: dict[str, Any] = field(default_factory=dict)
    spans: dict[str, Span] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)

    def add(self, name: str, value: Any, start: int, end: int) -> None:
        """Keep a value unless there is one already."""
        if name not in self.values:
            self.values[name] = value
            self.spans[name] = Span(start, end)


class _Token(NamedTuple):
    start: int
    end: int
    label: str | None
    date: dt.date | None


def read_header(page: Squeezed, layout: str, end: int) -> Facts:
    """Read the facts that stand before a place.

    Parameters
    ----------
    page : Squeezed
    layout : str
    end : int
        Offset in the text where the header ends at the latest.

    Returns
    -------
    Facts
    """
    facts = Facts()
    stop = page.place(end)
    _read_case_number(page, facts, end)
    _read_priority(page, layout, facts, stop)
    tokens = [
        *(
            _Token(start, after, name, None)
            for name in DATES
            for start, after in _labels(page, layout, name, stop)
        ),
        *(_Token(start, after, None, date) for date, start, after in find_dates(page.text, 0, end)),
    ]
    if 2 * sum(token.label is not None for token in tokens) != len(tokens):
        holes = _HOLE.finditer(page.text, 0, end)
        tokens.extend(_Token(hole.start(), hole.end(), None, None) for hole in holes)
    tokens.sort(key=lambda token: token.start)
    _pair(tokens, facts)
    return facts


# What a redacted or absent value looks like.
_HOLE = re.compile(
    r"(?<=[:\s])(?:N/A|not (?:provided|stated|available|applicable)|unknown|\[[^\]\n]{0,30}\]|"
    r"X{3,}|_{3,}|\*{3,}|█+|-{2,})(?!\S)",
    re.IGNORECASE,
)


def _labels(page: Squeezed, layout: str, name: str, stop: int) -> list[tuple[int, int]]:
    """Find a fact's labels, which end in a colon or begin a line, and phrases that lead to it in prose."""
    places = []
    for kind in ("phrase", "label"):
        for begin, end in page.find_all(landmarks(name, layout, kind), 0, stop):
            place = page.start(begin), page.end(end)
            if kind == "label" and not (_COLON.match(page.text, place[1]) or page.stands_free(begin)):
                continue
            if page.begins_word(begin):
                places.append(place)
    places.sort(key=lambda place: (place[0], -place[1]))
    ends = [0, *accumulate((end for _, end in places), max)]
    return [place for place, before in zip(places, ends, strict=False) if place[0] >= before]


_COLON = re.compile(r"\s?\S{0,3}\s?:")


def _pair(tokens: list[_Token], facts: Facts) -> None:
    """Give each label the date that follows it, or that of its rank where a block of dates follows."""
    at = 0
    while at < len(tokens):
        labels = []
        while at < len(tokens) and tokens[at].label:
            labels.append(tokens[at])
            at += 1
        values = []
        while at < len(tokens) and not tokens[at].label:
            values.append(tokens[at])
            at += 1
        if not labels or not values:
            continue
        if len(labels) > len(values) > 1:
            names = ", ".join(str(label.label) for label in labels)
            facts.warnings.append(f"{len(values)} dates follow {len(labels)} labels; left out: {names}")
            continue
        paired = (
            zip(labels, values, strict=False) if len(values) >= len(labels) else [(labels[-1], values[0])]
        )
        for label, value in paired:
            if value.date and label.label:
                facts.add(label.label, value.date, value.start, value.end)


# CM14-0012345; SYN14-0012345 of a letter that imr-ml made up; the first are quoted as "IMR 13-000004".
_CASE_NUMBER = re.compile(
    r"\b(?:(C\s?M|SYN)\s?(\d\d)\s?-\s?(\d{7})|IMR\s?[-#]?\s?(1\d)\s?-\s?(\d{6,7}))(?!\d)", re.IGNORECASE
)


def _read_case_number(page: Squeezed, facts: Facts, end: int) -> None:
    match = _CASE_NUMBER.search(page.text, 0, end) or _CASE_NUMBER.search(page.text)
    if match:
        kind = "SYN" if (match[1] or "").upper() == "SYN" else "CM"
        number = f"{kind}{match[2]}-{match[3]}" if match[1] else f"IMR {match[4]}-{match[5]}"
        facts.add("case_number", number, match.start(), match.end())


def _read_priority(page: Squeezed, layout: str, facts: Facts, stop: int) -> None:
    found = page.find_first(landmarks("priority", layout), 0, stop)
    if not found:
        return
    for value in ("standard", "expedited"):
        for begin, end in page.find_all(
            landmarks(f"priority_{value}", layout), found[1], found[1] + _PRIORITY_REACH
        ):
            facts.add("priority", value, page.start(begin), page.end(end))


_PRIORITY_REACH = 120
