"""What each part of a model is worth: the same training with parts taken away or put in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from imr_ml.estimating.blending import WORTH
from imr_ml.evaluation.baselines import BASELINES, Fit, Scorer
from imr_ml.features.assemble import families_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

ABLATION_NAMES = {
    "request_only": "Request only (no summary, age or sex)",
    "facts_only": "Facts only, no words",
    "words_only": "Words only, no facts",
    "without_worth": "Without what statements are expected to be worth before any outcome",
    "with_judgements": "With the sentences in which the reviewer judges the record",
    "assignment": "With what is known at assignment (the reviewer's specialty and state)",
    "base_rates": "Rates of the treatment category only",
}
"""Every ablation by its key in ``metrics.json``, with its name in the report."""

_FROM_THE_SUMMARY = ("case_summary", "age_years", "sex")


class _WithoutSummary:
    """A scorer that was taught, and is asked, without the summary and what was read from it."""

    def __init__(self, scorer: Scorer) -> None:
        self.scorer = scorer

    def predict_proba(self, items: pd.DataFrame) -> NDArray[np.float64]:
        return self.scorer.predict_proba(_without_summary(items))


def ablation_fits(stage: str, *, pool: bool = False) -> dict[str, Fit]:
    """Give each ablation of the default training at a stage.

    Returns
    -------
    dict of str to callable
        By keys of `ABLATION_NAMES`; those that change nothing at this stage are absent.
    """
    families = families_of(stage)
    words = [name for name in families if "words" in name]
    facts = [name for name in families if "words" not in name]
    learned = [name for name in families if name != WORTH]
    judged = ["summary words with judgements" if name == "summary words" else name for name in families]
    fits = {
        "request_only": _fit_without_summary(stage, pool),
        "facts_only": train_fit(stage, pool=pool, families=facts),
        "words_only": train_fit(stage, pool=pool, families=words),
        "without_worth": train_fit(stage, pool=pool, families=learned),
        "with_judgements": train_fit(stage, pool=pool, families=judged),
        "base_rates": BASELINES["category_rate"],
    }
    if stage == "filing":
        fits["assignment"] = train_fit("assignment", pool=pool)
    return {name: fits[name] for name in ABLATION_NAMES if name in fits}


def train_fit(stage: str, *, pool: bool = False, **options: Any) -> Fit:
    """Give the fit that ``imr_ml.train`` is, with these options."""

    def fit(items: pd.DataFrame, seed: int) -> Scorer:
        from imr_ml.training import train

        scorer: Scorer = train(items, stage=stage, seed=seed, pool=pool, **options)
        return scorer

    return fit


def _fit_without_summary(stage: str, pool: bool) -> Fit:
    whole = train_fit(stage, pool=pool)
    return lambda items, seed: _WithoutSummary(whole(_without_summary(items), seed))


def _without_summary(items: pd.DataFrame) -> pd.DataFrame:
    emptied = items.copy()
    for name in _FROM_THE_SUMMARY:
        emptied[name] = pd.Series([None] * len(items), index=items.index, dtype=items[name].dtype)
    return emptied
