"""What all facts of an item cost, beside TF-IDF transforms of the same text in the same run.

``pytest tests/benchmarks/test_facts.py -s`` prints both in microseconds per item on one core, over the real
letters, and the items read per second: of these letters by themselves, where making a table of some 400
columns is a sixth of the time, and of a table as users have them, the same letters twenty times over, each
text made another one by a word. The facts are those of `imr_ml.facts`: they read summary, request, original
request and guideline line. No text is remembered from one run to the next; single words are, like the
vocabulary of a fitted TF-IDF.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer

import imr_ml
from imr_ml.extracting.citations import parse_citations
from imr_ml.extracting.items.bearing import beside_others, requested_care
from imr_ml.extracting.requests.request import read_request_facts
from imr_ml.extracting.requests.treatments import classify_treatment, take_apart
from imr_ml.extracting.summaries.tables import read_record
from imr_ml.extracting.tables import _citation_values

_TEXTS = ["case_summary", "request", "original_request", "claims_administrator_guideline"]
_READ_PER_TEXT = (
    *(read_record, read_request_facts, classify_treatment, take_apart),
    *(requested_care, beside_others, parse_citations, _citation_values),
)


@pytest.fixture(scope="module")
def real_data() -> Path:
    folder = Path(__file__).resolve().parents[2] / ".." / "shared"
    if not (folder / "letters").is_dir():
        pytest.skip("no real letters")
    return folder


@pytest.mark.parametrize(("n_copies", "n_runs"), [(1, 20), (20, 5)])
def test_facts_beside_tfidf(
    real_data: Path, capsys: pytest.CaptureFixture[str], n_copies: int, n_runs: int
) -> None:
    letters, _ = imr_ml.read_letters([str(real_data / "letters")], n_jobs=1)
    once = imr_ml.items_table(letters)
    items = pd.concat([_another(once, number) for number in range(n_copies)], ignore_index=True)
    texts = items[_TEXTS].fillna("").agg(" ".join, axis=1).tolist()
    tfidf = TfidfVectorizer(ngram_range=(1, 2)).fit(texts)
    runs: dict[str, Callable[[], object]] = {
        "facts": lambda: imr_ml.facts(items),
        "TF-IDF": lambda: tfidf.transform(texts),
    }
    imr_ml.facts(items)
    seconds: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(n_runs):
        for cached in _READ_PER_TEXT:
            cached.cache_clear()
        for name, run in runs.items():
            start = time.process_time()
            run()
            seconds[name].append(time.process_time() - start)
    facts, transform = (min(spent) / len(items) * 1e6 for spent in seconds.values())
    with capsys.disabled():
        print(f"\n{len(items):,} items: facts {facts:.0f} us an item, {1e6 / facts:,.0f} items/s")
        print(f"TF-IDF (1, 2) of what they read {transform:.0f} us, ratio {facts / transform:.2f}")


def _another(items: pd.DataFrame, number: int) -> pd.DataFrame:
    return items.assign(**{name: items[name] + f" {number}." for name in _TEXTS}) if number else items
