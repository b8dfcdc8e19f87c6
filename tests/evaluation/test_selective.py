from __future__ import annotations

import numpy as np
import pytest

from imr_ml.evaluation.metrics import Scored
from imr_ml.evaluation.selective import coverage_table, decision_table, top_table


def test_the_top_by_hand():
    # 100 items; the ten rated highest hold 5 of the 10 overturned ones, the top five 4 of them.
    p = np.linspace(0.99, 0.01, 100)
    y = np.isin(np.arange(100), [0, 1, 2, 3, 8, 20, 30, 40, 50, 60])
    table = top_table([Scored(y, p, np.arange(100))], n_bootstrap=100).set_index("share")
    assert table.loc[0.05, "precision"] == pytest.approx(0.8)
    assert table.loc[0.10, "precision"] == pytest.approx(0.5)
    assert table.loc[0.10, "lift"] == pytest.approx(5)
    assert table.loc[0.10, "recall"] == pytest.approx(0.5)
    assert table.loc[0.20, "recall"] == pytest.approx(0.5)
    assert (table["precision_low"] <= table["precision"]).all()


def test_a_run_of_ties_counts_by_the_part_that_fits():
    y = np.arange(40) % 4 == 0
    table = top_table([Scored(y, np.full(40, 0.2), np.arange(40))], n_bootstrap=30)
    assert table["precision"].tolist() == pytest.approx([0.25] * 3)


def test_errors_at_full_coverage_are_all_errors():
    p = np.array([0.9, 0.6, 0.4, 0.2, 0.1] * 4)
    y = np.array([True, False, True, False, False] * 4)
    table = coverage_table(y, p)
    assert table["n_items"].tolist() == [2, 4, 6, 8, 10, 12, 14, 16, 18, 20]
    assert table["error"].iloc[-1] == pytest.approx(8 / 20)
    assert table["error_always_upheld"].iloc[-1] == pytest.approx(8 / 20)
    assert table["error"].iloc[0] == 0


def test_net_benefit_and_cost_by_hand():
    # Above 0.2: two items, one of them overturned; one overturned item is missed; ten items in all.
    p = np.array([0.5, 0.3, 0.1, *[0.01] * 7])
    y = np.array([True, False, True, *[False] * 7])
    row = decision_table(y, p, np.arange(10), n_bootstrap=50).set_index("threshold").loc[0.2]
    assert row["net_benefit"] == pytest.approx((1 - 0.25) / 10)
    assert row["net_benefit_all"] == pytest.approx(0.2 - 0.8 * 0.25)
    assert row["cost_3"] == pytest.approx((3 + 1) / 10)
    assert (row["n_picked"], row["n_found"]) == (2, 1)
    assert np.isnan(row["low"]) and np.isnan(row["high"])


def test_net_benefit_has_an_interval_where_letters_are_enough_and_something_is_picked():
    p, y = np.linspace(0.01, 0.3, 100), np.arange(100) >= 90
    table = decision_table(y, p, np.arange(100), n_bootstrap=50).set_index("threshold")
    assert table.loc[0.2, "low"] < table.loc[0.2, "net_benefit"] < table.loc[0.2, "high"]
    assert table.loc[0.3:, "n_picked"].eq(0).all() and table.loc[0.3:, "low"].isna().all()
