"""What training costs beside plain TF-IDF and logistic regression on the same items, in one run.

``python tests/benchmarks/training_cost.py ITEMS.parquet`` prints seconds of CPU and the peak of memory, each
in a fresh process: of the plain model, of training with selection, and of an update, which selects nothing.
"""

from __future__ import annotations

import multiprocessing
import resource
import sys
import tempfile
import time
from pathlib import Path

from imr_ml.evaluation.baselines import fit_tfidf
from imr_ml.saving import load_model, save_model
from imr_ml.tabulating import read_items
from imr_ml.training import train


def cost(what: str, path: str, folder: str) -> tuple[float, float, float]:
    items = read_items(path)
    decided = items[items["outcome"].notna()].reset_index(drop=True)
    model = load_model(folder) if what == "update" else None
    before = peak()
    begun = time.process_time()
    fitted = fit_tfidf(decided, 0) if what == "plain" else train(decided, update=model)
    seconds = time.process_time() - begun
    reached = peak()
    if what == "selection":
        save_model(fitted, folder)
    return seconds, reached, reached - before


def peak() -> float:
    """Megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    plain: tuple[float, float, float] | None = None
    print(f"{'':12}{'CPU':>10}{'':8}{'peak':>12}{'':8}{'over the items alone':>22}")
    with tempfile.TemporaryDirectory() as folder:
        for what in ("plain", "selection", "update"):
            with multiprocessing.get_context("spawn").Pool(1) as pool:
                found = pool.apply(cost, (what, sys.argv[1], str(Path(folder) / "model")))
            plain = plain or found
            seconds, reached, grown = found
            print(
                f"{what:12}{seconds:8.1f} s {seconds / plain[0]:6.2f} x {reached:8.0f} MB "
                f"{reached / plain[1]:6.2f} x {grown:8.0f} MB {grown / plain[2]:6.2f} x",
                flush=True,
            )


if __name__ == "__main__":
    main()
