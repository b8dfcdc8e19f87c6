"""What patterns need of a sentence's words, the rarest first: most sentences lack that already."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache

from imr_ml.resources import read_rows

Element = frozenset[str]
"""The words of which a sentence must have one."""


class Need:
    """A pattern by its number, and what it needs besides its rarest element: the next by its bit, others."""

    __slots__ = ("bit", "number", "others")

    def __init__(self, number: int, bit: int, others: list[Element]) -> None:
        self.number = number
        self.bit = bit
        self.others = others


class Needs:
    """What patterns need, by a word of their rarest elements, and by word which of the next ones it fits.

    The latter are bits, the most frequent elements first: numbers of frequent words are short. Each word has
    its own `Need` objects, one beside the other: what is read of memory takes longer than what is done.
    """

    def __init__(self, patterns: Sequence[Iterable[Element]]) -> None:
        ordered = [rarest_first(elements) for elements in patterns]
        # A pattern of one element has that for its next one too.
        following = [elements[1] if elements[1:] else elements[0] for elements in ordered]
        bits = {element: bit for bit, element in enumerate(reversed(rarest_first(following)))}
        found_by: dict[str, list[int]] = {}
        for number, (rarest, *_) in enumerate(ordered):
            for word in rarest:
                found_by.setdefault(word, []).append(number)
        self.by_word = {
            word: tuple([Need(number, bits[following[number]], ordered[number][2:]) for number in numbers])
            for word, numbers in found_by.items()
        }
        self.fits: dict[str, int] = {}
        for element, bit in bits.items():
            for word in element:
                self.fits[word] = self.fits.get(word, 0) | 1 << bit

    def met_by(self, words: list[str]) -> list[int]:
        """Give the numbers of the patterns for each of whose elements a sentence has a word, in order."""
        fits = 0
        for word in words:
            fits |= self.fits.get(word, 0)
        return met([self.by_word[word] for word in words if word in self.by_word], words, fits)


def met(needs: list[tuple[Need, ...]], words: list[str], fits: int) -> list[int]:
    """Give which needs of a sentence's words it meets, by number and in order; `fits` are all their bits."""
    numbers: set[int] = set()
    present: set[str] = set()
    size = (fits.bit_length() + 7) // 8
    bits = fits.to_bytes(size, "little")
    for of_word in needs:
        for need in of_word:
            place = need.bit >> 3
            if place >= size or not bits[place] >> (need.bit & 7) & 1:
                continue
            if need.others:
                present = present or set(words)
                if lacks(need.others, present):
                    continue
            numbers.add(need.number)
    return sorted(numbers)


def lacks(elements: list[Element], present: set[str]) -> bool:
    """Say whether the words of a sentence lack one of the elements."""
    return any(element.isdisjoint(present) for element in elements)


def rarest_first(elements: Iterable[Element]) -> list[Element]:
    """Give different elements in the order of how seldom sentences have them, by Zipf's law.

    >>> rarest_first([frozenset(("the", "his")), frozenset(("lumbar",))])[0]
    frozenset({'lumbar'})
    """
    shares = _shares()
    rare = 1 / (2 * len(shares))
    return sorted(
        dict.fromkeys(elements), key=lambda element: sum([shares.get(word, rare) for word in element])
    )


@cache
def _shares() -> dict[str, float]:
    rows = read_rows("lexicons/frequent_words.csv")
    return {row["word"]: 1 / rank for rank, row in enumerate(rows, start=1)}
