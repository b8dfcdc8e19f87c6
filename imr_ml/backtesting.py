"""Replay a table in time order, as it would have been lived: refit, predict the next items, wait, refit."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from imr_ml.arguments import check_kind, check_whole
from imr_ml.errors import TableError, TrainingError
from imr_ml.estimating.calendar import decided_years, filing_number
from imr_ml.evaluation.baselines import fit_category_rate
from imr_ml.evaluation.evaluating import plain_values
from imr_ml.evaluation.metrics import METRICS, Scored, bootstrap_scores
from imr_ml.model import OutcomeModel
from imr_ml.splitting import without_answers
from imr_ml.tabulating import check_items
from imr_ml.training import train
from imr_ml.writing import whole_file, whole_folder

SCORERS = {
    "updated": "Model, kept up to date",
    "once": "Model, fitted once",
    "category_rate": "Category rate, kept up to date",
}
_SHOWN = ("roc_auc", "log_loss", "calibration_error", "average_precision", "brier")
_MIN_PERIOD_ITEMS = 100
_MAX_PERIODS = 16


@dataclass(frozen=True, slots=True)
class Backtest:
    """What a replay found.

    Parameters
    ----------
    metrics : dict
        Plain values that ``json`` can write: the settings, and each scorer's scores with intervals that
        resample letters.
    periods : DataFrame
        One row per period and scorer: ``period`` (from 1), ``first_item``, ``last_item``, ``n_items``,
        ``overturned`` (share), ``scorer``, and the scores.
    predictions : DataFrame
        One row per scored item, in order: ``item_id``, ``letter_id``, ``outcome``, ``refit`` (from 0),
        ``n_known`` (items that taught the updated model), ``p_updated``, ``p_once``, ``p_category_rate``.
    model : OutcomeModel
        The last one, with its lineage.
    """

    metrics: dict[str, Any]
    periods: pd.DataFrame = field(repr=False)
    predictions: pd.DataFrame = field(repr=False)
    model: OutcomeModel = field(repr=False)

    def html(self) -> str:
        """Give the report as one page that needs no network and no script."""
        from imr_ml.evaluation.plots import figure_bytes
        from imr_ml.evaluation.report import statements
        from imr_ml.evaluation.speaking import sources_of
        from imr_ml.resources import template

        # One period has no course to draw.
        pictures = {
            name: base64.b64encode(figure_bytes(_draw, self.periods[["period", "scorer", name]])).decode()
            for name in (("roc_auc", "log_loss") if self.periods["period"].nunique() > 1 else ())
        }
        return template("backtest.html.jinja").render(
            m=self.metrics,
            unit=sources_of(self.metrics["program"]),
            names=SCORERS,
            said=statements({"differences": self.metrics["updated_minus"]}, names=SCORERS),
            shown={key: METRICS[key] for key in _SHOWN},
            pictures=pictures,
            periods=self.periods.to_dict("records"),
        )

    def to_html(self, path: str | Path) -> None:
        """Write the report, whole or not at all."""
        with whole_file(path) as partial:
            partial.write_text(self.html(), encoding="utf-8")

    def save(self, folder: str | Path, *, replace: bool = False) -> None:
        """Write ``report.html``, ``metrics.json``, ``periods.csv`` and ``predictions.csv``.

        Raises
        ------
        OutputError
            If the folder exists and is not empty (unless `replace`), or cannot be written.
        """
        with whole_folder(folder, replace=replace) as partial:
            text = json.dumps(self.metrics, indent=2, ensure_ascii=False, allow_nan=False)
            (partial / "metrics.json").write_text(text + "\n", encoding="utf-8")
            (partial / "report.html").write_text(self.html(), encoding="utf-8")
            self.periods.to_csv(partial / "periods.csv", index=False)
            self.predictions.to_csv(partial / "predictions.csv", index=False)


def backtest(
    items: pd.DataFrame,
    *,
    refit_every: int,
    delay: int,
    order_by: str | None = None,
    start: str | int | None = None,
    stage: str = "filing",
    seed: int = 0,
    pool: bool = False,
    n_bootstrap: int = 1000,
    step: Callable[[int, int], object] = lambda done, steps: None,
) -> Backtest:
    """Refit every so many items on what was known by then, predict the next ones, and score the answers.

    Parameters
    ----------
    items : DataFrame of shape (n_items, n_columns)
        An items table; items without an outcome take no part.
    refit_every : int
        Number of items between two fits, 1 or more. A letter that straddles the end belongs to what comes
        before.
    delay : int
        An outcome is known so many items later, 0 or more.
    order_by : str, default=None
        A column of the table that sorts items in time. Text, such as a letter's id, is sorted by the numbers
        in it ("MN14-19072" after "UR14-9800"), which were counted up as letters were filed. By default the
        time of the decision, and within it the numbers of the letter's id.
    start : str or int, default=None
        The year, or the first date as YYYY-MM-DD, from which items are scored; what comes before only
        teaches. By default the second half of the items is scored.
    stage, seed, pool
        As in `imr_ml.train`.
    n_bootstrap : int, default=1000
        Resamplings of letters behind each interval.
    step : callable, default: nothing
        Called after each refit with the number of refits done and their total.

    Returns
    -------
    Backtest

    Raises
    ------
    TableError
        If a number is out of range, `order_by` is no column or has missing values, or nothing comes after
        `start`.
    TrainingError
        If what comes before cannot teach a model.
    """
    check_whole(refit_every, about="refit_every", least=1, error=TableError)
    check_whole(delay, about="delay", least=0, error=TableError)
    check_whole(n_bootstrap, about="n_bootstrap", least=1)
    check_kind(pool, "switch", about="pool")
    checked = check_items(items, need_outcome=True)
    decided = checked[checked["outcome"].notna()].reset_index(drop=True)
    timed = decided["decided_date"].notna() | decided["decided_year"].notna()
    n_without_time = int((~timed).sum()) if order_by is None and timed.any() else 0
    if n_without_time:
        decided = decided[timed].reset_index(drop=True)
    decided = decided.iloc[_order(decided, order_by)].reset_index(drop=True)
    letter_start = _letter_starts(decided["letter_id"])
    start = None if start is None else str(start)
    first = _first_scored(decided, start, letter_start)
    bounds = [first]
    while bounds[-1] < len(decided):
        bounds.append(_whole_letters(letter_start, bounds[-1] + refit_every))
    known = _known(decided, first, delay, letter_start)
    if known.empty:
        raise TableError(
            f"with a delay of {delay} items no outcome is known at the start, after {first} of "
            f"{len(decided)} items; {_cure(first, delay, len(decided))}",
            about="items",
        )
    try:
        once = updated = train(known, stage=stage, seed=seed, pool=pool)
    except TrainingError as error:
        raise TrainingError(
            f"known at the start, after {first} of {len(decided)} items: {error.reason}; "
            "or take a later start, if more of each outcome is known there",
            about=error.about,
        ) from None
    parts = []
    for refit, (begin, end) in enumerate(pairwise(bounds)):
        known = _known(decided, begin, delay, letter_start)
        if refit:
            updated = train(known, update=updated)
        asked = decided.iloc[begin:end]
        hidden = without_answers(asked)
        part = asked[["item_id", "letter_id", "outcome"]].assign(refit=refit, n_known=len(known))
        part["p_updated"] = updated.predict_proba(hidden)
        part["p_once"] = once.predict_proba(hidden)
        part["p_category_rate"] = fit_category_rate(known, seed).predict_proba(hidden)
        parts.append(part)
        step(refit + 1, len(bounds) - 1)
    predictions = pd.concat(parts, ignore_index=True)
    periods = _periods(predictions)
    return Backtest(
        metrics={
            "program": "+".join(sorted(decided["program"].unique())),
            "is_synthetic": bool(decided["is_synthetic"].fillna(False).any()),
            "refit_every": refit_every,
            "delay": delay,
            "order_by": order_by,
            "start": start,
            "n_items": len(decided),
            "n_scored": len(predictions),
            "n_overturned": int((predictions["outcome"] == "overturned").sum()),
            "n_refits": len(parts),
            "left_out": {
                "without_outcome": int(checked["outcome"].isna().sum()),
                "without_time": n_without_time,
            },
            "chosen": once.record["chosen"],
            **_scores(predictions, n_bootstrap, seed),
            "periods": plain_values(periods.to_dict("records")),
        },
        periods=periods,
        predictions=predictions,
        model=updated,
    )


def _order(items: pd.DataFrame, order_by: str | None) -> NDArray[np.intp]:
    names = [(filing_number(name), name) for name in items["letter_id"]]
    if order_by is None:
        years = decided_years(items)
        if years is None:
            raise TableError(
                "too few items have a time of decision, or all have the same, to replay them in order; "
                "name a column by order_by",
                about="items",
            )
        keys: list[Any] = list(zip(years, names, strict=True))
    elif order_by not in items:
        raise TableError(f"there is no column {order_by!r} in the items table", about="order_by")
    elif items[order_by].isna().any():
        row = int(np.argmax(items[order_by].isna()))
        raise TableError(f"{order_by} is empty for item {items['item_id'].iloc[row]}", about="order_by")
    elif isinstance(items[order_by].dtype, pd.StringDtype):
        keys = [(filing_number(value), value) for value in items[order_by]]
    elif items[order_by].dtype == object:
        raise TableError(f"{order_by} holds lists, which have no order", about="order_by")
    else:
        keys = list(zip(items[order_by], names, strict=True))
    # A letter's items stay together, where its first one stands.
    first: dict[str, Any] = {}
    for name, key in zip(items["letter_id"], keys, strict=True):
        first[name] = min(first.get(name, key), key)
    letter_ids, positions = items["letter_id"].to_list(), items["position"].fillna(0).to_list()
    ranks = sorted(
        range(len(items)), key=lambda row: (first[letter_ids[row]], letter_ids[row], positions[row])
    )
    return np.asarray(ranks, dtype=np.intp)


def _letter_starts(letter_ids: pd.Series[str]) -> NDArray[np.intp]:
    """Give, in the order of items, the row at which each item's letter begins."""
    changes = (letter_ids != letter_ids.shift()).to_numpy()
    return np.maximum.accumulate(np.where(changes, np.arange(len(letter_ids)), 0))


def _whole_letters(letter_start: NDArray[np.intp], end: int) -> int:
    """Move an end past the letter that straddles it."""
    if end >= len(letter_start) or letter_start[end] == end:
        return min(end, len(letter_start))
    return int(np.searchsorted(letter_start, letter_start[end], side="right"))


def _cure(first: int, delay: int, n_items: int) -> str:
    if n_items - 1 <= delay:
        return f"take a delay below {n_items - 1}, or read more letters"
    return (
        "take a shorter delay or a later start" if first else "read more letters: all items are of one letter"
    )


def _known(items: pd.DataFrame, now: int, delay: int, letter_start: NDArray[np.intp]) -> pd.DataFrame:
    past = max(0, now - delay)
    return items.iloc[: letter_start[past] if past < len(letter_start) else past].reset_index(drop=True)


def _first_scored(items: pd.DataFrame, start: str | None, letter_start: NDArray[np.intp]) -> int:
    if start is None:
        return int(letter_start[len(items) // 2])
    if len(start) == 4 and start.isdigit():
        later = items["decided_year"].astype("Float64").to_numpy(float, na_value=np.nan) >= int(start)
    else:
        try:
            later = (items["decided_date"] >= pd.Timestamp(start)).to_numpy()
        except ValueError:
            raise TableError(
                f"must be a year or a date as YYYY-MM-DD, not {start!r}", about="start"
            ) from None
    if not later.any():
        only_years = items["decided_date"].isna().all() and items["decided_year"].notna().any()
        raise TableError(
            f"is a date, but the items have years only; give one of these, such as {start[:4]}"
            if only_years and not start.isdigit()
            else f"no item was decided in or after {start}; nothing is left to score",
            about="start",
        )
    first = int(letter_start[int(np.argmax(later))])
    if first == 0:
        raise TableError(f"no item was decided before {start}; nothing is left to teach", about="start")
    return first


def _scored(predictions: pd.DataFrame, scorer: str) -> Scored:
    letters = np.unique(predictions["letter_id"].to_numpy(dtype=object), return_inverse=True)[1]
    return Scored(predictions["outcome"] == "overturned", predictions[f"p_{scorer}"], letters)


def _scores(predictions: pd.DataFrame, n_bootstrap: int, seed: int) -> dict[str, Any]:
    found = bootstrap_scores(
        {scorer: [_scored(predictions, scorer)] for scorer in SCORERS}, n_bootstrap=n_bootstrap, seed=seed
    )
    return {
        "scores": {
            scorer: {name: score.to_dict() for name, score in found.estimates(scorer).items()}
            for scorer in SCORERS
        },
        "updated_minus": {
            other: {name: score.to_dict() for name, score in found.differences("updated", other).items()}
            for other in SCORERS
            if other != "updated"
        },
    }


def _periods(predictions: pd.DataFrame) -> pd.DataFrame:
    n_periods = min(_MAX_PERIODS, max(1, len(predictions) // _MIN_PERIOD_ITEMS))
    rows = []
    for number, places in enumerate(np.array_split(np.arange(len(predictions)), n_periods), start=1):
        part = predictions.iloc[places]
        shared: Mapping[str, Any] = {
            "period": number,
            "first_item": part["item_id"].iloc[0],
            "last_item": part["item_id"].iloc[-1],
            "n_items": len(part),
            "overturned": float((part["outcome"] == "overturned").mean()),
        }
        for scorer in SCORERS:
            scored = _scored(part, scorer)
            values = scored.values(np.ones((1, scored.n_letters)))[0]
            rows.append({**shared, "scorer": scorer, **dict(zip(METRICS, values.tolist(), strict=True))})
    return pd.DataFrame(rows)


def _draw(axes: Any, table: pd.DataFrame) -> None:
    """Draw one score over time from ``period``, ``scorer`` and the score."""
    name = table.columns[-1]
    styles = {
        "updated": {"color": "#0072B2", "linewidth": 2.2, "marker": "o", "markersize": 4},
        "once": {"color": "#D55E00", "linewidth": 1.4, "linestyle": "--"},
        "category_rate": {"color": "#777777", "linewidth": 1.4, "linestyle": ":"},
    }
    for scorer, rows in table.groupby("scorer", sort=False):
        axes.plot(rows["period"], rows[name], label=SCORERS[str(scorer)], **styles[str(scorer)])
    axes.set(title=f"{METRICS[name]} over time", xlabel="Period", ylabel=METRICS[name])
    # Three courses leave no corner free.
    axes.figure.legend(loc="outside lower center", ncols=2)
