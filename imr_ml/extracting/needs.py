"""What patterns need of a sentence's words, the rarest first: most sentences lack that already."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache

from imr_ml.resources import read_rows

Element = frozenset[str]
"""The words of which a sentence must have one."""
MARKS = tuple(1 << place for place in range(10, 62))
"""Bits beside those of ``told``, each for an element that many patterns need."""


class Need:
    """A pattern by its number, and what it needs besides its rarest element: bits of `MARKS`, elements."""

    __slots__ = ("marks", "number", "others")

    def __init__(self, number: int, marks: int, others: list[Element]) -> None:
        self.number = number
        self.marks = marks
        self.others = others


class Needs:
    """What patterns need, by a word of their rarest elements, and by word the bits of those in `MARKS`."""

    def __init__(self, patterns: Sequence[Iterable[Element]]) -> None:
        ordered = [rarest_first(elements) for elements in patterns]
        asked = Counter([element for _, *others in ordered for element in others])
        marked = {element: mark for (element, _), mark in zip(asked.most_common(), MARKS, strict=False)}
        needs: dict[str, list[Need]] = {}
        for number, (rarest, *others) in enumerate(ordered):
            marks = sum([marked[element] for element in others if element in marked])
            need = Need(number, marks, [element for element in others if element not in marked])
            for word in rarest:
                needs.setdefault(word, []).append(need)
        self.needs = {word: tuple(of_word) for word, of_word in needs.items()}
        self.marks: dict[str, int] = {}
        for element, mark in marked.items():
            for word in element:
                self.marks[word] = self.marks.get(word, 0) | mark

    def met_by(self, words: list[str]) -> list[int]:
        """Give the numbers of the patterns for each of whose elements a sentence has a word, in order."""
        needs: list[Need] = []
        marks = 0
        for word in words:
            needs.extend(self.needs.get(word, ()))
            marks |= self.marks.get(word, 0)
        return met(needs, words, marks)


def met(needs: list[Need], words: list[str], marks: int) -> list[int]:
    """Give which needs of a sentence's words it meets, by number and in order; `marks` are those it has."""
    numbers: set[int] = set()
    present: set[str] = set()
    for need in needs:
        if need.marks & marks == need.marks:
            present = present or set(words)
            if not lacks(need.others, present):
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
