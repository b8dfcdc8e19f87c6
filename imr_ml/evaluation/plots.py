"""Draw a given table on given axes; every number is computed elsewhere."""

from __future__ import annotations

import io
import textwrap
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Literal

import matplotlib as mpl
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from imr_ml.evaluation.baselines import BASELINE_NAMES

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

# Okabe and Ito's colours, told apart by colour-blind readers; line styles tell them apart in grey print.
INK, BLUE, ORANGE, GREEN, SKY, GREY = (
    "#1a1a1a",
    "#0072B2",
    "#E69F00",
    "#009E73",
    "#56B4E9",
    "#8a8a8a",
)
VERMILION = "#D55E00"
_LINES: dict[str, dict[str, Any]] = {
    "model": {"color": BLUE, "linewidth": 2.4, "linestyle": "-", "zorder": 5},
    "tfidf": {"color": VERMILION, "linewidth": 1.5, "linestyle": "--"},
    "request_only": {"color": GREEN, "linewidth": 1.5, "linestyle": "-."},
    "category_rate": {"color": ORANGE, "linewidth": 1.5, "linestyle": (0, (4, 1.5))},
    "always_upheld": {"color": GREY, "linewidth": 1.2, "linestyle": ":"},
}
_NAMES = {"model": "Model", **BASELINE_NAMES}
_STYLE: Any = {
    "font.family": "DejaVu Sans",
    "font.size": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": "#555555",
    "axes.labelcolor": INK,
    "axes.titlesize": 10,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": "#e4e4e4",
    "grid.linewidth": 0.6,
    "xtick.color": "#444444",
    "ytick.color": "#444444",
    "legend.frameon": False,
    "legend.fontsize": 8,
    "svg.hashsalt": "imr-ml",
    "text.parse_math": False,  # group names come from data and may hold a dollar sign
    "svg.fonttype": "path",
}


def draw_roc(axes: Axes, table: pd.DataFrame) -> None:
    """Draw ROC curves from ``scorer``, ``false_positive_rate``, ``true_positive_rate``."""
    axes.plot([0, 1], [0, 1], color=GREY, linewidth=0.8, zorder=1)
    for scorer, rows in table.groupby("scorer", sort=False):
        axes.plot(
            rows["false_positive_rate"],
            rows["true_positive_rate"],
            label=_NAMES.get(str(scorer), str(scorer)),
            **_LINES.get(str(scorer), {}),
        )
    _unit_square(axes)
    axes.set(
        title="ROC curve",
        xlabel="Share of upheld items taken for overturned",
        ylabel="Share of overturned items found",
    )
    axes.legend(loc="lower right")


def draw_precision_recall(axes: Axes, table: pd.DataFrame) -> None:
    """Draw precision against recall from ``scorer``, ``recall``, ``precision``."""
    for scorer, rows in table.groupby("scorer", sort=False):
        axes.step(
            rows["recall"],
            rows["precision"],
            where="pre",
            label=_NAMES.get(str(scorer), str(scorer)),
            **_LINES.get(str(scorer), {}),
        )
    _unit_square(axes)
    axes.set(
        title="Precision and recall",
        xlabel="Share of overturned items found (recall)",
        ylabel="Share overturned among those picked (precision)",
    )
    axes.legend(loc="upper right")


def draw_calibration(axes: Axes, table: pd.DataFrame) -> None:
    """Draw observed against predicted shares from ``predicted``, ``observed``, ``low``, ``high``."""
    top = min(1.0, float(max(table["high"].max(), table["predicted"].max())) * 1.05)
    axes.plot([0, top], [0, top], color=GREY, linewidth=0.9, zorder=1, label="Perfect calibration")
    axes.errorbar(
        table["predicted"],
        table["observed"],
        yerr=np.abs(np.stack([table["observed"] - table["low"], table["high"] - table["observed"]])),
        fmt="o",
        color=BLUE,
        ecolor=SKY,
        elinewidth=1.6,
        capsize=2.5,
        markersize=4.5,
        label="Tenths of the items, 95% interval",
    )
    axes.set(
        title="Calibration",
        xlabel="Predicted probability of being overturned",
        ylabel="Share really overturned",
        xlim=(0, top),
        ylim=(0, top),
    )
    axes.set_aspect("equal")
    axes.legend(loc="lower right")


def draw_distribution(axes: Axes, table: pd.DataFrame) -> None:
    """Draw how predictions spread within each outcome from ``low``, ``high``, ``upheld``, ``overturned``."""
    edges = np.append(table["low"], table["high"].iloc[-1])
    axes.stairs(table["upheld"], edges, fill=True, color=SKY, alpha=0.55, label="Upheld items", linewidth=0)
    axes.stairs(
        table["overturned"], edges, color=VERMILION, linewidth=1.8, label="Overturned items", baseline=None
    )
    axes.set(
        title="Predictions by outcome",
        xlabel="Predicted probability of being overturned",
        ylabel="Share of that outcome's items",
        xlim=(0, edges[-1]),
    )
    axes.legend(loc="upper right")


def draw_decision(axes: Axes, table: pd.DataFrame) -> None:
    """Draw net benefit from ``threshold``, ``net_benefit``, ``low``, ``high``, ``net_benefit_all``."""
    axes.fill_between(table["threshold"], table["low"], table["high"], color=SKY, alpha=0.35, linewidth=0)
    axes.plot(table["threshold"], table["net_benefit"], color=BLUE, linewidth=2.2, label="By the model")
    axes.plot(
        table["threshold"],
        table["net_benefit_all"],
        color=VERMILION,
        linewidth=1.4,
        linestyle="--",
        label="On every item",
    )
    axes.axhline(0, color=GREY, linewidth=1.2, linestyle=":", label="On none")
    top = float(table[["high", "net_benefit", "net_benefit_all"]].max().fillna(0).clip(lower=0.01).max())
    axes.set(
        title="Worth of acting on items above a threshold",
        xlabel="Probability from which one would act",
        ylabel="Net benefit per item",
        ylim=(-0.4 * top, 1.1 * top),
    )
    axes.legend(loc="upper right")


def draw_coverage(axes: Axes, table: pd.DataFrame) -> None:
    """Draw error against coverage from ``coverage``, ``error``, ``error_always_upheld``."""
    axes.plot(
        table["coverage"], table["error"], color=BLUE, linewidth=2.2, marker="o", markersize=4, label="Model"
    )
    axes.plot(
        table["coverage"],
        table["error_always_upheld"],
        color=GREY,
        linewidth=1.4,
        linestyle="--",
        label="Always upheld, same items",
    )
    axes.set(
        title="Errors when only the surest items are answered",
        xlabel="Share of items answered, the surest first",
        ylabel="Share of these answered wrongly",
        xlim=(0, 1.02),
    )
    axes.set_ylim(bottom=0)
    _legend_below(axes)


def draw_groups(axes: Axes, table: pd.DataFrame) -> None:
    """Draw each group's rate with its interval, and what was predicted, from the rows of `slice_table`."""
    places = np.arange(len(table))[::-1]
    axes.errorbar(
        table["rate"],
        places,
        xerr=np.abs(np.stack([table["rate"] - table["rate_low"], table["rate_high"] - table["rate"]])),
        fmt="o",
        color=BLUE,
        ecolor=SKY,
        elinewidth=2,
        capsize=2.5,
        markersize=5,
        label="Overturned, with 95% interval",
    )
    axes.scatter(
        table["predicted"],
        places,
        marker="|",
        s=130,
        color=VERMILION,
        linewidths=2.2,
        zorder=4,
        label="Predicted",
    )
    axes.set_yticks(places, [_wrapped(f"{row.group} ({row.n_items:,})") for row in table.itertuples()])
    axes.set(title="By treatment category", xlabel="Share of items (number of items in brackets)")
    axes.set_xlim(left=0)
    _legend_below(axes)


def draw_ablations(axes: Axes, table: pd.DataFrame) -> None:
    """Draw how much ROC AUC each part is worth, from ``name``, ``value``, ``low``, ``high``."""
    places = np.arange(len(table))[::-1]
    axes.axvline(0, color=GREY, linewidth=1)
    axes.errorbar(
        table["value"],
        places,
        xerr=np.abs(np.stack([table["value"] - table["low"], table["high"] - table["value"]])),
        fmt="o",
        color=BLUE,
        ecolor=SKY,
        elinewidth=2,
        capsize=2.5,
        markersize=5,
    )
    axes.set_yticks(places, [_wrapped(name) for name in table["name"]])
    axes.set(title="Change against the model", xlabel="ROC AUC with the change, minus the model's")


_MOST_GROUPS = 16


def _legend_below(axes: Axes) -> None:
    """Explain the marks under the axes, where nothing drawn can lie behind the words."""
    axes.figure.legend(*axes.get_legend_handles_labels(), loc="outside lower center", ncols=2)


def _wrapped(text: str) -> str:
    # The figures' font has Latin, Greek and Cyrillic letters.
    drawable = "".join(character if ord(character) < 0x0500 else "?" for character in text)
    return "\n".join(textwrap.wrap(drawable, 34))


def _unit_square(axes: Axes) -> None:
    axes.set(xlim=(0, 1), ylim=(0, 1.005))
    axes.set_aspect("equal")


FIGURES: dict[str, tuple[str, Callable[[Axes, pd.DataFrame], None]]] = {
    "roc": ("roc", draw_roc),
    "precision_recall": ("precision_recall", draw_precision_recall),
    "calibration": ("calibration", draw_calibration),
    "scores": ("distribution", draw_distribution),
}
"""Every figure of a split by its name: the table that it needs, and what draws it."""

MORE_FIGURES: dict[str, tuple[str, Callable[[Axes, pd.DataFrame], None]]] = {
    "decision": ("decision", draw_decision),
    "coverage": ("coverage", draw_coverage),
    "categories": ("slices", draw_groups),
    "ablations": ("ablations", draw_ablations),
}
"""Figures of the first split only."""


def figure_bytes(
    draw: Callable[[Axes, pd.DataFrame], None],
    table: pd.DataFrame,
    form: Literal["png", "svg"] = "png",
    *,
    size: tuple[float, float] = (4.6, 4.4),
) -> bytes:
    """Draw one figure and give its file: the same table gives the same bytes.

    Parameters
    ----------
    size : (float, float)
        Width and height in inches.
    """
    with mpl.rc_context(_STYLE):
        figure = Figure(figsize=size, layout="constrained")
        FigureCanvasAgg(figure)
        draw(figure.add_subplot(), table)
        out = io.BytesIO()
        metadata = {"Software": None} if form == "png" else {"Date": None, "Creator": None}
        figure.savefig(out, format=form, dpi=200, metadata=metadata)
    return out.getvalue()


def figure_files(tables: Mapping[str, pd.DataFrame], form: Literal["png", "svg"]) -> dict[str, bytes]:
    """Draw every figure of an evaluation, by names such as ``letter_roc`` and ``decision``."""
    files = {}
    for split in dict.fromkeys(tables["scores"]["split"]):
        for name, (key, draw) in FIGURES.items():
            if key in tables and len(rows := tables[key][tables[key]["split"] == split]):
                files[f"{split}_{name}"] = figure_bytes(draw, rows, form)
    for name, (key, draw) in MORE_FIGURES.items():
        if key not in tables:
            continue
        rows = tables[key]
        if name == "categories":
            rows = rows[rows["dimension"] == "treatment_category"].head(_MOST_GROUPS)
        if len(rows):
            wide = name in ("categories", "ablations")
            size = (6.4, 1.4 + 0.34 * max(len(rows), 4)) if wide else (4.6, 4.0)
            files[name] = figure_bytes(draw, rows, form, size=size)
    return files
