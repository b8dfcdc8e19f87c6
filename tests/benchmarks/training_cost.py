"""What training costs beside plain TF-IDF and logistic regression on the same items, in one run.

``python tests/benchmarks/training_cost.py ITEMS.parquet`` prints seconds of CPU and the peak of newly
allocated memory: of the plain model, of training with selection, and of an update, which selects nothing.
"""

from __future__ import annotations

import sys
import time
import tracemalloc
from collections.abc import Callable

from imr_ml.evaluation.baselines import fit_tfidf
from imr_ml.tabulating import read_items
from imr_ml.training import train


def cost(run: Callable[[], object]) -> tuple[object, float, float]:
    begun = time.process_time()
    made = run()
    seconds = time.process_time() - begun
    tracemalloc.start()
    run()
    peak = tracemalloc.get_traced_memory()[1] / 2**20
    tracemalloc.stop()
    return made, seconds, peak


def main() -> None:
    items = read_items(sys.argv[1])
    decided = items[items["outcome"].notna()].reset_index(drop=True)
    print(f"{decided['letter_id'].nunique():,} letters, {len(decided):,} items")
    _, plain, peak = cost(lambda: fit_tfidf(decided, 0))
    print(f"{'plain TF-IDF + logistic regression':36}{plain:7.1f} s {peak:7.0f} MB")
    model, seconds, peak = cost(lambda: train(decided))
    print(f"{'training with selection':36}{seconds:7.1f} s {peak:7.0f} MB {seconds / plain:6.2f} times")
    _, seconds, peak = cost(lambda: train(decided, update=model))
    print(f"{'update, without selection':36}{seconds:7.1f} s {peak:7.0f} MB {seconds / plain:6.2f} times")


if __name__ == "__main__":
    main()
