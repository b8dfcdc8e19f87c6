"""``python -m imr_ml`` is the command ``imr-ml``."""

from imr_ml.cli import main

main(prog_name="imr-ml")
