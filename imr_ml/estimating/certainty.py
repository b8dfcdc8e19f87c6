"""Which answers are certain enough to act on: class-conditional conformal prediction."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass, replace

import numpy as np
from crepes import ConformalClassifier
from scipy.stats import beta

_CONFIDENCE = 0.9


@dataclass(frozen=True, slots=True)
class Certainty:
    """Calls an answer certain where only one outcome is plausible at the error rate asked for.

    Parameters
    ----------
    upheld, overturned : crepes.ConformalClassifier
        Each fitted on the out-of-fold scores of the items with that outcome.
    error_rate : float
        In each outcome's class, at most this share of items gets an answer that is certain and wrong,
        as far as new items are like those of training.
    levels : tuple of float
        For upheld and overturned items, up to which p-value the outcome is not plausible; see `safe_level`.
    trusted : tuple of bool
        Whether the answers "upheld" and "overturned" may be certain: not where those that would be were wrong
        among the held-out items as often as right, as rare overturned ones can be though each class keeps
        its rate.

    References
    ----------
    Vovk, Gammerman and Shafer (2005), Algorithmic Learning in a Random World, section 4.5 (Mondrian).
    """

    upheld: ConformalClassifier
    overturned: ConformalClassifier
    error_rate: float
    levels: tuple[float, float]
    trusted: tuple[bool, bool] = (True, True)

    def plausible(self, scores: np.ndarray) -> np.ndarray:
        """Tell which outcomes are plausible: booleans of shape (n_items, 2), upheld first.

        Only their order counts: it is that of the probabilities, whatever rate these expect.
        """
        strange = {"upheld": scores, "overturned": -scores}
        p_values = [
            np.ravel(_timeless(getattr(self, outcome)).predict_p(alphas[:, None], smoothing=False))
            for outcome, alphas in strange.items()
        ]
        return np.column_stack(p_values) > np.array(self.levels)

    def is_certain(self, scores: np.ndarray, predicted_overturned: np.ndarray) -> np.ndarray:
        """Tell which answers are certain: booleans of shape (n_items,).

        The predicted outcome must be plausible and the other one not. Where overturned items are rare, an
        item can be too unlike the upheld ones and still more often upheld than not: that is uncertain.
        """
        upheld, overturned = self.plausible(scores).T
        certain: np.ndarray = (upheld != overturned) & (overturned == predicted_overturned)
        return certain & np.where(predicted_overturned, self.trusted[1], self.trusted[0])


def fit_certainty(
    scores: np.ndarray, overturned: np.ndarray, letters: np.ndarray, *, error_rate: float = 0.1
) -> Certainty:
    """Learn what scores each outcome gets when the model has not seen the item.

    Parameters
    ----------
    scores : ndarray of shape (n_items,)
        Out-of-fold log-odds.
    overturned : ndarray of shape (n_items,)
        1 for overturned, 0 for upheld; both must occur.
    letters : ndarray of shape (n_items,)
        The letter of each item: items of a letter are not independent.
    error_rate : float, default=0.1
        Above 0 and below 1.

    Examples
    --------
    >>> scores = np.linspace(-5, 5, 200)
    >>> certainty = fit_certainty(scores, (scores > 0).astype(int), np.arange(200))
    >>> scores = np.array([-4, 0, 4])
    >>> certainty.is_certain(scores, scores >= 0)
    array([ True, False,  True])
    """
    is_overturned = overturned.astype(bool)
    return Certainty(
        upheld=_timeless(ConformalClassifier().fit(scores[~is_overturned])),
        overturned=_timeless(ConformalClassifier().fit(-scores[is_overturned])),
        error_rate=error_rate,
        levels=(
            safe_level(_independent(letters[~is_overturned]), error_rate),
            safe_level(_independent(letters[is_overturned]), error_rate),
        ),
    )


def tried_certainty(
    certainty: Certainty, scores: np.ndarray, predicted: np.ndarray, overturned: np.ndarray
) -> tuple[Certainty, dict[str, dict[str, int | float]]]:
    """Trust the answers that are mostly right where they are certain, and tell how often they are.

    Parameters
    ----------
    certainty : Certainty
    scores, predicted, overturned : ndarray of shape (n_items,)
        Of held-out items: log-odds, whether they are called overturned, whether they were.

    Returns
    -------
    certainty : Certainty
        With `Certainty.trusted`.
    held_out : dict
        By answer: its ``level``, and how many were certain (``n_certain``) and right (``n_right``).
    """
    certain = certainty.is_certain(scores, predicted)
    facts: dict[str, dict[str, int | float]] = {}
    # What makes an answer certain is that the other outcome is not plausible.
    for answer, is_called, level in zip(
        ("upheld", "overturned"), (~predicted, predicted), certainty.levels[::-1], strict=True
    ):
        own = certain & is_called
        n_right = int((overturned[own] == (answer == "overturned")).sum())
        facts[answer] = {"level": level, "n_certain": int(own.sum()), "n_right": n_right}
    trusted = [2 * told["n_right"] > told["n_certain"] for told in facts.values()]
    return replace(certainty, trusted=(trusted[0], trusted[1])), facts


def safe_level(n_items: int, error_rate: float) -> float:
    """Give the level at which a class of so many held-out items keeps its error rate nine times in ten.

    At the error rate itself it would be kept on average over such samples only: half the models would err
    more often than they promise, and by much where few items taught them.

    Parameters
    ----------
    n_items : int
        Held-out items of the class, 1 or more; independent ones.
    error_rate : float
        Above 0 and below 1.

    Returns
    -------
    float
        From 0 (too few items to promise anything) to `error_rate`.

    References
    ----------
    Vovk (2012), Proceedings of Machine Learning Research 25, 475-490 (training-conditional validity).

    Examples
    --------
    >>> [round(safe_level(n, 0.1), 3) for n in (10, 30, 300, 30_000)]
    [0.0, 0.032, 0.076, 0.098]
    """
    ranks = np.arange(1, int(error_rate * (n_items + 1)) + 1)
    highest = np.asarray(beta.ppf(_CONFIDENCE, ranks, n_items + 1 - ranks))
    return int(np.count_nonzero(highest <= error_rate)) / (n_items + 1)


def _independent(letters: np.ndarray) -> int:
    """Give how many independent items tell as much, at the least, as these that stand in letters together.

    References
    ----------
    Kish (1965), Survey Sampling, section 11.7 (were all items of a letter alike).
    """
    sizes = np.unique(letters, return_counts=True)[1]
    return max(1, int(sizes.sum() ** 2 / (sizes**2).sum()))


def _timeless(classifier: ConformalClassifier) -> ConformalClassifier:
    """Give a copy without the seconds that it took, which would make the bytes of a saved model differ."""
    bare = copy(classifier)
    bare.time_fit = bare.time_predict = bare.time_evaluate = None
    return bare
