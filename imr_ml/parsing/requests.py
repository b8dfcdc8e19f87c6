"""What stands in an item's heading: the part in dispute, what was asked for and granted, prefixes, dates."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from functools import cache

from imr_ml.letter import Span
from imr_ml.parsing.dates import find_dates
from imr_ml.resources import read_rows


@dataclass(frozen=True, slots=True)
class Request:
    """An item's heading taken apart; spans are those of the text that it was read from."""

    request: str
    span: Span
    original: tuple[str, Span] | None = None
    authorized: tuple[str, Span] | None = None
    prefixes: tuple[str, ...] = ()
    service_dates: tuple[dt.date, ...] = ()


def fold(text: str) -> str:
    r"""Write a text on one line.

    >>> fold("two\n  lines ")
    'two lines'
    """
    return " ".join(text.split())


_TRAILING = re.compile(r"(?:\s+(?:is|are|was|were))?[\s:;,–-]*\Z", re.IGNORECASE)
_LEADING = re.compile(r"[\s•*:;,.–-]+")


def trimmed(text: str, start: int, end: int) -> Span:
    """Narrow a place to the words of a request: no bullets before it, no colon or "is" after it."""
    lead = _LEADING.match(text, start, end)
    start = lead.end() if lead else start
    tail = _TRAILING.search(text, max(start, end - 40), end)
    return Span(start, max(start, tail.start() if tail else end))


# "X was the original request. Y was authorized by the Claims Administrator. The remaining IMR eligible
# portion of the original request, Z is"
_WAS_ORIGINAL = re.compile(r"\s+(?:was|were|is)\s+the\s+original\s+requests?\s*\.?\s*", re.IGNORECASE)
_WAS_AUTHORIZED = re.compile(
    r"\s+(?:was|were|is|has\s+been|have\s+been)\s+(?:authorized|approved|certified)"
    r"(?:\s+by\s+the\s+claims?\s+administrator)?\s*\.?\s*",
    re.IGNORECASE,
)
_REMAINING = re.compile(
    r"the\s+remaining\s+(?:IMR[\s-]+eligible\s+)?portions?\s+of\s+the\s+original\s+requests?\s*[,:;]?\s*",
    re.IGNORECASE,
)
# "The Claims Administrator authorized Y, leaving the original request IMR eligible. The original request,
# X is"
_AUTHORIZED_FIRST = re.compile(
    r"the\s+claims?\s+administrator\s+(?:has\s+)?(?:authorized|approved|certified)\s+", re.IGNORECASE
)
_LEAVING = re.compile(
    r"\s*,?\s*leaving\s+the\s+original\s+request\s+(?:as\s+)?IMR\s+eligible\s*\.?\s*", re.IGNORECASE
)
_THE_ORIGINAL = re.compile(r"the\s+original\s+request\s*[,:;]?\s*", re.IGNORECASE)


def read_request(text: str, start: int, end: int) -> Request:
    """Take an item's heading apart.

    Parameters
    ----------
    text : str
        The cleaned text of the letter.
    start, end : int
        Where the heading stands, its outcome left out.

    Returns
    -------
    Request
    """
    span, original, authorized = _parts(text, start, end)
    words = fold(text[span.start : span.end])
    whole = fold(text[start:end])
    return Request(
        request=words,
        span=span,
        original=(fold(text[original.start : original.end]), original) if original else None,
        authorized=(fold(text[authorized.start : authorized.end]), authorized) if authorized else None,
        prefixes=find_prefixes(words),
        service_dates=find_service_dates(whole),
    )


def _parts(text: str, start: int, end: int) -> tuple[Span, Span | None, Span | None]:
    heading = text[start:end]
    if "riginal" not in heading and "RIGINAL" not in heading:
        return trimmed(text, start, end), None, None
    remaining = _REMAINING.search(text, start, end)
    was_original = _WAS_ORIGINAL.search(text, start, remaining.start() if remaining else end)
    if remaining:
        disputed = trimmed(text, remaining.end(), end)
        original = trimmed(text, start, was_original.start()) if was_original else None
        middle = was_original.end() if was_original else start
        granted = _WAS_AUTHORIZED.search(text, middle, remaining.start())
        authorized = trimmed(text, middle, granted.start()) if granted else None
        return disputed, original, authorized
    first = _AUTHORIZED_FIRST.search(text, start, end)
    leaving = _LEAVING.search(text, first.end(), end) if first else None
    if first and leaving:
        again = _THE_ORIGINAL.match(text, leaving.end(), end)
        disputed = trimmed(text, again.end() if again else leaving.end(), end)
        original = trimmed(text, start, was_original.start()) if was_original else disputed
        return disputed, original, trimmed(text, first.end(), leaving.start())
    return trimmed(text, start, end), None, None


def find_prefixes(request: str) -> tuple[str, ...]:
    """Find what stands before a request and says of what kind it is, by the names of the items table.

    >>> find_prefixes("Retrospective request for continued physical therapy")
    ('retrospective', 'continued')
    """
    found: list[str] = []
    at = 0
    while match := _prefixes().match(request, at):
        name = _prefix_names()[_key(match["prefix"])]
        if name and name not in found:
            found.append(name)
        at = match.end()
    return tuple(found)


@cache
def _prefix_names() -> dict[str, str]:
    return {_key(row["written"]): row["prefix"] for row in read_rows("layouts/prefixes.csv")}


@cache
def _prefixes() -> re.Pattern[str]:
    written = sorted({row["written"] for row in read_rows("layouts/prefixes.csv")}, key=len, reverse=True)
    words = "|".join(
        r"[\s-]*".join(re.escape(word) for word in re.split(r"[\s-]+", form)) for form in written
    )
    return re.compile(rf"(?P<prefix>{words})(?![a-z])[\s:;,-]*", re.IGNORECASE)


def _key(written: str) -> str:
    return re.sub(r"[\s-]+", "", written).lower()


def find_service_dates(request: str) -> tuple[dt.date, ...]:
    """Find the dates of service that a request names."""
    match = _SERVICE.search(request)
    return tuple(dict.fromkeys(date for date, _, _ in find_dates(request, match.end()))) if match else ()


_SERVICE = re.compile(r"\b(?:DOS|D\.O\.S\.?|dates?\s+of\s+service)\b", re.IGNORECASE)
