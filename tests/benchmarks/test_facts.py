"""What all facts of an item cost, beside TF-IDF transforms of the same text in the same run.

``pytest tests/benchmarks/test_facts.py -s`` prints both in microseconds per item on one core, over
the real letters, and the items read per second. The facts are those of `imr_ml.facts`: they read summary,
request, original request and guideline line. No text is remembered from one run to the next; single words
are, like the vocabulary of a fitted TF-IDF.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from sklearn.feature_extraction.text import TfidfVectorizer

import imr_ml
from imr_ml.extracting.bearing import requested_care
from imr_ml.extracting.citations import parse_citations
from imr_ml.extracting.requests import read_request_facts
from imr_ml.extracting.summary_tables import read_record
from imr_ml.extracting.tables import _citation_values
from imr_ml.extracting.treatments import classify_treatment, take_apart

_RUNS = 20
_READ_PER_TEXT = (
    *(read_record, read_request_facts, classify_treatment, take_apart),
    *(requested_care, parse_citations, _citation_values),
)


@pytest.fixture(scope="module")
def real_data() -> Path:
    folder = Path(__file__).resolve().parents[2] / ".." / "shared"
    if not (folder / "letters").is_dir():
        pytest.skip("no real letters")
    return folder


def test_facts_beside_tfidf(real_data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    letters, _ = imr_ml.read_letters([str(real_data / "letters")], n_jobs=1)
    items = imr_ml.items_table(letters)
    columns = items[["case_summary", "request", "original_request", "claims_administrator_guideline"]]
    read = columns.fillna("").agg(" ".join, axis=1).tolist()
    without_lines = columns.iloc[:, :2].fillna("").agg(" ".join, axis=1).tolist()
    tfidf, shorter = (TfidfVectorizer(ngram_range=(1, 2)).fit(texts) for texts in (read, without_lines))
    runs: dict[str, Callable[[], object]] = {
        "facts": lambda: imr_ml.facts(items),
        "all that facts read": lambda: tfidf.transform(read),
        "summary and request alone": lambda: shorter.transform(without_lines),
    }
    imr_ml.facts(items)
    seconds: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(_RUNS):
        for cached in _READ_PER_TEXT:
            cached.cache_clear()
        for name, run in runs.items():
            start = time.process_time()
            run()
            seconds[name].append(time.process_time() - start)
    facts, *transforms = (min(spent) / len(items) * 1e6 for spent in seconds.values())
    with capsys.disabled():
        print(f"\nfacts {facts:.0f} us an item, {1e6 / facts:,.0f} items/s")
        for name, transform in zip(list(runs)[1:], transforms, strict=True):
            print(f"TF-IDF (1, 2) of {name} {transform:.0f} us, ratio {facts / transform:.2f}")
