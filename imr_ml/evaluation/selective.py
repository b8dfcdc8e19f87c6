"""What a model is worth when only a part of the items is acted on, and at what threshold."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from imr_ml.evaluation.metrics import MIN_LETTERS_PER_OUTCOME, Scored, letter_draws

BUDGETS = (0.05, 0.10, 0.20)
THRESHOLDS = tuple(round(0.05 * step, 2) for step in range(1, 13))
COST_RATIOS = (1, 3, 10)


def top_table(deals: Sequence[Scored], *, n_bootstrap: int = 1000, seed: int = 0) -> pd.DataFrame:
    """Say what the items rated highest are worth, on average over deals of the letters.

    Returns
    -------
    DataFrame of shape (3, 10)
        ``share`` (0.05, 0.10, 0.20 of the items), and each with ``_low`` and ``_high`` (bootstrap of
        letters; missing where fewer than 5 have an outcome): ``precision`` (share overturned among them),
        ``lift`` (against all), ``recall`` (share of the overturned items that is among them).
    """
    first = deals[0]

    def hits(counts: NDArray[Any]) -> NDArray[np.float64]:
        return np.asarray(np.mean([scored.top_hits(counts, BUDGETS) for scored in deals], axis=0))

    whole = hits(np.ones((1, first.n_letters)))
    if first.n_letters_of_rarer_outcome() < MIN_LETTERS_PER_OUTCOME:
        n_bootstrap = 0
    drawn_letters = letter_draws(first.n_letters, n_bootstrap, len(first.letters), seed)
    draws = np.concatenate([whole[:0], *(hits(counts) for counts in drawn_letters)])
    rows = []
    for place, share in enumerate(BUDGETS):
        row: dict[str, Any] = {"share": share}
        for column, name in enumerate(("precision", "lift", "recall")):
            drawn = draws[:, place, column]
            drawn = drawn[np.isfinite(drawn)]
            row[name] = float(whole[0, place, column])
            row[f"{name}_low"], row[f"{name}_high"] = (
                map(float, np.quantile(drawn, [0.025, 0.975])) if len(drawn) >= 20 else (None, None)
            )
        rows.append(row)
    return pd.DataFrame(rows)


def coverage_table(overturned: ArrayLike, p: ArrayLike) -> pd.DataFrame:
    """Say how often the likelier outcome is wrong when only the surest items are answered.

    Returns
    -------
    DataFrame of shape (10, 4)
        ``coverage`` (share of the items answered, the surest first: 0.1 to 1), ``n_items``, ``error`` (share
        of these where the likelier outcome was wrong), ``error_always_upheld`` (the same items, all called
        upheld).
    """
    y, chance = np.asarray(overturned, dtype=bool), np.asarray(p, dtype=float)
    order = np.argsort(-np.abs(chance - 0.5), kind="stable")
    wrong = np.cumsum(((chance > 0.5) != y)[order])
    lost = np.cumsum(y[order])
    rows = []
    for tenth in range(1, 11):
        n = max(1, round(len(y) * tenth / 10))
        rows.append(
            {
                "coverage": tenth / 10,
                "n_items": n,
                "error": float(wrong[n - 1] / n),
                "error_always_upheld": float(lost[n - 1] / n),
            }
        )
    return pd.DataFrame(rows)


def decision_table(
    overturned: ArrayLike, p: ArrayLike, letters: NDArray[np.intp], *, n_bootstrap: int = 1000, seed: int = 0
) -> pd.DataFrame:
    """Give the net benefit of acting on items above a threshold.

    Net benefit counts an overturned item found as 1 and a false alarm as ``threshold / (1 - threshold)``:
    the threshold states how many false alarms one overturned item is worth.

    Returns
    -------
    DataFrame
        ``threshold``, ``n_picked``, ``n_found``, ``net_benefit`` with ``low`` and ``high`` (bootstrap of
        letters; missing where nothing is picked, or fewer than 5 have an outcome), per item;
        ``net_benefit_all`` (acting on every item); acting on none gives 0. Then ``cost_1``, ``cost_3``,
        ``cost_10``: mean cost per item where a missed overturned item costs 1, 3 or 10 false alarms.

    References
    ----------
    Vickers and Elkin (2006), Medical Decision Making 26, 565-574.
    """
    y, chance = np.asarray(overturned, dtype=float), np.asarray(p, dtype=float)
    thresholds = np.array(THRESHOLDS)
    picked = chance[:, None] > thresholds
    weight = thresholds / (1 - thresholds)
    benefit = picked * (y[:, None] - (1 - y[:, None]) * weight)
    n_letters = int(letters.max()) + 1
    sums = np.stack([np.bincount(letters, column, n_letters) for column in benefit.T], axis=1)
    sizes = np.bincount(letters, minlength=n_letters)
    draws = np.concatenate(
        [
            (counts @ sums) / (counts @ sizes)[:, None]
            for counts in letter_draws(n_letters, n_bootstrap, len(y), seed)
        ]
    )
    low, high = np.quantile(draws, [0.025, 0.975], axis=0)
    # An interval of nothing, or of the luck of a few letters, would look like knowledge.
    is_stated = picked.any(axis=0)
    for outcome in (0, 1):
        is_stated &= len(np.unique(letters[y == outcome])) >= MIN_LETTERS_PER_OUTCOME
    low, high = np.where(is_stated, low, np.nan), np.where(is_stated, high, np.nan)
    missed, alarms = ((~picked) * y[:, None]).mean(axis=0), (picked * (1 - y[:, None])).mean(axis=0)
    return pd.DataFrame(
        {
            "threshold": thresholds,
            "n_picked": picked.sum(axis=0),
            "n_found": (picked * y[:, None]).sum(axis=0).astype(int),
            "net_benefit": benefit.mean(axis=0),
            "low": low,
            "high": high,
            "net_benefit_all": y.mean() - (1 - y.mean()) * weight,
            **{f"cost_{ratio}": ratio * missed + alarms for ratio in COST_RATIOS},
        }
    )
