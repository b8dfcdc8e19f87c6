"""Dates as letters write them."""

from __future__ import annotations

import datetime as dt
import re

from imr_ml.months import MONTHS, SHORT_MONTHS, full_year

_ENDINGS = (*MONTHS, *SHORT_MONTHS, "sept")
_SHORTEST_MONTH = len("Oct")
_LAST_LETTERS = frozenset(name[-_SHORTEST_MONTH:] for name in _ENDINGS)
_MONTH = "|".join(_ENDINGS)
_NUMBER = re.compile(r"\d+")
# 10/26/99, 02-22-1998, 1.19.1990; 2013-09-06, 2013/09/06; 6 September 2013, 10-Jan-2013, 7JUN13.
_DIGITS_FIRST = re.compile(
    r"(?<![\d/])(?:"
    r"(?P<m>\d{1,2}) ?[/.-] ?(?P<d>\d{1,2}) ?[/.-] ?(?P<y>\d{4}|\d{2})(?!\d(?![).])|/)"
    r"|(?P<iy>(?:19|20)\d\d)[/-](?P<im>\d{1,2})[/-](?P<id>\d{1,2})(?!\d)"
    rf"|(?P<dd>\d{{1,2}})(?:st|nd|rd|th)?(?:\s{{1,2}}(?:day\s)?(?:of\s)?|\s?[/.-]\s?|(?=[A-Z]{{3}}\d))(?P<dmonth>{_MONTH})(?![a-z])"
    r"(?:\.?,?\s{1,2}|\s?[/.-]\s?|(?=\d))(?:of\s)?"
    r"(?P<dy>(?:19|20)\d\d|'?(?<=[/A-Za-z'.-])\d\d|\d\d(?=\s*(?:[.,;)]|\Z)))(?!\d)"
    r")",
    re.IGNORECASE,
)
# Oct 7 2002, September 6th, 2013, Jan-10-2013, Oct. 7, '02.
_MONTH_FIRST = re.compile(
    rf"\b(?P<month>{_MONTH})(?![A-Za-z])\.?(?:\s{{0,2}}|-)(?P<md>\d{{1,2}})(?:st|nd|rd|th)?\s?[,-]?\s{{0,2}}(?:of\s)?(?P<my>(?:19|20)\d\d|'\d\d)(?!\d)",
    re.IGNORECASE,
)
_NAMED, _NAMED_LAST = ("month", "md", "my"), ("dmonth", "dd", "dy")
_LONGEST_FIRST = len("2013")
_NEVER_FOLLOWS = frozenset(",;:)%#mx")
_LONGEST_MONTH = len("September.  ")
_LONGEST_DAY_AND_YEAR = len("07th ,  of 2002") + 1
_FIRST_YEAR = 1930


def find_date(text: str, start: int = 0, end: int | None = None) -> tuple[dt.date, int, int] | None:
    """Find the first date, with where it stands.

    A two-digit year is of this century up to 29, of the last from 30. What looks like a date but is none
    (13/45/2014) is passed over.

    Examples
    --------
    >>> find_date("injury on Oct 7 2002 .")
    (datetime.date(2002, 10, 7), 10, 20)
    """
    return next(iter(find_dates(text, start, end)), None)


def find_dates(text: str, start: int = 0, end: int | None = None) -> list[tuple[dt.date, int, int]]:
    """Find every date, with where it stands.

    >>> [str(date) for date, _, _ in find_dates("10/26/99 and September 6th, 2013")]
    ['1999-10-26', '2013-09-06']
    """
    end = len(text) if end is None else end
    matches = []
    in_order = True
    reached = start
    for number in _NUMBER.finditer(text, start, end):
        # Only where a number begins: looking there is far cheaper than searching for the whole form.
        at, after = number.span()
        if at < reached:
            continue
        if (
            after - at <= _LONGEST_FIRST
            and text[after : after + 1] not in _NEVER_FOLLOWS
            and (match := _DIGITS_FIRST.match(text, at, end))
        ):
            matches.append(match)
            reached = match.end()
        previous = text[at - 1 : at]
        if previous.isspace() or previous in ".-" or "a" <= previous <= "z":  # "February19"
            before = max(start, at - _LONGEST_MONTH)
            word = text[before:at].rstrip(" \n.-").lower()
            if word[-_SHORTEST_MONTH:] in _LAST_LETTERS and word.endswith(_ENDINGS):
                match = _MONTH_FIRST.search(text, before, min(end, at + _LONGEST_DAY_AND_YEAR))
                if match and match.start("md") == at:
                    matches.append(match)
                    in_order = False
    if not in_order:
        matches.sort(key=lambda match: match.start())
    return [(date, match.start(), match.end()) for match in matches if (date := _date_of(match))]


def with_digits(text: str) -> str:
    """Give a text of the same length with the letters that scanners make of zeros and ones as digits again.

    Only where nothing but digits stands beside them.

    >>> with_digits("O5/l2/2Ol3, Ohio, 2nd")
    '05/12/2013, Ohio, 2nd'
    """
    return _MISREAD.sub(lambda run: run[0].translate(DIGITS), text)


DIGITS = str.maketrans("OoIlL|", "001111")
"""What scanners make of zeros and ones."""
_MISREAD = re.compile(r"(?<![A-Za-z])(?=[OoIl|/.-]{0,5}\d)[\dOoIl|/.-]+(?![A-Za-z])")


_DATES: dict[str, dt.date | None] = {}
"""The dates met before, as they were written: most stand several times in a letter, and in many."""
_MOST_DATES = 2**14


def _date_of(match: re.Match[str]) -> dt.date | None:
    written = match[0]
    date = _DATES.get(written)
    if date is None and written not in _DATES:
        if len(_DATES) >= _MOST_DATES:
            _DATES.clear()
        date = _DATES[written] = _read(match)
    return date


def _read(match: re.Match[str]) -> dt.date | None:
    form = match.lastgroup
    if form == "y":
        number, written_day, written = match.group(1, 2, 3)
        year, month, day = full_year(written), int(number), int(written_day)
    elif form == "id":
        year, month, day = map(int, match.group("iy", "im", "id"))
    else:
        name, written_day, written = match.group(*(_NAMED if form == "my" else _NAMED_LAST))
        year, month, day = (
            full_year(written.lstrip("'")),
            SHORT_MONTHS.index(name[:3].lower()) + 1,
            int(written_day),
        )
    try:
        return dt.date(year, month, day) if year >= _FIRST_YEAR else None
    except ValueError:
        return None
