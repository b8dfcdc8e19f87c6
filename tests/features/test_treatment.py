from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.exceptions import NotFittedError

from imr_ml.features.guidelines import Guidelines
from imr_ml.features.treatment import Treatment
from imr_ml.tabulating import evidence

ITEMS = evidence(
    pd.DataFrame(
        {
            "request": [
                "Norco 10/325mg #120 with 1 refill",
                "Physical therapy six sessions",
                "Physical therapy for the neck and low back",
                "Lumbar epidural steroid injection L4-5, L5-S1 under fluoroscopy with sedation",
                "TENS unit, 30 day rental",
                "Flurbiprofen 20%/Baclofen 5% cream 120 grams",
            ],
            "original_request": [None, "Physical therapy 2 times a week for 6 weeks", None, None, None, None],
            "claims_administrator_guideline": [
                "Decision based on MTUS Opioid Treatment 2016.",
                "The Claims Administrator did not cite any medical evidence for its decision.",
                None,
                "Non-MTUS Citation ODG, Low Back Chapter. Decision based on Non-MTUS Citation ODG, Pain.",
                "see notes",
                "Decision based on MTUS Chronic Pain Medical Treatment 2016, Section(s): Topical analgesics.",
            ],
        }
    ),
    "filing",
)


def _said(transformer: Treatment | Guidelines, items: pd.DataFrame) -> list[set[str]]:
    names = transformer.get_feature_names_out()
    marks = transformer.transform(items).toarray()
    return [set(names[row > 0]) for row in marks]


def test_what_requests_state() -> None:
    said = _said(Treatment(min_items=1).fit(ITEMS), ITEMS)
    assert said[0] == {
        "drug class: opioid",
        "drug: hydrocodone",
        "drug: acetaminophen",
        "refills",
        "units: 91 to 120",
    }
    assert said[1] == {
        "visits: 1 to 6",
        "PT/OT, visits: 1 to 6",
        "part authorized: half or more in dispute",
    }
    assert said[2] >= {"body part: neck/cervical", "several body parts", "visits: not stated"}
    assert said[3] == {
        "body part: low back/lumbar",
        "several spinal levels",
        "guided by fluoroscopy",
        "with anesthesia",
    }
    assert said[4] == {"rental", "days of use: 8 to 30"}
    assert said[5] >= {
        "compounded for the skin",
        "drug class: topical compound",
        "form: cream",
        "units: 91 to 120",
    }


def test_what_was_cited() -> None:
    said = _said(Guidelines(min_items=1).fit(ITEMS), ITEMS)
    assert said[0] == {"cited: mtus opioids", "cited: mtus opioids 2016"}
    assert said[1] == {"cited: none cited"}
    assert said[2] == {"no guideline line"}
    assert said[3] == {
        "cited: odg low back",
        "cited: odg pain",
        "cited: several guidelines",
        "cited: only outside MTUS",
    }
    assert said[4] == {"no known guideline cited"}
    assert "cited section: Topical analgesics" in said[5]


@pytest.mark.parametrize("transformer", [Treatment(min_items=2), Guidelines(min_items=2)])
def test_the_rules_of_scikit_learn(transformer: Treatment | Guidelines) -> None:
    before = ITEMS.copy(deep=True)
    copy = clone(transformer)
    assert copy.get_params() == transformer.get_params() == {"min_items": 2}
    with pytest.raises(NotFittedError, match="not fitted"):
        copy.transform(ITEMS)
    whole = copy.fit(ITEMS).transform(ITEMS)
    pd.testing.assert_frame_equal(ITEMS, before)
    assert whole.shape == (len(ITEMS), len(copy.get_feature_names_out()))
    # every row stands alone
    one_by_one = np.vstack([copy.transform(ITEMS.iloc[[row]]).toarray() for row in range(len(ITEMS))])
    assert np.array_equal(one_by_one, whole.toarray())


def test_rare_statements_have_no_column_and_unseen_ones_no_effect() -> None:
    assert Treatment(min_items=2).fit(ITEMS).get_feature_names_out().tolist() == [
        "body part: low back/lumbar",
        "units: 91 to 120",
    ]
    fitted = Treatment(min_items=1).fit(ITEMS.iloc[:1])
    assert fitted.transform(ITEMS.iloc[[4]]).nnz == 0


def test_nothing_to_learn_gives_no_columns() -> None:
    empty = Treatment(min_items=100).fit(ITEMS)
    assert empty.transform(ITEMS).shape == (len(ITEMS), 0)
