"""Words to entries: the one tokenizer, speller and phrase finder behind every lexicon of requests.

A phrase is found by its first token in a dictionary, never by a pattern of many alternatives, so that the
cost of a text does not grow with the size of a lexicon.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Callable, Iterable
from functools import cache, lru_cache
from typing import Any, Generic, TypeVar

from imr_ml.cleaning import characters
from imr_ml.resources import lexicon_phrases, read_rows

Entry = TypeVar("Entry")
Value = TypeVar("Value")

_TOKEN = re.compile(r"[a-z]+|\d+(?:[.,]\d+)*|[#%]")
_SHORTEST_CORRECTED = 6
_LONGEST_CORRECTED = 30
_SHORTEST_CORRECTED_TWICE = 9
_LONGEST_REMEMBERED = 100


class Found(Generic[Entry]):
    """An entry that the words ``start`` to ``end`` name."""

    __slots__ = ("end", "entry", "start")

    def __init__(self, start: int, end: int, entry: Entry) -> None:
        self.start = start
        self.end = end
        self.entry = entry


def fold(text: str) -> str:
    """Give the text in lower case without accents, of the same length, so that places stay valid.

    >>> fold("Resonancia MAGNÉTICA")
    'resonancia magnetica'
    """
    lowered = text.lower()
    if lowered.isascii():
        return lowered
    # Some letters grow when lowered or decomposed: each keeps the one place it had.
    return "".join(
        unicodedata.normalize("NFKD", letter)[0].lower()[:1] or " " for letter in with_plain_signs(text)
    )


def with_plain_signs(text: str) -> str:
    """Write dashes, slashes and quotes as letters have them, of the same length: a case was never cleaned.

    >>> with_plain_signs("L4—L5, 10∕325 mg")
    'L4-L5, 10/325 mg'
    """
    return text if text.isascii() else text.translate(_plain_signs())


@cache
def _plain_signs() -> dict[int, str]:
    """Give the characters that have one other in their place."""
    return {ord(sign): plain for sign, plain in characters().items() if len(plain) == 1}


def words(text: str) -> list[str]:
    """Give the words of a text as the lexicons spell them.

    >>> words("X-rays of the Lumbar Spine, #2")
    ['x', 'ray', 'of', 'the', 'lumbar', 'spine', '#', '2']
    """
    return [word for run in text.split() for word in _RUNS[run].words]


SPELLED_NUMBERS: dict[str, float] = {
    row["word"]: float(row["digits"]) for row in read_rows("lexicons/numbers.csv") if row["digits"].isdigit()
}
"""The numbers that are written as words, by word."""


def whole_number(word: str) -> float | None:
    """Give the number below 1,000 that a word writes in letters or digits.

    >>> whole_number("twelve"), whole_number("12"), whole_number("2012"), whole_number("pain")
    (12.0, 12.0, None, None)
    """
    spelled_out = SPELLED_NUMBERS.get(word)
    if spelled_out is not None:
        return spelled_out
    return float(word) if word.isdigit() and len(word) <= 3 else None


class Remembered(Generic[Value]):
    """What is read of what stands between white space, remembered: most of a text has been met before.

    Parameters
    ----------
    read : callable
        Reads what was not met before.
    most : int, default=65536
        How many are remembered at most.
    """

    def __init__(self, read: Callable[[str], Value], most: int = 2**16) -> None:
        # A dictionary of its own, and none itself: compiled code asks a mere one without detours.
        self.known: dict[str, Value] = {}
        self._read = read
        self._most = most

    def __getitem__(self, run: str) -> Value:
        found = self.known.get(run)
        return self.read(run) if found is None else found

    def read(self, run: str) -> Value:
        """Read what is not known, and remember it."""
        found = self._read(run)
        if len(run) <= _LONGEST_REMEMBERED:
            if len(self.known) >= self._most:
                self.known.clear()
            self.known[sys.intern(run)] = found
        return found


Place = tuple[int, int]
"""Where a word begins and ends."""


class _Run:
    """The words of what stands between white space, and where each begins and ends in it."""

    __slots__ = ("places", "text", "words")

    def __init__(self, text: str) -> None:
        found = list(_TOKEN.finditer(fold(text)))
        self.text = text
        # The same word is the same object everywhere: a look-up need not compare letters.
        self.words = tuple([sys.intern(spelled(word[0])) for word in found])
        self.places = tuple([word.span() for word in found])


_RUNS: Remembered[_Run] = Remembered(_Run)


class Line:
    """A text with its words, whose places are looked for where they are asked for.

    Parameters
    ----------
    text : str

    Examples
    --------
    >>> line = Line("MRI, L4")
    >>> line.words, line.place_of(1)
    (['mri', 'l', '4'], (5, 6))
    """

    def __init__(self, text: str) -> None:
        self.text = text
        runs = text.split()
        self._is_evenly_spaced = " ".join(runs) == text
        self._runs = [_RUNS[run] for run in runs]
        self.words = [word for run in self._runs for word in run.words]
        # Where the last search ended: at which run, its first word and its place.
        self._number = self._first = self._begin = 0

    def place_of(self, word: int) -> Place:
        """Give where a word begins and ends; one near that asked for last is found fastest."""
        number, first, begin = self._number, self._first, self._begin
        run = self._runs[number]
        if not number:
            begin = self.text.index(run.text)
        while word < first:
            number, run = number - 1, self._runs[number - 1]
            first -= len(run.words)
            begin = (
                begin - 1 - len(run.text) if self._is_evenly_spaced else self.text.rindex(run.text, 0, begin)
            )
        while word >= first + len(run.words):
            number, first, begin = number + 1, first + len(run.words), begin + len(run.text)
            run = self._runs[number]
            begin = begin + 1 if self._is_evenly_spaced else self.text.index(run.text, begin)
        self._number, self._first, self._begin = number, first, begin
        start, end = run.places[word - first]
        return begin + start, begin + end


def word_places(text: str) -> list[Place]:
    """Give where each of the `words` of a text begins and ends.

    >>> word_places("MRI, L4")
    [(0, 3), (5, 6), (6, 7)]
    """
    line = Line(text)
    return [line.place_of(word) for word in range(len(line.words))]


def singular(word: str) -> str:
    """Take the plural ending off a word.

    >>> [singular(word) for word in ("studies", "rays", "patches", "tens", "pelvis")]
    ['study', 'ray', 'patch', 'tens', 'pelvis']
    """
    if len(word) < 4 or word[-1] != "s" or word[-2] in "sui" or word in _never_plural():
        return word
    if word.endswith("ies"):
        return word[:-3] + "y"
    return word[:-2] if word.endswith(("ches", "shes", "xes")) else word[:-1]


@lru_cache(maxsize=2**16)
def spelled(word: str) -> str:
    """Give the lexicons' spelling of a lower-case word: singular, with one or two slips corrected.

    Corrected to names of drugs and the words of ``lexicons/misspelled_words.csv`` are words of six letters
    and more, by one slip (a letter too many, too few, wrong, or two swapped), by two from nine letters on;
    the first letter must be right. Ordinary words of ``lexicons/ordinary_words.csv`` are left alone.

    >>> spelled("cyclobenzaprin"), spelled("accupuncture"), spelled("relief")
    ('cyclobenzaprine', 'acupuncture', 'relief')
    """
    known, _ = _vocabulary()
    if word in known:
        return word
    base = singular(word)
    if base in known or not _SHORTEST_CORRECTED <= len(base) <= _LONGEST_CORRECTED or not base.isalpha():
        return base
    slips, size, letters = _slips(base), len(base), _letters(base)
    of_first = _right_words(base[0])
    near_enough: list[tuple[int, str]] = []
    # A slip changes the length by one at most, and adds one letter and removes one at most.
    for length in range(size - slips, size + slips + 1):
        for right, of_right, most in of_first.get(length, ()):
            most = min(most, slips)
            if abs(length - size) <= most and (letters ^ of_right).bit_count() <= 2 * most:
                distance = _distance(base, right, most)
                if distance <= most:
                    near_enough.append((distance, right))
    return min(near_enough, default=(0, base))[1]


class Phrases(Generic[Entry]):
    """Phrases and what each stands for, found from left to right, the longest first.

    Parameters
    ----------
    entries : iterable of (str, entry)
        Later phrases do not replace earlier ones with the same words.
    """

    def __init__(self, entries: Iterable[tuple[str, Entry]]) -> None:
        # Each word leads to the words that may follow it; under the empty word stands the entry.
        self._tree: dict[str, Any] = {}
        for phrase, entry in entries:
            branch = self._tree
            for word in singular_words(phrase):
                branch = branch.setdefault(word, {})
            branch.setdefault("", entry)

    def find(self, text_words: list[str]) -> list[Found[Entry]]:
        """Find the phrases in a list of words; no word belongs to two of them."""
        tree, last, free = self._tree, len(text_words), 0
        found: list[Found[Entry]] = []
        for start, first in enumerate(text_words):
            if start < free:
                continue
            branch: dict[str, Any] | None = tree.get(first)
            place = start + 1
            while branch is not None:
                ending = branch.get("")
                if ending is not None:
                    free, entry = place, ending
                branch = branch.get(text_words[place]) if place < last else None
                place += 1
            if free > start:
                found.append(Found(start, free, entry))
        return found


@cache
def singular_words(phrase: str) -> tuple[str, ...]:
    """Give the words of a lexicon's own phrase, uncorrected."""
    return tuple(sys.intern(singular(word)) for word in _TOKEN.findall(fold(phrase)))


@cache
def _never_plural() -> frozenset[str]:
    rows = read_rows("lexicons/ordinary_words.csv")
    return frozenset(row["word"] for row in rows if row["kind"] == "singular")


@cache
def lexicon_words() -> frozenset[str]:
    """Give the words of what names treatments, drugs and parts of the body, uncorrected."""
    return frozenset(word for phrase in lexicon_phrases() for word in singular_words(phrase))


@cache
def _vocabulary() -> tuple[frozenset[str], frozenset[str]]:
    """Every word of the lexicons, and those of them that others are corrected to."""
    drugs = [row["name"] for row in read_rows("lexicons/drugs.csv")]
    corrected = drugs + [row["word"] for row in read_rows("lexicons/misspelled_words.csv")]
    ordinary = {row["word"] for row in read_rows("lexicons/ordinary_words.csv")}
    right = {word for phrase in corrected for word in singular_words(phrase)}
    return lexicon_words() | ordinary, frozenset(word for word in right if len(word) >= _SHORTEST_CORRECTED)


@cache
def _right_words(first: str) -> dict[int, list[tuple[str, int, int]]]:
    """Give the words that others of a first letter are corrected to, by length; their letters and slips."""
    words: dict[int, list[tuple[str, int, int]]] = {}
    for word in _vocabulary()[1]:
        if word[0] == first:
            words.setdefault(len(word), []).append((word, _letters(word), _slips(word)))
    return words


def _slips(word: str) -> int:
    return 2 if len(word) >= _SHORTEST_CORRECTED_TWICE else 1


def _letters(word: str) -> int:
    """Give the letters of a word as bits."""
    letters = 0
    for letter in word:
        letters |= 1 << (ord(letter) & 31)
    return letters


def _distance(one: str, other: str, most: int) -> int:
    """Count the slips between two words (optimal string alignment), more than `most` for any such number."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, start=1):
        before, last, row = row, before, [i]
        for j, b in enumerate(other, start=1):
            cost = min(before[j] + 1, row[-1] + 1, before[j - 1] + (a != b))
            if last and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
        if min(row) > most and min(before) >= most:
            return most + 1
    return row[-1]
