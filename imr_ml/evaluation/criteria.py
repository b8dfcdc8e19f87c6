"""What the guidelines' criteria go with: overturn rates where each is met, unmet, or neither."""

from __future__ import annotations

import numpy as np
import pandas as pd

from imr_ml.evaluation.metrics import rate_interval
from imr_ml.grounds import find_grounds

_ANSWERS = {"met": True, "unmet": False, "not stated": None}


def criteria_table(items: pd.DataFrame) -> pd.DataFrame:
    """Give for each criterion how often items were overturned where it is met, unmet, or neither.

    A description of the letters, not an effect: items that meet a criterion differ in other ways too. What
    its rules leave open counts as not stated.

    Parameters
    ----------
    items : DataFrame of shape (n_items, n_columns)
        Items with outcomes.

    Returns
    -------
    DataFrame of shape (n_criteria, 14)
        ``criterion``, ``source``, and for ``met``, ``unmet`` and ``not stated`` each ``<answer>_items``,
        ``<answer>_rate``, ``<answer>_low``, ``<answer>_high`` (see `imr_ml.evaluation.metrics.rate_interval`;
        missing without items); the criteria
        stated most often first.
    """
    grounds = find_grounds(items)
    known = items.set_index("item_id")
    grounds["overturned"] = (known["outcome"] == "overturned").reindex(grounds["item_id"]).to_numpy()
    grounds["letter_id"] = known["letter_id"].reindex(grounds["item_id"]).to_numpy()
    rows = []
    for (criterion, source), own in grounds.groupby(["criterion", "source"], sort=True):
        row = {"criterion": criterion, "source": source}
        for name, answer in _ANSWERS.items():
            chosen = own["is_met"].isna() if answer is None else own["is_met"].eq(answer).fillna(False)
            overturned = own.loc[chosen, "overturned"]
            n_items, n_overturned = len(overturned), int(overturned.sum())
            low, high = np.nan, np.nan
            if n_items:
                low, high = rate_interval(overturned, own.loc[chosen, "letter_id"])
            row |= {
                f"{name}_items": n_items,
                f"{name}_rate": n_overturned / n_items if n_items else np.nan,
                f"{name}_low": low,
                f"{name}_high": high,
            }
        rows.append(row)
    table = pd.DataFrame(rows)
    if len(table):
        stated = table["met_items"] + table["unmet_items"]
        order = stated.sort_values(ascending=False, kind="stable").index
        table = table.loc[order[stated[order] > 0]].reset_index(drop=True)
    return table
