"""Which classifiers are worth their place: tried on held-out letters, the simplest good one taken."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from imr_ml.estimating.blending import Blend, Blocks
from imr_ml.estimating.calibration import fit_calibration
from imr_ml.estimating.cohorts import Cohort

Floats = NDArray[np.float64]
Fold = tuple[NDArray[np.intp], NDArray[np.intp]]

MANY_ITEMS = 1000
"""From so many items on, boosting is tried."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One way to classify: the members of a `Blend` and their settings.

    Parameters
    ----------
    members : tuple of str
    settings : mapping
        Of `Blend`.
    """

    members: tuple[str, ...]
    settings: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        settings = ", ".join(
            f"{name}={value:g}" for name, value in self.settings.items() if value is not None
        )
        return " + ".join(self.members) + (f" ({settings})" if settings else "")

    def to_dict(self) -> dict[str, Any]:
        """Give plain values that ``json`` can write."""
        return {"name": str(self), "members": list(self.members), "settings": dict(self.settings)}

    @classmethod
    def from_dict(cls, record: Mapping[str, Any]) -> Candidate:
        """Read what `to_dict` gave."""
        return cls(tuple(record["members"]), dict(record["settings"]))

    def build(self, blocks: Blocks, cohorts: Sequence[Cohort], seed: int) -> Blend:
        """Make the unfitted `Blend`."""
        return Blend(blocks, members=self.members, cohorts=cohorts, seed=seed, **self.settings)


@dataclass(frozen=True, slots=True)
class Selection:
    """What was tried and what was taken.

    Parameters
    ----------
    chosen : Candidate
    scores : ndarray of shape (n_items,)
        Its log-odds for held-out items; not a number where an item was never held out.
    losses : dict of str to (float, float)
        Each candidate's calibrated log loss on held-out items, and the standard error over letters by which
        it differs from the best.
    seconds : dict of str to float
        Time spent on each member.
    """

    chosen: Candidate
    scores: Floats
    losses: dict[str, tuple[float, float]]
    seconds: dict[str, float]


def candidates(n_items: int, *, has_features: bool, has_summaries: bool, lived: bool) -> list[Candidate]:
    """Give what is tried, the simplest first: a small space, so that two cores suffice.

    Single members come with every setting; blends are made of each member's best setting afterwards.

    Parameters
    ----------
    n_items : int
    has_features : bool
        Whether there is more than cohorts.
    has_summaries : bool
    lived : bool
        Whether the order in time is known, so that older items can count less.
    """
    tried = [Candidate(("cohorts",))]
    if not has_features:
        return tried
    many = n_items >= MANY_ITEMS
    half_lives = (None, 1.0) if lived else (None,)
    for member in ("request", "linear") if has_summaries and not many else ("linear",):
        tried += [
            Candidate((member,), {"C": C, "half_life": half_life, "mark_scale": 0.3 if many else 1.0})
            for half_life in half_lives
            for C in ((0.3, 1.0) if has_summaries and many else (0.3, 1.0, 3.0) if many else (0.1, 0.3, 1.0))
        ]
    if many:
        tried += [Candidate(("boosting",), {"half_life": half_life}) for half_life in half_lives]
    return tried


_BLENDS = (
    ("cohorts", "request"),
    ("cohorts", "linear"),
    ("linear", "boosting"),
    ("cohorts", "linear", "boosting"),
)


def select(
    X: sparse.csr_matrix,
    y: NDArray[np.intp],
    letters: NDArray[Any],
    years: Floats | None,
    folds: Sequence[Fold],
    tried: Sequence[Candidate],
    *,
    blocks: Blocks,
    cohorts: Sequence[Cohort],
    seed: int,
) -> Selection:
    """Try every candidate and the blends of the best of each kind; take the simplest good one.

    Good is whose log loss, calibrated on the same held-out items, lies within one standard error (over
    letters) of the best; from `MANY_ITEMS` on, within a quarter of one: blends are plain averages with
    nothing fitted, so that a larger one is no greater risk.

    References
    ----------
    Breiman, Friedman, Olshen and Stone (1984), Classification and Regression Trees, section 3.4.3 (the
    one-standard-error rule).
    """
    seconds: dict[str, float] = {}
    names = [str(candidate) for candidate in tried]
    by_name = dict(zip(names, tried, strict=True))
    held_out = {name: np.full(len(y), np.nan) for name in names}
    for teach, asked in folds:
        for name, candidate in by_name.items():
            begun = time.perf_counter()
            blend = candidate.build(blocks, cohorts, seed)
            blend.fit(X[teach], y[teach], letters=letters[teach], years=_of(years, teach))
            held_out[name][asked] = blend.member_scores(X[asked]).mean(axis=1)
            spent = seconds.get(candidate.members[0], 0.0) + time.perf_counter() - begun
            seconds[candidate.members[0]] = spent
    rows = np.flatnonzero(~np.isnan(held_out[names[0]]))
    losses = {name: _losses(found[rows], y[rows], letters[rows]) for name, found in held_out.items()}
    for blended in _blends(by_name, losses):
        candidate, parts = blended
        name = str(candidate)
        by_name[name] = candidate
        held_out[name] = np.mean([held_out[part] for part in parts], axis=0)
        losses[name] = _losses(held_out[name][rows], y[rows], letters[rows])
    taken, table = _simplest_good(losses, letters[rows], 1.0 if len(y) < MANY_ITEMS else 0.25)
    return Selection(by_name[taken], held_out[taken], table, seconds)


def _blends(
    by_name: Mapping[str, Candidate], losses: Mapping[str, Floats]
) -> list[tuple[Candidate, list[str]]]:
    """Join the best of each member, those of one half-life with one another."""
    half_lives = dict.fromkeys(c.settings["half_life"] for c in by_name.values() if "half_life" in c.settings)
    found = []
    for members in _BLENDS:
        for half_life in half_lives:
            parts = []
            for member in members:
                alike = [
                    name
                    for name, c in by_name.items()
                    if c.members == (member,) and c.settings.get("half_life", half_life) == half_life
                ]
                parts += [min(alike, key=lambda name: losses[name].mean())] if alike else []
            if len(parts) == len(members):
                settings = {key: value for part in parts for key, value in by_name[part].settings.items()}
                found.append((Candidate(members, settings), parts))
    return found


def _of(years: Floats | None, rows: NDArray[np.intp]) -> Floats | None:
    return None if years is None else years[rows]


def _losses(scores: Floats, y: NDArray[np.intp], letters: NDArray[Any]) -> Floats:
    p = fit_calibration(scores, y, letters).probability(scores)
    losses: Floats = -np.log(np.where(y == 1, p, 1 - p))
    return losses


def _simplest_good(
    losses: Mapping[str, Floats], letters: NDArray[Any], tolerance: float
) -> tuple[str, dict[str, tuple[float, float]]]:
    best = min(losses, key=lambda name: losses[name].mean())
    codes = np.unique(letters, return_inverse=True)[1]
    table, taken = {}, None
    for name, loss in losses.items():
        excess = loss - losses[best]
        by_letter = np.bincount(codes, weights=excess)
        error = float(np.sqrt(len(by_letter)) * by_letter.std() / len(excess))
        table[name] = (float(loss.mean()), error)
        if taken is None and excess.mean() <= tolerance * error:
            taken = name
    return taken or best, table
