"""Words of a request that extraction divided by spaces, made whole where a lexicon knows the whole only."""

from __future__ import annotations

from functools import cache, lru_cache
from itertools import pairwise

from imr_ml.extracting.lexicon import lexicon_words, singular, singular_words
from imr_ml.resources import read_rows

_FEWEST_PARTS, _MOST_PARTS = 2, 5
_SHORTEST_WORD = 3
_OPENING, _CLOSING = "(\"'", ".,;:)\"'"


def mended(request: str) -> str:
    """Close the words of a request that are divided by spaces.

    Parts are joined only where none of them is a word and what they make is a word of the lexicons, or a unit
    after a number. Before two others, the first may be a word: lexicons know short forms ("acu", "cyclo").

    >>> mended("Phys ical ther apy and acu punc ture 2 times a week; Norco 10 m g")
    'Physical therapy and acupuncture 2 times a week; Norco 10 mg'
    """
    tokens = request.split(" ")
    loose = [_is_loose(token) for token in tokens]
    if sum(loose) < _FEWEST_PARTS or not any(one and other for one, other in pairwise(loose)):
        return request
    whole: list[str] = []
    at = 0
    while at < len(tokens):
        n_parts = 1
        while n_parts < _MOST_PARTS and at + n_parts < len(tokens) and loose[at + n_parts]:
            n_parts += 1
        before = whole[-1][-1:] if whole else ""
        fewest = _FEWEST_PARTS if loose[at] else _FEWEST_PARTS + 1
        while n_parts > 1 and not (n_parts >= fewest and _makes_word(tokens[at : at + n_parts], before)):
            n_parts -= 1
        whole.append("".join(tokens[at : at + n_parts]))
        at += n_parts
    return " ".join(whole)


@lru_cache(maxsize=2**14)
def _is_loose(token: str) -> bool:
    """Say whether a token is letters alone that make no word."""
    word = token.strip(_OPENING + _CLOSING).lower()
    return word.isalpha() and word not in _known() and singular(word) not in _known()


def _makes_word(parts: list[str], before: str) -> bool:
    inner = [parts[0].lstrip(_OPENING), *parts[1:-1], parts[-1].rstrip(_CLOSING)]
    word = "".join(inner).lower()
    if not word.isalpha():  # signs stand between the parts
        return False
    if word in _rows("unit"):
        return before.isdecimal()
    return len(word) >= _SHORTEST_WORD and (word in _known() or singular(word) in _known())


@cache
def _known() -> frozenset[str]:
    tables = ("lexicons/dose_forms.csv", "lexicons/ordinary_words.csv")
    others = (row["word"] for table in tables for row in read_rows(table))
    words = lexicon_words().union(*map(singular_words, others))
    # Words are known by their singular: "phys" stands among them as "phy".
    return frozenset(
        {word for word in words if len(word) > 1} - set(map(singular, _rows("start"))) | _rows("small")
    )


@cache
def _rows(kind: str) -> frozenset[str]:
    return frozenset(row["word"] for row in read_rows("layouts/whole_words.csv") if row["kind"] == kind)
