"""How rates and scores differ between groups of items, with intervals and small groups folded together."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from imr_ml.evaluation.metrics import auc_interval, letter_draws, rate_interval, roc_auc

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
MIN_STATED_LETTERS = 5
"""Nothing is said of groups of fewer letters."""
OTHERS = "all smaller groups"
UNKNOWN = "not stated"
_UNNAMED = (OTHERS, UNKNOWN)


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

    What is not stated is no small group among others.

    >>> fold_small(pd.Series(["a", "a", "a", "b", "c"]), 2).tolist()
    ['a', 'a', 'a', 'all smaller groups', 'all smaller groups']
    """
    counts = groups.value_counts()
    return groups.where(groups.isna() | groups.eq(UNKNOWN) | groups.map(counts).ge(min_items), OTHERS)


_SLICE_COLUMNS = (
    *("dimension", "group", "n_items", "n_letters", "n_overturned", "rate", "rate_low", "rate_high"),
    *("predicted", "gap", "gap_low", "gap_high", "roc_auc", "roc_auc_low", "roc_auc_high", "log_loss"),
    *("difference", "difference_low", "difference_high"),
)


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
        and ``rate_high`` (see `imr_ml.evaluation.metrics.rate_interval`), ``predicted`` (mean probability),
        ``gap`` (predicted minus rate) with ``gap_low`` and ``gap_high`` (bootstrap of letters), ``roc_auc``
        with ``roc_auc_low`` and ``roc_auc_high`` (Hanley and McNeil, missing where a group has fewer than 5
        letters of an outcome),
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
        if set(labels[dimension].dropna()) != {OTHERS}
        for group in _ordered(labels[dimension])
    ]
    excess = losses["p_model"] - losses["p_category_rate"]
    only = [member for _, _, member in members]
    draws = _mean_draws([(excess, member) for member in only], letters, n_bootstrap, seed)
    gap_draws = _mean_draws([(chance - overturned, member) for member in only], letters, n_bootstrap, seed)
    found = []
    for (dimension, group, member), drawn, gaps in zip(members, draws.T, gap_draws.T, strict=True):
        hits, n = int(overturned[member].sum()), int(member.sum())
        low, high = _limits(drawn)
        gap_low, gap_high = _limits(gaps)
        positive = len(np.unique(letters[member & overturned]))
        negative = len(np.unique(letters[member & ~overturned]))
        auc = roc_auc(overturned[member], chance[member]) if min(positive, negative) >= 5 else None
        auc_low, auc_high = (None, None) if auc is None else auc_interval(auc, positive, negative)
        rate_low, rate_high = rate_interval(overturned[member], letters[member])
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
    return pd.DataFrame(found, columns=list(_SLICE_COLUMNS))


def slice_statements(table: pd.DataFrame) -> list[str]:
    """Say plainly in which groups the model is worse than the category's rate, or states wrong chances.

    Groups of fewer than 10 letters are said to be too small to rely on, those of fewer than 5 left aside.
    """
    said = []
    for row in table[table["n_letters"] >= MIN_STATED_LETTERS].to_dict("records"):
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


_MEASURES = ("picked", "found", "false_alarms", "calibration_gap")
_NEEDED = {
    "picked": "letters",
    "found": "letters with an overturned item",
    "false_alarms": "letters with an upheld item",
    "calibration_gap": "letters",
}


def fairness_tables(
    items: pd.DataFrame, predictions: pd.DataFrame, *, n_bootstrap: int = 1000, seed: int = 0
) -> tuple[pd.DataFrame, dict[str, dict[str, dict[str, Any]]]]:
    """Compare what the model does for each sex and age band.

    An item counts as picked where its probability lies above the teaching items' base rate.

    Returns
    -------
    table : DataFrame
        ``dimension``, ``group``, ``n_items``, ``n_overturned``, ``rate``, ``predicted`` (mean probability),
        ``calibration_gap`` (predicted minus rate), ``picked`` (share picked), ``found`` (share of overturned
        items picked), ``false_alarms`` (share of upheld items picked), each of these with ``_low`` and
        ``_high`` (that of the gap ``gap_low`` and ``gap_high``; 95%, bootstrap of letters; missing where
        fewer than 5 letters have such an item); the shares are missing where there are no such items.
    differences : dict
        By dimension the widest difference between two groups, those not stated left aside:
        ``demographic_parity_difference``, ``equalized_odds_difference`` and ``calibration_gap_difference``,
        each with ``value`` (from 0, alike, to 1), ``low`` and ``high`` (of these two groups) and ``groups``
        (the higher and the lower one), or None and the ``reason``: groups of fewer than 5 letters with such
        an item are left out, and two are needed.

    References
    ----------
    Agarwal et al. (2018), A reductions approach to fair classification: demographic parity compares
    ``picked``, equalized odds compares ``found`` and ``false_alarms``.
    """
    rows = items.set_index("item_id").loc[predictions["item_id"]].reset_index()
    labels = slice_groups(rows)
    labels = pd.DataFrame({name: fold_small(labels[name]) for name in FAIRNESS_DIMENSIONS if name in labels})
    groups = [
        (dimension, group, (labels[dimension] == group).to_numpy())
        for dimension in labels
        for group in _ordered(labels[dimension])
    ]
    if not groups:
        return pd.DataFrame(), {}
    overturned = predictions["outcome"].eq("overturned").to_numpy()
    picked = (predictions["p_model"] > predictions["base_rate"]).to_numpy()
    chance = predictions["p_model"].to_numpy(dtype=float)
    letters = np.asarray(pd.factorize(predictions["letter_id"], sort=True)[0], dtype=np.intp)
    everyone = np.ones_like(overturned)
    parts = dict(
        zip(
            _MEASURES,
            (
                (picked, everyone),
                (picked, overturned),
                (picked, ~overturned),
                (chance - overturned, everyone),
            ),
            strict=True,
        )
    )
    measured = [(values, member & among) for _, _, member in groups for values, among in parts.values()]
    draws = _mean_draws(measured, letters, n_bootstrap, seed).T.reshape(len(groups), len(_MEASURES), -1)
    found = []
    for number, (dimension, group, member) in enumerate(groups):
        row: dict[str, Any] = {
            "dimension": dimension,
            "group": str(group),
            "n_items": int(member.sum()),
            "n_overturned": int(overturned[member].sum()),
            "rate": float(overturned[member].mean()),
            "predicted": float(chance[member].mean()),
        }
        for place, name in enumerate(_MEASURES):
            values, among = measured[number * len(_MEASURES) + place]
            enough = len(np.unique(letters[among])) >= MIN_STATED_LETTERS
            row[name] = float(values[among].mean()) if among.any() else None
            row[f"{name}_low"], row[f"{name}_high"] = (
                _limits(draws[number, place]) if enough else (None, None)
            )
            row[f"_{name}"] = enough
        found.append(row)
    differences = {
        str(dimension): _differences(
            [row for row in found if row["dimension"] == dimension],
            draws[[number for number, group in enumerate(groups) if group[0] == dimension]],
        )
        for dimension in labels
    }
    table = pd.DataFrame(found).drop(columns=[f"_{name}" for name in _MEASURES])
    return table.rename(columns=lambda name: name.replace("calibration_gap_", "gap_")), differences


def _differences(rows: list[dict[str, Any]], draws: NDArray[np.float64]) -> dict[str, dict[str, Any]]:
    stated = [(row, drawn) for row, drawn in zip(rows, draws, strict=True) if row["group"] not in _UNNAMED]
    widest: dict[str, dict[str, Any]] = {}
    for place, name in enumerate(_MEASURES):
        usable = sorted(
            ((row[name], row["group"], drawn[place]) for row, drawn in stated if row[f"_{name}"]),
            key=lambda one: one[0],
        )
        if len(usable) < 2:
            why = "one group only" if len(stated) < 2 else f"fewer than two groups have 5 {_NEEDED[name]}"
            widest[name] = {"value": None, "low": None, "high": None, "reason": why}
            continue
        (least, lower, of_lower), (most, higher, of_higher) = usable[0], usable[-1]
        low, high = _limits(of_higher - of_lower)
        widest[name] = {"value": most - least, "low": low, "high": high, "groups": [higher, lower]}
    odds = max((widest["found"], widest["false_alarms"]), key=lambda one: one["value"] or -1.0)
    return {
        "demographic_parity_difference": widest["picked"],
        "equalized_odds_difference": odds,
        "calibration_gap_difference": widest["calibration_gap"],
    }


def _limits(draws: NDArray[np.float64]) -> tuple[float | None, float | None]:
    draws = draws[np.isfinite(draws)]
    if len(draws) < 20:
        return None, None
    low, high = np.quantile(draws, [0.025, 0.975])
    return float(low), float(high)


def _losses(overturned: NDArray[np.bool_], chance: pd.Series[Any]) -> NDArray[np.float64]:
    p = np.clip(chance.to_numpy(dtype=float), 1e-15, 1 - 1e-15)
    losses: NDArray[np.float64] = -np.log(np.where(overturned, p, 1 - p))
    return losses


def _mean_draws(
    groups: list[tuple[NDArray[Any], NDArray[np.bool_]]],
    letters: NDArray[np.intp],
    n_bootstrap: int,
    seed: int,
) -> NDArray[np.float64]:
    """Give the mean of each group's values among its members in each resampling of letters."""
    n_letters = int(letters.max()) + 1
    if not groups:
        return np.empty((n_bootstrap, 0))
    totals = np.stack([np.bincount(letters, values * member, n_letters) for values, member in groups], axis=1)
    sizes = np.stack([np.bincount(letters, member, n_letters) for _, member in groups], axis=1)
    parts = []
    for counts in letter_draws(n_letters, n_bootstrap, len(letters), seed):
        drawn = counts.astype(float)
        n = drawn @ sizes
        parts.append(np.divide(drawn @ totals, n, out=np.full_like(n, np.nan), where=n > 0))
    return np.concatenate(parts) if parts else np.empty((0, len(groups)))


def _ordered(groups: pd.Series[Any]) -> list[Any]:
    """Give groups by their names where these are numbers or ranges, else the largest first; rests last."""
    counts = groups.value_counts()
    rests = [name for name in (OTHERS, UNKNOWN) if name in counts.index]
    names = [name for name in counts.index if name not in rests]
    if all(any(character.isdigit() for character in str(name)) for name in names):
        names.sort(key=lambda name: (not str(name).startswith("under"), str(name)))
    return [*names, *rests]
