from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest

from imr_ml.errors import TrainingError
from imr_ml.evaluation.auditing import (
    Audit,
    audit_model,
    audit_score,
    audit_table,
    column_power,
    decided_twice,
    rationale_sentences,
    verdict_words,
)
from imr_ml.evaluation.baselines import fit_category_rate
from imr_ml.resources import read_rows
from imr_ml.splitting import letter_split

SENTENCE = "The records show a clear functional gain after the first six visits of therapy."


def serious(audit: Audit) -> dict[str, str]:
    return {found.check: found.text for found in audit.serious}


def overturned(items: pd.DataFrame) -> pd.Series:
    return items["outcome"] == "overturned"


def test_invented_items_without_a_leak_are_clean(items):
    audit = audit_table(items, splits=[letter_split(items)])
    assert serious(audit) == {}
    assert audit.to_dict()["n_findings"] == 0


def plant_verdict_word(items):
    items.loc[5, "case_summary"] += " Denial upheld."
    return items


def plant_rationale_sentence(items):
    items.loc[5, "rationale"] = f"Guidelines were met. {SENTENCE} Thus it is necessary."
    items.loc[5, "request"] += f" {SENTENCE}"
    return items


def plant_copied_letter(items):
    copy = items[items["letter_id"] == "L0003"].copy()
    copy["letter_id"] = "L9999"
    copy["item_id"] = [f"L9999#{position}" for position in copy["position"]]
    # A word more, so that the folds do not know it for the same letter.
    copy["case_summary"] += " addendum"
    return pd.concat([items, copy], ignore_index=True)


def plant_telling_column(items):
    items["priority"] = np.where(overturned(items), "expedited", "standard")
    return items


def plant_telling_absence(items):
    items["ur_decision_date"] = pd.Timestamp("2014-05-05")
    items.loc[overturned(items), "ur_decision_date"] = pd.NaT
    return items


def plant_separating_date(items):
    items["decided_date"] = pd.to_datetime(np.where(overturned(items), "2015-02-01", "2014-02-01"))
    items["decided_date"] += pd.to_timedelta(np.arange(len(items)) % 100, unit="D")
    return items


def plant_telling_word(items):
    items["request"] += np.where(overturned(items), " zzyzx", " plugh")
    return items


def plant_telling_file_names(items):
    items["source"] = np.where(overturned(items), "won/", "lost/") + items["source"].astype(object)
    return items


def mostly(items):
    """Outcomes of which every tenth is turned round, so that no leak is whole."""
    return overturned(items).to_numpy() ^ (np.arange(len(items)) % 10 == 0)


def plant_telling_guideline(items):
    items["claims_administrator_guideline"] = np.where(mostly(items), "ODG Low Back", "MTUS Chronic Pain")
    return items


def plant_guideline_of_the_upheld(items):
    items["claims_administrator_guideline"] = "MTUS Chronic Pain"
    items.loc[mostly(items), "claims_administrator_guideline"] = None
    return items


def plant_summary_of_the_upheld(items):
    items.loc[mostly(items), "case_summary"] = None
    return items


def plant_telling_original_request(items):
    items["original_request"] = np.where(mostly(items), "Norco #120", "Norco #60")
    return items


@pytest.mark.parametrize(
    ("plant", "check", "message"),
    [
        (plant_verdict_word, "verdict_words", '"upheld" stands in the case summary of 1 letter'),
        (plant_rationale_sentence, "rationale_sentences", "stand in the request of 1 item"),
        (plant_copied_letter, "near_duplicates", "1 pair of letters .* 1 of them on both sides of a fold"),
        (plant_telling_column, "columns", r"priority \(filing\) alone reaches ROC AUC 1.00"),
        (plant_telling_absence, "columns", r"ur_decision_date \(filing\) alone reaches ROC AUC"),
        (plant_separating_date, "columns", r"decided_date \(decision\) alone reaches ROC AUC"),
        (plant_telling_file_names, "columns", r"beginning of source \(key\) alone reaches"),
        (plant_telling_word, "words", '"zzyzx" in the request alone .*; so do .*"plugh"'),
        (plant_telling_guideline, "columns", r"claims_administrator_guideline \(filing\) alone reaches"),
        (plant_telling_guideline, "words", "in the claims administrator's guideline alone"),
        (plant_guideline_of_the_upheld, "columns", "whether there is a claims administrator's guideline"),
        (plant_summary_of_the_upheld, "columns", r"whether there is a case summary \(filing\) alone"),
        (plant_telling_original_request, "columns", r"original_request \(filing\) alone reaches"),
    ],
    ids=lambda value: value.__name__ if callable(value) else None,
)
def test_a_planted_leak_is_caught(make_items, plant, check, message):
    items = plant(make_items(120))
    audit = audit_table(items, splits=[letter_split(items)])
    texts = [found.text for found in audit.serious if found.check == check]
    assert any(re.search(message, text) for text in texts), texts


@pytest.mark.parametrize(
    ("summary", "severity"),
    [
        ("The denial was OVERTURNED.", "finding"),
        ("Final\ndetermination: upheld", "finding"),
        ("His truck overturned on the highway.", None),
        ("UR found it not medically necessary.", "note"),
        ("There is tenderness of the gluteus maximus.", None),
        ("He pulled himself up, held on and fell.", None),
    ],
)
def test_verdict_words_in_a_summary(items, summary, severity):
    one = items[:1].assign(case_summary=summary)
    assert {found.severity for found in verdict_words(one)[0]} == ({severity} if severity else set())


def test_verdict_words_come_with_their_place(items):
    text = "Six visits. The denial was overturned."
    (found,) = verdict_words(items[:1].assign(case_summary=text))[0]
    (place,) = found.places
    assert text[place["start"] : place["end"]] == "overturned"
    assert place["item_id"] == items["item_id"].iloc[0]


def test_every_verdict_phrase_is_found_where_its_row_says(items):
    for row in read_rows("lexicons/verdict_words.csv"):
        for column, severity in (("request", row["request"]), ("case_summary", row["summary"])):
            table = items[:1].assign(**{column: f"x {row['phrase']} y"})
            found = {finding.severity for finding in verdict_words(table)[0] if row["phrase"] in finding.text}
            assert found == ({severity} if severity else set()), row["phrase"]


def test_a_request_that_is_wholly_a_later_sentence_of_its_rationale_leaks(items):
    table = items[:1].assign(request=SENTENCE, rationale=f"Guidelines were met. {SENTENCE}")
    assert [finding.check for finding in rationale_sentences(table)[0]] == ["rationale_sentences"]


def test_a_rationale_that_begins_with_the_request_is_no_leak(items):
    request = "Physical therapy for the lumbar spine 2 times a week for 4 weeks"
    table = items[:1].assign(request=request, rationale=f"{request}. Not enough is known.")
    assert rationale_sentences(table)[0] == []


def test_items_that_say_the_same_and_end_differently_are_counted(items):
    same = items[:4].assign(
        request="Norco",
        case_summary=None,
        treatment_category="X",
        treatment_subcategory=None,
        age_years=50,
        sex="male",
        outcome=["upheld", "upheld", "overturned", "overturned"],
    )
    figures = decided_twice(same)[1]
    # Of six pairs, four differ.
    assert figures == {"n_items": 4, "n_groups": 1, "share_disagreeing": pytest.approx(4 / 6)}


def test_missing_values_that_tell_something_are_noted(make_items):
    items = make_items(300, seed=2)
    items.loc[overturned(items) & (np.arange(len(items)) % 3 > 0), "sex"] = None
    items.loc[np.arange(len(items)) % 17 == 0, "sex"] = None
    notes = [found.text for found in audit_table(items).findings if "absence" in found.text]
    assert any(text.startswith("sex (filing) is missing") for text in notes)


def test_shuffled_outcomes_and_the_leaked_rationale(make_items):
    items = make_items(150)
    items["rationale"] = np.where(overturned(items), "criteria are met here", "not shown to be needed")
    audit = Audit()
    audit_model(audit, items, fit_category_rate)
    assert audit.figures["permutation"]["low"] < 0.5 < audit.figures["permutation"]["high"]
    assert audit.figures["rationale_leaked"]["roc_auc"] > 0.95
    assert serious(audit) == {}


def test_a_pipeline_that_passes_answers_around_is_found_by_shuffling(make_items):
    items = make_items(150)

    def fit(taught, seed):
        class Cheat:
            def predict_proba(self, asked):
                # The outcome of every item, from outside: what no fold may do.
                known = Cheat.answers.reindex(asked["item_id"]).to_numpy()
                return np.where(known == "overturned", 0.9, 0.1)

        Cheat.answers = shuffled.set_index("item_id")["outcome"]
        return Cheat()

    shuffled = items.assign(outcome=np.random.default_rng(0).permutation(items["outcome"].to_numpy()))
    audit = Audit()
    audit_model(audit, items, fit, seed=0)
    assert "permutation" in serious(audit)


def test_a_score_too_good_to_be_true():
    audit = Audit()
    audit_score(audit, {"value": 0.99, "low": 0.97, "high": 1.0})
    assert "model" in serious(audit)
    audit = Audit()
    audit_score(audit, {"value": 0.8, "low": 0.7, "high": 0.9})
    assert serious(audit) == {}


def test_a_check_whose_folds_teach_nothing_is_left_out(items):
    def fit(taught, seed):
        raise TrainingError("4 overturned are too few", about="items")

    audit = Audit()
    audit_model(audit, items, fit, seed=0)
    assert audit.to_dict()["checks"]["permutation"]["reason"].endswith("too little: 4 overturned are too few")


def test_one_cause_is_one_finding_and_said_to_be_read_or_not(make_items):
    items = plant_separating_date(make_items(120)).assign(injury_date=pd.Timestamp("2012-05-05"))
    audit = audit_table(items)
    (found,) = [found for found in audit.serious if found.check == "columns"]
    assert "with it days from injury_date to decided_date" in found.text
    assert audit.doubts() == [
        "1 sign that items of the two outcomes were gathered differently: no model sees it, but the scores "
        "may rest on that difference"
    ]
    read = audit_table(plant_telling_column(make_items(120)))
    assert [line.split(" the answer")[0] for line in read.doubts()] == ["1 trace of"]


def test_a_column_of_the_assignment_is_read_at_the_assignment_only(make_items):
    items = make_items(120)
    items["reviewer_states"] = [["Texas"] if won else ["Ohio"] for won in overturned(items)]
    for stage, is_read in (("filing", False), ("assignment", True)):
        found = audit_table(items, stage=stage).serious
        assert [(one.is_read, one.text.split()[0]) for one in found] == [(is_read, "reviewer_states")]


def test_columns_that_tell_nothing_lie_where_luck_puts_them(make_items):
    outside = []
    for seed in range(40):
        items = make_items(80, seed=seed)
        rng = np.random.default_rng(seed)
        of_letters = pd.Series(rng.integers(20, 70, size=80), index=sorted(items["letter_id"].unique()))
        items["age_years"] = of_letters.reindex(items["letter_id"]).astype("Int64").to_numpy()
        table = column_power(items)[2].set_index("column").loc[["age_years", "sex"]]
        outside += (~table["roc_auc"].between(table["luck_low"], table["luck_high"])).tolist()
    # Of 80, four are expected; nine or more have a chance of one in fifty.
    assert sum(outside) < 9


def test_nothing_to_look_at_is_not_clean(items):
    bare = items.assign(case_summary=None, rationale=None)
    checks = audit_table(bare.astype(items.dtypes)).to_dict()["checks"]
    assert checks["near_duplicates"]["reason"] == "no letter has a summary"
    assert checks["rationale_sentences"]["reason"] == "no item has a rationale"
    assert {checks[name]["status"] for name in ("near_duplicates", "rationale_sentences")} == {"left out"}


def test_a_check_that_cannot_be_done_says_why(items):
    one_sided = items[:6].assign(outcome=["overturned", *["upheld"] * 5])
    checks = audit_table(one_sided).to_dict()["checks"]
    assert checks["columns"]["status"] == "left out"
    assert "at least two letters" in checks["columns"]["reason"]
