from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from imr_ml.backtesting import backtest
from imr_ml.errors import TableError, TrainingError
from tests.builders import decided_items


@pytest.fixture(scope="module")
def items() -> pd.DataFrame:
    return decided_items(200)


@pytest.fixture(scope="module")
def found(items):
    return backtest(items.sample(frac=1, random_state=3), refit_every=60, delay=20, n_bootstrap=50)


def test_every_item_after_the_start_is_scored_once_in_the_order_of_time(items, found) -> None:
    told = found.predictions.merge(items[["item_id", "decided_date"]], on="item_id")
    assert told["item_id"].is_unique and told["decided_date"].is_monotonic_increasing
    assert len(told) == found.metrics["n_scored"] and abs(len(told) - len(items) / 2) < 3
    assert found.metrics["n_refits"] == told["refit"].nunique() == len(found.model.record["lineage"])


def test_nothing_is_known_before_its_delay(items, found) -> None:
    scored_before = len(items) - len(found.predictions)
    starts = found.predictions.groupby("refit").head(1)
    place = scored_before + starts.index
    assert (starts["n_known"] <= place - 20).all()
    assert (starts["n_known"] >= place - 20 - 3).all()


def test_no_letter_is_divided(items, found) -> None:
    assert found.predictions.groupby("letter_id")["refit"].nunique().max() == 1
    whole = items.groupby("letter_id").size()
    sizes = found.predictions.groupby("letter_id").size()
    assert (sizes == whole[sizes.index]).all()


def test_outcomes_not_yet_known_change_no_prediction(items, found) -> None:
    last = found.predictions["refit"] == found.predictions["refit"].max()
    future = items["item_id"].isin(found.predictions.loc[last, "item_id"])
    turned = items.copy()
    turned.loc[future, "outcome"] = np.where(items.loc[future, "outcome"] == "upheld", "overturned", "upheld")
    again = backtest(turned, refit_every=60, delay=20, n_bootstrap=50)
    columns = ["p_updated", "p_once", "p_category_rate"]
    pd.testing.assert_frame_equal(again.predictions[columns], found.predictions[columns])


def test_scores_and_report(found, tmp_path) -> None:
    assert set(found.metrics["scores"]) == {"updated", "once", "category_rate"}
    assert 0 < found.metrics["scores"]["updated"]["log_loss"]["value"] < 1
    found.save(tmp_path / "replay")
    assert json.loads((tmp_path / "replay" / "metrics.json").read_text()) == found.metrics
    told = [row["log_loss"] for row in found.metrics["periods"]]
    assert told == pytest.approx(found.periods["log_loss"].tolist())
    page = (tmp_path / "replay" / "report.html").read_text()
    assert page.count("data:image/png;base64,") == 2 and "kept up to date" in page
    gain = found.metrics["updated_minus"]["once"]["log_loss"]
    assert f"{gain['value']:+.3f}<small>{gain['low']:+.3f} to {gain['high']:+.3f}</small>" in page
    assert sorted(p.name for p in (tmp_path / "replay").iterdir()) == [
        "metrics.json", "periods.csv", "predictions.csv", "report.html",
    ]  # fmt: skip


def test_the_page_opens_with_what_keeping_up_to_date_is_worth(found) -> None:
    page = found.html()
    told = page.index("Kept up to date, the model is:")
    assert told < page.index("than: Model, fitted once") < page.index("<table>")


def test_scores_without_an_interval_and_a_single_period_make_a_page(found) -> None:
    bare = {
        name: score
        | {"low": None, "high": None, "reason": "too few letters have each outcome for an interval"}
        for name, score in found.metrics["scores"]["once"].items()
    }
    metrics = found.metrics | {"scores": found.metrics["scores"] | {"once": bare}}
    periods = found.periods[found.periods["period"] == 1]
    page = replace(found, metrics=metrics, periods=periods).html()
    assert "data:image/png" not in page
    assert f"{bare['log_loss']['value']:.3f}</td>" in page


def test_a_column_orders_by_the_numbers_in_it() -> None:
    items = decided_items(120).assign(decided_date=pd.NaT, decided_year=pd.NA)
    found = backtest(items, refit_every=100, delay=0, order_by="letter_id", n_bootstrap=10)
    numbers = [int(name[5:]) for name in found.predictions["letter_id"]]
    assert numbers == sorted(numbers)


@pytest.mark.parametrize("start", ["2017", 2017])
def test_a_start(items, start) -> None:
    found = backtest(items, refit_every=500, delay=0, start=start, n_bootstrap=10)
    first = found.predictions["item_id"].iloc[0]
    assert items.set_index("item_id").loc[first, "decided_year"] == 2017


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"refit_every": 0, "delay": 1}, "refit_every must be 1 or more"),
        ({"refit_every": 9, "delay": -1}, "delay must be 0 or more, not -1"),
        ({"refit_every": 9, "delay": 100_000}, "with a delay of 100000 items no outcome is known"),
        ({"refit_every": 9, "delay": 1, "order_by": "mood"}, "no column 'mood'"),
        ({"refit_every": 9, "delay": 1, "order_by": "priority"}, "priority is empty for item"),
        ({"refit_every": 9, "delay": 1, "start": "2050"}, "no item was decided in or after 2050"),
        (
            {"refit_every": 9, "delay": 100_000},
            r"known at the start, after \d+ of \d+ items; take a delay below",
        ),
        ({"refit_every": 9, "delay": 1, "start": "1990"}, "no item was decided before 1990"),
        ({"refit_every": 9, "delay": 1, "start": "spring"}, "must be a year or a date"),
    ],
)
def test_what_cannot_be_replayed(items, asked, message) -> None:
    with pytest.raises(TableError, match=message):
        backtest(items, **asked)


def test_a_date_is_no_start_where_years_only_are_known(items) -> None:
    with pytest.raises(TableError, match="the items have years only; give one of these, such as 2017"):
        backtest(items.assign(decided_date=pd.NaT), refit_every=9, delay=1, start="2017-06-01")


def test_what_is_known_at_the_start_must_teach(items) -> None:
    with pytest.raises(TrainingError, match=r"known at the start, after \d+ of \d+ items: .*later start"):
        backtest(items.assign(outcome="upheld"), refit_every=50, delay=0)


def test_without_times_an_order_must_be_named() -> None:
    items = decided_items(40).assign(decided_date=pd.NaT, decided_year=pd.NA)
    with pytest.raises(TableError, match="too few items have a time of decision, or all have the same"):
        backtest(items, refit_every=10, delay=0)
    items = items.assign(decided_date=pd.Timestamp("2016-03-01"), decided_year=2016)
    with pytest.raises(TableError, match="too few items have a time of decision, or all have the same"):
        backtest(items, refit_every=10, delay=0)


def test_items_without_a_time_are_left_out_and_counted() -> None:
    items = decided_items(120)
    untimed = items["letter_id"].isin(items["letter_id"].unique()[::4])
    items.loc[untimed, ["decided_date", "decided_year"]] = None
    found = backtest(items, refit_every=60, delay=0, n_bootstrap=50)
    assert found.metrics["left_out"]["without_time"] == int(untimed.sum())
    assert found.metrics["n_items"] == int((~untimed).sum())
