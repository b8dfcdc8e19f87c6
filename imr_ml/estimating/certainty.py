"""Which answers are certain enough to act on: class-conditional conformal prediction."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass

import numpy as np
from crepes import ConformalClassifier


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

    References
    ----------
    Vovk, Gammerman and Shafer (2005), Algorithmic Learning in a Random World, section 4.5 (Mondrian).
    """

    upheld: ConformalClassifier
    overturned: ConformalClassifier
    error_rate: float

    def plausible(self, p_overturned: np.ndarray) -> np.ndarray:
        """Tell which outcomes are plausible: booleans of shape (n_items, 2), upheld first."""
        strange = {"upheld": p_overturned, "overturned": 1 - p_overturned}
        p_values = [
            np.ravel(_timeless(getattr(self, outcome)).predict_p(alphas[:, None], smoothing=False))
            for outcome, alphas in strange.items()
        ]
        return np.column_stack(p_values) > self.error_rate

    def is_certain(self, p_overturned: np.ndarray, predicted_overturned: np.ndarray) -> np.ndarray:
        """Tell which answers are certain: booleans of shape (n_items,).

        The predicted outcome must be plausible and the other one not. Where overturned items are rare, an
        item can be too unlike the upheld ones and still more often upheld than not: that is uncertain.
        """
        upheld, overturned = self.plausible(p_overturned).T
        certain: np.ndarray = (upheld != overturned) & (overturned == predicted_overturned)
        return certain


def fit_certainty(p_overturned: np.ndarray, overturned: np.ndarray, *, error_rate: float = 0.1) -> Certainty:
    """Learn what probabilities each outcome gets when the model has not seen the item.

    Parameters
    ----------
    p_overturned : ndarray of shape (n_items,)
        Out-of-fold calibrated probabilities.
    overturned : ndarray of shape (n_items,)
        1 for overturned, 0 for upheld; both must occur.
    error_rate : float, default=0.1
        Above 0 and below 1.

    Examples
    --------
    >>> p = np.linspace(0, 1, 200)
    >>> certainty = fit_certainty(p, (p > 0.5).astype(int))
    >>> p = np.array([0.01, 0.5, 0.99])
    >>> certainty.is_certain(p, p >= 0.5)
    array([ True, False,  True])
    """
    is_overturned = overturned.astype(bool)
    return Certainty(
        upheld=_timeless(ConformalClassifier().fit(p_overturned[~is_overturned])),
        overturned=_timeless(ConformalClassifier().fit(1 - p_overturned[is_overturned])),
        error_rate=error_rate,
    )


def _timeless(classifier: ConformalClassifier) -> ConformalClassifier:
    """Give a copy without the seconds that it took, which would make the bytes of a saved model differ."""
    bare = copy(classifier)
    bare.time_fit = bare.time_predict = bare.time_evaluate = None
    return bare
