"""How near training comes to the best possible on letters whose true probabilities are known.

``python tests/benchmarks/known_truth.py [--letters 20000] [--seed 1]`` simulates letters, reads them, trains
on a random half of the letters and scores the other half. ``--table ITEMS.parquet --truth TRUTH`` takes
letters of another generator: an items table, and a table (.parquet or .csv) with ``item_id`` and the true
probability in ``p_overturned`` or ``p_true``. All of it is synthetic: it says nothing of real letters.

Of simulated letters, whose truth names the facts behind each probability, a regression on these facts is
scored too: nobody can read them better, so what it lacks is learning from so many items, not reading.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

import imr_ml
from imr_ml.evaluation.baselines import fit_category_rate, fit_tfidf
from imr_ml.evaluation.metrics import Scored
from imr_ml.simulating import simulate
from imr_ml.splitting import without_answers


def simulated(n_letters: int, seed: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "letters"
        simulate(folder, n_letters=n_letters, seed=seed)
        letters, _ = imr_ml.read_letters([str(folder)], n_jobs=-1)
        return imr_ml.items_table(letters), pd.read_csv(folder / "truth.csv")


def told(overturned: np.ndarray, p: np.ndarray, letters: np.ndarray) -> str:
    scored = Scored(overturned, np.clip(p, 1e-6, 1 - 1e-6), letters)
    auc, precision, loss, _, calibration, *_ = scored.values(np.ones((1, letters.max() + 1)))[0]
    return (
        f"ROC AUC {auc:.4f}   average precision {precision:.3f}   log loss {loss:.4f}   "
        f"calibration error {calibration:.4f}"
    )


def facts_and_crosses(truth: pd.DataFrame) -> list[dict[str, float]]:
    """Give the kind of each item, its true facts, and the facts by kind, which depart less freely."""
    rows = []
    for kind, year, n_items, drivers in zip(
        truth["kind"], truth["year"], truth["n_items"], truth["drivers"].fillna(""), strict=True
    ):
        facts = [f for f in drivers.split(";") if f]
        rows.append(
            {f"kind={kind}": 1.0, f"year={year}": 1.0, "items": float(np.log(n_items))}
            | dict.fromkeys(facts, 1.0)
            | {f"{kind}: {fact}": 0.5 for fact in facts}
        )
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--letters", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--table", type=Path)
    parser.add_argument("--truth", type=Path)
    asked = parser.parse_args()
    if asked.table:
        items = imr_ml.read_items(asked.table)
        read = pd.read_csv if asked.truth.suffix == ".csv" else pd.read_parquet
        truth = read(asked.truth)
    else:
        items, truth = simulated(asked.letters, asked.seed)
    true = truth.set_index("item_id")[next(c for c in ("p_overturned", "p_true") if c in truth)]
    items = items[items["outcome"].notna()].reset_index(drop=True)
    if unknown := (~items["item_id"].isin(true.index)).sum():
        raise SystemExit(f"{asked.truth}: tells no probability of {unknown} of {len(items)} items")
    codes, names = pd.factorize(items["letter_id"])
    held = np.random.default_rng(asked.seed).permutation(len(names)) < len(names) // 2
    teach, test = items[~held[codes]], items[held[codes]].reset_index(drop=True)
    overturned = (test["outcome"] == "overturned").to_numpy(dtype=int)
    letters = pd.factorize(test["letter_id"])[0]
    print(f"taught on {len(teach)} items, scored on {len(test)} of other letters")
    print(f"overturned among these: {overturned.mean():.1%}")
    asked_items = without_answers(test)
    print("best possible  ", told(overturned, true.reindex(test["item_id"]).to_numpy(), letters))
    model = imr_ml.train(teach)
    answers = imr_ml.predict(model, asked_items)
    print("imr-ml         ", told(overturned, answers["p_overturned"].to_numpy(), letters))
    if "drivers" in truth:
        known = truth.set_index("item_id")
        told_all = make_pipeline(DictVectorizer(), LogisticRegression(C=0.3, max_iter=1000))
        told_all.fit(
            facts_and_crosses(known.loc[teach["item_id"]]), (teach["outcome"] == "overturned").to_numpy()
        )
        p = told_all.predict_proba(facts_and_crosses(known.loc[test["item_id"]]))[:, 1]
        print("the true facts ", told(overturned, p, letters))
    for name, fit in (("plain TF-IDF   ", fit_tfidf), ("category's rate", fit_category_rate)):
        print(name, told(overturned, np.asarray(fit(teach, 0).predict_proba(asked_items)), letters))
    certain = (answers["certainty"] == "certain").to_numpy()
    wrong = certain & ((answers["predicted"] == "overturned").to_numpy() != overturned)
    for name, own in (("upheld", overturned == 0), ("overturned", overturned == 1)):
        print(
            f"certain and wrong among {name}: {wrong[own].mean():.3f} (at most {model.record['error_rate']})"
        )
    print(f"certain: {certain.mean():.1%} of items")
    print("chosen:", model.record["chosen"]["name"])


if __name__ == "__main__":
    main()
