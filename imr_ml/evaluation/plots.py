"""Draw a given table on given axes; every number is computed elsewhere."""

from __future__ import annotations

import io
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
INK, BLUE, ORANGE, GREEN, PURPLE, SKY, GREY = (
    "#1a1a1a",
    "#0072B2",
    "#E69F00",
    "#009E73",
    "#CC79A7",
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
    axes.legend(loc="upper left")


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
    """Draw every figure of an evaluation, by names such as ``letter_roc``."""
    files = {}
    for split in _splits_of(tables):
        for name, (key, draw) in FIGURES.items():
            if key in tables and (rows := tables[key][tables[key]["split"] == split]).size:
                files[f"{split}_{name}"] = figure_bytes(draw, rows, form)
    return files


def _splits_of(tables: Mapping[str, pd.DataFrame]) -> list[str]:
    return list(dict.fromkeys(tables["scores"]["split"])) if "scores" in tables else []
