"""What training costs beside plain TF-IDF and logistic regression on the same items, in one run.

``python tests/benchmarks/training_cost.py ITEMS.parquet`` prints seconds and the peak of memory, each in a
fresh process: of the plain model, of training with selection, and of an update, which selects nothing. That
is the update of a saved model that nine tenths of the letters had taught; and of the same without what was
read of them, as after a change of the lexicons. First on one core, in CPU time; then as it is run, where the
texts of many items are read on all cores, in time on the clock: other work on the machine disturbs that. The
memory is that of the training process; each reading process beside it takes some 150 MB more.
"""

from __future__ import annotations

import multiprocessing
import os
import resource
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from pathlib import Path

from imr_ml.estimating.threads import one_thread
from imr_ml.evaluation.baselines import fit_tfidf
from imr_ml.saving import load_model, save_model
from imr_ml.tabulating import read_items
from imr_ml.training import train

WAYS = ("plain", "selection", "update", "unread update")


def cost(what: str, path: str, folder: str, on_one_core: bool) -> tuple[float, float, float]:
    if on_one_core:
        os.environ["LOKY_MAX_CPU_COUNT"] = "1"
    items = read_items(path)
    decided = items[items["outcome"].notna()].reset_index(drop=True)
    model = load_model(folder) if "update" in what else None
    if model is not None and what == "unread update":
        model = replace(model, readings=None)
    before = peak()
    clock = time.process_time if on_one_core else time.perf_counter
    begun = clock()
    if what == "plain":
        # Threads of linear algebra that wait for each other would count as its work.
        (one_thread(fit_tfidf) if on_one_core else fit_tfidf)(decided, 0)
    else:
        train(decided, update=model)
    seconds = clock() - begun
    reached = peak()
    if what == "selection":
        letters = sorted(decided["letter_id"].unique())
        earlier = decided["letter_id"].isin(letters[: len(letters) * 9 // 10])
        save_model(train(decided[earlier]), folder)
    return seconds, reached, reached - before


def peak() -> float:
    """Megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    for on_one_core in (True, False):
        plain: tuple[float, float, float] | None = None
        told = "one core, CPU" if on_one_core else "all cores, clock"
        print(f"{told:16}{'time':>9}{'':9}{'peak':>12}{'':8}{'over the items alone':>22}")
        with tempfile.TemporaryDirectory() as folder:
            for what in WAYS:
                with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
                    asked = (what, sys.argv[1], str(Path(folder) / "model"), on_one_core)
                    found = pool.submit(cost, *asked).result()
                plain = plain or found
                seconds, reached, grown = found
                print(
                    f"{what:14}{seconds:9.1f} s {seconds / plain[0]:6.2f} x {reached:8.0f} MB "
                    f"{reached / plain[1]:6.2f} x {grown:8.0f} MB {grown / plain[2]:6.2f} x",
                    flush=True,
                )


if __name__ == "__main__":
    main()
