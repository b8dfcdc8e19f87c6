"""From decided items to a calibrated model, with a record of what was tried and what was taken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse
from sklearn.pipeline import FeatureUnion, Pipeline

from imr_ml.arguments import as_several, check_kind, check_whole
from imr_ml.collecting import no_collection
from imr_ml.errors import TrainingError, counted
from imr_ml.estimating.blending import CODES, EXPECTED
from imr_ml.estimating.calendar import decided_years
from imr_ml.estimating.calibration import Calibration, Foretold, fit_calibration, for_the_future
from imr_ml.estimating.certainty import Certainty, fit_certainty, tried_certainty
from imr_ml.estimating.selecting import (
    Candidate,
    Fold,
    Selection,
    Space,
    Teaching,
    by_treatment,
    hold_out,
    search_space,
    select,
)
from imr_ml.estimating.threads import one_thread
from imr_ml.estimating.thresholds import Rule, choose_threshold, threshold_facts
from imr_ml.extracting.items.bearing import item_texts
from imr_ml.features.assemble import blocks_of, build_features, families_of
from imr_ml.features.cohorts import COHORTS
from imr_ml.features.evidence import Evidence
from imr_ml.features.reading import Reading, with_readings
from imr_ml.features.remembering import Readings
from imr_ml.features.said import read_keyed
from imr_ml.model import PRECEDENT_COLUMNS, OutcomeModel, Precedents, fingerprints
from imr_ml.splitting import letter_split
from imr_ml.tabulating import check_items, evidence

MIN_ITEMS = 30
MIN_PER_OUTCOME = 5
_ORDER = ["letter_id", "position", "item_id"]
_ERROR_RATE = 0.1
_GROWN = 1.25
_SHRUNK = 0.5
_ALMOST_ALL = 0.99
_LATEST = 400
_ENOUGH_FORETOLD = 100
_LATEST_FOR_CERTAINTY = 2000
_ENOUGH_FOR_CERTAINTY = 50
_KEPT = (
    *("chosen", "held_out", "calibration", "threshold", "error_rate", "certain", "expected_rate"),
    "calibrated_on",
)
_FOLDS = 5
_FOLDS_OF_MANY = 3
_FORWARD_FOLDS = 3
_HELD_OUT_SHARE = 0.45
_HELD_OUT_ONCE = 0.2
_MANY_NUMBERS = 2_000_000
_ENOUGH_OF_EACH = 600
_LIVED_YEARS = 3.0
_LIVED_LETTERS = 1000


@one_thread
def train(
    items: pd.DataFrame,
    *,
    stage: str = "filing",
    seed: int = 0,
    pool: bool = False,
    families: Sequence[str] | None = None,
    error_rate: float = _ERROR_RATE,
    cost_missed_overturn: float | None = None,
    cost_false_alarm: float | None = None,
    review_budget: float | None = None,
    update: OutcomeModel | None = None,
) -> OutcomeModel:
    """Choose and fit a calibrated model on every decided item.

    Candidates (rates of cohorts, logistic regression over what bears on the item or over everything, or
    starting from the rates where there are no summaries, gradient boosting over facts, and their blends) are
    compared by log loss on held-out letters: forward in time where at least 1,000 letters span three years,
    else by cross-validation over letters. An average of them is taken unless the best one is better by more
    than one standard error (see
    `imr_ml.estimating.selecting`), calibrated on the same held-out items, and fitted on everything.

    Parameters
    ----------
    items : DataFrame of shape (n_items, n_columns)
        An items table; items without an outcome are left out and counted in the record. The order of
        its rows does not matter. ``decided_date`` and ``decided_year`` order and weigh the teaching items;
        they are never a feature.
    stage : {"filing", "assignment"}, default="filing"
        When the model is to be used; columns of a later stage cannot reach it.
    seed : int, default=0
        The same items, seed and versions give the same model.
    pool : bool, default=False
        Let items of both programs teach one model. They have other base rates and other words.
    families : sequence of str, default=None
        The families of features to use (see `imr_ml.features.assemble`); by default those of the stage.
        None at all (an empty sequence) leaves the rates of cohorts.
    error_rate : float, default=0.1
        What "certain" may err at in each outcome's class, above 0 and below 1.
    cost_missed_overturn, cost_false_alarm : float, default=None
        What it costs to call an overturned item upheld, and an upheld one overturned, both above 0; the
        threshold of ``predicted`` is chosen by them on held-out items.
    review_budget : float, default=None
        Instead of costs: the share of items that can be called overturned, above 0 and below 1.
    update : OutcomeModel, default=None
        Fit that model anew on `items` with what it chose: quick, for models that are kept up to date. What
        taught it and reads as it did is not read again (see `imr_ml.features.remembering`). Its stage,
        program, families, seed, error rate and costs are kept; its calibration, threshold and certainty too,
        until the items have grown by a quarter since they were learned (``record["calibrated_on"]``, on the
        card, says on how many). Where the order in time is known, the calibration moves with each update, by
        what that model says of the items that came since (see
        `imr_ml.estimating.calibration.Foretold`).

    Returns
    -------
    OutcomeModel

    Raises
    ------
    TrainingError
        If there are too few items or letters of an outcome, programs are mixed unasked, a cost, budget or
        rate is out of range, or `update` is asked to change what it was trained for.

    References
    ----------
    Elkan (2001), IJCAI 17, 973-978 (thresholds from costs).
    """
    check_whole(seed, about="seed", least=0)
    check_kind(pool, "switch", about="pool")
    costs = {"cost_missed_overturn": cost_missed_overturn, "cost_false_alarm": cost_false_alarm}
    for name, value in {"error_rate": error_rate, **costs, "review_budget": review_budget}.items():
        if value is not None:
            check_kind(value, "number", about=name)
    rule = Rule(cost_missed_overturn, cost_false_alarm, review_budget)
    if not 0 < error_rate < 1:
        raise TrainingError(f"must lie above 0 and below 1, not {error_rate}", about="error_rate")
    if update is not None:
        check_kind(update, "model", about="update")
        _check_update(update, stage, error_rate, seed)
        stage, seed, families = update.stage, update.seed, update.record["families"]
    decided = _teachers(items, pool=pool or (update is not None and "+" in update.program))
    names = families_of(stage) if families is None else as_several(families)
    for name in names:
        check_kind(name, "name", about="families")
    taught = _taught(decided, names, stage, seed, update.readings if update else None)
    if update is None:
        learned = _learn(select(taught.numbers, _space(taught)), taught, rule, error_rate)
    else:
        learned = _carry_on(update, taught, rule)
    classifier = taught.numbers.fit(learned.chosen)
    of_category = decided.groupby("treatment_category")["outcome"]
    rates = of_category.apply(lambda outcome: (outcome == "overturned").mean())
    return OutcomeModel(
        pipeline=Pipeline(
            [
                ("evidence", Evidence(stage)),
                ("reading", Reading()),
                ("features", taught.features),
                ("classifier", classifier),
            ]
        ),
        calibration=learned.calibration,
        certainty=learned.certainty,
        stage=stage,
        program=taught.program,
        seed=seed,
        threshold=learned.threshold,
        base_rate=float(taught.numbers.y.mean()),
        category_rates={str(category): float(rate) for category, rate in rates.items()},
        record={
            "n_letters": int(decided["letter_id"].nunique()),
            "n_items": len(decided),
            "n_overturned": int(taught.numbers.y.sum()),
            "category_items": {
                str(category): int(n_items) for category, n_items in of_category.size().items()
            },
            "n_without_outcome": int(items["outcome"].isna().sum()),
            "families": list(names),
            "n_features": int(taught.numbers.X.shape[1]),
            **learned.record,
            "last_decided": _last_date(decided),
            "lineage": _lineage(update, decided),
        },
        # What taught the models before this one chose its settings: its answers there are no test of it.
        letters=frozenset(decided["letter_id"]) | (update.letters if update else frozenset()),
        fingerprints=(frozenset(fingerprints(decided)) - {""})
        | (update.fingerprints if update else frozenset()),
        is_synthetic=bool(decided["is_synthetic"].fillna(False).any())
        or (update is not None and update.is_synthetic),
        precedents=Precedents(decided[list(PRECEDENT_COLUMNS)]),
        foretold=learned.foretold,
        readings=taught.readings,
    )


@dataclass(frozen=True, slots=True)
class _Taught:
    """The decided items in words and numbers; a vocabulary learned without outcomes may serve all folds.

    `order` gives the row of `decided` that each row of `numbers` stands for.
    """

    decided: pd.DataFrame
    order: NDArray[np.intp]
    program: str
    features: FeatureUnion
    readings: Readings
    numbers: Teaching
    is_forward: bool
    has_summaries: bool


@dataclass(frozen=True, slots=True)
class _Learned:
    """What was chosen, and how its log-odds become answers."""

    chosen: Candidate
    calibration: Calibration
    certainty: Certainty
    threshold: float
    record: dict[str, Any]
    foretold: Foretold | None = None


@no_collection()
def _taught(
    decided: pd.DataFrame, names: Sequence[str], stage: str, seed: int, before: Readings | None
) -> _Taught:
    features = build_features(names)
    known = evidence(decided, stage)
    readings = read_keyed(item_texts(known), before.by_key() if before else {})
    X = features.fit_transform(with_readings(known, [reading for _, reading in readings]))
    blocks = blocks_of(features)
    order = by_treatment(X, blocks)
    X = X[order]
    y = np.asarray(decided["outcome"] == "overturned", dtype=np.intp)[order]
    letters = decided["letter_id"].to_numpy(dtype=object)[order]
    years = _lived_years(decided)
    years = None if years is None else years[order]
    folds, is_forward = _folds(decided, order, X, y, letters, years, seed)
    return _Taught(
        decided=decided,
        order=order,
        program="+".join(sorted(decided["program"].unique())),
        features=features,
        readings=Readings(dict(readings)),
        numbers=Teaching(
            X=X,
            y=y,
            letters=letters,
            years=years,
            folds=folds,
            blocks=blocks,
            cohorts=COHORTS,
            seed=seed,
        ),
        is_forward=is_forward,
        has_summaries=any("summary" in name for name in names)
        and bool(decided["case_summary"].notna().any()),
    )


def _space(taught: _Taught) -> Space:
    return search_space(
        len(taught.numbers.y),
        has_features=bool(set(taught.numbers.blocks) - {CODES, EXPECTED}),
        has_summaries=taught.has_summaries,
        lived=taught.numbers.years is not None,
    )


def _learn(selection: Selection, taught: _Taught, rule: Rule, error_rate: float) -> _Learned:
    teaching = taught.numbers
    held = np.flatnonzero(~np.isnan(selection.scores))
    scores, overturned = selection.scores[held], teaching.y[held]
    calibration = fit_calibration(scores, overturned, teaching.letters[held])
    if taught.is_forward:
        calibration = for_the_future(calibration, scores)
    p = calibration.probability(scores)
    threshold = choose_threshold(rule, p, overturned, teaching.letters[held])
    certainty, certain = _certainty(selection, taught, calibration, threshold, error_rate)
    return _Learned(
        chosen=selection.chosen,
        calibration=calibration,
        certainty=certainty,
        threshold=threshold,
        record={
            "chosen": selection.chosen.to_dict(),
            "held_out": {
                "how": "forward in time" if taught.is_forward else "by letter",
                "folds": len(teaching.folds),
                "items": len(held),
                "log_loss": {
                    name: {"value": value, "error_of_difference": error}
                    for name, (value, error) in selection.losses.items()
                },
            },
            "calibration": _told(calibration),
            "threshold": threshold_facts(rule, threshold, p, overturned),
            "error_rate": error_rate,
            "certain": certain,
            "expected_rate": float(p.mean()),
            "calibrated_on": len(teaching.y),
        },
    )


def _certainty(
    selection: Selection, taught: _Taught, calibration: Calibration, threshold: float, error_rate: float
) -> tuple[Certainty, dict[str, Any]]:
    """Learn it by letters of all times where the last ones alone are few, and have luck of their own.

    That the rate of an outcome drifts does not matter, as each outcome is looked at by itself.
    """
    teaching, scores = taught.numbers, selection.scores
    last = teaching.y[~np.isnan(scores)]
    if taught.is_forward and np.bincount(last, minlength=2).min() < _ENOUGH_OF_EACH:
        earlier = hold_out(replace(teaching, folds=[_some_letters(teaching)]), selection.chosen).scores
        scores = np.where(np.isnan(scores), earlier, scores)
    held = np.flatnonzero(~np.isnan(scores))
    scores, overturned = scores[held], teaching.y[held]
    return _learned_certainty(scores, overturned, teaching.letters[held], calibration, threshold, error_rate)


def _learned_certainty(
    scores: NDArray[np.float64],
    overturned: NDArray[Any],
    letters: NDArray[Any],
    calibration: Calibration,
    threshold: float,
    error_rate: float,
) -> tuple[Certainty, dict[str, Any]]:
    """Learn certainty by scored items that had not taught, and try it on them."""
    certainty = fit_certainty(scores, overturned, letters, error_rate=error_rate)
    return tried_certainty(certainty, scores, calibration.probability(scores) >= threshold, overturned)


def _some_letters(teaching: Teaching) -> Fold:
    """Hold out a share of the letters of all times."""
    codes = np.unique(teaching.letters, return_inverse=True)[1]
    is_held = np.random.default_rng(teaching.seed).random(codes.max() + 1)[codes] < _HELD_OUT_ONCE
    return np.flatnonzero(~is_held), np.flatnonzero(is_held)


def _check_update(update: OutcomeModel, stage: str, error_rate: float, seed: int) -> None:
    """Refuse to change what an update keeps; the defaults are taken for "as it was"."""
    if stage not in ("filing", update.stage):
        raise TrainingError(
            f"the model to update is of stage {update.stage}; train a new one for {stage}", about="stage"
        )
    if seed not in (0, update.seed):
        raise TrainingError(
            f"the model to update keeps its seed, {update.seed}; train a new one for {seed}", about="seed"
        )
    if error_rate not in (_ERROR_RATE, update.record["error_rate"]):
        raise TrainingError(
            f"the model to update keeps its error rate of {update.record['error_rate']}; train a new one for "
            f"{error_rate}",
            about="error_rate",
        )


def _carry_on(update: OutcomeModel, taught: _Taught, rule: Rule) -> _Learned:
    """Keep what was chosen; calibrate anew, out of fold, where the items have grown by a quarter since."""
    if taught.program != update.program:
        raise TrainingError(
            f"the model to update was trained on {update.program}, these items are of {taught.program}; "
            "train a new one",
            about="items",
        )
    if not rule.is_even():
        raise TrainingError("a threshold is chosen on held-out items; train anew to choose another one")
    if len(taught.numbers.y) < _SHRUNK * update.record["calibrated_on"]:
        raise TrainingError(
            f"the model to update was calibrated on {update.record['calibrated_on']} items, these are "
            f"{len(taught.numbers.y)}: give the earlier ones too, or train a new one",
            about="items",
        )
    asked = Rule(**{name: update.record["threshold"].get(name) for name in Rule.__dataclass_fields__})
    if len(taught.numbers.y) >= _GROWN * update.record["calibrated_on"]:
        chosen = Candidate.from_dict(update.record["chosen"])
        learned = _learn(hold_out(taught.numbers, chosen), taught, asked, update.record["error_rate"])
    else:
        carried = update.foretold.carried if update.foretold else update.calibration
        learned = _Learned(
            chosen=Candidate.from_dict(update.record["chosen"]),
            calibration=carried,
            certainty=update.certainty,
            threshold=update.threshold,
            record={name: update.record[name] for name in _KEPT},
        )
    return learned if taught.numbers.years is None else _moved_by_what_came(learned, update, taught, asked)


def _moved_by_what_came(learned: _Learned, update: OutcomeModel, taught: _Taught, rule: Rule) -> _Learned:
    """Calibrate by what the model before this one says of items that came after all that had taught it."""
    years = taught.numbers.years
    assert years is not None
    is_new = ~pd.Series(taught.numbers.letters).isin(update.letters).to_numpy()
    # Not the very last time: one date misread as far ahead would leave nothing after it.
    if not is_new.all():
        is_new &= years >= np.quantile(years[~is_new], _ALMOST_ALL, method="lower")
    rows = np.flatnonzero(is_new)
    rows = rows[~update.has_seen(taught.decided.iloc[taught.order[rows]])]
    rows = rows[np.lexsort((taught.order[rows], years[rows]))]
    foretold = (update.foretold or Foretold.nothing(learned.calibration)).from_now_on(learned.calibration)
    if len(rows):
        scores = update.scores(taught.decided.iloc[taught.order[rows]])
        foretold = foretold.and_then(scores, taught.numbers.y[rows], taught.numbers.letters[rows])
    calibration = foretold.calibration()
    threshold, expected = learned.threshold, learned.record["expected_rate"]
    if len(foretold.scores) >= _ENOUGH_FORETOLD:
        latest = calibration.probability(foretold.scores[-_LATEST:])
        expected = float(latest.mean())
        if rule.review_budget is not None:
            threshold = choose_threshold(
                rule, latest, foretold.overturned[-_LATEST:], foretold.letters[-_LATEST:]
            )
    certainty, certain = _certainty_as_lived(learned, foretold, calibration, threshold)
    moved = {
        "certain": certain,
        "calibration": _told(calibration, len(foretold.scores)),
        "expected_rate": expected,
        "threshold": {**learned.record["threshold"], "value": threshold},
    }
    return replace(
        learned,
        calibration=calibration,
        certainty=certainty,
        threshold=threshold,
        foretold=foretold,
        record={**learned.record, **moved},
    )


def _certainty_as_lived(
    learned: _Learned, foretold: Foretold, calibration: Calibration, threshold: float
) -> tuple[Certainty, dict[str, Any]]:
    """Learn certainty by what was foretold lately, where that is enough of each outcome.

    Rates of the last months follow a turn, and all scores with them: those held out before it are of another
    scale, by which too many answers would be certain.
    """
    scores, overturned, letters = (
        part[-_LATEST_FOR_CERTAINTY:] for part in (foretold.scores, foretold.overturned, foretold.letters)
    )
    if np.bincount(overturned, minlength=2).min() < _ENOUGH_FOR_CERTAINTY:
        return learned.certainty, learned.record["certain"]
    error_rate = learned.record["error_rate"]
    return _learned_certainty(scores, overturned, letters, calibration, threshold, error_rate)


def _told(calibration: Calibration, n_foretold: int = 0) -> dict[str, float]:
    intercept, slope = calibration.coefficients
    return {"intercept": float(intercept), "slope": float(slope), "items_foretold": n_foretold}


def _lineage(update: OutcomeModel | None, decided: pd.DataFrame) -> list[dict[str, Any]]:
    """Tell each training of this line of models: how many items it had, and how many were new to it."""
    letters = decided["letter_id"]
    step = {
        "n_items": len(decided),
        "n_new_letters": int(letters[~letters.isin(update.letters if update else ())].nunique()),
        "last_decided": _last_date(decided),
    }
    return [*(update.record["lineage"] if update else ()), step]


def _lived_years(decided: pd.DataFrame) -> NDArray[np.float64] | None:
    """Give the times of decision where there are enough letters over enough years to learn from the order."""
    if decided["letter_id"].nunique() < _LIVED_LETTERS:
        return None
    years = decided_years(decided)
    return years if years is not None and np.ptp(years) >= _LIVED_YEARS else None


def _folds(
    decided: pd.DataFrame,
    order: NDArray[np.intp],
    X: sparse.csr_matrix,
    y: NDArray[np.intp],
    letters: NDArray[Any],
    years: NDArray[np.float64] | None,
    seed: int,
) -> tuple[list[Fold], bool]:
    """Hold out letters, and tell whether forward in time."""
    many = X.nnz > _MANY_NUMBERS
    if years is not None:
        folds = _forward_folds(years, letters, 1 if many else _FORWARD_FOLDS)
        if all(len(np.unique(y[part])) == 2 for fold in folds for part in fold):
            return folds, True
    split = letter_split(decided, n_folds=_FOLDS_OF_MANY if many else _FOLDS, seed=seed)
    place = np.argsort(order)
    return [(np.sort(place[fold.train]), np.sort(place[fold.test])) for fold in split.folds], False


def _forward_folds(years: NDArray[np.float64], letters: NDArray[Any], n_folds: int) -> list[Fold]:
    """Hold out the last part of the letters in steps, each taught on everything before it."""
    codes = np.unique(letters, return_inverse=True)[1]
    last = np.full(codes.max() + 1, -np.inf)
    np.maximum.at(last, codes, years)
    time = last[codes]
    share = _HELD_OUT_SHARE if n_folds > 1 else _HELD_OUT_ONCE
    edges = np.quantile(time, np.linspace(1 - share, 1, n_folds + 1))
    edges[-1] = np.inf
    return [
        (np.flatnonzero(time < start), np.flatnonzero((time >= start) & (time < end)))
        for start, end in pairwise(edges)
    ]


def _teachers(items: pd.DataFrame, *, pool: bool) -> pd.DataFrame:
    checked = check_items(items, need_outcome=True)
    # A large table is not copied where it holds what it should, in the order that letters are read in.
    is_decided, order = checked["outcome"].notna(), checked[_ORDER].sort_values(_ORDER).index
    in_order = bool(is_decided.all()) and order.is_monotonic_increasing
    decided = checked if in_order else checked.loc[order[is_decided[order]]].reset_index(drop=True)
    programs = sorted(decided["program"].unique())
    if len(programs) > 1 and not pool:
        raise TrainingError(
            f"the items come from {len(programs)} programs ({', '.join(programs)}), "
            "whose outcomes differ in kind; train on one, or ask for both by name with pool=True",
            about="items",
        )
    counts = decided["outcome"].value_counts()
    n_overturned, n_upheld = int(counts.get("overturned", 0)), int(counts.get("upheld", 0))
    for outcome, n in (("overturned", n_overturned), ("upheld", n_upheld)):
        n_letters = decided.loc[decided["outcome"] == outcome, "letter_id"].nunique()
        if len(decided) < MIN_ITEMS or n < MIN_PER_OUTCOME or n_letters < 2:
            raise TrainingError(
                f"{len(decided)} decided items, {n_overturned} overturned and {n_upheld} upheld "
                f"({n} {outcome} in {counted(n_letters, 'letter')}); at least {MIN_ITEMS} items are needed, "
                f"and of each outcome {MIN_PER_OUTCOME} in 2 letters or more: read more letters",
                about="items",
            )
    return decided


def _last_date(decided: pd.DataFrame) -> Any:
    last = decided["decided_date"].max()
    return None if pd.isna(last) else last.date().isoformat()
