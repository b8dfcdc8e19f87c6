"""What all facts of an item cost, beside a TF-IDF transform of the same words in the same run.

``python -m pytest tests/benchmarks/test_facts.py -s`` prints both in microseconds per item on one core, over
the real letters, and the items read per second. Nothing comes from a cache that a first run would not have.
"""

from __future__ import annotations

import time
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

_RUNS = 7
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
    words = (items["case_summary"].fillna("") + " " + items["request"]).tolist()
    tfidf = TfidfVectorizer(ngram_range=(1, 2)).fit(words)
    imr_ml.facts(items)
    seconds: dict[str, list[float]] = {"facts": [], "tfidf": []}
    for _ in range(_RUNS):
        for cached in _READ_PER_TEXT:
            cached.cache_clear()
        start = time.process_time()
        imr_ml.facts(items)
        seconds["facts"].append(time.process_time() - start)
        start = time.process_time()
        tfidf.transform(words)
        seconds["tfidf"].append(time.process_time() - start)
    facts, transform = (min(seconds[name]) / len(items) * 1e6 for name in ("facts", "tfidf"))
    with capsys.disabled():
        print(f"\nfacts {facts:.0f} us an item, {1e6 / facts:,.0f} items/s; TF-IDF (1, 2) {transform:.0f} us")
        print(f"ratio {facts / transform:.2f}")
