from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from imr_ml.features.assemble import family
from imr_ml.tabulating import DECISION_COLUMNS, evidence
from tests.builders import decided_items

ITEMS = pd.DataFrame(
    {
        "request": [
            "MRI of the lumbar spine",
            "Physical therapy 12 visits for the low back",
            "Norco 10/325mg #60",
        ],
        "case_summary": [
            "Low back pain rated 8/10. No spasm. Straight leg raise is positive.",
            "Low back pain. Six sessions of physical therapy helped.",
            None,
        ],
        "other_requests": [["Norco 10/325mg #60"], None, None],
        "treatment_category": ["Diagnostic Testing", "Rehabilitation", "Pharmaceuticals"],
    }
)


def marks_of(name: str, row: int) -> set[str]:
    seen = evidence(ITEMS, "filing")
    fitted = family(name).set_params(min_items=1).fit(seen)
    numbers = fitted.transform(seen).toarray()[row]
    return set(fitted.get_feature_names_out()[numbers == 1])


@pytest.mark.parametrize(
    ("name", "row", "expected"),
    [
        (
            "summary facts",
            0,
            {"positive straight leg raise", "no spasm", "pain score: 7 to 10", "radicular signs"},
        ),
        (
            "summary facts",
            1,
            {"physical therapy", "physical therapy helpful", "physical therapy sessions: 1 to 6"},
        ),
        ("summary facts", 2, {"no summary"}),
        (
            "bearing",
            0,
            {
                "item: its body part in the summary",
                "item: indication stated",
                "item: other items of the letter: 1",
            },
        ),
        ("bearing", 1, {"item: same care had before", "item: sessions of the same care had: 1 to 6"}),
        ("criteria", 1, {"met: earlier visits helped"}),
        ("bearing", 2, {"item: other items of the letter: none"}),
    ],
)
def test_marks_what_is_stated_in_words(name: str, row: int, expected: set[str]) -> None:
    assert expected <= marks_of(name, row)


@pytest.mark.parametrize("name", ["summary facts", "bearing", "criteria"])
def test_every_row_stands_alone_and_decisions_change_nothing(name: str) -> None:
    items = decided_items(40)
    seen = evidence(items, "filing")
    fitted = family(name).fit(seen)
    together = fitted.transform(seen).toarray()
    alone = np.vstack([fitted.transform(seen.iloc[[row]]).toarray() for row in range(10)])
    assert np.array_equal(together[:10], alone)
    blind = items.drop(columns=[column for column in DECISION_COLUMNS if column in items])
    assert np.array_equal(fitted.transform(evidence(blind, "filing")).toarray(), together)
