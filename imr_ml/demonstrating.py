"""The whole path on synthetic letters, to see what imr-ml does before trusting it with real ones."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import imr_ml
from imr_ml.reading import read_to_table
from imr_ml.simulating import simulate
from imr_ml.writing import whole_folder, write_table

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
    with whole_folder(out) as folder:
        _demonstrate(folder, say, n_letters, seed)
    return "\n".join(
        [
            "Everything here is SYNTHETIC: made-up letters, not real determinations.",
            f"  report       {out / 'model' / 'report.html'}   (open it in a browser)",
            f"  model card   {out / 'model' / 'card.md'}",
            f"  items table  {out / 'items.parquet'}",
            f"  letters      {out / 'letters'}   (truth.csv holds each item's true probability)",
            f"  predictions  {out / 'predictions.csv'}",
        ]
    )


def _demonstrate(folder: Path, say: Callable[[str], None], n_letters: int, seed: int) -> None:
    say(f"Making {n_letters} synthetic letters (seed {seed}), as PDF, and 5 more to predict ...")
    simulate(folder / "letters", n_letters=n_letters, seed=seed, pdf=True)
    simulate(folder / "new_letters", n_letters=5, seed=seed + 1)
    say("Reading them into an items table ...")
    summary = read_to_table([folder / "letters"], folder / "items.parquet")
    items = imr_ml.read_items(folder / "items.parquet")
    say(f"{summary.n_letters} letters with {len(items)} items were read.")
    say("Training a model and evaluating it by cross-validation and forward in time ...")
    model = imr_ml.train(items, seed=seed)
    evaluation = imr_ml.evaluate(items, seed=seed, n_jobs=-1)
    imr_ml.save_model(model, folder / "model", evaluation=evaluation)
    say("Predicting the new letters ...")
    asked, _ = imr_ml.read_letters([folder / "new_letters"])
    write_table(imr_ml.predict(model, asked), folder / "predictions.csv")
