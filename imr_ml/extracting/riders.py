"""What a request says beside its service: prefix, side, course, rental, guidance, anesthesia, contrast."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from functools import cache

from imr_ml.extracting.lexicon import Phrases, fold, singular_words
from imr_ml.resources import read_rows

COURSES = ("repeat", "additional", "continued", "first")
"""Courses of care; where a request says several, the first of these counts."""


@cache
def _rider_phrases() -> Phrases[tuple[tuple[str, str], ...]]:
    meanings: defaultdict[tuple[str, ...], dict[tuple[str, str], None]] = defaultdict(dict)
    for row in read_rows("lexicons/riders.csv"):
        said = meanings[singular_words(row["phrase"])]
        if row["fact"] != "nothing":
            said.setdefault((row["fact"], row["value"]))
    for row in read_rows("layouts/prefixes.csv"):
        for written in {row["written"], row["written"].replace("-", "")} if row["prefix"] else ():
            meanings[singular_words(written)].setdefault(("prefix", row["prefix"]))
    return Phrases((" ".join(phrase), tuple(facts)) for phrase, facts in meanings.items())


def find_riders(request_words: list[str]) -> Mapping[str, tuple[str, ...]]:
    """Find what a request says beside its service.

    Parameters
    ----------
    request_words : sequence of str
        As `words` gives them.

    Returns
    -------
    mapping of str to tuple of str
        By fact (``prefix``, ``side``, ``course``, ``supply``, ``guidance``, ``anesthesia``,
        ``contrast``), its values in the order of the request; a fact that is not stated has no entry.

    Examples
    --------
    >>> find_riders(["continue", "tens", "unit", "30", "day", "rental"])
    {'course': ('continued',), 'prefix': ('continued',), 'supply': ('rental',)}
    """
    found: dict[str, tuple[str, ...]] = {}
    for one in _rider_phrases().find(request_words):
        for fact, value in one.entry:
            said = found.get(fact, ())
            if value not in said:
                found[fact] = (*said, value)
    return found


_SIDE_IN_BRACKETS = re.compile(r"\((l|r)\)")


def laterality_of(riders: Mapping[str, tuple[str, ...]], request: str) -> str | None:
    """Give the side: ``left``, ``right``, ``bilateral``; ``left;right`` where both are named apart.

    Parameters
    ----------
    riders : mapping
        As `find_riders` gives them.
    request : str
        The request itself, for a side in brackets: "shoulder (R)".
    """
    if "side" not in riders and "(" not in request:
        return None
    sides = set(riders.get("side", ()))
    if "(" in request:
        sides |= {"left" if side == "l" else "right" for side in _SIDE_IN_BRACKETS.findall(fold(request))}
    if "bilateral" in sides:
        return "bilateral"
    return ";".join(sorted(sides)) or None


def course_of(riders: Mapping[str, tuple[str, ...]]) -> str | None:
    """Say whether care is a ``first``, ``continued``, ``additional`` or ``repeat`` course."""
    said = riders.get("course", ())
    return next((course for course in COURSES if course in said), None) if said else None
