"""What reading requests costs, beside a TF-IDF transform of the same words.

``pytest tests/benchmarks/test_request_facts.py -s`` prints microseconds per request and items per
second on one core. Every request is made different, so that nothing comes from a cache.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from sklearn.feature_extraction.text import TfidfVectorizer

from imr_ml.extracting.citations import parse_citations
from imr_ml.extracting.requests.request import read_request_facts
from imr_ml.extracting.requests.treatments import classify_treatment

KINDS = [
    "Norco 10/325mg #{n} with 2 refills, one tablet by mouth every six hours as needed",
    "Flurbiprofen 20%, Baclofen 5%, Menthol 2%, Capsaicin 0.025% in cream base, {n} grams",
    "Physical therapy two times a week for six weeks ({n} sessions), lumbar spine and left knee",
    "MRI of the cervical spine without contrast, {n}",
    "Right L4-L5 transforaminal epidural steroid injection under fluoroscopic guidance #{n}",
    "Associated surgical service: Cold therapy unit, {n} day rental",
    "Follow-up with pain management specialist times {n}",
]
REQUESTS = [kind.format(n=number) for number in range(1, 1001) for kind in KINDS]
LINE = (
    "Decision based on MTUS Low Back Complaints 2004, Section(s): Special Studies, and Chronic Pain Medical "
    "Treatment 2016, Section(s): Physical medicine treatment. Decision based on Non-MTUS Citation Official "
    "Disability Guidelines (ODG), Low Back Chapter, MRI, line {n}."
)
LINES = [LINE.format(n=number) for number in range(1000)]


def _microseconds(read: Callable[[str], object], texts: list[str]) -> float:
    for text in texts[:50]:
        read(text)
    start = time.process_time()
    for text in texts[50:]:
        read(text)
    return (time.process_time() - start) / (len(texts) - 50) * 1e6


def test_reading_a_request_costs_microseconds(capsys: pytest.CaptureFixture[str]) -> None:
    classify_treatment.cache_clear()
    read_request_facts.cache_clear()
    parse_citations.cache_clear()
    classified = _microseconds(classify_treatment, REQUESTS)
    facts = _microseconds(read_request_facts, REQUESTS)
    citations = _microseconds(parse_citations, LINES)
    tfidf = TfidfVectorizer(ngram_range=(1, 2)).fit(REQUESTS)
    start = time.process_time()
    tfidf.transform(REQUESTS)
    words = (time.process_time() - start) / len(REQUESTS) * 1e6
    with capsys.disabled():
        print(f"\nclassify_treatment {classified:.1f} us, request facts {facts:.1f} us a request")
        print(f"citations {citations:.1f} us a line, {1e6 / (facts + citations):,.0f} items/s")
        print(f"TF-IDF (1, 2) of the same requests {words:.1f} us")
    # Reading letters, at 3,000 a second, leaves a request no more than this.
    assert classified < 30
