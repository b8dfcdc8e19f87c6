"""Sentences with choices: ``[notes|reports] of {visit} describe {4-8} sessions``."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache

from imr_ml.simulating.dice import Dice

_PART = re.compile(r"\[([^\[\]]*)\]|\{(\d+)-(\d+)\}|\{([a-z_A-Z]+)\}")


class Wording:
    """One wording: plain text, ``{slot}``, ``{4-8}`` for a whole number, ``[a|b]`` for one of several.

    Choices may hold slots and numbers, not choices.

    Examples
    --------
    >>> Wording("{He} had {6-6} [visits] .").say(Dice("x"), {"He": "She"})
    'She had 6 visits.'
    """

    __slots__ = ("parts", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.parts: list[str | tuple[int, int] | list[Wording] | _Slot] = []
        end = 0
        for match in _PART.finditer(text):
            if match.start() > end:
                self.parts.append(text[end : match.start()])
            choices, low, high, slot = match.groups()
            if slot is not None:
                self.parts.append(_Slot(slot))
            elif low is not None:
                self.parts.append((int(low), int(high)))
            else:
                self.parts.append([Wording(choice) for choice in choices.split("|")])
            end = match.end()
        if end < len(text):
            self.parts.append(text[end:])

    def say(self, dice: Dice, slots: Mapping[str, str]) -> str:
        """Make one sentence of it."""
        said: list[str] = []
        self._say(dice, slots, said)
        text = " ".join("".join(said).split())
        return text.replace(" ,", ",").replace(" .", ".").replace(" ;", ";")

    def _say(self, dice: Dice, slots: Mapping[str, str], said: list[str]) -> None:
        for part in self.parts:
            if isinstance(part, str):
                said.append(part)
            elif isinstance(part, _Slot):
                said.append(slots[part.name])
            elif isinstance(part, tuple):
                said.append(str(dice.integer(*part)))
            else:
                dice.pick(part)._say(dice, slots, said)

    def slots(self) -> set[str]:
        """Name the slots that the wording may need."""
        named = {part.name for part in self.parts if isinstance(part, _Slot)}
        for part in self.parts:
            if isinstance(part, list):
                named |= {name for choice in part for name in choice.slots()}
        return named


class _Slot:
    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name


@cache
def wording(text: str) -> Wording:
    """Read a wording once."""
    return Wording(text)


def say(dice: Dice, wordings: Sequence[str], slots: Mapping[str, str]) -> str:
    """Pick one of the wordings and make a sentence of it, with a capital letter at its start."""
    return sentence(phrase(dice, wordings, slots))


def phrase(dice: Dice, wordings: Sequence[str], slots: Mapping[str, str]) -> str:
    """Pick one of the wordings and fill it, as part of a sentence."""
    return wording(dice.pick(wordings)).say(dice, slots)


def sentence(text: str) -> str:
    """Begin with a capital letter."""
    return text[:1].upper() + text[1:]


def listed(words: Sequence[str]) -> str:
    """Join words as a sentence does.

    >>> listed(["a", "b", "c"])
    'a, b, and c'
    """
    if len(words) < 3:
        return " and ".join(words)
    return ", ".join(words[:-1]) + ", and " + words[-1]
