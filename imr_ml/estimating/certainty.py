"""Which answers are certain enough to act on: class-conditional conformal prediction."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass

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
        Each fitted on the out-of-fold probabilities of the items with that outcome.
    error_rate : float
        In each outcome's class, at most this share of items gets an answer that is certain and wrong,
        as far as new items are like those of training.
    levels : tuple of float
        For upheld and overturned items, up to which p-value the outcome is not plausible; see `safe_level`.

    References
    ----------
    Vovk, Gammerman and Shafer (2005), Algorithmic Learning in a Random World, section 4.5 (Mondrian).
    """

    upheld: ConformalClassifier
    overturned: ConformalClassifier
    error_rate: float
    levels: tuple[float, float]

    def plausible(self, p_overturned: np.ndarray) -> np.ndarray:
        """Tell which outcomes are plausible: booleans of shape (n_items, 2), upheld first."""
        strange = {"upheld": p_overturned, "overturned": 1 - p_overturned}
        p_values = [
            np.ravel(_timeless(getattr(self, outcome)).predict_p(alphas[:, None], smoothing=False))
            for outcome, alphas in strange.items()
        ]
        return np.column_stack(p_values) > np.array(self.levels)

    def is_certain(self, p_overturned: np.ndarray, predicted_overturned: np.ndarray) -> np.ndarray:
        """Tell which answers are certain: booleans of shape (n_items,).

        The predicted outcome must be plausible and the other one not. Where overturned items are rare, an
        item can be too unlike the upheld ones and still more often upheld than not: that is uncertain.
        """
        upheld, overturned = self.plausible(p_overturned).T
        certain: np.ndarray = (upheld != overturned) & (overturned == predicted_overturned)
        return certain


def fit_certainty(
    p_overturned: np.ndarray, overturned: np.ndarray, letters: np.ndarray, *, error_rate: float = 0.1
) -> Certainty:
    """Learn what probabilities each outcome gets when the model has not seen the item.

    Parameters
    ----------
    p_overturned : ndarray of shape (n_items,)
        Out-of-fold calibrated probabilities.
    overturned : ndarray of shape (n_items,)
        1 for overturned, 0 for upheld; both must occur.
    letters : ndarray of shape (n_items,)
        The letter of each item: items of a letter are not independent.
    error_rate : float, default=0.1
        Above 0 and below 1.

    Examples
    --------
    >>> p = np.linspace(0, 1, 200)
    >>> certainty = fit_certainty(p, (p > 0.5).astype(int), np.arange(200))
    >>> p = np.array([0.01, 0.5, 0.99])
    >>> certainty.is_certain(p, p >= 0.5)
    array([ True, False,  True])
    """
    is_overturned = overturned.astype(bool)
    return Certainty(
        upheld=_timeless(ConformalClassifier().fit(p_overturned[~is_overturned])),
        overturned=_timeless(ConformalClassifier().fit(1 - p_overturned[is_overturned])),
        error_rate=error_rate,
        levels=(
            safe_level(_independent(letters[~is_overturned]), error_rate),
            safe_level(_independent(letters[is_overturned]), error_rate),
        ),
    )


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
