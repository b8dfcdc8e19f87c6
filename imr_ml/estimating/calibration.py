"""From raw scores to probabilities that mean what they say, with the uncertainty of that step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit, logit
from scipy.stats import norm

# A pull towards "the scores are right already": prior means and precisions of intercept and slope.
_PRIOR_MEAN = np.array([0.0, 1.0])
_PRIOR_PRECISION = np.array([1.0, 4.0])


@dataclass(frozen=True, slots=True)
class Calibration:
    """A logistic curve from scores to probabilities, learned out of fold.

    Parameters
    ----------
    coefficients : ndarray of shape (2,)
        Intercept and slope on the log-odds scale.
    covariance : ndarray of shape (2, 2)
        Their uncertainty, with letters as the independent units.
    reach : tuple of float
        The lowest and the highest score that the curve was learned from; what lies beyond is read as these,
        so that an item unlike all others gets no answer surer than any that was checked.

    References
    ----------
    Platt (1999), Advances in Large Margin Classifiers, 61-74; Liang and Zeger (1986), Biometrika 73, 13-22.
    """

    coefficients: np.ndarray
    covariance: np.ndarray
    reach: tuple[float, float] = (-np.inf, np.inf)

    def probability(self, scores: np.ndarray) -> np.ndarray:
        """Give calibrated probabilities, shape (n_items,), for log-odds scores of shape (n_items,)."""
        p: np.ndarray = expit(self._log_odds(np.clip(scores, *self.reach)))
        return p

    def interval(self, scores: np.ndarray, *, level: float = 0.9) -> tuple[np.ndarray, np.ndarray]:
        """Give the range in which the true rate of items with such scores plausibly lies.

        Returns
        -------
        low, high : ndarray of shape (n_items,)
            From 0 to 1, around `probability`.
        """
        scores = np.clip(scores, *self.reach)
        center = self._log_odds(scores)
        (at_0, shared), (_, slope) = self.covariance
        spread = np.sqrt(np.maximum(at_0 + 2 * shared * scores + slope * scores * scores, 0))
        reach = norm.ppf((1 + level) / 2) * spread
        return expit(center - reach), expit(center + reach)

    def _log_odds(self, scores: np.ndarray) -> np.ndarray:
        # Item by item, not as a matrix product, whose rounding depends on how many items are asked at once.
        odds: np.ndarray = self.coefficients[0] + self.coefficients[1] * scores
        return odds


def fit_calibration(scores: np.ndarray, overturned: np.ndarray, letters: np.ndarray) -> Calibration:
    """Learn the curve from out-of-fold scores.

    Parameters
    ----------
    scores : ndarray of shape (n_items,)
        Log-odds that the model gave to items it was not fitted on.
    overturned : ndarray of shape (n_items,)
        1 for overturned, 0 for upheld.
    letters : ndarray of shape (n_items,)
        The letter of each item: items of a letter are not independent.
    """
    design = _design(scores)

    def loss(beta: np.ndarray) -> float:
        pull = (_PRIOR_PRECISION * (beta - _PRIOR_MEAN) ** 2).sum() / 2
        return float(np.logaddexp(0, np.where(overturned == 1, -1, 1) * (design @ beta)).sum() + pull)

    def gradient(beta: np.ndarray) -> np.ndarray:
        slope: np.ndarray = design.T @ (expit(design @ beta) - overturned) + _PRIOR_PRECISION * (
            beta - _PRIOR_MEAN
        )
        return slope

    def hessian(beta: np.ndarray) -> np.ndarray:
        p = expit(design @ beta)
        curve: np.ndarray = (design * (p * (1 - p))[:, None]).T @ design + np.diag(_PRIOR_PRECISION)
        return curve

    # Plain Newton steps overshoot where scores are far too sure of themselves; a trust region does not.
    beta = minimize(loss, _PRIOR_MEAN, method="trust-exact", jac=gradient, hess=hessian).x
    residuals = design * (overturned - expit(design @ beta))[:, None]
    codes = np.unique(letters, return_inverse=True)[1]
    by_letter = np.zeros((codes.max() + 1, 2))
    np.add.at(by_letter, codes, residuals)
    bread = np.linalg.inv(hessian(beta))
    # The prior is information too: without its share, a perfect separation would look certain.
    meat = by_letter.T @ by_letter + np.diag(_PRIOR_PRECISION)
    return Calibration(beta, bread @ meat @ bread, (float(scores.min()), float(scores.max())))


def for_the_future(calibration: Calibration) -> Calibration:
    """Keep of a curve that was learned forward in time what will hold in the next period too.

    How far a period's rate lay from what was expected is that period's own, and a model that was too cautious
    on fewer items is less so on all of them: only a slope that tames too sure scores is carried forward. On
    the health plans' table, every year from 2010 to 2014 is predicted better so.
    """
    slope = min(1.0, float(calibration.coefficients[1]))
    return Calibration(np.array([0.0, slope]), calibration.covariance, calibration.reach)


def log_odds(probabilities: Any) -> np.ndarray:
    """Give the log-odds of probabilities, kept finite."""
    odds: np.ndarray = logit(np.clip(np.asarray(probabilities, dtype=float), 1e-9, 1 - 1e-9))
    return odds


def _design(scores: np.ndarray) -> np.ndarray:
    return np.column_stack([np.ones(len(scores)), scores])
