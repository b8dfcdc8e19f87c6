"""From which probability on an item is called overturned."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from imr_ml.errors import TrainingError

Floats = NDArray[np.float64]

EVEN = 0.5


@dataclass(frozen=True, slots=True)
class Rule:
    """What a threshold is to serve: costs, or a budget; neither for an even threshold of 0.5.

    Parameters
    ----------
    cost_missed_overturn, cost_false_alarm : float or None
        Both above 0.
    review_budget : float or None
        Share of items that can be called overturned, above 0 and below 1.

    Raises
    ------
    TrainingError
        For one cost without the other, costs with a budget, or a value out of range.
    """

    cost_missed_overturn: float | None = None
    cost_false_alarm: float | None = None
    review_budget: float | None = None

    def __post_init__(self) -> None:
        costs = (self.cost_missed_overturn, self.cost_false_alarm)
        if self.review_budget is not None and any(cost is not None for cost in costs):
            raise TrainingError("give costs or a review budget, not both")
        if (costs[0] is None) != (costs[1] is None):
            raise TrainingError("give both costs: of a missed overturn and of a false alarm")
        for name in ("cost_missed_overturn", "cost_false_alarm"):
            value = getattr(self, name)
            if value is not None and not (np.isfinite(value) and value > 0):
                raise TrainingError(f"{name} must lie above 0, not {value}")
        if self.review_budget is not None and not 0 < self.review_budget < 1:
            raise TrainingError(f"review_budget must lie above 0 and below 1, not {self.review_budget}")

    def is_even(self) -> bool:
        """Tell whether nothing was asked for."""
        return self == Rule()


def choose_threshold(rule: Rule, p: Floats, overturned: NDArray[Any], letters: NDArray[Any]) -> float:
    """Choose the probability from which an item is called overturned, on held-out items.

    With costs, the threshold that calibrated probabilities call for, false alarm / (false alarm + missed
    overturn), stands unless another one's cost on the held-out items is lower by more than two standard
    errors over letters: the best of a hundred thresholds is lower by one where it is lucky.

    Parameters
    ----------
    rule : Rule
    p : ndarray of shape (n_items,)
        Held-out calibrated probabilities.
    overturned : ndarray of shape (n_items,)
        1 for overturned, 0 for upheld.
    letters : ndarray of shape (n_items,)

    Examples
    --------
    >>> p = np.linspace(0.05, 0.95, 10)
    >>> round(choose_threshold(Rule(review_budget=0.2), p, p > 0.5, np.arange(10)), 2)
    0.85
    """
    if rule.is_even():
        return EVEN
    if rule.review_budget is not None:
        return float(np.quantile(p, 1 - rule.review_budget, method="higher"))
    missed, alarm = float(rule.cost_missed_overturn or 0), float(rule.cost_false_alarm or 0)
    usual = alarm / (alarm + missed)

    def costs(threshold: float) -> Floats:
        called = p >= threshold
        paid: Floats = np.where(overturned == 1, missed * ~called, alarm * called)
        return paid

    best = min(
        np.unique(np.quantile(p, np.linspace(0, 1, 101))), key=lambda t: (costs(t).sum(), abs(t - usual))
    )
    saved = np.bincount(np.unique(letters, return_inverse=True)[1], weights=costs(usual) - costs(best))
    n_letters = len(saved)
    if n_letters < 2 or saved.mean() <= 2 * saved.std(ddof=1) / np.sqrt(n_letters):
        return usual
    return float(best)


def threshold_facts(rule: Rule, threshold: float, p: Floats, overturned: NDArray[Any]) -> dict[str, Any]:
    """Tell what a threshold does on held-out items, as plain values.

    Returns
    -------
    dict
        ``value``; what was asked for; ``called_overturned`` (share of items), ``found`` (share of the
        overturned items that are called so), ``right`` (share of the called that are overturned; None where
        none is called), the numbers behind them (``n_items``, ``n_called``, ``n_overturned``, ``n_found``)
        and, with costs, ``cost_per_item``.
    """
    called = p >= threshold
    is_overturned = overturned == 1
    facts: dict[str, Any] = {
        "value": threshold,
        "called_overturned": float(called.mean()),
        "found": float(called[is_overturned].mean()),
        "right": float(is_overturned[called].mean()) if called.any() else None,
        "n_items": len(p),
        "n_called": int(called.sum()),
        "n_overturned": int(is_overturned.sum()),
        "n_found": int(called[is_overturned].sum()),
    }
    if rule.review_budget is not None:
        facts["review_budget"] = rule.review_budget
    elif not rule.is_even():
        missed, alarm = float(rule.cost_missed_overturn or 0), float(rule.cost_false_alarm or 0)
        facts["cost_missed_overturn"], facts["cost_false_alarm"] = missed, alarm
        facts["cost_per_item"] = float(np.where(is_overturned, missed * ~called, alarm * called).mean())
    return facts
