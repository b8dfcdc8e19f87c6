"""Months and years as letters write them, for all that read dates."""

from __future__ import annotations

MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july", "august", "september", "october"),
    *("november", "december"),
)
SHORT_MONTHS = tuple(name[:3] for name in MONTHS)
_CENTURY_TURN = 30


def month_number(written: str) -> int | None:
    """Give the number of a month by its name or the first letters of that, three or more.

    >>> month_number("September"), month_number("sept"), month_number("marked")
    (9, 9, None)
    """
    name = written.lower()
    if name[:3] not in SHORT_MONTHS:
        return None
    place = SHORT_MONTHS.index(name[:3])
    return place + 1 if MONTHS[place].startswith(name) else None


def full_year(written: str) -> int:
    """Give the year that two or four digits write: two are of this century up to 29, of the last from 30.

    >>> full_year("14"), full_year("87"), full_year("2014")
    (2014, 1987, 2014)
    """
    year = int(written)
    if len(written) > 2:
        return year
    return year + (2000 if year < _CENTURY_TURN else 1900)
