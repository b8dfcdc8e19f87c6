"""Real outcomes: what imr-ml and what others use reach on the health plans' table, in one run.

``python tests/benchmarks/dmhc_outcomes.py FILE.csv`` trains on the years up to y and scores y + 1, then keeps
each method up to date within those years (refitted every 100 rows, outcomes known 150 rows late). With
``--test 2015 2016``, it is fitted once on the years before 2015 and scores both years.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable

import numpy as np
import pandas as pd
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder

from imr_ml.dmhc import read_dmhc
from imr_ml.estimating.calendar import filing_number
from imr_ml.evaluation.metrics import Scored
from imr_ml.splitting import without_answers
from imr_ml.training import train

COLUMNS = [
    "diagnosis_category",
    "diagnosis_subcategory",
    "treatment_category",
    "treatment_subcategory",
    "review_type",
    "age_range",
    "sex",
]
_LOOKUP = [
    ["treatment_category"],
    ["treatment_category", "treatment_subcategory"],
    ["treatment_category", "treatment_subcategory", "diagnosis_category"],
    ["treatment_category", "treatment_subcategory", "diagnosis_category", "diagnosis_subcategory"],
]
REFIT_EVERY, DELAY = 100, 150
Fit = Callable[[pd.DataFrame], Callable[[pd.DataFrame], np.ndarray]]


def overturned(items: pd.DataFrame) -> np.ndarray:
    return (items["outcome"] == "overturned").to_numpy(dtype=int)


def cells(items: pd.DataFrame) -> np.ndarray:
    return items[COLUMNS].astype(object).fillna("not stated").to_numpy()


def cohort_lookup(items: pd.DataFrame, strength: float = 10.0) -> Callable[[pd.DataFrame], np.ndarray]:
    """Look up the rate of the narrowest cohort, each leaning on the broader one."""
    y = pd.Series(overturned(items), index=items.index)
    tables = [y.groupby([items[c].fillna("") for c in level]).agg(["sum", "size"]) for level in _LOOKUP]
    base = float(y.mean())

    def predict(asked: pd.DataFrame) -> np.ndarray:
        p = np.full(len(asked), base)
        for level, table in zip(_LOOKUP, tables, strict=True):
            keys = [asked[c].fillna("") for c in level]
            index = pd.Index(keys[0]) if len(level) == 1 else pd.MultiIndex.from_arrays(keys)
            found = table.reindex(index).fillna(0).to_numpy()
            p = (found[:, 0] + strength * p) / (found[:, 1] + strength)
        return p

    return predict


def of_sklearn(make: Callable[[], object]) -> Fit:
    def fit(items: pd.DataFrame) -> Callable[[pd.DataFrame], np.ndarray]:
        model = make().fit(cells(items), overturned(items))
        return lambda asked: model.predict_proba(cells(asked))[:, 1]

    return fit


class Ours:
    """Chosen on the first items it is given, updated afterwards."""

    def __init__(self) -> None:
        self.model = None

    def __call__(self, items: pd.DataFrame) -> Callable[[pd.DataFrame], np.ndarray]:
        self.model = train(items, update=self.model)
        return lambda asked: self.model.predict_proba(without_answers(asked))


def one_hot() -> OneHotEncoder:
    return OneHotEncoder(handle_unknown="ignore")


METHODS: dict[str, Callable[[], Fit]] = {
    "cohort lookup": lambda: cohort_lookup,
    "one-hot logistic regression": lambda: of_sklearn(
        lambda: make_pipeline(one_hot(), LogisticRegression(max_iter=1000))
    ),
    "random forest": lambda: of_sklearn(
        lambda: make_pipeline(
            one_hot(),
            RandomForestClassifier(100, min_samples_leaf=3, max_features=0.1, random_state=0),
        )
    ),
    "boosted trees": lambda: of_sklearn(
        lambda: make_pipeline(
            OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1, min_frequency=3),
            HistGradientBoostingClassifier(learning_rate=0.05, max_iter=150, random_state=0),
        )
    ),
    "imr-ml": lambda: Ours(),
}


def scores(items: pd.DataFrame, p: np.ndarray) -> str:
    scored = Scored(overturned(items), np.clip(p, 1e-6, 1 - 1e-6), np.arange(len(items)))
    auc, _, loss, _, calibration, *_ = scored.values(np.ones((1, len(items))))[0]
    return f"{auc:.3f} / {loss:.3f} / {calibration:.3f}"


def lived(items: pd.DataFrame, first: int, fit: Fit, refit_every: int) -> np.ndarray:
    p = np.empty(len(items) - first)
    for begin in range(first, len(items), refit_every):
        end = min(begin + refit_every, len(items))
        p[begin - first : end - first] = fit(items.iloc[: begin - DELAY])(items.iloc[begin:end])
    return p


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file")
    parser.add_argument("--test", type=int, nargs="*", help="Score these years, fitted on those before.")
    parser.add_argument("--methods", nargs="*", default=list(METHODS))
    parser.add_argument("--no-updates", action="store_true", help="Leave out what is kept up to date.")
    asked = parser.parse_args()
    items = read_dmhc(asked.file)[0]
    years = items["decided_year"].astype(int)
    order = sorted(range(len(items)), key=lambda row: (years[row], filing_number(items["letter_id"][row])))
    items, years = items.iloc[order].reset_index(drop=True), years.iloc[order].to_numpy()
    tests = [asked.test] if asked.test else [[year] for year in range(2010, 2015)]
    print("ROC AUC / log loss / calibration error (ten bins of equal size)")
    for test in tests:
        teach, held_out = years < min(test), np.isin(years, test)
        print(f"\n{' and '.join(map(str, test))}: {held_out.sum()} rows, taught on {teach.sum()} before them")
        for name in asked.methods:
            begun = time.perf_counter()
            fit = METHODS[name]()
            line = scores(items[held_out], fit(items[teach])(items[held_out]))
            once = time.perf_counter() - begun
            if not asked.no_updates:
                until = items[years <= max(test)]
                p = lived(until, int(teach.sum()), fit, REFIT_EVERY)
                line += f"   kept up to date {scores(until.iloc[int(teach.sum()) :], p)}"
            print(f"  {name:28} {line}   ({once:.0f} s, {time.perf_counter() - begun:.0f} s)", flush=True)


if __name__ == "__main__":
    main()
