from __future__ import annotations

import json

import pytest

from imr_ml.evaluation import evaluate
from imr_ml.evaluation.baselines import fit_category_rate
from imr_ml.evaluation.card import card_facts
from imr_ml.evaluation.metrics import METRICS


@pytest.fixture(scope="module")
def facts(items):
    undated = items.assign(decided_date=None, decided_year=None)
    undated.loc[3, "case_summary"] += " The denial was overturned."
    return card_facts(
        evaluate(undated, fit=fit_category_rate, n_bootstrap=10, n_folds=2, n_repeats=1).metrics
    )


def test_the_card_has_a_row_for_every_score(facts):
    assert [row["measure"] for row in facts["rows"]] == list(METRICS.values())
    assert {row["split"] for row in facts["rows"]} == {"Held out by letter"}


def test_the_card_names_what_is_missing_or_doubtful(facts):
    assert "have a date of one kind" in facts["left_out"]["Forward in time"]
    assert facts["n_findings"] == 1
    assert "overturned" in facts["findings"][0]
    # Ten resamplings are too few for an interval, and the card says no more than it knows.
    assert facts["headline"] == "There is too little data to compare the model with anything."


def test_the_card_is_plain_json(facts):
    assert json.loads(json.dumps(facts, allow_nan=False)) == facts
