"""How good a model is, against what, and how sure one can be: tables first, then figures and a report."""

from imr_ml.evaluation.evaluating import Evaluation, evaluate

__all__ = ["Evaluation", "evaluate"]
