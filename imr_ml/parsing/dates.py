"""Dates as letters write them."""

from __future__ import annotations

import datetime as dt
import re

_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_MONTH = (
    r"jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    r"sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
)
# 10/26/99, 02-22-1998, 1.19.1990; then 2013-09-06; Oct 7 2002, September 6th, 2013; 6 September 2013.
_DATE = re.compile(
    r"(?<![\d/])(?:"
    r"(?P<m>\d{1,2})(?P<sep> ?[/.-] ?)(?P<d>\d{1,2})(?: ?[/.-] ?)(?P<y>\d{4}|\d{2})(?![\d/])"
    r"|(?P<iy>(?:19|20)\d\d)-(?P<im>\d\d)-(?P<id>\d\d)(?!\d)"
    rf"|(?P<month>{_MONTH})\b\.?\s{{0,2}}(?P<md>\d{{1,2}})(?:st|nd|rd|th)?\s?,?\s{{0,2}}(?P<my>(?:19|20)\d\d)(?!\d)"
    rf"|(?P<dd>\d{{1,2}})(?:st|nd|rd|th)?\s(?P<dmonth>{_MONTH})\b\.?,?\s(?P<dy>(?:19|20)\d\d)(?!\d)"
    r")",
    re.IGNORECASE,
)
_CENTURY_TURN = 30
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
    for match in _DATE.finditer(text, start, len(text) if end is None else end):
        date = _date_of(match)
        if date:
            return date, match.start(), match.end()
    return None


def find_dates(text: str, start: int = 0, end: int | None = None) -> list[tuple[dt.date, int, int]]:
    """Find every date, with where it stands.

    >>> [str(date) for date, _, _ in find_dates("10/26/99 and September 6th, 2013")]
    ['1999-10-26', '2013-09-06']
    """
    found = []
    for match in _DATE.finditer(text, start, len(text) if end is None else end):
        date = _date_of(match)
        if date:
            found.append((date, match.start(), match.end()))
    return found


def _date_of(match: re.Match[str]) -> dt.date | None:
    m, d, y, iy, im, id_, month, md, my, dd, dmonth, dy = match.group(
        "m", "d", "y", "iy", "im", "id", "month", "md", "my", "dd", "dmonth", "dy"
    )
    if m:
        year, number, day = int(y), int(m), int(d)
        if len(y) == 2:
            year += 2000 if year < _CENTURY_TURN else 1900
    elif iy:
        year, number, day = int(iy), int(im), int(id_)
    elif month:
        year, number, day = int(my), _MONTHS.index(month[:3].lower()) + 1, int(md)
    else:
        year, number, day = int(dy), _MONTHS.index(dmonth[:3].lower()) + 1, int(dd)
    try:
        return dt.date(year, number, day) if year >= _FIRST_YEAR else None
    except ValueError:
        return None
