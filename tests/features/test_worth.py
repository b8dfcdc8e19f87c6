"""What statements are expected to be worth before any outcome is seen."""

from __future__ import annotations

import pandas as pd
import pytest

from imr_ml.extracting.items.bearing import BEARING_COLUMNS
from imr_ml.extracting.requests.drugs import drug_names
from imr_ml.features import said
from imr_ml.features.reading import read
from imr_ml.features.worth import ExpectedWorth, expected_worth
from imr_ml.resources import read_rows
from imr_ml.tabulating import check_items, evidence
from tests.builders import table

ROWS = read_rows("taxonomies/expected_worth.csv")
KINDS = {(row["category"], row["subcategory"] or "") for row in read_rows("taxonomies/treatments.csv")} | {
    ("Pharmaceuticals", name) for _, drug in drug_names() for name in (drug.drug_class, drug.topical_class)
}


def marks() -> set[str]:
    criteria = {row["criterion"] for row in read_rows("taxonomies/criteria.csv")}
    answers = {said._criterion_mark(name, is_met) for name in criteria for is_met in (True, False)}
    return answers | {said._item_mark(name, float(n)) for name in BEARING_COLUMNS for n in range(60)}


def test_each_row_weighs_what_can_be_read_once() -> None:
    known = marks()
    assert len({tuple(row.values())[:3] for row in ROWS}) == len(ROWS)
    for row in ROWS:
        kind = row["treatment_category"], row["treatment_subcategory"]
        assert row["mark"] in known, row
        assert kind == ("", "") or kind in KINDS, row
        assert 0 < abs(float(row["log_odds"])) < 2, row
        assert round(float(row["log_odds"]) / 0.05, 6).is_integer(), row


@pytest.mark.parametrize("kind", sorted(expected_worth()))
def test_no_met_criterion_speaks_against_an_item_and_no_unmet_one_for_it(kind: tuple[str, str]) -> None:
    everywhere = expected_worth()["", ""]
    for mark, weight in expected_worth()[kind].items():
        here = weight if kind == ("", "") else weight + everywhere.get(mark, 0.0)
        assert not mark.startswith("met") or here > -1e-9, mark
        assert not mark.startswith("unmet") or here < 1e-9, mark


def asked(request: str, summary: str | None) -> pd.DataFrame:
    items = table({"item_id": "a#1", "request": request, "case_summary": summary})
    return read(evidence(check_items(items), "filing"))


def worth(X: pd.DataFrame) -> dict[str, float]:
    numbers = ExpectedWorth().fit_transform(X).toarray()[0]
    names = (name.removeprefix("expected worth ") for name in ExpectedWorth().get_feature_names_out())
    return dict(zip(names, numbers.astype(float), strict=True))


def test_what_speaks_for_an_item_adds_up() -> None:
    helped = asked("Norco 10/325mg #60", "Norco improved his function and eased his pain from 8/10 to 4/10.")
    harmed = asked("Norco 10/325mg #60", "Norco did not improve his function. Aberrant behavior was noted.")
    for X in (helped, harmed):
        answers = X["answers"].iloc[0]
        everywhere, opioids = (expected_worth()[kind] for kind in (("", ""), ("Pharmaceuticals", "opioid")))
        found = worth(X)
        for side in ("met", "unmet"):
            here = sum(everywhere.get(mark, 0.0) for mark in answers if mark.startswith(f"{side}: "))
            assert found[f"of {side} criteria"] == pytest.approx(here)
        assert found["for this kind of treatment"] == pytest.approx(sum(opioids.get(m, 0.0) for m in answers))
    assert worth(helped)["of met criteria"] > worth(harmed)["of met criteria"]
    assert worth(helped)["of unmet criteria"] > worth(harmed)["of unmet criteria"]
    assert worth(helped)["of what bears on the item"] > worth(harmed)["of what bears on the item"]


def test_a_model_keeps_the_weights_that_it_was_taught_with(monkeypatch: pytest.MonkeyPatch) -> None:
    X = asked("Norco 10/325mg #60", "Norco improved his function.")
    fitted = ExpectedWorth().fit(X)
    before = fitted.transform(X).toarray()
    monkeypatch.setattr("imr_ml.features.worth.expected_worth", lambda: {("", ""): {}})
    assert (fitted.transform(X).toarray() == before).all() and before.any()
    assert not ExpectedWorth().fit_transform(X).toarray().any()


def test_a_summary_that_says_nothing_of_an_item_is_worth_nothing() -> None:
    silent = worth(asked("Norco 10/325mg #60", "The worker is 40 years old."))
    assert (
        silent["of met criteria"] == silent["of unmet criteria"] == silent["for this kind of treatment"] == 0
    )
    other = evidence(pd.DataFrame({"request": ["xyzzy"]}), "filing")
    assert (ExpectedWorth().fit_transform(other).toarray()[0, [0, 1, 3]] == 0).all()
