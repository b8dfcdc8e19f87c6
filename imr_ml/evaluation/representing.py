"""Overturn rates of a table beside the published ones, to see whether a folder is representative."""

from __future__ import annotations

from typing import Any

import pandas as pd

from imr_ml.evaluation.metrics import rate_interval
from imr_ml.published import published_rates


def published_comparison(items: pd.DataFrame) -> pd.DataFrame:
    """Set the rates of the items table, by year and by category, beside every published figure.

    Parameters
    ----------
    items : DataFrame of shape (n_items, n_columns)
        Items of program ``dwc`` with outcomes.

    Returns
    -------
    DataFrame
        ``kind`` (``year``, ``category``), ``group``, ``n_items``, ``n_overturned``, ``rate``, ``low``,
        ``high`` (see `imr_ml.evaluation.metrics.rate_interval`), ``period``, ``publisher``,
        ``published_name``, ``published_rate``, ``quality``, ``source`` and ``inside`` (whether the published
        rate lies in the interval). Empty where nothing was published.
    """
    figures = published_rates()
    figures = figures[figures["overturn_rate"].notna()]
    overturned, letters = items["outcome"] == "overturned", items["letter_id"]
    rows: list[dict[str, Any]] = []
    for year, member in overturned.groupby(items["decided_year"]):
        same = figures[(figures["level"] == "overall") & (figures["period"] == str(int(str(year))))]
        rows += _beside("year", str(year), member, letters, same)
    for category, member in overturned.groupby(items["treatment_category"]):
        same = figures[(figures["treatment_category"] == category) & (figures["level"] != "drug_class")]
        rows += _beside("category", str(category), member, letters, same)
    drugs = items["treatment_category"] == "Pharmaceuticals"
    known = figures[figures["level"] == "drug_class"]
    for drug_class, member in overturned[drugs].groupby(items.loc[drugs, "treatment_subcategory"]):
        same = known[known["category"].str.rstrip("s").str.casefold() == str(drug_class).casefold()]
        rows += _beside("drug class", str(drug_class), member, letters, same)
    return pd.DataFrame(rows)


def without_published_rate(items: pd.DataFrame, published: pd.DataFrame) -> dict[str, int]:
    """Count the items of each category for which nothing was published, the most first."""
    counts = items["treatment_category"].value_counts()
    beside = set(published.loc[published["kind"] == "category", "group"]) if len(published) else set()
    return {str(name): int(n) for name, n in counts.items() if name not in beside}


def _beside(
    kind: str, group: str, member: pd.Series[bool], letters: pd.Series[str], figures: pd.DataFrame
) -> list[dict[str, Any]]:
    n, hits = len(member), int(member.sum())
    low, high = rate_interval(member, letters.loc[member.index])
    return [
        {
            "kind": kind,
            "group": group,
            "n_items": n,
            "n_overturned": hits,
            "rate": hits / n,
            "low": low,
            "high": high,
            "period": figure["period"],
            "publisher": figure["publisher"],
            "published_name": figure["category"],
            "published_rate": figure["overturn_rate"],
            "quality": figure["quality"],
            "source": figure["source"],
            "inside": bool(low <= figure["overturn_rate"] <= high),
        }
        for figure in figures.to_dict("records")
    ]
