"""Labels of invented texts are met at the rates that the project aims for."""

from __future__ import annotations

import pytest

from imr_ml.extracting.summaries.tables import summary_columns
from tests.labels.score_invented import (
    CITATION_COLUMNS,
    REQUEST_COLUMNS,
    Result,
    compare_citations,
    compare_requests,
    compare_summaries,
    precision_and_recall,
    read,
)
from tests.labels.test_requests import AIMS


@pytest.fixture(scope="module")
def results() -> list[Result]:
    return [*compare_requests(), *compare_citations()]


@pytest.mark.parametrize("name", (*REQUEST_COLUMNS, *CITATION_COLUMNS))
def test_labels_are_met_where_something_is_stated(name: str, results: list[Result]) -> None:
    own = [result for result in results if result.column == name and (result.found or result.label)]
    assert len(own) > 15
    assert sum(result.is_right for result in own) / len(own) >= AIMS.get(name, 0.97)


def test_summaries_are_labelled_with_known_facts() -> None:
    assert {row["fact"] for row in read("summary_facts.csv")} <= summary_columns().keys()
    assert {row["case"] for row in read("summary_facts.csv")} == {
        row["case"] for row in read("summaries.csv")
    }


def test_summary_labels_are_met() -> None:
    precision, recall = precision_and_recall(list(compare_summaries()))
    assert precision >= 0.95
    assert recall >= 0.85
