"""What statements are worth by the judgement of authors of synthetic letters: ``expected_worth.csv``.

``python tests/benchmarks/expected_worth.py ITEMS.parquet [ITEMS.parquet ...]`` takes items tables of
synthetic letters, one an author, and prints the rows of ``taxonomies/expected_worth.csv``: one regression
over all of them, in which each author has base rates of his own. No real outcome is in it.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

import imr_ml
from imr_ml.extracting.items.bearing import item_texts
from imr_ml.features.said import read_texts

# What a mark is worth for one kind of treatment departs less freely from what it is worth everywhere.
_FREEDOM_OF_BEARING = 0.7
_FREEDOM_OF_KIND = 0.5
_C = 0.05
_STEP = 0.05
_LEAST_OF_KIND = 0.1
_LEAST_ITEMS = 30
# One of each two stands on almost every item: a regression shares the base rate out among them.
_IN_PAIRS = ("item: another item", "item: no other item")

_EVERYWHERE = ("", "")


def marked(items: pd.DataFrame, author: int) -> Iterator[dict[str, float]]:
    kinds = items[["treatment_category", "treatment_subcategory"]].astype(object).fillna("")
    rows = zip(
        read_texts(item_texts(items)),
        kinds.itertuples(index=False, name=None),
        items["decided_year"],
        strict=True,
    )
    for reading, kind, year in rows:
        row = {f"{author} {kind}": 1.0, f"{author} {year}": 1.0}
        row |= {
            named(mark, _EVERYWHERE): _FREEDOM_OF_BEARING
            for mark in reading.bears
            if not mark.startswith(_IN_PAIRS)
        }
        row |= {named(mark, _EVERYWHERE): 1.0 for mark in reading.answers}
        yield row | {named(mark, kind): _FREEDOM_OF_KIND for mark in reading.answers}


def named(mark: str, kind: tuple[str, str]) -> str:
    return "\t".join((mark, *kind))


def rounded(weight: float) -> float:
    return round(weight / _STEP) * _STEP


def on_its_side(mark: str, weight: float) -> float:
    """Let no met criterion speak against an item, and no unmet one for it."""
    if mark.startswith("met"):
        return max(weight, 0.0)
    return min(weight, 0.0) if mark.startswith("unmet") else weight


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("tables", nargs="+", type=Path)
    rows: list[dict[str, float]] = []
    overturned: list[np.ndarray] = []
    for author, path in enumerate(parser.parse_args().tables):
        items = imr_ml.read_items(path).dropna(axis=1, how="all")
        rows += marked(items, author)
        overturned.append((items["outcome"] == "overturned").to_numpy())
    vectorizer = DictVectorizer(dtype=np.float32)
    X = vectorizer.fit_transform(rows)
    fitted = LogisticRegression(C=_C, max_iter=300).fit(X, np.concatenate(overturned))
    freedom = X.max(axis=0).toarray().ravel()
    names = (tuple(name.split("\t")) for name in vectorizer.get_feature_names_out())
    # A base rate has a name of one part.
    found = {
        name: (weight, n_items)
        for name, weight, n_items in zip(names, fitted.coef_[0] * freedom, X.getnnz(axis=0), strict=True)
        if len(name) > 1
    }
    everywhere = {
        mark: rounded(on_its_side(mark, weight))
        for (mark, *kind), (weight, _) in found.items()
        if (*kind,) == _EVERYWHERE
    }
    table = [(mark, *_EVERYWHERE, weight) for mark, weight in everywhere.items() if weight]
    for (mark, *kind), (weight, n_items) in found.items():
        if (*kind,) != _EVERYWHERE and n_items >= _LEAST_ITEMS:
            usual = everywhere[mark]
            departs = rounded(on_its_side(mark, usual + weight) - usual)
            if abs(departs) >= _LEAST_OF_KIND - _STEP / 2:
                table.append((mark, *kind, departs))
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(("mark", "treatment_category", "treatment_subcategory", "log_odds"))
    writer.writerows((*names, f"{weight:.2f}") for *names, weight in sorted(table))


if __name__ == "__main__":
    main()
