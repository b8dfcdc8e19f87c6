"""From numbers to a page: plain statements first, then the template."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from imr_ml.evaluation.ablations import ABLATION_NAMES
from imr_ml.evaluation.auditing import COLUMN_NAMES
from imr_ml.evaluation.baselines import BASELINE_NAMES
from imr_ml.evaluation.metrics import LOWER_IS_BETTER, METRICS
from imr_ml.evaluation.slices import DIMENSIONS
from imr_ml.evaluation.speaking import sources_of, speaking_of
from imr_ml.resources import template

if TYPE_CHECKING:
    import pandas as pd

MINUS = "\N{MINUS SIGN}"
_MIN_STATED = 5
"""Criteria stated of fewer items are folded away: a share of one or two items tells nothing."""

SPLIT_NAMES = {
    "letter": "Held out by letter",
    "time": "Forward in time",
    "style": "Held out by writer's style",
    "unseen": "Letters the model has not seen",
}
PROGRAM_NAMES = {
    "dwc": "workers' compensation Independent Medical Review (DWC letters)",
    "dmhc": "health plans' Independent Medical Review (DMHC table)",
}
METRIC_NOTES = {
    "roc_auc": "how often an overturned item is ranked above an upheld one; 0.5 is chance, 1 perfect",
    "average_precision": "mean share overturned among the items picked, over all depths; "
    "chance gives the base rate",
    "log_loss": "cost of stating wrong probabilities; lower is better",
    "brier": "mean squared error of the probabilities; lower is better",
    "calibration_error": "mean distance of predicted from observed shares, in ten bins of equally many "
    "items; lower is better",
    "balanced_accuracy": "mean share found of either outcome, calling overturned what lies above the "
    "teaching items' base rate; 0.5 is chance",
    "lift_at_10pct": "how many times more often than on average the tenth rated highest is overturned; "
    "1 is chance",
}
SPLIT_MEANINGS = {
    "letter": "what it knows of letters like those that taught it",
    "time": "what is left where guidelines, reviewers and requests have moved on",
    "style": "what is left where the writer is another one",
    "unseen": "the fitted model, on letters that it was not taught on",
}


def statements(
    split: Mapping[str, Any], *, names: Mapping[str, str] = BASELINE_NAMES
) -> list[dict[str, str]]:
    """Say in plain words whether the model is better than each baseline.

    A difference whose interval includes zero is not called one.

    Parameters
    ----------
    split : mapping
        One split of ``metrics.json``.
    names : mapping of str to str
        What each baseline is called.

    Returns
    -------
    list of dict
        ``baseline``, ``verdict`` (``better``, ``partly``, ``not shown``, ``worse``, ``not computed``),
        ``text`` and ``numbers`` (the differences with their intervals).
    """
    said = []
    for name, differences in split["differences"].items():
        verdict = _judge(differences)
        said.append(
            {
                "baseline": name,
                "verdict": verdict,
                "text": f"{_VERDICTS[verdict]}: {names.get(name, name)}{_doubt(split, name)}",
                "numbers": f"ROC AUC {format_difference(differences['roc_auc'])}; "
                f"log loss {format_difference(differences['log_loss'])}",
            }
        )
    return said


def _doubt(split: Mapping[str, Any], baseline: str) -> str:
    """Warn where a baseline ranks worse than chance, so that beating it is easy."""
    auc = split.get("baselines", {}).get(baseline, {}).get("roc_auc", {})
    if auc.get("high") is None or auc["high"] >= 0.5:
        return ""
    return (
        " (which ranks worse than chance here: what is held out has other rates than what teaches; "
        "this comparison shows little)"
    )


_VERDICTS = {
    "better": "Better than",
    "partly": "Better in one respect only than",
    "not shown": "NOT shown to be better than",
    "worse": "WORSE than",
    "not computed": "Could not be compared with",
}


def headline(split: Mapping[str, Any]) -> str:
    """Say in one sentence what the comparison with the strongest simple ways of predicting comes to."""
    verdicts = {name: _judge(differences) for name, differences in split["differences"].items()}
    if "not computed" in verdicts.values():
        return "There is too little data to compare the model with anything."
    if all(verdict == "better" for verdict in verdicts.values()):
        return "The model is better than every simpler way of predicting that it was compared with."
    if verdicts.get("category_rate", "not shown") in ("not shown", "worse"):
        return (
            "The model is NOT shown to be better than the rate of the item's treatment category, which "
            "anyone can look up: do not rely on it."
        )
    if verdicts.get("always_upheld") in ("not shown", "worse"):
        return (
            "The model is NOT shown to be better than saying that every denial is upheld: do not rely on it."
        )
    return "The model is better than some simpler ways of predicting, but not than all in every respect."


def _judge(differences: Mapping[str, Any]) -> str:
    verdicts = [_verdict(name, differences[name]) for name in ("log_loss", "roc_auc")]
    if "not computed" in verdicts:
        return "not computed"
    if "worse" in verdicts:
        return "worse"
    return {2: "better", 1: "partly", 0: "not shown"}[verdicts.count("better")]


def _verdict(metric: str, difference: Mapping[str, Any]) -> str:
    if difference["low"] is None:
        return "not computed"
    sign = -1 if metric in LOWER_IS_BETTER else 1
    if sign * difference["low"] > 0 and sign * difference["high"] > 0:
        return "better"
    return "worse" if sign * difference["low"] < 0 and sign * difference["high"] < 0 else "not shown"


def format_estimate(found: Mapping[str, Any] | None, digits: int = 3) -> str:
    """Write a score with its interval.

    >>> format_estimate({"value": 0.7412, "low": 0.7, "high": 0.781}, 2)
    '0.74 (0.70 to 0.78)'
    """
    if not found or found.get("value") is None:
        return "not computed"
    value = f"{found['value']:.{digits}f}"
    if found.get("low") is not None:
        value += f" ({found['low']:.{digits}f} to {found['high']:.{digits}f})"
    return value.replace("-", MINUS)


def format_difference(found: Mapping[str, Any]) -> str:
    """Write a difference with its sign and interval.

    >>> format_difference({"value": 0.02, "low": 0.01, "high": 0.03})
    '+0.020 (+0.010 to +0.030)'
    """
    if found["value"] is None:
        return "not computed"
    text = f"{found['value']:+.3f}"
    if found["low"] is not None:
        text += f" ({found['low']:+.3f} to {found['high']:+.3f})"
    return text.replace("-", MINUS)


def format_percent(share: float | None, digits: int = 0) -> str:
    """Write a share as a percentage.

    >>> format_percent(0.125, 1), format_percent(None)
    ('12.5%', 'none')
    """
    return "none" if share is None else f"{100 * share:.{digits}f}%"


def format_share(row: Mapping[str, Any]) -> str:
    """Write a share with its interval and the numbers behind it.

    >>> format_share({"hits": 3, "n": 12, "share": 0.25, "low": 0.09, "high": 0.53})
    '25.0% (9.0% to 53.0%): 3 of 12'
    >>> format_share({"hits": 0, "n": 0, "share": None, "low": None, "high": None})
    'there are none'
    """
    if row["share"] is None:
        return "there are none"
    low, high = format_percent(row["low"], 1), format_percent(row["high"], 1)
    return f"{format_percent(row['share'], 1)} ({low} to {high}): {row['hits']:,} of {row['n']:,}"


def format_widest(found: Mapping[str, Any], digits: int = 0) -> str:
    """Write the widest difference between groups with its interval.

    >>> format_widest({"value": None, "reason": "one group only"})
    'not computed (one group only)'
    >>> format_widest({"value": 0.12, "low": -0.02, "high": 0.25, "groups": ["female", "male"]})
    '12 points (−2 to 25; female above male)'
    """
    if found["value"] is None:
        return f"not computed ({found['reason']})"
    higher, lower = found["groups"]
    interval = (
        "no interval, too few letters"
        if found["low"] is None
        else f"{100 * found['low']:.{digits}f} to {100 * found['high']:.{digits}f}"
    )
    text = f"{100 * found['value']:.{digits}f} points ({interval}; {higher} above {lower})"
    return text.replace("-", MINUS)


def format_place(place: Mapping[str, Any]) -> str:
    """Say where something was found.

    >>> format_place({"item_id": "X#1", "column": "case_summary", "start": 10, "end": 16, "words": "upheld"})
    'item X#1, case summary, characters 10 to 16: upheld'
    >>> format_place({"letter": "A", "copy": "B", "similarity": 0.9123})
    'letter A, copy B, similarity 0.91'
    """
    told = []
    for key, value in place.items():
        if key == "start":
            told.append(f"characters {value} to {place['end']}")
        elif key == "column":
            told.append(COLUMN_NAMES.get(value, str(value)))
        elif isinstance(value, bool):
            told.append(key.replace("_", " ") if value else f"not {key.replace('_', ' ')}")
        elif key not in ("end", "words"):
            name = {"item_id": "item"}.get(key, key.replace("_", " "))
            told.append(f"{name} {value:.2f}" if isinstance(value, float) else f"{name} {value}")
    return ", ".join(told) + (f": {place['words']}" if "words" in place else "")


def other_splits(computed: Mapping[str, Any], main: str) -> list[str]:
    """Say on the first screen how well the model ranks where other items are held out.

    Parameters
    ----------
    computed : mapping
        The splits of ``metrics.json`` that were scored.
    main : str
        The one that the first screen speaks of already.

    Returns
    -------
    list of str
        A part of a sentence for each, the lowest last.
    """
    others = []
    for name, split in computed.items():
        auc = split["model"]["roc_auc"]
        if name == main or auc["value"] is None:
            continue
        hundred = f"{100 * auc['value']:.0f}"
        text = (
            f"{hundred} ({100 * auc['low']:.0f} to {100 * auc['high']:.0f})"
            if auc["low"] is not None
            else f"too few to say ({hundred}, of {split['n_overturned']:,} overturned)"
        )
        others.append((auc["value"], f"{_SPLITS_IN_SHORT.get(name, name)}: {text}"))
    return [text for _, text in sorted(others, reverse=True)]


_SPLITS_IN_SHORT = {"letter": "by letter", "time": "forward in time", "style": "other writers"}


def _n_stated(criterion: Mapping[str, Any]) -> int:
    return int(criterion["met_items"] + criterion["unmet_items"])


def findings_by_check(leakage: Mapping[str, Any]) -> dict[str, list[Mapping[str, Any]]]:
    """Group the findings of an audit by their check."""
    grouped: dict[str, list[Mapping[str, Any]]] = {}
    for found in leakage.get("findings", ()):
        grouped.setdefault(found["check"], []).append(found)
    return grouped


def render_report(metrics: Mapping[str, Any], tables: Mapping[str, pd.DataFrame]) -> str:
    """Fill the report's template.

    Parameters
    ----------
    metrics : mapping
        As in ``metrics.json``.
    tables : mapping of str to DataFrame
        As `imr_ml.evaluation.Evaluation` holds them.

    Returns
    -------
    str
        One HTML page that holds its figures and needs no network and no script.
    """
    from imr_ml.evaluation.plots import figure_files

    computed = {name: split for name, split in metrics["splits"].items() if "model" in split}
    pictures = {
        name: "data:image/svg+xml;base64," + base64.b64encode(picture).decode()
        for name, picture in figure_files(tables, "svg").items()
    }
    main = computed[metrics["main_split"]]
    program = metrics["program"]
    return template("report.html.jinja").render(
        m=metrics,
        unit=sources_of(program),
        computed=computed,
        main=main,
        headline=headline(main),
        statements={name: statements(split) for name, split in computed.items()},
        findings=findings_by_check(metrics["leakage"]),
        pictures=pictures,
        groups={
            name: rows
            for name in DIMENSIONS
            if (rows := [row for row in metrics["slices"]["groups"] if row["dimension"] == name])
        },
        criteria=[
            [row for row in metrics["criteria"] if (_n_stated(row) >= _MIN_STATED) is often]
            for often in (True, False)
        ],
        min_stated=_MIN_STATED,
        others=speaking_of(program, other_splits(computed, metrics["main_split"])),
        widest=format_widest,
        told_place=format_place,
        column_names=COLUMN_NAMES,
        all_upheld=all(
            row["error"] == row["error_always_upheld"] for row in metrics["selective"]["coverage"]
        ),
        share=format_share,
        metric_names=METRICS,
        metric_notes=METRIC_NOTES,
        lower_is_better=LOWER_IS_BETTER,
        baseline_names=BASELINE_NAMES,
        ablation_names=ABLATION_NAMES,
        dimension_names=speaking_of(program, DIMENSIONS),
        split_names=speaking_of(program, SPLIT_NAMES),
        split_meanings=speaking_of(program, SPLIT_MEANINGS),
        program=" and ".join(PROGRAM_NAMES.get(name, name) for name in program.split("+")),
        estimate=format_estimate,
        difference=format_difference,
        percent=format_percent,
        number="{:,}".format,
    )
