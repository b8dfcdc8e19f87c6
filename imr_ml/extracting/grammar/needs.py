"""What patterns need of a sentence's words, the rarest first: most sentences lack that already."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache

from imr_ml.resources import read_rows

Element = frozenset[str]
"""The words of which a sentence must have one."""

NUMBER = "#"
ANY_NUMBER: Element = frozenset((NUMBER,))
"""The element of patterns that need a number."""


class Need:
    """A pattern by its number, and what it needs besides its rarest element: the next, as a bit, and others.

    The bit is told by the byte that has it, and by its value there.
    """

    __slots__ = ("byte", "number", "others", "value")

    def __init__(self, number: int, bit: int, others: list[Element]) -> None:
        self.number = number
        self.byte = bit >> 3
        self.value = 1 << (bit & 7)
        self.others = tuple(others)


class Needs:
    """What patterns need, by a word of their rarest elements, and by word which of the next ones it fits.

    The latter are bits, the most frequent elements first: numbers of frequent words are short. Each word has
    its own `Need` objects, one beside the other: what is read of memory takes longer than what is done.
    """

    def __init__(self, patterns: Sequence[Iterable[Element]]) -> None:
        # No pattern is found by its number.
        ordered = [sorted(rarest_first(elements), key=ANY_NUMBER.__eq__) for elements in patterns]
        # What most sentences have is not asked for. A pattern of one element has that for the other too.
        everywhere = [word for word, share in _shares().items() if share >= _EVERYWHERE]
        others = [
            [element for element in elements[1:] if element.isdisjoint(everywhere)] or elements[:1]
            for elements in ordered
        ]
        every = rarest_first([elements[0] for elements in others])
        bits = {element: bit for bit, element in enumerate(reversed(every))}
        found_by: dict[str, list[int]] = {}
        for number, (rarest, *_) in enumerate(ordered):
            for word in rarest:
                found_by.setdefault(word, []).append(number)
        self.by_word = {
            word: tuple([Need(number, bits[others[number][0]], others[number][1:]) for number in numbers])
            for word, numbers in found_by.items()
        }
        self.fits: dict[str, int] = {}
        for element, bit in bits.items():
            for word in element:
                self.fits[word] = self.fits.get(word, 0) | 1 << bit

    def met_by(self, words: list[str]) -> list[int]:
        """Give the numbers of the patterns for each of whose elements a sentence has a word, in order.

        Numbers are not looked for: any sentence may have some.
        """
        fits = self.fits.get(NUMBER, 0)
        needs: list[tuple[Need, ...]] = []
        for word in words:
            fits |= self.fits.get(word, 0)
            own = self.by_word.get(word)
            if own is not None:
                needs.append(own)
        return met(needs, fits, words, has_number=True) if needs else []


def met(needs: list[tuple[Need, ...]], fits: int, words: list[str], *, has_number: bool) -> list[int]:
    """Give which needs of a sentence's words it meets, by number and in order; `fits` are all their bits."""
    numbers: list[int] = []
    size = (fits.bit_length() + 7) // 8
    present: set[str] = set()
    bits = fits.to_bytes(size, "little")
    for of_word in needs:
        for need in of_word:
            if need.byte >= size or not bits[need.byte] & need.value:
                continue
            if need.others:
                if not present:
                    # Few sentences come so far.
                    present.update(words)
                    if has_number:
                        present.add(NUMBER)
                if any(other.isdisjoint(present) for other in need.others):
                    continue
            _insert(numbers, need.number)
    return numbers


def _insert(numbers: list[int], number: int) -> None:
    """Put a number at its place in some that are in order, unless they have it: they are few."""
    place = len(numbers)
    while place > 0 and numbers[place - 1] > number:
        place -= 1
    if place == 0 or numbers[place - 1] != number:
        numbers.insert(place, number)


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


# The share of the tenth word, by that law. Numbers are as frequent, but half of the sentences have none.
_EVERYWHERE = 1 / 10
_OF_NUMBERS = 1 / 11


@cache
def _shares() -> dict[str, float]:
    rows = read_rows("lexicons/frequent_words.csv")
    return {NUMBER: _OF_NUMBERS} | {row["word"]: 1 / rank for rank, row in enumerate(rows, start=1)}
