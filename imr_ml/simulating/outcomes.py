"""Outcomes of invented cases: a probability from what the record states, and a draw that letters share.

The probability of an item depends on nothing but facts that its letter states at the stage of filing: the
levels of its facts, how many items the letter has, whether a part was authorized, and the year of the
utilization review. What the items of one letter share beyond that (a reviewer's leaning, say) is drawn once
per letter, is nowhere stated, and leaves each item's own probability as it is (a Gaussian copula). The
probability is therefore exactly P(overturned | everything that the letter states at filing), outcomes of
sibling items not being stated then.
"""

from __future__ import annotations

import math
from statistics import NormalDist

from imr_ml.simulating.cases import SimulatedCase, SimulatedItem
from imr_ml.simulating.content import Content
from imr_ml.simulating.dice import Dice

_NORMAL = NormalDist()


def stated_evidence(case: SimulatedCase, item: SimulatedItem, made_of: Content) -> float:
    """Add up the log-odds of what the record states, leaving out the treatment's own base rate."""
    decisive = case.items[item.primary] if item.primary is not None else item
    total = sum(fact_effects(decisive, made_of).values())
    total *= made_of.strength
    total += made_of.effect_of_year[case.year]
    total += next(effect for low, effect in reversed(made_of.effect_of_n_items) if len(case.items) >= low)
    if item.original is not None:
        total += made_of.effect_of_partial
    return total


def fact_effects(item: SimulatedItem, made_of: Content) -> dict[str, float]:
    """Give the log-odds of each of an item's facts; facts of one part say nothing of another part."""
    return {
        name: item.treatment.effects[name][level]
        for name, level in item.facts.items()
        if not (item.is_elsewhere and made_of.facts[name].scope == "letter" and name != "chronicity")
    }


def overturn_probabilities(case: SimulatedCase, made_of: Content) -> list[float]:
    """Give each item's probability of being overturned, from what the letter states at filing."""
    probabilities: list[float] = []
    for item in case.items:
        logit = made_of.intercepts[item.treatment.name] + stated_evidence(case, item, made_of)
        probability = 1 / (1 + math.exp(-logit))
        if item.primary is not None:
            probability = min(probability, probabilities[item.primary])
        probabilities.append(probability)
    return probabilities


def draw_outcomes(
    dice: Dice, case: SimulatedCase, probabilities: list[float], made_of: Content
) -> list[bool]:
    """Draw whether each item is overturned; what goes with an operation never wins without it."""
    shared = math.sqrt(made_of.letter_correlation) * dice.normal()
    own = math.sqrt(1 - made_of.letter_correlation)
    leanings: list[float] = []
    for item in case.items:
        leanings.append(leanings[item.primary] if item.primary is not None else shared + own * dice.normal())
    return [
        leaning < _NORMAL.inv_cdf(probability)
        for leaning, probability in zip(leanings, probabilities, strict=True)
    ]
