"""Tears of the meniscus that only a knee makes: "internal derangement", "MM tear", "LMT".

The jaw and the shoulder are deranged too, "5 mm tear" is a length, and "LMT" a massage therapist.
"""

from __future__ import annotations

from imr_ml.extracting.grammar.mentions import Mention
from imr_ml.extracting.grammar.sentences import begins_with_digit
from imr_ml.extracting.grammar.words import word_set

_MENISCUS = word_set("meniscus")
_OF = frozenset(("of", "in", "at"))
_OF_REACH = 4


def drop_tears_elsewhere(words: list[str], mentions: list[Mention]) -> list[Mention]:
    """Leave out a tear of the meniscus where its sentence names neither a meniscus nor a knee.

    >>> tear = Mention("meniscus_tear", "diagnosis", 1, 3, "possible")
    >>> drop_tears_elsewhere("suspect internal derangement".split(), [tear])
    []
    """
    if not _MENISCUS.isdisjoint(words) or all(one.fact != _TEAR for one in mentions):
        return mentions
    parts = [
        (one.start, part) for one in mentions for part in ((one.fact,) if one.kind == "part" else one.parts)
    ]
    return [one for one in mentions if one.fact != _TEAR or _is_of_knee(words, parts, one)]


_TEAR = "meniscus_tear"
_KNEE = "knee"


def _is_of_knee(words: list[str], parts: list[tuple[int, str]], tear: Mention) -> bool:
    if "mm" in words[tear.start : tear.end] and begins_with_digit(words[tear.start - 1]):
        # "A | 5 mm tear"
        return False
    ahead = range(tear.end, tear.end + 1 + _OF_REACH)
    placed = [part for start, part in parts if start in ahead]
    if placed and words[tear.end] in _OF:
        # "Internal derangement of the shoulder; the knee is well"
        return _KNEE in placed
    return any(part == _KNEE for _, part in parts)
