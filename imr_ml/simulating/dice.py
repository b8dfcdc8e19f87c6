"""Draws that come out alike on every machine: all of them are made from one stream of uniform numbers."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from statistics import NormalDist
from typing import TypeVar

T = TypeVar("T")
_NORMAL = NormalDist()


class Dice:
    """A stream of draws under a name: the same name gives the same draws.

    Only `random.Random.random` is used, whose stream Python promises to keep.
    """

    def __init__(self, *name: object) -> None:
        self.uniform = random.Random("/".join(map(str, name))).random

    def chance(self, probability: float) -> bool:
        """Say yes with the given probability."""
        return self.uniform() < probability

    def integer(self, low: int, high: int) -> int:
        """Draw a whole number from `low` to `high`, both included."""
        return low + int(self.uniform() * (high - low + 1))

    def pick(self, options: Sequence[T]) -> T:
        """Draw one of the options, all alike."""
        return options[int(self.uniform() * len(options))]

    def weighted(self, options: Iterable[tuple[T, float]]) -> T:
        """Draw one of (option, weight); weights need not add up to 1."""
        options = list(options)
        left = self.uniform() * sum(weight for _, weight in options)
        for option, weight in options:
            left -= weight
            if left < 0:
                return option
        return next(option for option, weight in reversed(options) if weight > 0)

    def normal(self) -> float:
        """Draw from the standard normal distribution."""
        return _NORMAL.inv_cdf(min(max(self.uniform(), 1e-12), 1 - 1e-12))
