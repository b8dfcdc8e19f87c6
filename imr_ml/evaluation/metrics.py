"""Scores and the tables behind every figure, with bootstrap intervals that resample letters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.stats import norm, rankdata

Floats = NDArray[np.float64]

METRICS: dict[str, str] = {
    "roc_auc": "ROC AUC",
    "average_precision": "Average precision",
    "log_loss": "Log loss",
    "brier": "Brier score",
    "calibration_error": "Calibration error",
    "balanced_accuracy": "Balanced accuracy",
    "lift_at_10pct": "Lift in the top tenth",
}
"""Every score by its key in ``metrics.json``, with its name in the report."""

LOWER_IS_BETTER = frozenset({"log_loss", "brier", "calibration_error"})

N_BINS = 10
MIN_LETTERS_PER_OUTCOME = 5
"""With fewer letters of an outcome, scores have no interval."""
_CHUNK = 2_000_000


@dataclass(frozen=True, slots=True)
class Estimate:
    """A score with its interval.

    Parameters
    ----------
    value, low, high : float or None
        None where it cannot be computed; then `reason` says why.
    """

    value: float | None
    low: float | None = None
    high: float | None = None
    reason: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """Give the estimate as ``metrics.json`` holds it."""
        plain: dict[str, Any] = {"value": self.value, "low": self.low, "high": self.high}
        return plain if self.reason is None else {**plain, "reason": self.reason}


def overturn_rate_interval(n_overturned: ArrayLike, n_items: ArrayLike, *, level: float = 0.95) -> Floats:
    """Give the range in which each group's true share of overturned items plausibly lies.

    Parameters
    ----------
    n_overturned, n_items : array-like of shape (n_groups,)
        Numbers of items, with 0 <= n_overturned <= n_items and n_items above 0.
    level : float, default=0.95
        Confidence level, above 0 and below 1.

    Returns
    -------
    ndarray of shape (n_groups, 2)
        Lower and upper share of overturned items, from 0 to 1.

    Raises
    ------
    ValueError
        If a group has no items, or more overturned than items.

    References
    ----------
    Wilson (1927), Journal of the American Statistical Association 22, 209-212.

    Examples
    --------
    >>> overturn_rate_interval([0], [10]).round(2)
    array([[0.  , 0.28]])
    """
    hits, sizes = np.asarray(n_overturned, dtype=float), np.asarray(n_items, dtype=float)
    if np.any(sizes <= 0) or np.any(hits < 0) or np.any(hits > sizes):
        raise ValueError("every group needs items, and no more overturned ones than items")
    z = norm.ppf(0.5 + level / 2)
    rate = hits / sizes
    middle = (rate + z**2 / (2 * sizes)) / (1 + z**2 / sizes)
    half = z / (1 + z**2 / sizes) * np.sqrt(rate * (1 - rate) / sizes + z**2 / (4 * sizes**2))
    limits: Floats = np.clip(np.stack([middle - half, middle + half], axis=-1), 0.0, 1.0)
    return limits


def rate_interval(overturned: ArrayLike, letters: ArrayLike, *, level: float = 0.95) -> tuple[float, float]:
    """Give the range in which a group's true share of overturned items plausibly lies, by letter.

    Items of a letter share a reviewer and a summary, and are decided alike more often than others: they tell
    as much as fewer independent ones, as many as the spread of the letters' shares says.

    Parameters
    ----------
    overturned : array-like of shape (n_items,)
        1 or True for overturned; at least one item.
    letters : array-like of shape (n_items,)
        The letter of each.
    level : float, default=0.95
        Confidence level, above 0 and below 1.

    Returns
    -------
    low, high : float
        From 0 to 1: Wilson's interval for the effective number of items.

    References
    ----------
    Rao and Scott (1992), Biometrics 48, 577-585 (the effective number of clustered items); Kish (1965),
    Survey Sampling, section 11.7 (the same where all outcomes are equal: were all items of a letter alike).

    Examples
    --------
    >>> outcomes = [1, 0, 0, 0, 0, 0, 0, 0, 0, 1]
    >>> [round(end, 2) for end in rate_interval(outcomes, range(10))]
    [0.05, 0.53]
    >>> outcomes = [1, 1, 0, 0, 0, 0, 0, 0, 0, 0]
    >>> [round(end, 2) for end in rate_interval(outcomes, [1, 1, 2, 2, 3, 3, 4, 4, 5, 5])]
    [0.03, 0.66]
    """
    y = np.asarray(overturned, dtype=float)
    if not len(y):
        raise ValueError("every group needs items, and no more overturned ones than items")
    codes = np.unique(np.asarray(letters), return_inverse=True)[1]
    sizes = np.bincount(codes)
    n_items, n_letters, rate = len(y), len(sizes), y.mean()
    effective = n_items**2 / (sizes**2).sum()
    if n_letters > 1 and 0 < rate < 1:
        apart = np.bincount(codes, weights=y) - rate * sizes
        variance = n_letters / (n_letters - 1) * (apart**2).sum() / n_items**2
        effective = min(n_items, max(rate * (1 - rate) / variance, 1.0))
    low, high = overturn_rate_interval([rate * effective], [effective], level=level)[0]
    return float(low), float(high)


def rank_within(scores: ArrayLike, folds: ArrayLike) -> Floats:
    """Give each item's place among the items of its own fold, from 0 to 1; ties share the middle.

    Each fold has its own model, and scores of two models need not share a scale: ranking scores are
    therefore computed on these places.

    >>> rank_within([0.1, 0.9, 0.5, 0.5], [1, 1, 2, 2])
    array([0.25, 0.75, 0.5 , 0.5 ])
    """
    table = pd.DataFrame({"score": np.asarray(scores, dtype=float), "fold": np.asarray(folds)})
    grouped = table.groupby("fold")["score"]
    places: Floats = np.asarray((grouped.rank() - 0.5) / grouped.transform("size"), dtype=float)
    return places


class Scored:
    """One scorer's predictions, prepared so that every resampling of letters costs little.

    Parameters
    ----------
    overturned : array-like of bool, shape (n_items,)
    p : array-like of float, shape (n_items,)
        Probability of being overturned, from 0 to 1.
    letters : array-like of int, shape (n_items,)
        Number of each item's letter, from 0.
    rank : array-like of float, optional
        What the ranking scores order by, `p` by default.
    threshold : float or array-like of shape (n_items,)
        Items above it count as predicted overturned.
    """

    def __init__(
        self,
        overturned: ArrayLike,
        p: ArrayLike,
        letters: ArrayLike,
        *,
        rank: ArrayLike | None = None,
        threshold: ArrayLike = 0.5,
    ) -> None:
        y = np.asarray(overturned, dtype=float)
        chance = np.asarray(p, dtype=float)
        self.letters = np.asarray(letters, dtype=np.intp)
        self.n_letters = int(self.letters.max()) + 1
        order = np.argsort(-(chance if rank is None else np.asarray(rank, dtype=float)), kind="stable")
        ranked = (chance if rank is None else np.asarray(rank, dtype=float))[order]
        # Items with equal scores enter a curve together: only the last of each run counts.
        self._ends = np.flatnonzero(np.append(ranked[1:] != ranked[:-1], True))
        self._letters_ranked = self.letters[order]
        self._y_ranked = y[order]
        bins = calibration_bins(chance)
        hit = (chance > np.asarray(threshold)) == (y == 1)
        safe = np.clip(chance, 1e-15, 1 - 1e-15)
        per_item = {
            "items": np.ones_like(y),
            "overturned": y,
            "loss": -(y * np.log(safe) + (1 - y) * np.log1p(-safe)),
            "square": (chance - y) ** 2,
            "hit_overturned": hit * y,
            "hit_upheld": hit * (1 - y),
        }
        n_bins = int(bins.max()) + 1
        self._sums = np.stack([self._by_letter(values) for values in per_item.values()], axis=1)
        gap = np.zeros((self.n_letters, n_bins))
        np.add.at(gap, (self.letters, bins), chance - y)
        self._gap = gap

    def n_letters_of_rarer_outcome(self) -> int:
        """Count the letters with an item of the outcome that fewer letters have."""
        n_items, n_overturned = self._sums[:, 0], self._sums[:, 1]
        return int(min((n_overturned > 0).sum(), (n_items > n_overturned).sum()))

    def _by_letter(self, values: Floats) -> Floats:
        return np.bincount(self.letters, weights=values, minlength=self.n_letters).astype(np.float64)

    def values(self, counts: NDArray[Any]) -> Floats:
        """Give every score for every resampling.

        Parameters
        ----------
        counts : ndarray of shape (n_resamples, n_letters)
            How often each letter is drawn.

        Returns
        -------
        ndarray of shape (n_resamples, n_metrics)
            In the order of `METRICS`; NaN where a resampling has one class only.
        """
        counts = np.asarray(counts, dtype=float)
        n, positives, loss, square, hit_positive, hit_negative = (counts @ self._sums).T
        with np.errstate(invalid="ignore", divide="ignore"):
            auc, precision, lift = self._ranking(counts, n, positives)
            balanced = (hit_positive / positives + hit_negative / (n - positives)) / 2
            calibration = np.abs(counts @ self._gap).sum(axis=1) / n
            return np.stack([auc, precision, loss / n, square / n, calibration, balanced, lift], axis=1)

    def _ranking(self, counts: Floats, n: Floats, positives: Floats) -> tuple[Floats, Floats, Floats]:
        drawn = counts[:, self._letters_ranked]
        seen = np.cumsum(drawn, axis=1)[:, self._ends]
        found = np.cumsum(drawn * self._y_ranked, axis=1)[:, self._ends]
        d_found = np.diff(found, prepend=0.0, axis=1)
        d_seen = np.diff(seen, prepend=0.0, axis=1)
        negatives = n - positives
        auc = ((d_seen - d_found) * (found - d_found / 2)).sum(axis=1) / (positives * negatives)
        share = np.divide(found, seen, out=np.zeros_like(found), where=seen > 0)
        average_precision = (d_found * share).sum(axis=1) / positives
        return auc, average_precision, (_hits(seen, found, 0.1 * n) / (0.1 * n)) / (positives / n)

    def top_hits(self, counts: NDArray[Any], shares: Sequence[float]) -> Floats:
        """Look at the items rated highest.

        Returns
        -------
        ndarray of shape (n_resamples, n_shares, 3)
            Precision, lift and recall in each share of the items.
        """
        drawn = np.asarray(counts, dtype=float)[:, self._letters_ranked]
        seen = np.cumsum(drawn, axis=1)[:, self._ends]
        found = np.cumsum(drawn * self._y_ranked, axis=1)[:, self._ends]
        n, positives = seen[:, -1], found[:, -1]
        parts = []
        for share in shares:
            hits = _hits(seen, found, share * n)
            with np.errstate(invalid="ignore", divide="ignore"):
                parts.append(
                    np.stack([hits / (share * n), hits / share / positives, hits / positives], axis=1)
                )
        return np.stack(parts, axis=1)


def _hits(seen: Floats, found: Floats, budget: Floats) -> Floats:
    """Count the overturned items among the first `budget` ones; of a run of ties, the part that fits."""
    cut = np.argmax(seen >= budget[:, None], axis=1)
    rows = np.arange(len(cut))
    before = np.where(cut > 0, cut - 1, 0)
    seen_before = np.where(cut > 0, seen[rows, before], 0.0)
    found_before = np.where(cut > 0, found[rows, before], 0.0)
    part = (budget - seen_before) / (seen[rows, cut] - seen_before)
    hits: Floats = found_before + part * (found[rows, cut] - found_before)
    return hits


def calibration_bins(p: ArrayLike, *, n_bins: int = N_BINS) -> NDArray[np.intp]:
    """Assign the bins of about equally many items that calibration is judged in.

    Equal probabilities share a bin; there are fewer bins where each would hold fewer than 20 items.

    >>> calibration_bins([0.1, 0.1, 0.2, 0.9], n_bins=2)
    array([0, 0, 0, 0])
    """
    p = np.asarray(p, dtype=float)
    n_bins = max(1, min(n_bins, len(p) // 20))
    codes, sizes = np.unique(p, return_inverse=True, return_counts=True)[1:]
    middles = (np.cumsum(sizes) - sizes / 2) / len(p)
    bins = np.minimum((middles * n_bins).astype(np.intp), n_bins - 1)
    return np.asarray(np.unique(bins, return_inverse=True)[1][codes], dtype=np.intp)


def letter_draws(n_letters: int, n_bootstrap: int, n_items: int, seed: int) -> Iterator[NDArray[np.intp]]:
    """Draw letters with replacement, in chunks of shape (n_chunk, n_letters) that fit in memory."""
    rng = np.random.default_rng(seed)
    size = max(1, min(n_bootstrap, _CHUNK // max(n_items, 1)))
    for start in range(0, n_bootstrap, size):
        rows = min(size, n_bootstrap - start)
        drawn = rng.integers(n_letters, size=(rows, n_letters))
        drawn += np.arange(rows)[:, None] * n_letters
        yield np.bincount(drawn.ravel(), minlength=rows * n_letters).reshape(rows, n_letters)


@dataclass(frozen=True, slots=True)
class Bootstrap:
    """Scores of several scorers on the same items and the same resamplings of letters.

    Parameters
    ----------
    values : mapping of str to ndarray of shape (n_metrics,)
        By scorer, on the items as they are.
    draws : mapping of str to ndarray of shape (n_bootstrap, n_metrics)
    level : float
        Of the intervals.
    """

    values: Mapping[str, Floats]
    draws: Mapping[str, Floats]
    level: float = 0.95

    def estimates(self, scorer: str) -> dict[str, Estimate]:
        """Give each score of one scorer with its interval."""
        return {
            metric: _estimate(
                self.values[scorer][column],
                self.draws[scorer][:, column],
                self.level,
                centred=metric == "calibration_error",
            )
            for column, metric in enumerate(METRICS)
        }

    def differences(self, scorer: str, other: str) -> dict[str, Estimate]:
        """Give `scorer` minus `other` with paired intervals: both are resampled alike."""
        return {
            metric: _estimate(
                self.values[scorer][column] - self.values[other][column],
                self.draws[scorer][:, column] - self.draws[other][:, column],
                self.level,
                centred=False,
            )
            for column, metric in enumerate(METRICS)
        }


def bootstrap_scores(
    scorers: Mapping[str, list[Scored]], *, n_bootstrap: int = 1000, seed: int = 0, level: float = 0.95
) -> Bootstrap:
    """Score every scorer on the items and on resamplings of whole letters.

    Items of a letter share a reviewer and a summary, so that single items are not independent.

    Parameters
    ----------
    scorers : mapping of str to list of Scored
        One entry per repeat of the cross-validation, all over the same letters; scores are averaged
        over repeats inside each resampling.
    n_bootstrap : int
        Number of resamplings.
    """
    first = next(iter(scorers.values()))[0]
    whole = np.ones((1, first.n_letters))
    values = {
        name: np.mean([part.values(whole)[0] for part in parts], axis=0) for name, parts in scorers.items()
    }
    draws: dict[str, list[Floats]] = {name: [] for name in scorers}
    if first.n_letters_of_rarer_outcome() < MIN_LETTERS_PER_OUTCOME:
        # Few letters drawn again and again look alike: their spread would pass for certainty.
        n_bootstrap = 0
    for counts in letter_draws(first.n_letters, n_bootstrap, len(first.letters), seed):
        for name, parts in scorers.items():
            draws[name].append(np.mean([part.values(counts) for part in parts], axis=0))
    stacked = {
        name: np.concatenate(parts) if parts else np.empty((0, len(METRICS))) for name, parts in draws.items()
    }
    return Bootstrap(values, stacked, level)


def _estimate(value: float, draws: Floats, level: float, *, centred: bool) -> Estimate:
    if not np.isfinite(value):
        return Estimate(None, reason="the held-out items have one outcome only")
    draws = draws[np.isfinite(draws)]
    if len(draws) < 20:
        return Estimate(float(value), reason="too few letters have each outcome for an interval")
    if centred:
        # A distance from zero grows when noise is added to it: resampling shifts it up as a whole.
        draws = np.maximum(draws - (draws.mean() - value), 0.0)
    low, high = np.quantile(draws, [(1 - level) / 2, (1 + level) / 2])
    return Estimate(float(value), float(low), float(high))


def roc_auc(overturned: ArrayLike, rank: ArrayLike) -> float:
    """Give the share of pairs of an overturned and an upheld item that are ranked rightly; ties count half.

    >>> roc_auc([False, True, True], [0.1, 0.4, 0.1])
    0.75
    """
    y = np.asarray(overturned, dtype=bool)
    ranks = rankdata(np.asarray(rank, dtype=float))
    n_positive = int(y.sum())
    n_negative = len(y) - n_positive
    return float((ranks[y].sum() - n_positive * (n_positive + 1) / 2) / (n_positive * n_negative))


def auc_interval(auc: float, n_positive: int, n_negative: int) -> tuple[float, float]:
    """Give the 95% interval of a ROC AUC from the numbers of independent units of each outcome.

    References
    ----------
    Hanley and McNeil (1982), Radiology 143, 29-36.

    Examples
    --------
    >>> [round(limit, 2) for limit in auc_interval(0.8, 50, 100)]
    [0.72, 0.88]
    """
    error = auc_error(auc, n_positive, n_negative)
    return max(0.0, auc - 1.96 * error), min(1.0, auc + 1.96 * error)


def auc_error(auc: float, n_positive: int, n_negative: int) -> float:
    """Give the standard error of a ROC AUC, after Hanley and McNeil (1982)."""
    first, second = auc / (2 - auc), 2 * auc**2 / (1 + auc)
    variance = auc * (1 - auc) + (n_positive - 1) * (first - auc**2) + (n_negative - 1) * (second - auc**2)
    return float(np.sqrt(max(variance, 0.0) / (n_positive * n_negative)))


def roc_table(overturned: ArrayLike, rank: ArrayLike) -> pd.DataFrame:
    """Give the ROC curve's points: ``false_positive_rate`` and ``true_positive_rate``, both from 0 to 1."""
    seen, found = _curve(overturned, rank)
    negatives = seen - found
    return pd.DataFrame(
        {
            "false_positive_rate": np.append(0.0, negatives / negatives[-1]),
            "true_positive_rate": np.append(0.0, found / found[-1]),
        }
    )


def precision_recall_table(overturned: ArrayLike, rank: ArrayLike) -> pd.DataFrame:
    """Give the points of ``recall`` and ``precision``, from the highest score down."""
    seen, found = _curve(overturned, rank)
    precision = found / seen
    return pd.DataFrame(
        {"recall": np.append(0.0, found / found[-1]), "precision": np.append(precision[0], precision)}
    )


def _curve(overturned: ArrayLike, rank: ArrayLike) -> tuple[Floats, Floats]:
    y, score = np.asarray(overturned, dtype=float), np.asarray(rank, dtype=float)
    order = np.argsort(-score, kind="stable")
    ends = np.flatnonzero(np.append(np.diff(score[order]) != 0, True))
    return (ends + 1).astype(float), np.cumsum(y[order])[ends]


def calibration_table(
    overturned: ArrayLike, p: ArrayLike, letters: ArrayLike, *, n_bins: int = N_BINS
) -> pd.DataFrame:
    """Compare what was predicted with what came, in bins of about equally many items.

    Returns
    -------
    DataFrame of shape (n_bins, 6)
        ``n_items``, ``n_overturned``, ``predicted`` (mean probability), ``observed`` (share overturned),
        ``low`` and ``high`` (interval of the share, see `rate_interval`).
    """
    table = pd.DataFrame(
        {
            "bin": calibration_bins(p, n_bins=n_bins),
            "p": np.asarray(p, dtype=float),
            "y": np.asarray(overturned, dtype=float),
            "letter": np.asarray(letters),
        }
    )
    grouped = table.groupby("bin")
    found = pd.DataFrame(
        {
            "n_items": grouped.size(),
            "n_overturned": grouped["y"].sum().astype("int64"),
            "predicted": grouped["p"].mean(),
        }
    ).reset_index(drop=True)
    found["observed"] = found["n_overturned"] / found["n_items"]
    found[["low", "high"]] = [rate_interval(own["y"], own["letter"]) for _, own in grouped]
    return found


def distribution_table(overturned: ArrayLike, p: ArrayLike, *, n_bins: int = 25) -> pd.DataFrame:
    """Count the predictions of each outcome in bins of equal width.

    Returns
    -------
    DataFrame of shape (n_bins, 4)
        ``low``, ``high`` (edges of the bin), ``upheld`` and ``overturned`` (share of that outcome's items).
    """
    y, p = np.asarray(overturned, dtype=bool), np.asarray(p, dtype=float)
    top = min(1.0, np.ceil(p.max() * 20 + 1e-9) / 20)
    edges = np.linspace(0.0, top, n_bins + 1)
    shares = {
        name: np.histogram(p[keep], bins=edges)[0] / max(int(keep.sum()), 1)
        for name, keep in (("upheld", ~y), ("overturned", y))
    }
    return pd.DataFrame({"low": edges[:-1], "high": edges[1:], **shares})
