"""From decided items to a calibrated model, with a record of what it saw."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedGroupKFold
from sklearn.pipeline import Pipeline

from imr_ml.errors import TrainingError
from imr_ml.estimating.calibration import fit_calibration, log_odds
from imr_ml.estimating.certainty import fit_certainty
from imr_ml.estimating.threads import one_thread
from imr_ml.features.assemble import build_features, families_of
from imr_ml.features.evidence import Evidence
from imr_ml.model import PRECEDENT_COLUMNS, OutcomeModel, fingerprints
from imr_ml.tabulating import check_items, evidence

MIN_ITEMS = 30
MIN_PER_OUTCOME = 5
_FOLDS = 5
_PENALTIES = (0.1, 0.3, 1.0, 3.0)


@one_thread
def train(
    items: pd.DataFrame,
    *,
    stage: str = "filing",
    seed: int = 0,
    pool: bool = False,
    families: Sequence[str] | None = None,
    error_rate: float = 0.1,
) -> OutcomeModel:
    """Fit a calibrated model on every decided item.

    Parameters
    ----------
    items : DataFrame of shape (n_items, n_columns)
        An items table; items without an outcome are left out and counted in the record. The order of
        its rows does not matter.
    stage : {"filing", "assignment"}, default="filing"
        When the model is to be used; columns of a later stage cannot reach it.
    seed : int, default=0
        The same items, seed and versions give the same model.
    pool : bool, default=False
        Let items of both programs teach one model. They have other base rates and other words.
    families : sequence of str, default=None
        The families of features to use (see `imr_ml.features.assemble`); by default those of the stage.
    error_rate : float, default=0.1
        What "certain" may err at in each outcome's class, above 0 and below 1.

    Returns
    -------
    OutcomeModel

    Raises
    ------
    TrainingError
        If there are too few items or letters of an outcome, or programs are mixed unasked.
    """
    decided = _teachers(items, pool=pool)
    overturned = (decided["outcome"] == "overturned").to_numpy(dtype=int)
    letters = decided["letter_id"].to_numpy()
    names = tuple(families or families_of(stage))
    if not 0 < error_rate < 1:
        raise TrainingError(f"error_rate must lie above 0 and below 1, not {error_rate}")

    evident = evidence(decided, stage)
    folds = _folds(overturned, letters, seed)
    out_of_fold = {penalty: np.empty(len(decided)) for penalty in _PENALTIES}
    for teach, held_out in folds:
        features = build_features(names)
        taught = features.fit_transform(evident.iloc[teach])
        asked = features.transform(evident.iloc[held_out])
        for penalty in _PENALTIES:
            classifier = _classifier(penalty).fit(taught, overturned[teach])
            out_of_fold[penalty][held_out] = log_odds(classifier.predict_proba(asked)[:, 1])
    losses = {
        penalty: _calibrated_losses(out_of_fold[penalty], overturned, letters) for penalty in _PENALTIES
    }
    chosen = _simplest_good(losses, letters)

    calibration = fit_calibration(out_of_fold[chosen], overturned, letters)
    pipeline = Pipeline(
        [
            ("evidence", Evidence(stage)),
            ("features", build_features(names)),
            ("classifier", _classifier(chosen)),
        ]
    ).fit(decided, overturned)
    rates = decided.groupby("treatment_category")["outcome"].apply(
        lambda outcome: (outcome == "overturned").mean()
    )
    return OutcomeModel(
        pipeline=pipeline,
        calibration=calibration,
        certainty=fit_certainty(
            calibration.probability(out_of_fold[chosen]), overturned, error_rate=error_rate
        ),
        stage=stage,
        program="+".join(sorted(decided["program"].unique())),
        seed=seed,
        threshold=0.5,
        base_rate=float(overturned.mean()),
        category_rates={str(category): float(rate) for category, rate in rates.items()},
        record={
            "n_letters": int(decided["letter_id"].nunique()),
            "n_items": len(decided),
            "n_overturned": int(overturned.sum()),
            "n_without_outcome": int(items["outcome"].isna().sum()),
            "families": list(names),
            "n_features": int(pipeline["classifier"].n_features_in_),
            "penalty": chosen,
            "log_loss_by_penalty": {str(penalty): float(loss.mean()) for penalty, loss in losses.items()},
            "calibration": {
                "intercept": float(calibration.coefficients[0]),
                "slope": float(calibration.coefficients[1]),
            },
            "error_rate": error_rate,
            "last_decided": _last_date(decided),
        },
        letters=frozenset(decided["letter_id"]),
        fingerprints=frozenset(fingerprints(decided)) - {""},
        is_synthetic=bool(decided["is_synthetic"].fillna(False).any()),
        decided=decided[list(PRECEDENT_COLUMNS)],
    )


def _teachers(items: pd.DataFrame, *, pool: bool) -> pd.DataFrame:
    checked = check_items(items, need_outcome=True)
    decided = checked[checked["outcome"].notna()].sort_values("item_id", ignore_index=True)
    programs = sorted(decided["program"].unique())
    if len(programs) > 1 and not pool:
        raise TrainingError(
            f"the items come from {len(programs)} programs ({', '.join(programs)}), "
            "whose outcomes differ in kind; train on one, or ask for both by name with pool=True (--pool)"
        )
    counts = decided["outcome"].value_counts()
    n_overturned, n_upheld = int(counts.get("overturned", 0)), int(counts.get("upheld", 0))
    for outcome, n in (("overturned", n_overturned), ("upheld", n_upheld)):
        n_letters = decided.loc[decided["outcome"] == outcome, "letter_id"].nunique()
        if len(decided) < MIN_ITEMS or n < MIN_PER_OUTCOME or n_letters < 2:
            raise TrainingError(
                f"{len(decided)} decided items, {n_overturned} overturned and {n_upheld} upheld "
                f"({n} {outcome} in {n_letters} letters); at least {MIN_ITEMS} items are needed, and of each "
                f"outcome {MIN_PER_OUTCOME} in 2 letters or more: read more letters"
            )
    return decided


def _folds(overturned: np.ndarray, letters: np.ndarray, seed: int) -> list[tuple[np.ndarray, np.ndarray]]:
    n_folds = min(_FOLDS, *(len(np.unique(letters[overturned == outcome])) for outcome in (0, 1)))
    splitter = StratifiedGroupKFold(n_splits=n_folds, shuffle=True, random_state=seed)
    return list(splitter.split(overturned, overturned, groups=letters))


def _classifier(penalty: float) -> LogisticRegression:
    return LogisticRegression(C=penalty, max_iter=2000)


def _calibrated_losses(scores: np.ndarray, overturned: np.ndarray, letters: np.ndarray) -> np.ndarray:
    p = fit_calibration(scores, overturned, letters).probability(scores)
    losses: np.ndarray = -np.log(np.where(overturned == 1, p, 1 - p))
    return losses


def _simplest_good(losses: dict[float, np.ndarray], letters: np.ndarray) -> float:
    """Take the strongest penalty whose loss is within one standard error, over letters, of the best."""
    best = min(losses, key=lambda penalty: losses[penalty].mean())
    codes = np.unique(letters, return_inverse=True)[1]
    for penalty in sorted(losses):
        excess = losses[penalty] - losses[best]
        by_letter = np.bincount(codes, weights=excess)
        error = np.sqrt(len(by_letter)) * by_letter.std() / len(excess)
        if excess.mean() <= error:
            return penalty
    return best


def _last_date(decided: pd.DataFrame) -> Any:
    last = decided["decided_date"].max()
    return None if pd.isna(last) else last.date().isoformat()
