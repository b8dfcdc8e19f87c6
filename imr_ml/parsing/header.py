"""Facts of the header: case number, dates, priority."""

from __future__ import annotations

import datetime as dt
import re
from functools import cache
from operator import itemgetter
from typing import Any

from imr_ml.letter import Span, span_of
from imr_ml.parsing.dates import find_dates, with_digits
from imr_ml.parsing.landmarks import Squeezed, landmarks
from imr_ml.resources import read_rows

DATES = ("injury_date", "ur_decision_date", "received_date", "assigned_date", "decided_date")


class Facts:
    """Values and their places, by the field names of `Letter`; and what was contradictory."""

    def __init__(self) -> None:
        self.values: dict[str, Any] = {}
        self.spans: dict[str, Span] = {}
        self.warnings: list[str] = []

    def add(self, name: str, value: Any, start: int, end: int) -> None:
        """Keep a value unless there is one already."""
        if name not in self.values:
            self.values[name] = value
            self.spans[name] = span_of((start, end))


_Token = tuple[int, int, str | None, dt.date | None]
"""Where it begins and ends; a label by the field that it announces; a date. A hole is neither."""


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
    found = (
        find_case_number(page.text, end)
        or find_case_number(page.text)
        or find_case_number(with_digits(page.text[:end]))
    )
    if found:
        facts.add("case_number", *found)
    _read_priority(page, layout, facts, stop)
    labels = _labels(page, layout, stop)
    dates = _dates(page.text, end)
    if len(labels) > len(dates):
        dates = _dates(with_digits(page.text[:end]), end)
    tokens = labels + dates
    if len(labels) != len(dates):
        holes = _HOLE.finditer(page.text, 0, end)
        tokens.extend((hole.start(), hole.end(), None, None) for hole in holes)
    tokens.sort(key=itemgetter(0))
    _pair(tokens, facts)
    if layout in ("A", "B") and "decided_date" not in facts.values:
        _read_letterhead_date(page.text, dates, facts)
    if len(dates) > len(facts.values.keys() & set(DATES)):
        _read_broken_labels(page.text, layout, dates, facts)
    return facts


def header_behind(page: Squeezed, layout: str, first: int, last: int) -> int | None:
    """Find a header that extraction put behind the letter, where none stands before its first heading.

    Parameters
    ----------
    page : Squeezed
    layout : str
    first, last : int
        Offsets in the text where the first heading begins and the last one does.
    """
    text = page.text
    if find_case_number(text, first) or find_dates(text, 0, first):
        return None
    begin = text.rfind("\n\n", last) + 2
    if begin < 2:
        return None
    if len(find_dates(text, begin)) < _FEWEST_OF_HEADER:
        return None
    labels = [label for label in _labels(page, layout, len(page.key)) if label[0] >= begin]
    return begin if len(labels) >= _FEWEST_OF_HEADER else None


_FEWEST_OF_HEADER = 3


def _dates(text: str, end: int) -> list[_Token]:
    return [(start, after, None, date) for date, start, after in find_dates(text, 0, end)]


def _read_letterhead_date(text: str, dates: list[_Token], facts: Facts) -> None:
    """Read the date of the letter, alone on its line and under no label."""
    taken = {facts.spans[name].start for name in DATES if name in facts.spans}
    alone = [
        (start, end, date)
        for start, end, _, date in dates
        if start not in taken
        and text[:start].rstrip(" ")[-1:] in ("", "\n")
        and text[end:].lstrip(" ")[:1] in ("", "\n")
    ]
    if len(alone) == 1:
        start, end, date = alone[0]
        facts.add("decided_date", date, start, end)


def _read_broken_labels(text: str, layout: str, dates: list[_Token], facts: Facts) -> None:
    """Read dates inside their labels, as a narrow column breaks them: "Application 5/2/14", "Received:"."""
    for name, words in _label_words(layout):
        if name in facts.values:
            continue
        for start, end, _, date in dates:
            before = text[max(0, start - _LONGEST_LABEL) : start].rstrip()
            line = before[before.rfind("\n") + 1 :].lower()
            after = _LABEL_END.match(text, end)
            if after and any(line.endswith(w[0]) and after[1].lower() == w[1] for w in words):
                facts.add(name, date, start, end)
                break


@cache
def _label_words(layout: str) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """Give, by field, the first words of its labels and the last one."""
    rows = [
        row
        for row in read_rows("layouts/landmarks.csv")
        if row["part"] in DATES and row["layout"] in (layout, "*") and row["kind"] == "label"
    ]
    halves = [(row["part"], row["phrase"].lower().rpartition(" ")) for row in rows if " " in row["phrase"]]
    return tuple(
        (name, tuple((first, last) for part, (first, _, last) in halves if part == name)) for name in DATES
    )


_LONGEST_LABEL = 80
# The rest of a label, alone on the next line.
_LABEL_END = re.compile(r"[ ]?\n\n?([A-Za-z]{2,12}) ?:[ ]?(?=\n|\Z)")


# What a redacted or absent value looks like.
_HOLE = re.compile(
    r"(?<=[:\s])(?:N/A|not (?:provided|stated|available|applicable)|unknown|\[[^\]\n]{0,30}\]|"
    r"X{3,}|_{3,}|\*{3,}|█+|-{2,})(?!\S)",
    re.IGNORECASE,
)


@cache
def _phrases(layout: str) -> tuple[tuple[str, ...], dict[str, list[tuple[str, str]]]]:
    """Give what announces a date; and by phrase which one, and of what kind it is."""
    announced: dict[str, list[tuple[str, str]]] = {}
    for name in DATES:
        for kind in ("phrase", "label", "colon"):
            for phrase in landmarks(name, layout, kind):
                announced.setdefault(phrase, []).append((name, kind))
    return tuple(announced), announced


def _labels(page: Squeezed, layout: str, stop: int) -> list[_Token]:
    """Find labels, with a colon, at the beginning of a line or beside their date, and phrases in prose."""
    found: list[_Token] = []
    phrases, announced = _phrases(layout)
    for begin, end in page.find_all(phrases, 0, stop):
        start, after = page.start(begin), page.end(end)
        if ":" in page.text[start:after]:  # "Application Received:" is no label with the next line's "Date"
            continue
        for name, kind in announced[page.key[begin:end]]:
            stands = (
                kind == "phrase"
                or page.text.startswith(":", after)
                or _COLON.match(page.text, after)
                or (kind == "label" and (page.stands_free(begin) or _DATE.match(page.text, after)))
            )
            if stands and (end - begin >= _LONG_PHRASE or page.begins_word(begin)):
                found.append((start, after, name, None))
    # Of labels that overlap, the longer one from the left: "UR Denial Date", not "UR Denial".
    found.sort(key=lambda token: (token[0], -token[1]))
    kept: list[_Token] = []
    for token in found:
        if not kept or token[0] >= kept[-1][1]:
            kept.append(token)
    return kept


_LONG_PHRASE = 8
_COLON = re.compile(r"\s?\S{0,3}\s?:")
_DATE = re.compile(r"\s\d{1,2}[/-]\d{1,2}[/-]\d")


_MOST_EMPTY = 2


def _pair(tokens: list[_Token], facts: Facts) -> None:
    """Give each label the date that follows it, or that of its rank where a block of dates follows."""
    at = 0
    while at < len(tokens):
        labels = []
        while at < len(tokens) and tokens[at][2]:
            labels.append(tokens[at])
            at += 1
        values = []
        while at < len(tokens) and not tokens[at][2]:
            values.append(tokens[at])
            at += 1
        if not labels or not values:
            continue
        while len(values) > len(labels) and (empty := [one for one in values if one[3] is None]):
            # A name or claim number that was blacked out, of a label that announces no date.
            values.remove(empty[0])
        if len(labels) > len(values) and (len(values) > 1 or len(labels) > _MOST_EMPTY + 1):
            names = ", ".join(label[2] or "" for label in labels)
            facts.warnings.append(f"{len(values)} dates follow {len(labels)} labels; left out: {names}")
            continue
        paired = (
            zip(labels, values, strict=False) if len(values) >= len(labels) else [(labels[-1], values[0])]
        )
        for (_, _, name, _), (start, end, _, date) in paired:
            if date and name:
                facts.add(name, date, start, end)


# CM14-0012345; SYN14-0012345 of a letter that imr-ml made up; the first are quoted as "IMR 13-000004".
_CASE_NUMBER = re.compile(
    r"(?<![A-Za-z])(?:(C\s?M|SYN)\s?(\d\d)\s?-\s?(\d{7})|IMR\s?[-#]?\s?(1\d)\s?-\s?(\d{6,7}))(?!\d(?![).]))",
    re.IGNORECASE,
)
# What every case number holds, and few other things; far cheaper to look for.
_LAST_PART = re.compile(r"-\s?\d{6}")
_FIRST_PART = len("IMR # 13 ")


def find_case_number(text: str, end: int | None = None) -> tuple[str, int, int] | None:
    """Find the first case number of a text, and where it stands.

    >>> find_case_number("Case Number: CM14 - 0012345")
    ('CM14-0012345', 13, 27)
    """
    end = len(text) if end is None else end
    last_part = _LAST_PART.search(text, 0, end)
    match = _CASE_NUMBER.search(text, max(0, last_part.start() - _FIRST_PART), end) if last_part else None
    if not match:
        return None
    kind = "SYN" if (match[1] or "").upper() == "SYN" else "CM"
    number = f"{kind}{match[2]}-{match[3]}" if match[1] else f"IMR {match[4]}-{match[5]}"
    return number, match.start(), match.end()


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
