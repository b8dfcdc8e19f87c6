"""Hand labels of real summaries are met at the rates that the project aims for."""

from __future__ import annotations

from pathlib import Path

import pytest

from imr_ml.extracting.summaries.tables import summary_columns
from tests.labels.score_summaries import SETS, Miss, compare, read_labels, score

Results = list[tuple[str, int, int, list[Miss]]]


@pytest.fixture(scope="module")
def results(real_data: Path) -> Results:
    return list(compare(real_data))


def test_summaries_are_labelled_with_known_facts() -> None:
    labels = read_labels()
    assert len(labels) == 101
    assert {fact for _, facts in labels.values() for fact in facts} <= summary_columns().keys()


@pytest.mark.parametrize("which", SETS)
def test_labels_are_met(which: str, results: Results) -> None:
    precision, recall = score([result for result in results if result[0] == which])
    assert precision >= 0.95
    assert recall >= 0.85


def test_the_five_letters_of_2013_to_2015_come_out_right_in_every_fact(results: Results) -> None:
    early = [miss for result in results for miss in result[3] if miss[0].startswith("letter_")]
    assert early == []
