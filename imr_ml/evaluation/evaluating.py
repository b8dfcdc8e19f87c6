"""Evaluate a way of predicting on items that it has not seen, beside the baselines it must beat."""

from __future__ import annotations

import dataclasses
import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from joblib import Parallel, delayed
from numpy.typing import NDArray

from imr_ml.arguments import as_several, check_kind, check_whole
from imr_ml.errors import LeakageError, SplitError, TableError, TrainingError
from imr_ml.estimating.threads import one_thread
from imr_ml.evaluation.ablations import ABLATION_NAMES, ablation_fits, train_fit
from imr_ml.evaluation.auditing import TAUGHT_CHECKS, Audit, Finding, audit_model, audit_score, audit_table
from imr_ml.evaluation.baselines import BASELINES, Fit, FittedModel
from imr_ml.evaluation.choosing import training_facts
from imr_ml.evaluation.criteria import criteria_table
from imr_ml.evaluation.metrics import (
    METRICS,
    Scored,
    bootstrap_scores,
    calibration_table,
    distribution_table,
    precision_recall_table,
    rank_within,
    roc_table,
)
from imr_ml.evaluation.representing import published_comparison, without_published_rate
from imr_ml.evaluation.selective import coverage_table, decision_table, top_table
from imr_ml.evaluation.slices import MIN_STATED_LETTERS, fairness_tables, slice_statements, slice_table
from imr_ml.evaluation.speaking import speaking_of
from imr_ml.reading.pool import count_processes
from imr_ml.splitting import (
    Fold,
    Split,
    letter_families,
    letter_split,
    style_split,
    time_split,
    without_answers,
)
from imr_ml.tabulating import check_items
from imr_ml.writing import whole_file, whole_folder

MODEL = "model"
FORMAT = 1
_ENOUGH_OVERTURNED = 200


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What an evaluation found.

    Parameters
    ----------
    metrics : dict
        Plain values that ``json`` can write; every number of the report stands in it.
    tables : dict of str to DataFrame
        What the figures and the report draw.
    predictions : DataFrame
        One row per held-out item, split and repeat: ``split``, ``repeat``, ``fold``, ``item_id``,
        ``letter_id``, ``outcome``, ``base_rate`` (of the teaching part), one column ``p_<scorer>`` per
        scorer, from 0 to 1, and ``chosen`` (what the model's training chose in that fold, if it did).
    """

    metrics: dict[str, Any]
    tables: dict[str, pd.DataFrame] = field(repr=False)
    predictions: pd.DataFrame = field(repr=False)

    def html(self) -> str:
        """Give the report as one page that needs no network and no script."""
        from imr_ml.evaluation.report import render_report

        return render_report(self.metrics, self.tables)

    def to_html(self, path: str | Path) -> None:
        """Write the report, whole or not at all."""
        with whole_file(path) as partial:
            partial.write_text(self.html(), encoding="utf-8")

    def save_into(self, folder: Path, *, record: Mapping[str, Any] | None = None) -> None:
        """Write ``metrics.json``, ``report.html`` and ``figures/*.png`` into an existing folder.

        Parameters
        ----------
        folder : Path
        record : mapping, default=None
            Of the training of the model that lies there too; the report then says what it chose.
        """
        from imr_ml.evaluation.plots import figure_files

        if record is not None:
            told = plain_values({**self.metrics, "training": training_facts(record)})
            return dataclasses.replace(self, metrics=told).save_into(folder)
        text = json.dumps(self.metrics, indent=2, ensure_ascii=False, allow_nan=False)
        (folder / "metrics.json").write_text(text + "\n", encoding="utf-8")
        (folder / "report.html").write_text(self.html(), encoding="utf-8")
        (folder / "figures").mkdir()
        for name, picture in figure_files(self.tables, "png").items():
            (folder / "figures" / f"{name}.png").write_bytes(picture)

    def save(self, folder: str | Path, *, replace: bool = False) -> None:
        """Write the whole evaluation to a folder, whole or not at all.

        Raises
        ------
        OutputError
            If the folder exists and is not empty (unless `replace`), or cannot be written.
        """
        with whole_folder(folder, replace=replace) as partial:
            self.save_into(partial)


@one_thread
def evaluate(
    items: pd.DataFrame,
    *,
    splits: Sequence[str] = ("letter", "time"),
    stage: str = "filing",
    seed: int = 0,
    model: FittedModel | None = None,
    fit: Fit | None = None,
    pool: bool = False,
    n_folds: int = 5,
    n_repeats: int | None = None,
    n_bootstrap: int = 1000,
    ablations: bool | None = None,
    audit: bool = True,
    strict: bool = False,
    n_jobs: int = 1,
    progress: bool = False,
) -> Evaluation:
    """Measure how well outcomes are predicted on letters that did not teach.

    Parameters
    ----------
    items : DataFrame of shape (n_items, n_columns)
        An items table; items without an outcome are counted and take no part.
    splits : sequence of {"letter", "time", "style"}
        ``letter``: cross-validation by letter. ``time``: each of the last periods, taught on what came
        before. ``style``: letters written alike are held out together. One that cannot be computed is
        left out by name with the reason.
    stage : {"filing", "assignment"}
        What the model may know.
    seed : int
        Of the folds, the models and the resamplings.
    model : OutcomeModel, optional
        Score this fitted model instead, on items that it has not seen; those that it was taught on are
        dropped and counted.
    fit : callable, optional
        Teaches what is evaluated, from items and a seed; ``imr_ml.train`` by default.
    pool : bool
        Let one model learn from items of several programs, which have other base rates and words.
    n_folds : int
        Of the cross-validation by letter.
    n_repeats : int, optional
        How often letters are dealt anew; by default 3 times below 500 letters, else once.
    n_bootstrap : int
        Resamplings of letters behind each interval.
    ablations : bool, optional
        Train again with parts taken away or put in, on the folds of the first split; by default where
        there are at most 1,000 items.
    audit : bool
        Look for traces of the answer in what the model may see.
    strict : bool
        Stop with an error where the audit finds any, before anything is taught where that is possible.
    n_jobs : int
        Processes in which models are taught, where there are enough items for it to pay; -1 for one per
        core. The numbers do not depend on it.
    progress : bool
        Show a bar on a terminal.

    Returns
    -------
    Evaluation

    Raises
    ------
    TableError
        If the table is not an items table, no item has an outcome, all have the same, programs are
        mixed, or every item taught `model`.
    SplitError
        If no split can be computed; the message gives every reason.
    LeakageError
        With `strict`, if the audit has a finding; the message gives every one.
    """
    splits = as_several(splits)
    if (unknown := [name for name in splits if name not in _SPLITTERS]) or not splits:
        wrong = f"no split is named {unknown[0]!r}" if unknown else "none is named"
        raise SplitError(f"{wrong}; choose from {', '.join(_SPLITTERS)}", about="splits")
    for name, value, least in (("seed", seed, 0), ("n_folds", n_folds, 2), ("n_bootstrap", n_bootstrap, 1)):
        check_whole(value, about=name, least=least)
    for name, switch in (("pool", pool), ("audit", audit), ("strict", strict)):
        check_kind(switch, "switch", about=name)
    if n_repeats is not None:
        check_whole(n_repeats, about="n_repeats", least=1)
    if model is not None:
        check_kind(model, "scorer", about="model")
    if fit is not None:
        check_kind(fit, "fit", about="fit")
    n_jobs = count_processes(n_jobs)
    scored, left_out = _scorable(items, model, pool)
    own_fit = fit or train_fit(stage, pool=pool)
    if len(scored) < _WORTH_PROCESSES:
        n_jobs = 1
    if model is not None:
        stage, plan = model.stage, _unseen_plan(scored, model)
        n_jobs = 1  # nothing is taught that is worth sending to another process
        fits: dict[str, Fit] = {MODEL: lambda _items, _seed: model, **_baselines_taught_as(model)}
    else:
        plan = _most_telling_first(_plan(scored, splits, n_folds, n_repeats, seed), scored)
        fits = {MODEL: own_fit, **BASELINES}
    baselines_left_out = {}
    if scored["case_summary"].isna().all():
        del fits["tfidf"]
        baselines_left_out["tfidf"] = "no item has a case summary: it would be the words of the request"
    usable = [split for split in plan.values() if isinstance(split, Split)]
    audited = audit_table(scored, splits=usable, stage=stage, seed=seed) if audit or strict else None
    _stop_if_strict(audited, strict)
    not_asked = ablations is False
    if ablations is None:
        ablations = len(scored) <= _FEW_ITEMS
    ablated = ablation_fits(stage, pool=pool) if ablations and model is None and fit is None else {}

    metrics = {**_data_facts(scored), "stage": stage, "seed": seed, "left_out": left_out}
    metrics["bootstrap"] = {"n": n_bootstrap, "level": 0.95, "unit": "letter"}
    metrics["splits"], metrics["ablations"] = {}, {}
    metrics["baselines_left_out"] = baselines_left_out
    metrics["training"] = None  # of a model that is saved with its evaluation
    metrics["model"] = _model_facts(model) if model is not None else None
    tables: dict[str, list[pd.DataFrame]] = {}
    predictions: list[pd.DataFrame] = []
    steps = sum(len(split.folds) for split in usable) * len(fits)
    steps += len(ablated) * len([fold for fold in usable[0].folds if fold.repeat == 0]) if usable else 0
    with _bar(steps, progress) as step:
        for name, split in plan.items():
            try:
                if not isinstance(split, Split):
                    raise SplitError(split)
                held_out = predict_held_out(scored, split, fits, seed=seed, n_jobs=n_jobs, step=step)
            except SplitError as error:
                metrics["splits"][name] = {"left_out": error.reason}
                continue
            except TrainingError as error:
                reason = f"a fold's teaching part has too little: {error.reason}"
                metrics["splits"][name] = {"left_out": reason}
                continue
            if model is not None:
                held_out["base_rate"] = model.base_rate
            predictions.append(held_out)
            metrics["splits"][name], found = score_split(held_out, split, n_bootstrap=n_bootstrap, seed=seed)
            if len(predictions) == 1:
                more, more_found = _describe(scored, held_out, n_bootstrap, seed)
                metrics |= {"main_split": name, **more}
                found |= more_found
                if ablated:
                    metrics["ablations"] = score_ablations(
                        scored,
                        split,
                        held_out,
                        ablated,
                        n_bootstrap=n_bootstrap,
                        seed=seed,
                        n_jobs=n_jobs,
                        step=step,
                    )
                    found["ablations"] = _ablation_rows(metrics["ablations"])
            for key, table in found.items():
                tables.setdefault(key, []).append(table)
    if not predictions:
        reasons = (f"{name}: {found['left_out']}" for name, found in metrics["splits"].items())
        raise SplitError("; ".join(reasons), about="items")
    metrics["split_differences"] = split_differences(predictions, n_bootstrap=n_bootstrap, seed=seed)
    if not ablated:
        metrics["ablations"] = {"left_out": _why_no_ablations(model, fit, not_asked)}
    if audited is not None:
        audit_score(audited, metrics["splits"][metrics["main_split"]][MODEL]["roc_auc"])
        if model is None:
            audit_model(audited, scored, own_fit, seed=seed)
        else:
            audited.left_out |= dict.fromkeys(TAUGHT_CHECKS, "a fitted model is not taught again")
        _stop_if_strict(audited, strict)
        tables |= {key: [table] for key, table in audited.tables.items()}
    splits_scored = [name for name, found in metrics["splits"].items() if "left_out" not in found]
    metrics["is_forward"] = "time" in splits_scored or (model is not None and _is_later(scored, model))
    metrics["leakage"] = audited.to_dict() if audited is not None else {"left_out": "not asked for"}
    return Evaluation(
        metrics=speaking_of(metrics["program"], plain_values(metrics)),
        tables={key: pd.concat(parts, ignore_index=True) for key, parts in tables.items()},
        predictions=pd.concat(predictions, ignore_index=True),
    )


def _scorable(
    items: pd.DataFrame, model: FittedModel | None, pool: bool
) -> tuple[pd.DataFrame, dict[str, int]]:
    """Give the items that can be scored, and how many cannot for which reason."""
    checked = check_items(items, need_outcome=True)
    left_out = {"without_outcome": int(checked["outcome"].isna().sum())}
    scored = checked[checked["outcome"].notna()].reset_index(drop=True)
    programs = sorted(scored["program"].unique())
    if len(programs) > 1 and not pool:
        raise TableError(
            f"the items come from {len(programs)} programs ({', '.join(programs)}), whose outcomes differ in "
            "kind; evaluate them apart, or ask for both by name with pool=True",
            about="items",
        )
    if model is not None:
        if others := set(programs) - set(model.program.split("+")):
            raise TableError(
                f"the items come from {', '.join(sorted(others))}, while the model knows {model.program}; "
                "score it on items of its own program",
                about="items",
            )
        seen = seen_items(model, scored)
        left_out["seen_in_training"] = int(seen.sum())
        scored = scored[~seen].reset_index(drop=True)
        if scored.empty:
            raise TableError(
                f"the model was taught on all {int(seen.sum()):,} items; "
                "evaluate it on letters it has not seen",
                about="items",
            )
    found = scored["outcome"].unique()
    if len(found) < 2:
        raise TableError(
            f"all {len(scored):,} items with an outcome are {found[0]}; scores need both outcomes",
            about="items",
        )
    return scored, left_out


def _stop_if_strict(audited: Audit | None, strict: bool) -> None:
    if strict and audited is not None and audited.serious:
        listed = "; ".join(f"{found.text}{_first_place(found)}" for found in audited.serious)
        raise LeakageError(f"the audit found {'; '.join(audited.doubts())}. {listed}", about="items")


def _first_place(found: Finding) -> str:
    item_id = found.places[0].get("item_id") if found.places else None
    return f" (first in item {item_id})" if item_id else ""


def _why_no_ablations(model: FittedModel | None, fit: Fit | None, not_asked: bool) -> str:
    if model is not None:
        return "a fitted model is not trained again"
    if fit is not None:
        return "only what imr_ml.train teaches has parts that can be taken away"
    if not_asked:
        return "not asked for"
    return f"more than {_FEW_ITEMS:,} items, for which it takes long; imr-ml evaluate --ablations does it"


def _describe(
    items: pd.DataFrame, held_out: pd.DataFrame, n_bootstrap: int, seed: int
) -> tuple[dict[str, Any], dict[str, pd.DataFrame]]:
    """Give what is told about the first split only: groups, selective use, published rates, criteria."""
    once = held_out[held_out["repeat"] == 0]
    overturned, chance = once["outcome"] == "overturned", once[f"p_{MODEL}"]
    letters = np.asarray(pd.factorize(once["letter_id"], sort=True)[0], dtype=np.intp)
    fairness, differences = fairness_tables(items, once, n_bootstrap=n_bootstrap, seed=seed)
    tables = {
        "slices": slice_table(items, once, n_bootstrap=n_bootstrap, seed=seed),
        "fairness": fairness,
        "top": top_table(scored_parts(held_out, MODEL), n_bootstrap=n_bootstrap, seed=seed),
        "coverage": coverage_table(overturned, chance),
        "decision": decision_table(overturned, chance, letters, n_bootstrap=n_bootstrap, seed=seed),
    }
    if len(tables["fairness"]):
        scores = ["roc_auc", "roc_auc_low", "roc_auc_high"]
        keys = ["dimension", "group"]
        tables["fairness"] = tables["fairness"].merge(tables["slices"][keys + scores], on=keys, how="left")
    if set(items["program"]) == {"dwc"}:
        tables["published"] = published_comparison(items)
        tables["criteria"] = criteria_table(without_answers(items).assign(outcome=items["outcome"]))
    metrics = {
        "slices": {
            "groups": tables["slices"].to_dict("records"),
            "statements": slice_statements(tables["slices"]),
            "n_compared": int((tables["slices"]["n_letters"] >= MIN_STATED_LETTERS).sum()),
        },
        "fairness": {
            "groups": tables["fairness"].to_dict("records"),
            "differences": differences,
        },
        "selective": {key: tables[key].to_dict("records") for key in ("top", "coverage", "decision")},
        "published": tables["published"].to_dict("records") if "published" in tables else [],
        "not_published": without_published_rate(items, tables["published"]) if "published" in tables else {},
        "criteria": tables["criteria"].to_dict("records") if "criteria" in tables else [],
    }
    return metrics, {key: table for key, table in tables.items() if len(table)}


def score_ablations(
    items: pd.DataFrame,
    split: Split,
    held_out: pd.DataFrame,
    fits: Mapping[str, Fit],
    *,
    n_bootstrap: int = 1000,
    seed: int = 0,
    n_jobs: int = 1,
    step: Callable[[], object] = lambda: None,
) -> dict[str, Any]:
    """Score ablations on the first repeat of a split's folds, and the whole model minus each of them.

    Returns
    -------
    dict
        By ablation ``scores``, ``model`` (the whole model's on the same deal), ``difference`` (model
        minus ablation, paired) and ``is_same`` (whether it answers every item alike: what was chosen does
        not read what is changed), or ``left_out`` with the reason.
    """
    once = dataclasses.replace(split, folds=tuple(fold for fold in split.folds if fold.repeat == 0))
    rows = held_out[held_out["repeat"] == 0].reset_index(drop=True)
    metrics: dict[str, Any] = {}
    for name, fit in fits.items():
        try:
            predicted = predict_held_out(items, once, {name: fit}, seed=seed, n_jobs=n_jobs, step=step)
            rows[f"p_{name}"] = predicted[f"p_{name}"].to_numpy()
        except TrainingError as error:
            metrics[name] = {"left_out": error.reason}
    done = [name for name in fits if f"p_{name}" in rows]
    boot = bootstrap_scores(
        {name: scored_parts(rows, name) for name in (MODEL, *done)}, n_bootstrap=n_bootstrap, seed=seed
    )
    whole = {key: found.to_dict() for key, found in boot.estimates(MODEL).items()}
    for name in done:
        metrics[name] = {
            "model": whole,
            "scores": {key: found.to_dict() for key, found in boot.estimates(name).items()},
            "difference": {key: found.to_dict() for key, found in boot.differences(MODEL, name).items()},
            "is_same": bool((rows[f"p_{name}"] == rows[f"p_{MODEL}"]).all()),
        }
    return {name: metrics[name] for name in fits}


def split_differences(
    predictions: Sequence[pd.DataFrame], *, n_bootstrap: int = 1000, seed: int = 0
) -> dict[str, Any]:
    """Compare each split with that by letter, on the items that both score: other items are harder or easier.

    Returns
    -------
    dict
        By split: ``n_items``, ``n_overturned``, ``by_letter`` (the letter split's scores on the items of this
        one) and ``difference`` (this split's minus these, paired by letters).
    """
    of_split = {str(rows["split"].iloc[0]): rows for rows in predictions}
    found: dict[str, Any] = {}
    for name, rows in of_split.items():
        if name == "letter" or "letter" not in of_split:
            continue
        by_letter = of_split["letter"]
        same = by_letter[by_letter["item_id"].isin(set(rows["item_id"]))]
        boot = bootstrap_scores(
            {name: scored_parts(rows, MODEL), "letter": scored_parts(same, MODEL)},
            n_bootstrap=n_bootstrap,
            seed=seed,
        )
        found[name] = {
            "n_items": len(rows),
            "n_overturned": int((rows["outcome"] == "overturned").sum()),
            "by_letter": {key: one.to_dict() for key, one in boot.estimates("letter").items()},
            "difference": {key: one.to_dict() for key, one in boot.differences(name, "letter").items()},
        }
    return found


def seen_items(model: FittedModel, items: pd.DataFrame) -> NDArray[np.bool_]:
    """Say which items, or whose letters, taught a model: the siblings of a seen item count as seen."""
    seen = model.has_seen(items)
    families = letter_families(items)
    return np.isin(families, families[seen])


def _ablation_rows(ablations: Mapping[str, Any]) -> pd.DataFrame:
    """Give what each ablation changes in ROC AUC, the other way round than ``difference``."""
    changes = {
        name: found["difference"]["roc_auc"] for name, found in ablations.items() if "difference" in found
    }
    rows = [
        {
            "ablation": name,
            "name": ABLATION_NAMES[name],
            "value": -change["value"],
            "low": -change["high"],
            "high": -change["low"],
        }
        for name, change in changes.items()
        if change["low"] is not None and not ablations[name]["is_same"]
    ]
    return pd.DataFrame(rows, columns=["ablation", "name", "value", "low", "high"])


def predict_held_out(
    items: pd.DataFrame,
    split: Split,
    fits: Mapping[str, Fit],
    *,
    seed: int = 0,
    n_jobs: int = 1,
    step: Callable[[], object] = lambda: None,
) -> pd.DataFrame:
    """Teach every scorer on each fold's teaching part and predict the part held out.

    What is known with the decision is taken away from the held-out items before a scorer sees them.

    Returns
    -------
    DataFrame
        As `Evaluation.predictions`.
    """
    tasks = [(fold, fit) for fold in split.folds for fit in fits.values()]
    found = Parallel(n_jobs=n_jobs, return_as="generator")(
        delayed(_predict_fold)(items.iloc[fold.train], items.iloc[fold.test], fit, seed)
        for fold, fit in tasks
    )
    parts = []
    for fold in split.folds:
        part = _fold_rows(items.iloc[fold.test], items.iloc[fold.train], split, fold)
        for name in fits:
            part[f"p_{name}"], chosen = next(found)
            if name == MODEL:
                part["chosen"] = chosen
            step()
        parts.append(part)
    return pd.concat(parts, ignore_index=True)


def _predict_fold(
    train: pd.DataFrame, test: pd.DataFrame, fit: Fit, seed: int
) -> tuple[NDArray[np.float64], str | None]:
    """Give what a scorer predicts, and what its training chose where it chose something."""
    scorer = fit(train.reset_index(drop=True), seed)
    chosen = getattr(scorer, "record", {}).get("chosen", {}).get("name")
    chance = np.asarray(scorer.predict_proba(without_answers(test)), dtype=float)
    if chance.shape != (len(test),) or not np.all((chance >= 0) & (chance <= 1)):
        raise ValueError("a scorer must give one probability from 0 to 1 per item")
    return chance, chosen


def _fold_rows(test: pd.DataFrame, train: pd.DataFrame, split: Split, fold: Fold) -> pd.DataFrame:
    rate = float((train["outcome"] == "overturned").mean()) if len(train) else math.nan
    return pd.DataFrame(
        {
            "split": split.name,
            "repeat": fold.repeat,
            "fold": fold.name,
            "item_id": test["item_id"].to_numpy(),
            "letter_id": test["letter_id"].to_numpy(),
            "outcome": test["outcome"].to_numpy(),
            "base_rate": rate,
        }
    )


def scored_parts(predictions: pd.DataFrame, scorer: str) -> list[Scored]:
    """Prepare one scorer's predictions for scoring, one part per repeat."""
    letters, _ = pd.factorize(predictions["letter_id"], sort=True)
    parts = []
    for _, rows in predictions.assign(_letter=letters).groupby("repeat", sort=True):
        chance = rows[f"p_{scorer}"]
        parts.append(
            Scored(
                rows["outcome"] == "overturned",
                chance,
                rows["_letter"],
                rank=rank_within(chance, rows["fold"]),
                threshold=rows["base_rate"],
            )
        )
    return parts


def score_split(
    predictions: pd.DataFrame, split: Split, *, n_bootstrap: int = 1000, seed: int = 0
) -> tuple[dict[str, Any], dict[str, pd.DataFrame]]:
    """Score every scorer of one split, and make the tables behind its figures."""
    names = [str(name)[2:] for name in predictions if str(name).startswith("p_")]
    boot = bootstrap_scores(
        {name: scored_parts(predictions, name) for name in names}, n_bootstrap=n_bootstrap, seed=seed
    )
    others = [name for name in names if name != MODEL]

    def scores(name: str) -> dict[str, Any]:
        return {key: estimate.to_dict() for key, estimate in boot.estimates(name).items()}

    once = predictions[predictions["repeat"] == 0]
    overturned = once["outcome"] == "overturned"
    metrics = {
        "description": split.description,
        "notes": list(split.notes),
        "n_items": len(once),
        "n_letters": int(once["letter_id"].nunique()),
        "n_overturned": int(overturned.sum()),
        "n_repeats": int(predictions["repeat"].nunique()),
        "n_teaching": round(float(np.mean([len(fold.train) for fold in split.folds]))),
        "chosen": _chosen_in_folds(predictions),
        "folds": [
            {
                "name": fold.name,
                "repeat": fold.repeat,
                "n_train_items": len(fold.train),
                "n_test_items": len(fold.test),
            }
            for fold in split.folds
        ],
        MODEL: scores(MODEL),
        "baselines": {name: scores(name) for name in others},
        "calibration": calibration_table(overturned, once[f"p_{MODEL}"], once["letter_id"]).to_dict(
            "records"
        ),
        "differences": {
            name: {key: found.to_dict() for key, found in boot.differences(MODEL, name).items()}
            for name in others
        },
    }
    tables = {"scores": _score_rows(metrics, split.name)}
    if overturned.nunique() == 2:
        tables |= _figure_tables(once, split.name, names)
    return metrics, tables


def _chosen_in_folds(predictions: pd.DataFrame) -> dict[str, int]:
    """Count in how many folds each classifier was chosen."""
    folds = predictions.drop_duplicates(["repeat", "fold"])
    return {str(name): int(n) for name, n in folds["chosen"].dropna().value_counts().items()}


def _score_rows(metrics: Mapping[str, Any], split: str) -> pd.DataFrame:
    scorers = {MODEL: metrics[MODEL], **metrics["baselines"]}
    return pd.DataFrame(
        [
            {"split": split, "scorer": name, "metric": metric, **scores[metric]}
            for name, scores in scorers.items()
            for metric in METRICS
        ]
    )


def _figure_tables(once: pd.DataFrame, split: str, names: Sequence[str]) -> dict[str, pd.DataFrame]:
    overturned = once["outcome"] == "overturned"
    curves: dict[str, list[pd.DataFrame]] = {"roc": [], "precision_recall": []}
    for name in names:
        rank = rank_within(once[f"p_{name}"], once["fold"])
        for key, make in (("roc", roc_table), ("precision_recall", precision_recall_table)):
            curves[key].append(make(overturned, rank).assign(split=split, scorer=name))
    chance = once[f"p_{MODEL}"]
    return {
        **{key: pd.concat(parts, ignore_index=True) for key, parts in curves.items()},
        "calibration": calibration_table(overturned, chance, once["letter_id"]).assign(split=split),
        "distribution": distribution_table(overturned, chance).assign(split=split),
    }


_SPLITTERS = ("letter", "time", "style")
_FEW_ITEMS = 1000
_WORTH_PROCESSES = 2000


def _plan(
    items: pd.DataFrame, splits: Sequence[str], n_folds: int, n_repeats: int | None, seed: int
) -> dict[str, Split | str]:
    if n_repeats is None:
        n_repeats = 3 if items["letter_id"].nunique() < 500 else 1
    plan: dict[str, Split | str] = {}
    for name in splits:
        try:
            if name == "letter":
                plan[name] = letter_split(items, n_folds=n_folds, n_repeats=n_repeats, seed=seed)
            elif name == "time":
                plan[name] = time_split(items)
            else:
                plan[name] = style_split(items, n_folds=n_folds, seed=seed)
        except SplitError as error:
            plan[name] = error.reason
    return plan


def _most_telling_first(plan: dict[str, Split | str], items: pd.DataFrame) -> dict[str, Split | str]:
    """Put the split forward in time first, as closest to use, where it holds out enough to be sure of it."""
    split = plan.get("time")
    if isinstance(split, Split):
        held_out = np.concatenate([fold.test for fold in split.folds])
        if (items["outcome"].iloc[held_out] == "overturned").sum() >= _ENOUGH_OVERTURNED:
            return {"time": split, **plan}
    return plan


def _unseen_plan(items: pd.DataFrame, model: FittedModel) -> dict[str, Split | str]:
    everything = Fold("unseen", np.empty(0, dtype=np.intp), np.arange(len(items), dtype=np.intp))
    description = "The fitted model predicts items of letters that it was not taught on"
    description += ", all decided after those." if _is_later(items, model) else "."
    return {"unseen": Split("unseen", description, (everything,))}


def _is_later(items: pd.DataFrame, model: FittedModel) -> bool:
    """Say whether all items were decided after those that taught a model; of the same day or year is not."""
    for name in ("decided_date", "decided_year"):
        times, taught = items[name], model.decided[name]
        if times.notna().all() and taught.notna().all():
            return bool(times.min() > taught.max())
    return False


def _baselines_taught_as(model: FittedModel) -> dict[str, Fit]:
    """Give the baselines as the model's own teaching items teach them."""

    def taught(fit: Fit) -> Fit:
        return lambda _items, seed: fit(model.decided, seed)

    return {name: taught(fit) for name, fit in BASELINES.items()}


def _data_facts(items: pd.DataFrame) -> dict[str, Any]:
    n_overturned = int((items["outcome"] == "overturned").sum())
    synthetic = items["is_synthetic"].fillna(False).astype(bool)
    years = items["decided_year"].dropna()
    return {
        "format": FORMAT,
        "program": "+".join(sorted(items["program"].unique())),
        "is_synthetic": bool(synthetic.any()),
        "n_letters": int(items["letter_id"].nunique()),
        "n_items": len(items),
        "n_overturned": n_overturned,
        "base_rate": n_overturned / len(items),
        "decided_years": [int(years.min()), int(years.max())] if len(years) else None,
    }


def _model_facts(model: FittedModel) -> dict[str, Any]:
    """Say what taught a model that is scored on other items."""
    taught = model.decided
    last = taught["decided_date"].dropna().max()
    return {
        "program": model.program,
        "is_synthetic": model.is_synthetic,
        "n_letters": int(taught["letter_id"].nunique()),
        "n_items": len(taught),
        "n_overturned": int((taught["outcome"] == "overturned").sum()),
        "last_decided": f"{last:%Y-%m-%d}" if pd.notna(last) else None,
    }


class _bar:
    """A progress bar on a terminal; nothing in a pipe or unless asked for."""

    def __init__(self, steps: int, shown: bool) -> None:
        from tqdm import tqdm

        self._bar = tqdm(total=steps, desc="evaluating", unit="fit", disable=None if shown else True)

    def __enter__(self) -> Callable[[], object]:
        return lambda: self._bar.update()

    def __exit__(self, *_: object) -> None:
        self._bar.close()


def plain_values(value: Any) -> Any:
    """Give nested values as ``json`` can write them: numpy numbers as Python's, a NaN as None."""
    if isinstance(value, Mapping):
        return {str(key): plain_values(part) for key, part in value.items()}
    if isinstance(value, list | tuple | np.ndarray):
        return [plain_values(part) for part in value]
    if isinstance(value, np.generic):
        value = value.item()
    if value is pd.NA or value is pd.NaT or (isinstance(value, float) and not math.isfinite(value)):
        return None
    return value
