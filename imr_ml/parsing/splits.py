"""Words that extraction divided by spaces, made whole, and those that it glued, taken apart.

Lexicons tell: of the divided they know the whole only, of the glued only the parts.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from itertools import pairwise

from imr_ml.extracting.lexicon import lexicon_words, singular, singular_words
from imr_ml.parsing.dates import with_digits
from imr_ml.resources import lexicon_phrases, read_rows

_FEWEST_PARTS, _MOST_PARTS = 2, 5
_SHORTEST_WORD = 3
_OPENING, _CLOSING = "(\"'", ".,;:)\"'"


def mended(request: str) -> str:
    """Close the words of a request that are divided by spaces, and take those apart that are glued.

    Parts are joined only where none of them is a word and what they make is a word of the lexicons, or a unit
    after a number. Before two others, the first may be a word: lexicons know short forms ("acu", "cyclo").

    >>> mended("Phys ical ther apy and acu punc ture 2 times a week; Norco 10 m g #6O")
    'Physical therapy and acupuncture 2 times a week; Norco 10 mg #60'
    """
    whole = parted(_closed(request))
    if "#" in whole:
        whole = _COUNT.sub(_count_with_digits, whole)
    return whole.replace(") ,", "),")


def _count_with_digits(count: re.Match[str]) -> str:
    return with_digits(count[0])


_COUNT = re.compile(r"#\s?[\dOoIl]*\d[\dOoIl]*\b")


def parted(text: str) -> str:
    """Take words apart that lost the space between them.

    Where a capital begins the second, or capitals end the first, both must be words of the lexicons; else
    both together must be words that some phrase has side by side. A word that lost its first letter to the
    space before gets it back.

    >>> parted("MRIlumbar spine, Physicaltherapy; MTUSChronic PainMedical T reatment; OxyContin")
    'MRI lumbar spine, Physical therapy; MTUS Chronic Pain Medical Treatment; OxyContin'
    """
    words = text.split(" ")
    if _PLAIN.issuperset(words):
        return text
    strange = [word for word in words if word not in _PLAIN and not _is_plain(word)]
    return _LETTERS.sub(_parted_word, _FIRST_LETTER.sub(_with_first_letter, text)) if strange else text


_PLAIN: set[str] = set()
"""Words met before with nothing to mend in them; most texts have no others."""
_WHOLE: set[str] = set()
"""Words met before that are no loose part of one."""
_MOST_MET = 2**14


def _keep(met: set[str], word: str) -> None:
    if len(met) >= _MOST_MET:
        met.clear()
    met.add(word)


def _is_plain(word: str) -> bool:
    """Say whether nothing in a word is to be taken apart, nor may its end begin the word behind it."""
    if _LAST_LETTER.search(word) or _LETTERS.sub(_parted_word, word) != word:
        return False
    _keep(_PLAIN, word)
    return True


# "T reatment", "a nterior"
_FIRST_LETTER = re.compile(r"(?<![\w'\u2019/-])([A-Za-z]) ([a-z]{3,})\b")
_LAST_LETTER = re.compile(r"(?<![\w'\u2019/-])[A-Za-z]\Z")


def _with_first_letter(match: re.Match[str]) -> str:
    """Give a word its first letter back, where it is one with it and none without."""
    first, rest = match.groups()
    is_whole = _is_named((first + rest).lower()) and not _is_named(rest)
    return first + rest if is_whole else match[0]


_LETTERS = re.compile(r"[A-Za-z]{6,}")
# "Armrest" and "handrail" are words.
_SHORTEST_GLUED = 9
# "Pain|Medical", "MTUS|Low", "MRI|lumbar"
_SEAM = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z]{2})(?=[A-Z][a-z]{2}|[a-z]{3})")


def _parted_word(match: re.Match[str]) -> str:
    return _apart(match[0])


@lru_cache(maxsize=2**14)
def _apart(word: str) -> str:
    lowered = word.lower()
    if _is_known(lowered):
        return word
    for seam in _SEAM.finditer(word):
        at = seam.start()
        if _is_named(lowered[:at]) and (_is_named(lowered[at:]) or _apart(word[at:]) != word[at:]):
            return f"{word[:at]} {_apart(word[at:])}"
    at = _glued().get(lowered) or _glued().get(singular(lowered)) or 0
    return f"{word[:at]} {word[at:]}" if at else word


def _is_named(word: str) -> bool:
    return _is_known(word) or word in _title_words()


def _is_known(word: str) -> bool:
    return word in _known() or singular(word) in _known()


@cache
def _title_words() -> frozenset[str]:
    """Give the words of what citations name."""
    titles = [row["title"] for row in read_rows("taxonomies/guidelines.csv")]
    words = {word for title in titles for word in (*singular_words(title), *title.lower().split())}
    return frozenset(word for word in words if len(word) > 1)


@cache
def _glued() -> dict[str, int]:
    """Give what two words become that stand side by side in a lexicon's phrase, and how long the first is."""
    return {
        first + second: len(first)
        for phrase in lexicon_phrases()
        for first, second in pairwise(singular_words(phrase))
        if min(len(first), len(second)) >= _SHORTEST_WORD
        and len(first + second) >= _SHORTEST_GLUED
        and (first + second).isalpha()
        and _rows("small").isdisjoint((first, second))
        and first + second not in _known()
    }


def _closed(request: str) -> str:
    tokens = request.split(" ")
    if _WHOLE.issuperset(tokens):
        return request
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


def _is_loose(token: str) -> bool:
    """Say whether a token is letters alone that make no word."""
    word = token.strip(_OPENING + _CLOSING).lower()
    if word.isalpha() and not _is_known(word):
        return True
    _keep(_WHOLE, token)
    return False


def _makes_word(parts: list[str], before: str) -> bool:
    inner = [parts[0].lstrip(_OPENING), *parts[1:-1], parts[-1].rstrip(_CLOSING)]
    word = "".join(inner).lower()
    if not word.isalpha():  # signs stand between the parts
        return False
    if word in _rows("unit"):
        return before.isdecimal()
    return len(word) >= _SHORTEST_WORD and _is_known(word)


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
