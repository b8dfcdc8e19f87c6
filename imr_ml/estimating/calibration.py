"""From raw scores to probabilities that mean what they say, with the uncertainty of that step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import brentq, minimize
from scipy.special import expit, logit
from scipy.stats import norm

# A pull towards "the scores are right already": prior means and precisions of intercept and slope.
_PRIOR_MEAN = np.array([0.0, 1.0])
_PRIOR_PRECISION = np.array([1.0, 4.0])
# The same towards a curve that is carried on: against an intercept, as much as 160 even outcomes would.
_CARRIED_PRECISION = np.array([40.0, 80.0])
_HALF_LIFE_ITEMS = 400.0
_KEPT_ITEMS = 4000
# The curve is checked up to where so many items lie, of few items one in so many. Chosen on the real letters.
_CHECKED = 5
_CHECKED_IN = 20


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
        The fifth lowest and the fifth highest score that the curve was learned from (of fewer than a hundred
        items one nearer to the end); what lies beyond is read as these, so that no item gets an answer surer
        than what was checked on some items, not on one.

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
    return _fit(scores, overturned, letters, np.ones(len(scores)), _PRIOR_MEAN, _PRIOR_PRECISION)


@dataclass(frozen=True, slots=True)
class Foretold:
    """What the models of one line said of items that none of them had seen, now that the outcomes are known.

    Each update adds what the model before it says of the newcomers. The curve of the last selection moves
    by what these show, an item counting half once 400 others have come after it: a base rate that turns, or
    scores that have become too sure of themselves, are met within a few hundred outcomes, and where nothing
    has changed, little is lost. Both numbers were chosen on the health plans' table, on its years as they are
    and on years whose base rate was made to jump.

    Parameters
    ----------
    carried : Calibration
        Learned on held-out items when the model was last selected.
    scores : ndarray of shape (n_items,)
        Log-odds, in the order of time; the last 4,000 are kept.
    overturned : ndarray of shape (n_items,)
        1 for overturned, 0 for upheld.
    letters : ndarray of shape (n_items,)

    References
    ----------
    Dawid (1984), Journal of the Royal Statistical Society A 147, 278-292 (the prequential approach).
    """

    carried: Calibration
    scores: np.ndarray
    overturned: np.ndarray
    letters: np.ndarray

    @classmethod
    def nothing(cls, carried: Calibration) -> Foretold:
        """Begin a line."""
        return cls(carried, np.empty(0), np.empty(0, dtype=np.intp), np.empty(0, dtype=object))

    def and_then(self, scores: np.ndarray, overturned: np.ndarray, letters: np.ndarray) -> Foretold:
        """Add later items, in the order of time."""
        joined = [
            np.concatenate(pair)[-_KEPT_ITEMS:]
            for pair in ((self.scores, scores), (self.overturned, overturned), (self.letters, letters))
        ]
        return Foretold(self.carried, *joined)

    def from_now_on(self, carried: Calibration) -> Foretold:
        """Keep what was foretold beside a newly learned curve."""
        return Foretold(carried, self.scores, self.overturned, self.letters)

    def calibration(self) -> Calibration:
        """Give the carried curve as moved by what has become known since."""
        if not len(self.scores):
            return self.carried
        age = np.arange(len(self.scores))[::-1]
        moved = _fit(
            self.scores,
            self.overturned,
            self.letters,
            np.exp2(-age / _HALF_LIFE_ITEMS),
            self.carried.coefficients,
            _CARRIED_PRECISION,
        )
        reach = zip(self.carried.reach, moved.reach, strict=True)
        low, high = (pick(ends) for pick, ends in zip((min, max), reach, strict=True))
        return Calibration(moved.coefficients, moved.covariance, (low, high))


def for_the_future(calibration: Calibration, scores: np.ndarray) -> Calibration:
    """Keep of a curve that was learned forward in time what will hold in the next period too.

    How far a period's rate lay from what was expected is that period's own, and a model that was too cautious
    on fewer items is less so on all of them: only a slope that tames too sure scores is carried forward, and
    an intercept with which it leaves the expected rate as the scores have it (where one item in ten is
    overturned, a flatter slope alone would raise every answer). On the health plans' table, every year from
    2010 to 2014 is predicted better so.

    Parameters
    ----------
    calibration : Calibration
    scores : ndarray of shape (n_items,)
        The log-odds that it was learned from.
    """
    slope = min(1.0, float(calibration.coefficients[1]))
    expected, tamed = expit(scores).mean(), slope * scores
    reach = (1 - slope) * np.abs(scores).max()
    intercept = brentq(lambda shift: expit(tamed + shift).mean() - expected, -reach, reach) if reach else 0.0
    return Calibration(np.array([intercept, slope]), calibration.covariance, calibration.reach)


def log_odds(probabilities: Any) -> np.ndarray:
    """Give the log-odds of probabilities, kept finite."""
    odds: np.ndarray = logit(np.clip(np.asarray(probabilities, dtype=float), 1e-9, 1 - 1e-9))
    return odds


def _fit(
    scores: np.ndarray,
    overturned: np.ndarray,
    letters: np.ndarray,
    weight: np.ndarray,
    mean: np.ndarray,
    precision: np.ndarray,
) -> Calibration:
    """Find the curve at which weighted outcomes and the pull towards a mean are in balance."""
    design = _design(scores)

    def loss(beta: np.ndarray) -> float:
        pull = (precision * (beta - mean) ** 2).sum() / 2
        return float(weight @ np.logaddexp(0, np.where(overturned == 1, -1, 1) * (design @ beta)) + pull)

    def gradient(beta: np.ndarray) -> np.ndarray:
        slope: np.ndarray = design.T @ (weight * (expit(design @ beta) - overturned)) + precision * (
            beta - mean
        )
        return slope

    def hessian(beta: np.ndarray) -> np.ndarray:
        p = expit(design @ beta)
        curve: np.ndarray = (design * (weight * p * (1 - p))[:, None]).T @ design + np.diag(precision)
        return curve

    # Plain Newton steps overshoot where scores are far too sure of themselves; a trust region does not.
    beta = minimize(loss, mean, method="trust-exact", jac=gradient, hess=hessian).x
    residuals = design * (weight * (overturned - expit(design @ beta)))[:, None]
    codes = np.unique(letters, return_inverse=True)[1]
    by_letter = np.zeros((codes.max() + 1, 2))
    np.add.at(by_letter, codes, residuals)
    bread = np.linalg.inv(hessian(beta))
    # The prior is information too: without its share, a perfect separation would look certain.
    meat = by_letter.T @ by_letter + np.diag(precision)
    return Calibration(beta, bread @ meat @ bread, _reach(scores))


def _reach(scores: np.ndarray) -> tuple[float, float]:
    ordered = np.sort(scores)
    beyond = min(_CHECKED, len(ordered) // _CHECKED_IN) - 1 if len(ordered) >= _CHECKED_IN else 0
    return float(ordered[beyond]), float(ordered[-1 - beyond])


def _design(scores: np.ndarray) -> np.ndarray:
    return np.column_stack([np.ones(len(scores)), scores])
