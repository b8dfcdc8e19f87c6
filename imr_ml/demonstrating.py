"""The whole path on synthetic letters, to see what imr-ml does before trusting it with real ones."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import imr_ml
from imr_ml.reading import read_to_table
from imr_ml.simulating import simulate
from imr_ml.writing import check_free_folder, write_table

DEMO_LETTERS = 600


def demonstrate(
    out: Path, *, say: Callable[[str], None], n_letters: int = DEMO_LETTERS, seed: int = 0
) -> str:
    """Simulate, read, train, evaluate, save and predict, and name the files to look at.

    Parameters
    ----------
    out : Path
        A new or empty folder for everything that is made.
    say : callable of str
        Told what is being done, a line each.
    n_letters, seed : int
        Of the synthetic letters.

    Returns
    -------
    str
        What to look at, a line per file.
    """
    check_free_folder(out)
    letters, new, table, model_folder = (
        out / name for name in ("letters", "new_letters", "items.parquet", "model")
    )
    say(f"Making {n_letters} synthetic letters (seed {seed}), as PDF, and 5 more to predict ...")
    simulate(letters, n_letters=n_letters, seed=seed, pdf=True)
    simulate(new, n_letters=5, seed=seed + 1)
    say("Reading them into an items table ...")
    say(str(read_to_table([letters], table)))
    items = imr_ml.read_items(table)
    say("Training a model and evaluating it by cross-validation and forward in time ...")
    model = imr_ml.train(items, seed=seed)
    evaluation = imr_ml.evaluate(items, seed=seed)
    imr_ml.save_model(model, model_folder, evaluation=evaluation)
    say("Predicting the new letters ...")
    asked, _ = imr_ml.read_letters([new])
    write_table(imr_ml.predict(model, asked), out / "predictions.csv")
    return "\n".join(
        [
            "Everything here is SYNTHETIC: made-up letters, not real determinations.",
            f"  report       {model_folder / 'report.html'}   (open it in a browser)",
            f"  model card   {model_folder / 'card.md'}",
            f"  items table  {table}",
            f"  letters      {letters}   (truth.csv holds each item's true probability)",
            f"  predictions  {out / 'predictions.csv'}",
        ]
    )
