"""What training costs beside plain TF-IDF and logistic regression on the same items, in one run.

``python tests/benchmarks/training_cost.py ITEMS.parquet`` prints seconds of CPU and the peak of memory,
each in a process of its own: of the plain model, of training with selection, and of an update, which selects
nothing.
"""

from __future__ import annotations

import multiprocessing
import resource
import sys
import time

from imr_ml.evaluation.baselines import fit_tfidf
from imr_ml.tabulating import read_items
from imr_ml.training import train


def cost(what: str, path: str) -> tuple[float, float]:
    items = read_items(path)
    decided = items[items["outcome"].notna()].reset_index(drop=True)
    model = train(decided) if what == "update" else None
    begun = time.process_time()
    if what == "plain":
        fit_tfidf(decided, 0)
    else:
        train(decided, update=model)
    return time.process_time() - begun, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    plain = None
    for what in ("plain", "selection", "update"):
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            seconds, peak = pool.apply(cost, (what, sys.argv[1]))
        plain = plain or seconds
        print(f"{what:12}{seconds:8.1f} s {seconds / plain:6.2f} times {peak:8.0f} MB", flush=True)


if __name__ == "__main__":
    main()
