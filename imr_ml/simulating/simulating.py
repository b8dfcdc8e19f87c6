"""From a seed to a folder of letters and the truth about them."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from imr_ml.simulating.cases import SimulatedCase, draw_case
from imr_ml.simulating.content import content
from imr_ml.simulating.dice import Dice
from imr_ml.simulating.letters import Block, letter_blocks, letter_text
from imr_ml.simulating.outcomes import draw_outcomes, fact_effects, overturn_probabilities
from imr_ml.simulating.pdf import letter_pdf
from imr_ml.writing import whole_folder

TRUTH_FILE = "truth.csv"
MOST_LETTERS = 9_999_999


class TruthRow(NamedTuple):
    """What only the simulator knows of one item; the columns of ``truth.csv``.

    `p_overturned` is P(overturned | everything that the letter states at the stage of filing): no model of
    that stage can know more. `drivers` lists the stated facts that bear on the item as ``fact=level``.
    """

    item_id: str
    letter_id: str
    p_overturned: float
    outcome: str
    treatment_category: str
    kind: str
    region: str
    year: int
    n_items: int
    is_partial: bool
    drivers: str


@dataclass(frozen=True)
class SimulatedLetter:
    """One synthetic letter: its name (without ending), its parts, and the truth about its items.

    The words are made when first asked for, so that the truth alone comes fast.
    """

    case: SimulatedCase
    seed: int
    number: int
    truth: tuple[TruthRow, ...]

    @property
    def name(self) -> str:
        """Case number and file name without ending."""
        return self.case.name

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """The parts of the letter in the order of the page."""
        overturned = [row.outcome == "overturned" for row in self.truth]
        dice = Dice("words", self.seed, self.number)
        return tuple(letter_blocks(dice, self.case, overturned, content(), seed=self.seed))

    @property
    def text(self) -> str:
        """The letter as text, in lines of at most 95 characters."""
        return letter_text(self.blocks)

    @property
    def pdf(self) -> bytes:
        """The letter as a PDF file with the same words."""
        return letter_pdf(self.blocks)


@dataclass(frozen=True, slots=True)
class SimulationSummary:
    """What a simulation wrote, and how well the best possible model would do on it.

    Parameters
    ----------
    folder : Path
        Holds the letters and ``truth.csv``.
    n_letters, n_items, n_overturned, seed : int
    best_roc_auc, best_log_loss : float or None
        Of the true probabilities against the drawn outcomes; no ROC AUC where all outcomes are alike.
    """

    folder: Path
    n_letters: int
    n_items: int
    n_overturned: int
    seed: int
    best_roc_auc: float | None
    best_log_loss: float


def simulate_letters(n_letters: int, seed: int = 0) -> Iterator[SimulatedLetter]:
    """Make synthetic letters one by one.

    Parameters
    ----------
    n_letters : int
        1 to 9,999,999. Letter i under a seed is the same whatever the number of letters.
    seed : int, default=0

    Yields
    ------
    SimulatedLetter
        Named ``SYN<year>-<number>``, as the state's are named ``CM<year>-<number>``.

    Raises
    ------
    ValueError
        If `n_letters` is out of range.

    Examples
    --------
    >>> letter = next(simulate_letters(1, seed=3))
    >>> letter.text.splitlines()[0]
    'SYNTHETIC LETTER made by imr-ml simulate, seed 3: not a real determination'
    >>> letter.truth[0].letter_id == letter.name
    True
    """
    if not 1 <= n_letters <= MOST_LETTERS:
        raise ValueError(f"n_letters must be from 1 to {MOST_LETTERS:,}, not {n_letters:,}")
    return (simulate_letter(number, seed) for number in range(1, n_letters + 1))


def simulate_letter(number: int, seed: int = 0) -> SimulatedLetter:
    """Make the letter of this number (from 1) under a seed."""
    made_of = content()
    # Three streams, so that a change of wordings changes no case, and one of cases no draw of outcomes.
    case = draw_case(Dice("case", seed, number), number, made_of)
    probabilities = overturn_probabilities(case, made_of)
    overturned = draw_outcomes(Dice("outcome", seed, number), case, probabilities, made_of)
    truth = tuple(
        TruthRow(
            item_id=f"{case.name}#{position}",
            letter_id=case.name,
            p_overturned=round(probability, 6),
            outcome="overturned" if won else "upheld",
            treatment_category=item.treatment.category,
            kind=item.treatment.name,
            region=case.region,
            year=case.year,
            n_items=len(case.items),
            is_partial=item.original is not None,
            drivers=";".join(f"{name}={item.facts[name]}" for name in fact_effects(item, made_of)),
        )
        for position, (item, probability, won) in enumerate(
            zip(case.items, probabilities, overturned, strict=True), start=1
        )
    )
    return SimulatedLetter(case, seed, number, truth)


def simulate(
    out: str | Path, *, n_letters: int, seed: int = 0, pdf: bool = False, progress: bool = False
) -> SimulationSummary:
    """Write a folder of synthetic letters, and the truth about them in ``truth.csv``.

    The same call writes the same bytes on every machine. The folder appears whole or not at all.

    Parameters
    ----------
    out : str or Path
        A folder that does not exist yet, or is empty.
    n_letters : int
        1 to 9,999,999.
    seed : int, default=0
    pdf : bool, default=False
        Write PDF files instead of text files.
    progress : bool, default=False
        Show a progress bar on standard error.

    Returns
    -------
    SimulationSummary

    Raises
    ------
    OutputError
        If the folder is not empty or cannot be written.
    ValueError
        If `n_letters` is out of range.
    """
    letters: Iterable[SimulatedLetter] = simulate_letters(n_letters, seed)
    if progress:
        from tqdm import tqdm

        letters = tqdm(letters, total=n_letters, unit="letter", desc="Writing synthetic letters")
    probabilities: list[float] = []
    outcomes: list[bool] = []
    with whole_folder(out) as folder, (folder / TRUTH_FILE).open("w", encoding="utf-8", newline="") as file:
        truth = csv.writer(file, lineterminator="\n")
        truth.writerow(TruthRow._fields)
        for letter in letters:
            if pdf:
                (folder / f"{letter.name}.pdf").write_bytes(letter.pdf)
            else:
                (folder / f"{letter.name}.txt").write_text(letter.text, encoding="utf-8", newline="\n")
            truth.writerows(letter.truth)
            probabilities += [row.p_overturned for row in letter.truth]
            outcomes += [row.outcome == "overturned" for row in letter.truth]
    return SimulationSummary(
        folder=Path(out),
        n_letters=n_letters,
        n_items=len(outcomes),
        n_overturned=sum(outcomes),
        seed=seed,
        best_roc_auc=_roc_auc(outcomes, probabilities),
        best_log_loss=-sum(
            math.log(p if won else 1 - p) for p, won in zip(probabilities, outcomes, strict=True)
        )
        / len(outcomes),
    )


def _roc_auc(outcomes: list[bool], probabilities: list[float]) -> float | None:
    if len(set(outcomes)) < 2:
        return None
    from sklearn.metrics import roc_auc_score

    return float(roc_auc_score(outcomes, probabilities))
