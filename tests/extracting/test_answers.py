"""Where a summary answers what guidelines ask, and where it contradicts itself."""

from __future__ import annotations

import pandas as pd
import pytest

import imr_ml
from imr_ml.extracting.grammar.sentences import split_sentences
from imr_ml.extracting.items.answers import answers, contradictions
from imr_ml.extracting.summaries.tables import read_record

NORCO = "Norco 10/325mg #60"


def quoted(request: str, summary: str, criterion: str, *others: str) -> tuple[bool | None, list[str]]:
    (answer,) = (one for one in answers(request, summary, others) if one.criterion == criterion)
    return answer.is_met, [summary[place.start : place.end] for place in answer.places]


@pytest.mark.parametrize(
    ("asked", "summary", "criterion", "expected"),
    [
        (NORCO, "Pain is 7/10. Norco lets her cook.", "function improved with the drug", (True, 1)),
        # What came of another drug is no answer, in the table as in the text.
        (NORCO, "Norco lets her cook. Soma does nothing.", "function improved with the drug", (True, 0)),
        (NORCO, "She has neck pain.", "function improved with the drug", (None, None)),
        # Both sentences say so.
        (
            "MRI of the lumbar spine",
            "Leg weakness. Reflexes are absent at the left ankle.",
            "objective deficit",
            (True, 0),
        ),
        # Of the other side, nothing is said of this one.
        ("MRI of the left knee", "McMurray was negative on the right.", "signs in the joint", (None, None)),
        # Said by a mention that only bears on the item: imaging of its part.
        (
            "Left knee arthroscopy",
            "MRI of the left knee showed a torn meniscus.",
            "imaging shows the cause",
            (True, 0),
        ),
        # The request alone answers: no sentence does.
        ("Physical therapy 3 x 6, knee", "She fell.", "visits within the usual number", (False, None)),
        # Visits had and visits asked for are too many together: the sentence that makes them so.
        (
            "Physical therapy 6 visits, knee",
            "She had 40 visits of physical therapy for the knee.",
            "visits within",
            (False, 0),
        ),
    ],
)
def test_an_answer_names_the_sentences_that_say_so(asked, summary, criterion, expected) -> None:
    is_met, place = expected
    (answer,) = (one for one in answers(asked, summary) if one.criterion.startswith(criterion))
    assert answer.is_met is is_met and answer.source
    own = split_sentences(summary)
    assert (own[place] in answer.places) if place is not None else not answer.places


CHIROPRACTIC = "Chiropractic care, 8 visits, low back"


def test_an_amount_that_decides_nothing_is_told_with_its_sentence() -> None:
    summary = "She has low back pain. She had 4 visits of chiropractic care for the low back."
    told = {one.criterion: one for one in answers(CHIROPRACTIC, summary)}
    course, first = told["visits of one course"], told["first course"]
    assert course.is_open and course.because == "visits asked for: 8" and not course.places
    (place,) = first.places
    assert first.is_open and first.because.endswith(": 4")
    assert summary[place.start : place.end] == "She had 4 visits of chiropractic care for the low back."
    # What is answered is not open, nor what nothing is said of.
    assert (
        told["visits within the usual number"].is_met and not told["visits within the usual number"].is_open
    )
    assert told["acute flare"].is_met is None and not told["acute flare"].is_open


def test_a_judging_sentence_answers_nothing() -> None:
    judged = "There was no documentation that Norco improved function."
    assert quoted(NORCO, judged, "function improved with the drug") == (None, [])


def test_the_table_of_grounds_quotes_the_summary() -> None:
    case = {"case_summary": "Pain is 7/10.\nNorco lets\nher cook.", "items": [NORCO]}
    grounds = imr_ml.find_grounds(case).set_index("criterion")
    assert grounds.loc["function improved with the drug", "quote"] == "Norco lets her cook."
    assert pd.isna(grounds.loc["opioid agreement", "quote"])


@pytest.mark.parametrize(
    ("summary", "expected"),
    [
        ("She denies numbness. There is numbness at night.", [("has_numbness", (1,), (0,))]),
        ("There is no swelling. Walks daily. Later swelling is noted.", [("has_swelling", (2,), (0,))]),
        ("No smoking.", []),
        (
            "No neck tenderness, swelling or spasm. Neck tenderness is noted.",
            [("has_tenderness", (1,), (0,))],
        ),
        ("Numbness of the left foot. No numbness of the left foot.", [("has_numbness", (0,), (1,))]),
        ("Norco helps. Norco does not help.", [("is_medication_helpful", (0,), (1,))]),
        ("Norco helps. Soma does not help.", []),
        (
            "The urine drug test was consistent. A urine drug test was inconsistent.",
            [("is_urine_drug_test_consistent", (0,), (1,))],
        ),
        ("No tenderness of the left elbow. There is tenderness of the right elbow.", []),
        ("There is no tenderness of the shoulder. There is tenderness of the neck.", []),
        # Of another part, of another drug, signs of which one is positive: nothing contradicts.
        ("No swelling of the knee. The ankle is swollen.", []),
        ("Norco improved function. Function is no better with Soma.", []),
        ("Neer's test is positive. Speed's test is negative.", []),
        # Within one sentence the exception is stated.
        ("Strength is 5/5 throughout, and 4/5 of the left wrist.", []),
        # A complaint is none, nor what is only complained of.
        ("She complains of weakness. There is no weakness.", []),
        ("She denies weakness. Weakness was found.", []),
        ("She complains of weakness. She denies weakness.", [("has_weakness", (0,), (1,))]),
        # What utilization review says is nobody's finding.
        ("There is numbness. Utilization review noted that there was no numbness.", []),
    ],
)
def test_what_is_stated_and_denied_is_named_with_both_places(summary, expected) -> None:
    assert [tuple(one) for one in contradictions(read_record(summary))] == expected
    facts = imr_ml.facts(pd.DataFrame({"item_id": ["a"], "request": ["MRI"], "case_summary": [summary]}))
    named = facts.loc[0, "contradictory_facts"]
    assert (named if isinstance(named, str) else "") == ";".join(fact for fact, *_ in expected)
    for fact, *_ in expected:
        assert facts.loc[0, fact] == (not fact.startswith("is_urine"))
