from __future__ import annotations

import numpy as np
import pandas as pd

from imr_ml.estimating.calendar import decided_years
from tests.builders import table


def years(*rows: dict) -> np.ndarray | None:
    return decided_years(table(*({"item_id": f"{row['letter_id']}#1", **row} for row in rows)))


def test_dates_count_as_decimal_years() -> None:
    found = years(
        {"letter_id": "a", "decided_date": pd.Timestamp("2014-01-01"), "decided_year": 2014},
        {"letter_id": "b", "decided_date": pd.Timestamp("2015-07-02"), "decided_year": 2015},
    )
    np.testing.assert_allclose(found, [2014.0, 2015.5], atol=0.01)


def test_years_are_filled_in_the_order_of_filing_at_the_pace_of_the_year_before() -> None:
    rows = [{"letter_id": f"MN13-{n}", "decided_year": 2013} for n in range(100, 110)]
    late, early = (
        {"letter_id": "EI14-201", "decided_year": 2014},
        {"letter_id": "UR14-200", "decided_year": 2014},
    )
    found = years(*rows, late, early)
    np.testing.assert_allclose(found[:10], 2013 + np.arange(10) / 10)
    np.testing.assert_allclose(found[10:], [2014.1, 2014.0])


def test_no_order_without_times_or_where_all_are_equal() -> None:
    assert years({"letter_id": "a"}, {"letter_id": "b"}) is None
    same = pd.Timestamp("2014-01-01")
    assert years({"letter_id": "a", "decided_date": same}, {"letter_id": "b", "decided_date": same}) is None
