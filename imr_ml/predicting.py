"""Ask a model about letters, cases or items: one row per disputed item."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import expit

from imr_ml.arguments import as_several, check_kind
from imr_ml.errors import CaseError, counted
from imr_ml.estimating.calibration import log_odds
from imr_ml.letter import Case, Letter
from imr_ml.model import OutcomeModel
from imr_ml.rows import case_rows, letter_rows
from imr_ml.tabulating import DECISION_COLUMNS, check_items, frame_of

Asked = Letter | Case | Mapping[str, Any] | pd.DataFrame | Iterable[Letter | Case]

ANSWER_COLUMNS = (
    "item_id",
    "letter_id",
    "request",
    "p_overturned",
    "p_low",
    "p_high",
    "base_rate",
    "predicted",
    "certainty",
    "warnings",
)


FEW_FACTS = 3
"""A summary in which fewer facts of the patient are read is named as telling hardly anything."""
FEW_OF_CATEGORY = 10
"""Below so many items of a treatment category in training, answers about it say so."""
FEW_OVERTURNED = 100
"""Below so many overturned items in training, every answer says so."""


def predict(model: OutcomeModel, asked: Asked, *, prior_rate: float | None = None) -> pd.DataFrame:
    """Give each disputed item its probability of being overturned.

    Parameters
    ----------
    model : OutcomeModel
    asked : Letter, Case, dict, items table, or several letters or cases
        Of a letter, everything known only with the decision is ignored. Of a dict, see
        `Case.from_dict`. Of a table, columns that a case would not have may be absent.
    prior_rate : float, default=None
        The overturn rate to be expected where the model is used, above 0 and below 1. Every probability is
        moved by the difference in log-odds between it and the rate that the model expects by itself, which
        is that of its latest held-out items; every base rate by that between it and the rate of training.

    Returns
    -------
    DataFrame of shape (n_items, 10)
        ``item_id``, ``letter_id``, ``request``; ``p_overturned`` with its interval ``p_low`` to
        ``p_high`` (90%: where the overturn rate of items scored alike plausibly lies; the uncertainty of
        the calibration alone, with the fitted model held fixed); ``base_rate`` of the item's treatment
        category in training; ``predicted``; ``certainty``; ``warnings`` joined by "; ".
        The same rows in the same order as asked; no row depends on another.

    Raises
    ------
    CaseError, TableError
        If nothing is asked about, a table lacks what names an item, or `prior_rate` is out of range.
    ModelError
        If `model` is none.
    """
    check_kind(model, "model", about="model")
    if prior_rate is not None:
        _check_rate(prior_rate)
    items = asked_items(asked)
    scores = model.scores(items)
    p = model.calibration.probability(scores)
    low, high = model.calibration.interval(scores)
    of_program = (
        items["program"].isin(model.program.split("+")).to_numpy() | items["program"].isna().to_numpy()
    )
    category = items["treatment_category"].astype(object)
    rates = category.map(dict(model.category_rates)).fillna(model.base_rate).to_numpy(dtype=float)
    if prior_rate is not None:
        shift = log_odds(prior_rate) - log_odds(model.record["expected_rate"])
        p, low, high = (expit(log_odds(part) + shift) for part in (p, low, high))
        rates = expit(log_odds(rates) + log_odds(prior_rate) - log_odds(model.base_rate))
    # How strange an item is among those of an outcome does not depend on how many these are.
    certain = model.certainty.is_certain(scores, p >= model.threshold) & of_program
    return pd.DataFrame(
        {
            "item_id": items["item_id"],
            "letter_id": items["letter_id"],
            "request": items["request"],
            "p_overturned": p,
            "p_low": low,
            "p_high": high,
            "base_rate": rates,
            "predicted": pd.Series(np.where(p >= model.threshold, "overturned", "upheld"), dtype="str"),
            "certainty": pd.Series(np.where(certain, "certain", "uncertain"), dtype="str"),
            "warnings": pd.Series(_warnings(model, items, scores), dtype="str"),
        }
    ).reset_index(drop=True)


def asked_items(asked: Asked) -> pd.DataFrame:
    """Give what was asked as rows with an id, a request and the evidence that there is."""
    if isinstance(asked, pd.DataFrame):
        return check_items(asked.drop(columns=list(DECISION_COLUMNS), errors="ignore"), complete=False)
    several = as_several(asked)
    rows: list[dict[str, Any]] = []
    for number, one in enumerate(several, start=1):
        check_kind(one, "asked", about="asked")
        if isinstance(one, Letter):
            if not one.items:
                raise CaseError(
                    f"{one.source}: no disputed items were found in it; look at it with imr-ml show"
                )
            rows.extend(letter_rows(one))
        else:
            name = "case" if len(several) == 1 else f"case {number}"
            rows.extend(case_rows(one if isinstance(one, Case) else Case.from_dict(one, case_id=name)))
    if not rows:
        raise CaseError("nothing is asked about: give at least one letter or case")
    return frame_of(rows)


def _warnings(model: OutcomeModel, items: pd.DataFrame, scores: np.ndarray) -> list[str]:
    columns = ("program", "treatment_category", "case_summary")
    known, usual = model.known_words(items)
    told = zip(
        *(items[name].astype(object) for name in columns),
        model.has_seen(items),
        known,
        model.facts_told(items),
        scores > model.calibration.reach[1],
        strict=True,
    )
    return ["; ".join(_warnings_of(model, usual, *facts)) for facts in told]


def _warnings_of(
    model: OutcomeModel,
    usual: float,
    program: Any,
    category: Any,
    summary: Any,
    has_taught: bool,
    known_words: float,
    n_facts: int,
    is_beyond: bool,
) -> Iterable[str]:
    if isinstance(program, str) and program not in model.program.split("+"):
        yield f"of program {program}, while the model knows {model.program} only"
    if has_taught:
        yield "this item, or its letter, taught the model: its answer is no test of it"
    if not isinstance(category, str):
        yield "the request names no known treatment"
    elif category not in model.category_rates:
        yield f"no {category} among the items of training"
    elif (n_items := model.items_of(category)) is not None and n_items < FEW_OF_CATEGORY:
        yield f"only {counted(n_items, 'item')} of {category} taught the model"
    if not (isinstance(summary, str) and summary.strip()):
        if model.program != "dmhc":
            yield "no case summary: judged by the request alone"
    else:
        if known_words < usual:
            yield (
                f"a summary unlike those of training, which met {known_words:.0%} of its words "
                f"(of nearly all others {usual:.0%} or more)"
            )
        if n_facts < FEW_FACTS:
            yield f"hardly anything of a patient is read in its summary ({n_facts} facts)"
    if is_beyond:
        yield "scored higher than what could be checked: its probability is that of the highest that could"
    if model.record["n_overturned"] < FEW_OVERTURNED:
        yield f"the model saw only {model.record['n_overturned']} overturned items"
    if model.is_synthetic:
        yield "the model was trained on synthetic letters"


def _check_rate(prior_rate: float) -> None:
    check_kind(prior_rate, "number", about="prior_rate")
    if not 0 < prior_rate < 1:
        raise CaseError(f"must lie above 0 and below 1, not {prior_rate}", about="prior_rate")
