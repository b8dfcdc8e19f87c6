"""What stands in an item's heading: the part in dispute, what was asked for and granted, prefixes, dates."""

from __future__ import annotations

import datetime as dt
import re
from functools import cache

from imr_ml.letter import Span, span_of
from imr_ml.parsing.dates import find_dates
from imr_ml.parsing.landmarks import Squeezed, landmarks, squeeze
from imr_ml.resources import read_rows


class Request:
    """An item's heading taken apart: places in the text, and what its words say."""

    def __init__(
        self,
        span: Span,
        original: Span | None,
        authorized: Span | None,
        prefixes: tuple[str, ...],
        prefixes_span: Span | None,
        service_dates: tuple[dt.date, ...],
        service_dates_span: Span | None,
    ) -> None:
        self.span = span
        self.original = original
        self.authorized = authorized
        self.prefixes = prefixes
        self.prefixes_span = prefixes_span
        self.service_dates = service_dates
        self.service_dates_span = service_dates_span


def fold(text: str) -> str:
    r"""Write cleaned text on one line.

    >>> fold("two\nlines ")
    'two lines'
    """
    if text.rfind("\n\n") >= 0:  # far quicker than `in`, and that than `replace`
        text = text.replace("\n\n", " ")
    return text.replace("\n", " ").strip()


# A blank line inside a sentence is a page's end, not a paragraph's.
_PARAGRAPH = re.compile(r"(?<=[.!?:;\"')\]])\n\n")


def fold_paragraphs(text: str) -> str:
    r"""Write cleaned text with each paragraph on a line.

    >>> fold_paragraphs("one\ntwo.\n\nThree")
    'one two.\nThree'
    """
    if text.rfind("\n\n") < 0:
        return text.replace("\n", " ").strip()
    return "\n".join(map(fold, _PARAGRAPH.split(text)))


_LEADING = re.compile(r"[\s•*:;,.–-]+")
# A verb, and the hole that a redaction left of the outcome, do not belong to the request.
_TRAILING = re.compile(
    r"(?:\s+(?:is|are|was|were)(?:\s*\[[^\]\n]{0,30}\])?)?(?:\s*(?:\[redacted\]|_{2,}|█+))?[\s:;,–-]*\Z",
    re.IGNORECASE,
)
_LONGEST_TRAIL = 60
_AFTER = " \n:;,-"
_MAY_TRAIL = (" is", "\nis", " are", "\nare", " was", "\nwas", "were", "]", "_", "█", "–")


def trimmed(text: str, start: int, end: int) -> Span:
    """Narrow a place to the words of a request: no bullet before it, no colon or "is" after it."""
    lead = _LEADING.match(text, start, end)
    start = lead.end() if lead else start
    stop = start + len(text[start:end].rstrip(_AFTER))
    if text[max(start, stop - 4) : stop].lower().endswith(_MAY_TRAIL):
        tail = _TRAILING.search(text, max(start, stop - _LONGEST_TRAIL), stop)
        stop = tail.start() if tail else stop
    return span_of((start, stop if stop > start else start + len(text[start:end].rstrip(_AFTER))))


def read_request(page: Squeezed, start: int, end: int) -> Request:
    """Take an item's heading apart.

    Parameters
    ----------
    page : Squeezed
    start, end : int
        Offsets of the heading in the text, its number and its outcome left out.

    Returns
    -------
    Request
    """
    span, original, authorized = _parts(page, start, end)
    prefixes, after = _prefixes_at(page.text, span.start, span.end)
    dates = _service_dates_in(page.text, start, end)
    return Request(
        span,
        original,
        authorized,
        prefixes,
        Span(span.start, after) if prefixes else None,
        tuple(dict.fromkeys(date for date, _, _ in dates)) if dates else (),
        Span(dates[0][1], dates[-1][2]) if dates else None,
    )


_ORIGINAL = squeeze("original")


def _parts(page: Squeezed, start: int, end: int) -> tuple[Span, Span | None, Span | None]:
    """Give the places of the part in dispute, of the original request, and of what was authorized."""
    first, last = page.place(start), page.place(end)
    if page.key.find(_ORIGINAL, first, last) < 0:
        return trimmed(page.text, start, end), None, None
    heading = start, end
    remaining = _find(page, "remaining", first, last)
    was_original = _find(page, "was_original", first, remaining[0] if remaining else last)
    original = _between(page, heading, first, was_original[0]) if was_original else None
    middle = was_original[1] if was_original else first
    if remaining:
        granted = _find(page, "was_authorized", middle, remaining[0])
        disputed = _between(page, heading, remaining[1], last)
        return disputed, original, _between(page, heading, middle, granted[0]) if granted else None
    authorized = _find(page, "administrator_authorized", middle, last)
    leaving = _find(page, "leaving", authorized[1], last) if authorized else None
    if authorized and leaving:
        again = _find(page, "the_original", leaving[1], last)
        disputed = _between(page, heading, again[1] if again else leaving[1], last)
        return disputed, original or disputed, _between(page, heading, authorized[1], leaving[0])
    return trimmed(page.text, start, end), None, None


# Not inside `_parts`: compiled, functions in a function make a cycle, which keeps the letter in memory.
def _find(page: Squeezed, part: str, after: int, before: int) -> tuple[int, int] | None:
    return page.find_first(landmarks(part, "*"), after, before)


def _between(page: Squeezed, heading: tuple[int, int], after: int, before: int) -> Span:
    """Give what of a heading stands between two places of the key, which may be its own ends."""
    start, end = heading
    return trimmed(
        page.text,
        page.end(after) if after > page.place(start) else start,
        page.start(before) if before < page.place(end) else end,
    )


def is_modified(page: Squeezed, start: int, end: int) -> bool:
    """Say whether a heading speaks of an original request without having said what it was."""
    first, last = page.place(start), page.place(end)
    if page.key.find(_ORIGINAL, first, last) < 0:
        return False
    ends = page.find_first(landmarks("remaining", "*") + landmarks("the_original", "*"), first, last)
    return ends is not None


def modified_begin(page: Squeezed, floor: int, end: int) -> int | None:
    """Find where "was the original request" or "leaving the original request" last stands in a heading."""
    first, last = page.place(floor), page.place(end)
    places = [begin for begin, _ in page.find_all(landmarks("was_original", "*"), first, last)]
    places = places or [
        begin for begin, _ in page.find_all(landmarks("administrator_authorized", "*"), first, last)
    ]
    return page.start(max(places)) if places else None


def find_prefixes(request: str) -> tuple[str, ...]:
    """Find what stands before a request and says of what kind it is, by the names of the items table.

    >>> find_prefixes("Retrospective request for continued physical therapy")
    ('retrospective', 'continued')
    """
    return _prefixes_at(request, 0, len(request))[0]


def _prefixes_at(text: str, start: int, end: int) -> tuple[tuple[str, ...], int]:
    """Give the prefixes that stand at a place, and where they end."""
    found: list[str] = []
    quantity = _QUANTITY.match(text, start, end) if text[start : start + 1].isdigit() else None
    at = after = quantity.end() if quantity else start
    pattern, firsts = _prefixes()
    while text[at : at + 1].lower() in firsts and (match := pattern.match(text, at, end)):
        name = _prefix_names()[_key(match["prefix"])]
        at = match.end()
        if name:
            after = match.end("prefix")
            found.append(name)
    last = max(start, end - _LONGEST_BEHIND)
    if not found and "retro" in text[last:end].lower() and (behind := _BEHIND.search(text, last, end)):
        return ("retrospective",), behind.end()
    return tuple(dict.fromkeys(found)), after


# "10 visits of post-operative physical therapy"; "Terocin patch #10, retrospective"
_QUANTITY = re.compile(r"\d{1,3}\s+(?:visits?|sessions?|treatments?)\s+of\s+", re.IGNORECASE)
_BEHIND = re.compile(r"[,(;]\s*retro(?:spective(?:ly)?)?\s*\)?\Z", re.IGNORECASE)
_LONGEST_BEHIND = len(", retrospectively )")


@cache
def _prefix_names() -> dict[str, str]:
    return {_key(row["written"]): row["prefix"] for row in read_rows("layouts/prefixes.csv")}


@cache
def _prefixes() -> tuple[re.Pattern[str], frozenset[str]]:
    """Give the pattern of a prefix, and with which letters one begins."""
    written = sorted({row["written"] for row in read_rows("layouts/prefixes.csv")}, key=len, reverse=True)
    words = "|".join(
        r"[\s-]*".join(re.escape(word) for word in re.split(r"[\s-]+", form)) for form in written
    )
    pattern = re.compile(rf"(?P<prefix>{words})(?![a-z])[\s:;,-]*", re.IGNORECASE)
    return pattern, frozenset(form[0].lower() for form in written)


def _key(written: str) -> str:
    return re.sub(r"[\s-]+", "", written).lower()


def find_service_dates(request: str) -> tuple[dt.date, ...]:
    """Find the dates of service that a request names.

    >>> [str(date) for date in find_service_dates("Retrospective Norco #60 (DOS 11/18/16)")]
    ['2016-11-18']
    """
    return tuple(dict.fromkeys(date for date, _, _ in _service_dates_in(request, 0, len(request))))


def _service_dates_in(text: str, start: int, end: int) -> list[tuple[dt.date, int, int]]:
    request = text[start:end]
    if not any(hint in request for hint in _SERVICE_HINTS):
        return []
    match = _SERVICE.search(text, start, end)
    return find_dates(text, match.end(), end) if match else []


_SERVICE_HINTS = ("DOS", "O.S", "ervice", "ERVICE", "dos", "dispensed", "rendered", "performed")
_SERVICE = re.compile(
    r"\b(?:DOS|D\.O\.S\.?|dates?\s+of\s+service|(?:dispensed|rendered|performed)(?:\s+on)?(?=\s+\d))\b",
    re.IGNORECASE,
)
