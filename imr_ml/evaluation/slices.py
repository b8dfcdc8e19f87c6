"""How rates and scores differ between groups of items, with intervals and small groups folded together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from imr_ml.evaluation.metrics import auc_interval, letter_draws, overturn_rate_interval, roc_auc

MIN_GROUP = 20
"""Groups with fewer items are folded into one."""

DIMENSIONS = {
    "treatment_category": "Treatment category",
    "drug_class": "Drug class",
    "diagnosis_category": "Diagnosis category",
    "review_type": "Type of review",
    "year": "Year decided",
    "specialty": "Reviewer's specialty (analysis only: no model at filing knows it)",
    "n_items": "Items in the letter",
    "summary_words": "Words in the case summary",
    "age_band": "Age",
    "sex": "Sex",
}
"""Every dimension by its key, with its name in the report."""

FAIRNESS_DIMENSIONS = ("sex", "age_band")
OTHERS = "all smaller groups"
UNKNOWN = "not stated"


def slice_groups(items: pd.DataFrame) -> pd.DataFrame:
    """Give the group of each item in each dimension, small ones not yet folded.

    Returns
    -------
    DataFrame of shape (n_items, n_dimensions)
        Text; a dimension that no item states is left out.
    """
    drugs = items["treatment_category"].eq("Pharmaceuticals").fillna(False)
    words = items["case_summary"].map(lambda text: len(text.split()), na_action="ignore").astype(float)
    ages = pd.cut(
        items["age_years"].astype(float),
        [0, 30, 40, 50, 60, 121],
        right=False,
        labels=["under 30", "30 to 39", "40 to 49", "50 to 59", "60 and over"],
    )
    groups = {
        "treatment_category": items["treatment_category"],
        "drug_class": items["treatment_subcategory"].where(drugs),
        "diagnosis_category": items["diagnosis_category"],
        "review_type": items["review_type"],
        "year": items["decided_year"].map(lambda year: str(int(year)), na_action="ignore"),
        "specialty": items["reviewer_specialties"].map(lambda names: names[0] if names else None),
        "n_items": pd.cut(
            items["n_items"].astype(float),
            [0, 1, 2, 5, np.inf],
            labels=["1", "2", "3 to 5", "6 and more"],
        ),
        "summary_words": pd.cut(
            words,
            [0, 150, 250, 400, np.inf],
            right=False,
            labels=["under 150", "150 to 249", "250 to 399", "400 and more"],
        ),
        "age_band": ages.astype(object).fillna(items["age_range"].astype(object)),
        "sex": items["sex"],
    }
    table = pd.DataFrame(
        {name: pd.Series(values, index=items.index).astype(object) for name, values in groups.items()}
    )
    table = table.loc[:, table.notna().any()]
    # Only drugs have a drug class; elsewhere a missing value is a fact that was not stated.
    kept = [name for name in DIMENSIONS if name != "drug_class" and name in table]
    table[kept] = table[kept].where(table[kept].notna(), UNKNOWN)
    return table


def fold_small(groups: pd.Series[Any], min_items: int = MIN_GROUP) -> pd.Series[Any]:
    """Put the groups with fewer items into one.

    >>> fold_small(pd.Series(["a", "a", "a", "b", "c"]), 2).tolist()
    ['a', 'a', 'a', 'all smaller groups', 'all smaller groups']
    """
    counts = groups.value_counts()
    return groups.where(groups.isna() | groups.map(counts).ge(min_items), OTHERS)


def slice_table(
    items: pd.DataFrame, predictions: pd.DataFrame, *, n_bootstrap: int = 1000, seed: int = 0
) -> pd.DataFrame:
    """Score the model in every group, beside the rate of each item's category.

    Parameters
    ----------
    items : DataFrame of shape (n_items, n_columns)
    predictions : DataFrame
        One row per held-out item, as `imr_ml.evaluation.Evaluation.predictions` of one split and repeat.

    Returns
    -------
    DataFrame
        ``dimension``, ``group``, ``n_items``, ``n_letters``, ``n_overturned``, ``rate`` with ``rate_low``
        and ``rate_high`` (Wilson), ``predicted`` (mean probability), ``gap`` (predicted minus rate) with
        ``gap_low`` and ``gap_high`` (bootstrap of letters), ``roc_auc`` with ``roc_auc_low`` and
        ``roc_auc_high`` (Hanley and McNeil, missing where a group has fewer than 5 letters of an outcome),
        ``log_loss`` and, as ``difference`` with ``difference_low`` and ``difference_high``, the model's log
        loss minus that of the category rate (paired bootstrap of letters; below 0 the model is better).
    """
    rows = items.set_index("item_id").loc[predictions["item_id"]].reset_index()
    overturned = predictions["outcome"].eq("overturned").to_numpy()
    chance = predictions["p_model"].to_numpy(dtype=float)
    losses = {name: _losses(overturned, predictions[name]) for name in ("p_model", "p_category_rate")}
    letters, _ = pd.factorize(predictions["letter_id"], sort=True)
    groups = slice_groups(rows)
    labels = pd.DataFrame({name: fold_small(groups[name]) for name in groups})
    members = [
        (dimension, str(group), (labels[dimension] == group).to_numpy())
        for dimension in labels
        for group in _ordered(labels[dimension])
    ]
    excess = losses["p_model"] - losses["p_category_rate"]
    only = [member for _, _, member in members]
    draws = _mean_draws(excess, only, letters, n_bootstrap, seed)
    gap_draws = _mean_draws(chance - overturned, only, letters, n_bootstrap, seed)
    found = []
    for (dimension, group, member), drawn, gaps in zip(members, draws.T, gap_draws.T, strict=True):
        hits, n = int(overturned[member].sum()), int(member.sum())
        low, high = _limits(drawn)
        gap_low, gap_high = _limits(gaps)
        positive = len(np.unique(letters[member & overturned]))
        negative = len(np.unique(letters[member & ~overturned]))
        auc = roc_auc(overturned[member], chance[member]) if min(positive, negative) >= 5 else None
        auc_low, auc_high = (None, None) if auc is None else auc_interval(auc, positive, negative)
        rate_low, rate_high = overturn_rate_interval([hits], [n])[0]
        found.append(
            {
                "dimension": dimension,
                "group": group,
                "n_items": n,
                "n_letters": len(np.unique(letters[member])),
                "n_overturned": hits,
                "rate": hits / n,
                "rate_low": rate_low,
                "rate_high": rate_high,
                "predicted": float(chance[member].mean()),
                "gap": float((chance - overturned)[member].mean()),
                "gap_low": gap_low,
                "gap_high": gap_high,
                "roc_auc": auc,
                "roc_auc_low": auc_low,
                "roc_auc_high": auc_high,
                "log_loss": float(losses["p_model"][member].mean()),
                "difference": float(excess[member].mean()),
                "difference_low": low,
                "difference_high": high,
            }
        )
    return pd.DataFrame(found)


def slice_statements(table: pd.DataFrame) -> list[str]:
    """Say plainly in which groups the model is worse than the category's rate, or states wrong chances.

    Groups of fewer than 10 letters are said to be too small to rely on, those of fewer than 5 left aside.
    """
    said = []
    for row in table[table["n_letters"] >= 5].to_dict("records"):
        where = f"{DIMENSIONS[row['dimension']].split(' (')[0]}, {row['group']}"
        size = f"{row['n_items']:,} items"
        if row["n_letters"] < row["n_items"]:
            size += f" of {row['n_letters']:,} letters"
        if row["n_letters"] < 10:
            size += ", too few to rely on"
        if pd.notna(row["difference_low"]) and row["difference_low"] > 0:
            said.append(
                f"{where}: the model is WORSE than the category's rate (log loss higher by "
                f"{row['difference']:.3f}, {row['difference_low']:.3f} to {row['difference_high']:.3f}; "
                f"{size})."
            )
        if pd.notna(row["gap_low"]) and not row["gap_low"] <= 0 <= row["gap_high"]:
            said.append(
                f"{where}: the model expects {100 * row['predicted']:.0f}% overturned, but "
                f"{100 * row['rate']:.0f}% were ({size})."
            )
    return said


def fairness_table(items: pd.DataFrame, predictions: pd.DataFrame) -> pd.DataFrame:
    """Compare what the model does for each sex and age band.

    An item counts as picked where its probability lies above the teaching items' base rate.

    Returns
    -------
    DataFrame
        ``dimension``, ``group``, ``n_items``, ``n_overturned``, ``rate``, ``predicted`` (mean probability),
        ``calibration_gap`` (predicted minus rate), ``picked`` (share picked), ``found`` (share of overturned
        items picked), ``false_alarms`` (share of upheld items picked); the last two are missing where there
        are no such items.

    References
    ----------
    Agarwal et al. (2018), A reductions approach to fair classification: demographic parity compares
    ``picked``, equalized odds compares ``found`` and ``false_alarms``.
    """
    rows = items.set_index("item_id").loc[predictions["item_id"]].reset_index()
    groups = slice_groups(rows)
    overturned = predictions["outcome"].eq("overturned").to_numpy()
    picked = (predictions["p_model"] > predictions["base_rate"]).to_numpy()
    chance = predictions["p_model"].to_numpy(dtype=float)
    found = []
    for dimension in FAIRNESS_DIMENSIONS:
        if dimension not in groups:
            continue
        labels = fold_small(groups[dimension])
        for group in _ordered(labels):
            member = (labels == group).to_numpy()
            rate, predicted = float(overturned[member].mean()), float(chance[member].mean())
            found.append(
                {
                    "dimension": dimension,
                    "group": str(group),
                    "n_items": int(member.sum()),
                    "n_overturned": int(overturned[member].sum()),
                    "rate": rate,
                    "predicted": predicted,
                    "calibration_gap": predicted - rate,
                    "picked": float(picked[member].mean()),
                    "found": _share(picked, member & overturned),
                    "false_alarms": _share(picked, member & ~overturned),
                }
            )
    return pd.DataFrame(found)


def fairness_summary(table: pd.DataFrame) -> dict[str, dict[str, float | None]]:
    """Give the widest differences between groups, those not stated left aside.

    Returns
    -------
    dict
        By dimension: ``demographic_parity_difference``, ``equalized_odds_difference`` and
        ``calibration_gap_difference``, from 0 (alike) to 1; None with fewer than two groups.
    """
    summary: dict[str, dict[str, float | None]] = {}
    for dimension, rows in table.groupby("dimension", sort=False) if len(table) else []:
        rows = rows[~rows["group"].isin([UNKNOWN, OTHERS])]
        spread: Mapping[str, float | None] = {
            name: float(rows[name].max() - rows[name].min()) if rows[name].notna().sum() >= 2 else None
            for name in ("picked", "found", "false_alarms", "calibration_gap")
        }
        odds = [value for value in (spread["found"], spread["false_alarms"]) if value is not None]
        summary[str(dimension)] = {
            "demographic_parity_difference": spread["picked"],
            "equalized_odds_difference": max(odds) if odds else None,
            "calibration_gap_difference": spread["calibration_gap"],
        }
    return summary


def _limits(draws: NDArray[np.float64]) -> tuple[float | None, float | None]:
    draws = draws[np.isfinite(draws)]
    if len(draws) < 20:
        return None, None
    low, high = np.quantile(draws, [0.025, 0.975])
    return float(low), float(high)


def _share(picked: NDArray[np.bool_], among: NDArray[np.bool_]) -> float | None:
    return float(picked[among].mean()) if among.any() else None


def _losses(overturned: NDArray[np.bool_], chance: pd.Series[Any]) -> NDArray[np.float64]:
    p = np.clip(chance.to_numpy(dtype=float), 1e-15, 1 - 1e-15)
    losses: NDArray[np.float64] = -np.log(np.where(overturned, p, 1 - p))
    return losses


def _mean_draws(
    values: NDArray[np.float64],
    members: list[NDArray[np.bool_]],
    letters: NDArray[np.intp],
    n_bootstrap: int,
    seed: int,
) -> NDArray[np.float64]:
    """Give the mean of values among each group's members in each resampling of letters."""
    n_letters = int(letters.max()) + 1
    totals = np.stack([np.bincount(letters, values * member, n_letters) for member in members], axis=1)
    sizes = np.stack([np.bincount(letters, member, n_letters) for member in members], axis=1)
    parts = []
    for counts in letter_draws(n_letters, n_bootstrap, len(values), seed):
        drawn = counts.astype(float)
        n = drawn @ sizes
        parts.append(np.divide(drawn @ totals, n, out=np.full_like(n, np.nan), where=n > 0))
    return np.concatenate(parts) if parts else np.empty((0, len(members)))


def _ordered(groups: pd.Series[Any]) -> list[Any]:
    """Give groups by their names where these are numbers or ranges, else the largest first; rests last."""
    counts = groups.value_counts()
    rests = [name for name in (OTHERS, UNKNOWN) if name in counts.index]
    names = [name for name in counts.index if name not in rests]
    if all(any(character.isdigit() for character in str(name)) for name in names):
        names.sort(key=lambda name: (not str(name).startswith("under"), str(name)))
    return [*names, *rests]
