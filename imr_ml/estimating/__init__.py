"""Estimators that scikit-learn lacks: calibration with its uncertainty, classwise conformal certainty."""
