from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from imr_ml.evaluation.metrics import calibration_table
from imr_ml.evaluation.plots import draw_calibration, draw_groups, figure_bytes

Y = np.arange(200) % 4 == 0
TABLE = calibration_table(Y, np.linspace(0.1, 0.6, 200), np.arange(200))


@pytest.mark.parametrize("form", ["png", "svg"])
def test_the_same_table_gives_the_same_bytes(form):
    assert figure_bytes(draw_calibration, TABLE, form) == figure_bytes(draw_calibration, TABLE, form)


def test_a_name_with_dollar_signs_is_drawn_as_it_is():
    table = pd.DataFrame(
        [
            {
                "group": "a $x_{ b$ 中",
                "n_items": 3,
                "rate": 0.3,
                "rate_low": 0.1,
                "rate_high": 0.5,
                "predicted": 0.2,
            }
        ]
    )
    assert figure_bytes(draw_groups, table).startswith(b"\x89PNG")
