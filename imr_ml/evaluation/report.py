"""From numbers to a page: plain statements first, then the template."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from imr_ml.evaluation.baselines import BASELINE_NAMES
from imr_ml.evaluation.metrics import LOWER_IS_BETTER, METRICS

if TYPE_CHECKING:
    import jinja2
    import pandas as pd

MINUS = "\N{MINUS SIGN}"

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


def statements(split: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Say in plain words whether the model is better than each baseline.

    A difference whose interval includes zero is not called one.

    Parameters
    ----------
    split : mapping
        One split of ``metrics.json``.

    Returns
    -------
    list of dict
        ``baseline``, ``verdict`` (``better``, ``partly``, ``not shown``, ``worse``, ``not computed``),
        ``text`` and ``numbers`` (the differences with their intervals).
    """
    said = []
    for name, differences in split["differences"].items():
        loss, auc = differences["log_loss"], differences["roc_auc"]
        verdicts = [_verdict("log_loss", loss), _verdict("roc_auc", auc)]
        label = BASELINE_NAMES.get(name, name)
        numbers = f"ROC AUC {_signed(auc)}; log loss {_signed(loss)}"
        if "not computed" in verdicts:
            verdict, words = "not computed", "Could not be compared"
        elif "worse" in verdicts:
            verdict, words = "worse", "WORSE"
        elif verdicts == ["better", "better"]:
            verdict, words = "better", "Better"
        elif "better" in verdicts:
            verdict, words = "partly", "Better in one respect only"
        else:
            verdict, words = "not shown", "NOT shown to be better"
        said.append({"baseline": name, "verdict": verdict, "text": f"{words}: {label}", "numbers": numbers})
    return said


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
    if found.get("low") is None:
        return value
    return f"{value} ({found['low']:.{digits}f} to {found['high']:.{digits}f})".replace("-", MINUS)


def _signed(found: Mapping[str, Any]) -> str:
    if found["value"] is None:
        return "not computed"
    if found["low"] is None:
        return f"{found['value']:+.3f}".replace("-", MINUS)
    return f"{found['value']:+.3f} ({found['low']:+.3f} to {found['high']:+.3f})".replace("-", MINUS)


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
    return (
        _environment()
        .get_template("report.html.jinja")
        .render(
            m=metrics,
            computed=computed,
            main=next(iter(computed.values())),
            statements={name: statements(split) for name, split in computed.items()},
            pictures=pictures,
            metric_names=METRICS,
            metric_notes=METRIC_NOTES,
            lower_is_better=LOWER_IS_BETTER,
            baseline_names=BASELINE_NAMES,
            split_names=SPLIT_NAMES,
            program=" and ".join(PROGRAM_NAMES.get(name, name) for name in metrics["program"].split("+")),
        )
    )


@cache
def _environment() -> jinja2.Environment:
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("imr_ml", "resources"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["estimate"] = format_estimate
    environment.filters["signed"] = _signed
    environment.filters["count"] = lambda number: f"{number:,}"
    environment.filters["percent"] = lambda share, digits=0: f"{100 * share:.{digits}f}%"
    return environment
