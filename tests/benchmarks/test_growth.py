"""Time grows with the length of a text only, whatever it repeats.

Run with ``pytest tests/benchmarks/test_growth.py``; it stands apart from the tests, for it times.
"""

from __future__ import annotations

import time
import timeit
from collections.abc import Callable

import pytest

from imr_ml.cleaning import clean
from imr_ml.extracting.citations import parse_citations
from imr_ml.extracting.requests.request import read_request_facts
from imr_ml.extracting.summaries.judging import judging_sentences
from imr_ml.extracting.summaries.summary import summary_findings
from imr_ml.extracting.summaries.tables import read_record

UNITS = (" ", "\n", "a", "1", "a ", "1x", "((", "a-\n", "\f", "no ", "not. ", "no pain, ", "MRI and ")


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize(
    "read", [clean, judging_sentences, summary_findings, read_request_facts, parse_citations]
)
def test_ten_times_the_text_takes_about_ten_times_as_long(read: Callable[[str], object], unit: str) -> None:
    def seconds(length: int) -> float:
        start = time.process_time()
        read((unit * length)[:length])
        return time.process_time() - start

    assert min(seconds(40_000) for _ in range(3)) < 25 * max(seconds(4_000), 0.01)


@pytest.mark.parametrize(
    "unit",
    [
        "norco ",
        "norco 10mg/",
        "2 times a week ",
        "1 physical therapy ",
        "10/",
        "l4-",
        "x 1 ",
        "(1)",
        "é",
        "hydrocodon ",
    ],
)
def test_the_time_to_read_a_request_grows_with_its_length_only(unit: str) -> None:
    def seconds(length: int) -> float:
        text = (unit * (length // len(unit) + 1))[:length]
        timer = timeit.Timer(lambda: read_request_facts.__wrapped__(text), timer=time.process_time)
        return min(timer.repeat(number=1, repeat=3))

    # Were it not linear, sixteen times the length would take 256 times as long; 50 ms are noise.
    assert seconds(80_000) < 64 * seconds(5_000) + 0.05


def test_reading_is_linear_in_the_length_of_a_sentence() -> None:
    def seconds(words: int) -> float:
        text = " ".join(["no better walking , pain is worse with the MRI and it"] * (words // 12))
        best = 1e9
        for run in range(3):
            start = time.process_time()
            read_record(f"{text} {run} {words}")
            best = min(best, time.process_time() - start)
        return best

    seconds(600)
    assert seconds(9600) < 16 * 4 * max(seconds(600), 1e-3)
