"""What a request says beside its service: prefix, side, course, rental, guidance, anesthesia, contrast."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from functools import cache

from imr_ml.extracting.lexicon import Phrases, fold, singular_words, whole_number
from imr_ml.resources import read_rows

COURSES = ("repeat", "additional", "continued", "first")
"""Courses of care; where a request says several, the first of these counts."""


_ORDINAL = "nth"
# How far behind "prior to" stands a course of something else: "prior to spinal cord stimulator trial".
_REACH = 4
_OPENING = "opening"
_LATER = "later"
_NO_WORDS = frozenset(("x", "time", "no", "none", "zero"))


@cache
def _rider_phrases() -> Phrases[tuple[tuple[str, str], ...]]:
    rows = read_rows("lexicons/riders.csv")
    ordinals = [row["phrase"] for row in rows if row["fact"] == "ordinal"]
    meanings: defaultdict[tuple[str, ...], dict[tuple[str, str], None]] = defaultdict(dict)
    for row in rows:
        for phrase in _with_ordinals(row["phrase"], ordinals):
            said = meanings[singular_words(phrase)]
            if row["fact"] != "nothing":
                said.setdefault(("course" if row["fact"] == "ordinal" else row["fact"], row["value"]))
    for row in read_rows("layouts/prefixes.csv"):
        for written in {row["written"], row["written"].replace("-", "")} if row["prefix"] else ():
            meanings[singular_words(written)].setdefault(("prefix", row["prefix"]))
    return Phrases((" ".join(phrase), tuple(facts)) for phrase, facts in meanings.items())


def _with_ordinals(phrase: str, ordinals: list[str]) -> list[str]:
    """Write a phrase with each ordinal in the place of each "nth".

    >>> _with_ordinals("nth finger", ["first", "2nd"])
    ['first finger', '2nd finger']
    """
    if _ORDINAL not in phrase.split():
        return [phrase]
    return [
        written
        for ordinal in ordinals
        for written in _with_ordinals(phrase.replace(_ORDINAL, ordinal, 1), ordinals)
    ]


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
    opened, later = 0, -_REACH - 1
    for one in _rider_phrases().find(request_words):
        is_opening = one.start == opened
        if is_opening:
            opened = one.end
        for fact, value in one.entry:
            if fact == _LATER:
                later = one.end
                continue
            if fact == _OPENING:
                # "Refill Norco" goes on with it, "Refills: 2" and "Norco with 2 refills" count.
                following = request_words[one.end : one.end + 1]
                if not is_opening or not following or not _is_word(following[0]):
                    continue
                fact = "course"
            elif fact == "course" and value == "first" and one.start - later <= _REACH:
                continue
            said = found.get(fact, ())
            if value not in said:
                found[fact] = (*said, value)
    return found


def _is_word(word: str) -> bool:
    return word.isalpha() and word not in _NO_WORDS and whole_number(word) is None


_SIDE_IN_BRACKETS = re.compile(r"\((l|r)\)")


def laterality_of(riders: Mapping[str, tuple[str, ...]], request: str) -> str | None:
    """Give the side: ``left``, ``right``, ``bilateral``; ``left;right`` where both are named apart.

    "Right and left wrist" is bilateral, "right wrist, left wrist" and "left hand, right knee" are apart.

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
