"""How ``resources/simulating/calibration.toml`` was made: run ``python -m imr_ml.simulating.calibrating``."""

from __future__ import annotations

import dataclasses
import sys

import numpy as np

from imr_ml.simulating.cases import draw_case
from imr_ml.simulating.content import Content, content
from imr_ml.simulating.dice import Dice
from imr_ml.simulating.outcomes import stated_evidence


def fitted(made_of: Content, *, n_cases: int = 40_000, rounds: int = 4) -> Content:
    """Set weights and intercepts so that the mix and the rates of the treatments come out as published.

    The mix is fitted first, by raking: a kind that came up too seldom gets more weight. The intercepts
    follow exactly, since no fact depends on an outcome.
    """
    weights = {name: treatment.share for name, treatment in made_of.treatments.items()}
    evidence: dict[str, list[float]] = {}
    for round_ in range(rounds + 1):
        made_of = dataclasses.replace(made_of, weights=dict(weights))
        evidence = {name: [] for name in made_of.treatments}
        for number in range(n_cases):
            case = draw_case(Dice("calibration", round_, number), number, made_of)
            for item in case.items:
                evidence[item.treatment.name].append(stated_evidence(case, item, made_of))
        total = sum(map(len, evidence.values()))
        if round_ < rounds:
            for name, treatment in made_of.treatments.items():
                weights[name] *= treatment.share / (max(len(evidence[name]), 1) / total)
    intercepts = {
        name: _intercept(np.array(logits), made_of.treatments[name].overturn_rate)
        for name, logits in evidence.items()
    }
    return dataclasses.replace(made_of, intercepts=intercepts)


def _intercept(logits: np.ndarray, rate: float) -> float:
    low, high = -15.0, 15.0
    for _ in range(60):
        middle = (low + high) / 2
        if np.mean(1 / (1 + np.exp(-(middle + logits)))) < rate:
            low = middle
        else:
            high = middle
    return round(middle, 4)


if __name__ == "__main__":
    result = fitted(content())
    sys.stdout.write("[intercepts]\n")
    sys.stdout.writelines(f"{name} = {value:.4f}\n" for name, value in result.intercepts.items())
    sys.stdout.write("\n[weights]\n")
    sys.stdout.writelines(f"{name} = {value:.5f}\n" for name, value in result.weights.items())
