"""Synthetic letters with known truth: invented cases whose outcomes depend on what their letters state."""

from imr_ml.simulating.simulating import (
    SimulatedLetter,
    SimulationSummary,
    TruthRow,
    simulate,
    simulate_letters,
)

__all__ = ["SimulatedLetter", "SimulationSummary", "TruthRow", "simulate", "simulate_letters"]
