from __future__ import annotations

import pandas as pd
import pytest

import imr_ml
from imr_ml.errors import CaseError
from imr_ml.extracting.items.answers import OF_THE_CASE
from imr_ml.extracting.items.bearing import BEARING_COLUMNS, OF_THE_REQUEST
from imr_ml.extracting.items.criteria import criteria
from imr_ml.extracting.summaries.summary import read_summary
from imr_ml.extracting.summaries.tables import read_record, read_whole, summary_columns
from imr_ml.resources import read_rows
from imr_ml.tabulating import DECISION_COLUMNS
from tests.builders import decided_items

CASE = {
    "case_summary": "Norco lowers pain from 8/10 to 4/10. Soma caused drowsiness. A urine drug test was "
    "inconsistent. Straight leg raise is positive. Physical therapy for the low back has failed.",
    "items": [
        {"request": "Norco 10/325mg #120"},
        {"request": "MRI of the lumbar spine"},
        {"request": "xyzzy"},
    ],
}


def answers(case: dict, request: str) -> dict[str, object]:
    grounds = imr_ml.find_grounds(case)
    own = grounds[grounds["request"] == request]
    return {
        name: None if pd.isna(is_met) else bool(is_met)
        for name, is_met in zip(own["criterion"], own["is_met"], strict=True)
    }


def test_what_is_stated_of_an_item_speaks_for_or_against_it() -> None:
    opioid = answers(CASE, "Norco 10/325mg #120")
    assert opioid["pain relieved by the drug"] is True
    assert opioid["urine tests agree with the prescription"] is False
    assert opioid["opioid agreement"] is None
    # Another drug's side effect is not this one's.
    assert opioid["drug tolerated"] is None
    imaging = answers(CASE, "MRI of the lumbar spine")
    assert imaging["nerve tension signs"] is True and imaging["conservative care failed"] is True
    assert answers(CASE, "xyzzy") == {}


def test_care_of_another_part_says_nothing_of_this_one() -> None:
    case = CASE | {"items": [{"request": "MRI of the left shoulder"}]}
    assert answers(case, "MRI of the left shoulder")["conservative care failed"] is None


def test_the_decision_moves_no_ground() -> None:
    items = decided_items(20)
    emptied = items.drop(columns=[name for name in DECISION_COLUMNS if name in items])
    pd.testing.assert_frame_equal(imr_ml.find_grounds(items), imr_ml.find_grounds(emptied))


def test_the_criteria_are_not_those_of_health_plans() -> None:
    items = decided_items(5)
    assert len(imr_ml.find_grounds(items)) and imr_ml.find_grounds(items.assign(program="dmhc")).empty


def test_nothing_to_ask_about_is_an_error() -> None:
    with pytest.raises(CaseError, match="nothing is asked about"):
        imr_ml.find_grounds([])


def test_every_criterion_is_asked_of_a_treatment_that_exists() -> None:
    services = read_rows("taxonomies/treatments.csv")
    known = {row["category"] for row in services}
    kinds = {f"{row['category']}: {row['subcategory']}" for row in services}
    known.add("Pharmaceuticals: of no class")
    known |= kinds | {f"{kind}, {where}" for kind in kinds for where in ("spine", "limb")}
    known |= {
        row[name] for row in read_rows("lexicons/drugs.csv") for name in ("drug_class", "topical_class")
    }
    known |= {row["fact"] for row in read_rows("lexicons/summary_facts.csv")}
    for criterion in criteria():
        assert criterion.requested <= known, (criterion.name, criterion.requested - known)


def test_what_a_criterion_joins_is_asked_for_by_others() -> None:
    """A criterion that joins others goes unnamed where it is silent: they must be there to be named."""
    for criterion in criteria():
        if criterion.joins:
            assert all(len(terms) > 1 for terms in criterion.met) or len(criterion.met) > 1, criterion.name
            for kind in criterion.requested:
                others = [
                    one for one in criteria() if kind in one.requested or kind.split(":")[0] in one.requested
                ]
                assert sum(not one.joins for one in others) >= 2, (criterion.name, kind)


def test_every_criterion_has_a_source_and_asks_of_facts_that_exist() -> None:
    known = {*summary_columns(), *BEARING_COLUMNS, *OF_THE_REQUEST, *OF_THE_CASE}
    for criterion in criteria():
        assert criterion.source and criterion.requested and (criterion.met or criterion.unmet), criterion.name
        rules = (criterion.met, criterion.unmet, criterion.when, criterion.unless)
        terms = [term for rule in rules for terms in rule for term in terms]
        assert {term.fact for term in terms} <= known, criterion.name


@pytest.mark.parametrize(
    ("request_text", "source"),
    [
        ("Physical therapy 2x6 for the low back", "MTUS chronic pain 2009: physical medicine"),
        ("Acupuncture 6 visits for the low back", "MTUS acupuncture 2007"),
    ],
)
def test_a_criterion_that_differs_by_treatment_names_the_guideline_of_this_one(request_text, source) -> None:
    grounds = imr_ml.find_grounds({"items": [request_text]}).set_index("criterion")
    assert grounds.loc["visits within the usual number", "source"] == source


@pytest.mark.parametrize(
    ("requests", "summary", "criterion", "is_met"),
    [
        (
            "Norco 10/325mg #60",
            "Norco improves function. Norco is helpful.",
            "pain and function both better",
            True,
        ),
        (
            "Norco 10/325mg #60",
            "With Norco she can do chores. The urine drug test was consistent.",
            "function better under consistent use",
            True,
        ),
        ("Naproxen 550mg #60", "He has used naproxen for 14 months.", "long use with a gain", False),
        (
            "Naproxen 550mg #60",
            "Naproxen, used for 14 months, improves function.",
            "long use with a gain",
            True,
        ),
        (
            "Gabapentin 300mg #60",
            "There is neuropathic pain. This is a first trial of gabapentin.",
            "first trial for a stated indication",
            True,
        ),
        ("Flexeril 10mg #90", "Neck pain.", "quantity for a short course", False),
        ("Ambien 10mg #30 with 2 refills", "Insomnia.", "quantity for a short course", False),
        (
            "Flexeril 10mg #20",
            "There is an acute flare with muscle spasm.",
            "short course for acute spasm",
            True,
        ),
        # Who asks for an anti-inflammatory in the same letter has it in use.
        (
            "Prilosec 20mg #30 | Naproxen 550mg #60",
            "History of peptic ulcer.",
            "stomach at risk from an anti-inflammatory",
            True,
        ),
        ("Urine drug screen | Norco 10/325mg #60", "Low back pain.", "opioid in use", True),
        # A first month at home is what a rental is for.
        ("TENS unit, 30 day rental", "She has not tried a TENS unit.", "trial with benefit", None),
        ("TENS unit, 30 day rental", "She has not tried a TENS unit.", "rented for a trial", True),
        ("TENS unit, purchase", "She has not tried a TENS unit.", "trial with benefit", False),
        # A number of visits within the usual says something where those before are known.
        ("Physical therapy x 6", "Low back pain.", "visits within the usual number", None),
        ("Physical therapy x 6", "No physical therapy was done.", "visits within the usual number", True),
        ("Physical therapy x 6", "No physical therapy was done.", "first course of usual length", True),
        ("Physical therapy x 18", "No physical therapy was done.", "first course of usual length", False),
        # Another drug of the class does not tell how long this one would be used.
        ("Etodolac 400mg #60", "Current medications: ibuprofen.", "short use of an anti-inflammatory", None),
        ("Etodolac 400mg #60", "Current medications: Norco.", "short use of an anti-inflammatory", None),
        ("Flexeril 10mg #60", "Current medications: Soma.", "short use of a drug for short use", None),
        # A normal gait says something of a knee brace, not of a back support.
        ("Knee brace, right", "Gait is normal.", "need for support", False),
        ("Lumbar support brace", "Gait is normal.", "need for support", None),
        ("Lumbar support brace", "There is a compression fracture of L4.", "need for support", True),
        ("Gabapentin 300mg #90", "Diagnosis: cervical radiculopathy.", "neuropathic pain", True),
        ("Lidoderm patch #30", "Diagnosis: cervical radiculopathy.", "neuropathic pain", None),
        ("Lidoderm patch #30", "He is unable to tolerate oral medications.", "first-line drugs failed", True),
        # A root or a nerve further out: which, the test is to tell.
        (
            "EMG/NCV of the bilateral upper extremities",
            "Diagnoses: carpal tunnel syndrome, cervical radiculopathy. Grip is weak. Neck MRI: disc bulge.",
            "nerves tested where the cause is open",
            True,
        ),
        # What was had before, though uncounted, is no first course; of another part it was one.
        ("Physical therapy x 6", "Treatment has included physical therapy.", "first course", False),
        ("Physical therapy x 6", "Six sessions of physical therapy were done.", "first course", None),
        ("Physical therapy x 6", "He had 18 sessions of physical therapy.", "first course", False),
        ("Physical therapy x 6, left knee", "Physical therapy of the neck was done.", "first course", True),
        ("Norco 10/325mg #60", "She has returned to modified duty.", "returned to work", True),
        ("Norco 10/325mg #60", "He remains temporarily totally disabled.", "returned to work", False),
        ("Acupuncture x 6", "Medications are not tolerated.", "drugs reduced or not tolerated", True),
        ("Acupuncture x 6", "No side effects of drugs.", "drugs reduced or not tolerated", False),
        (
            "Acupuncture x 6",
            "Six sessions of acupuncture improved function.",
            "more visits after a gain, within the usual number",
            True,
        ),
        (
            "Lidoderm 5% patch #30",
            "There is neuropathic pain. First-line agents have failed.",
            "neuropathic pain after first-line drugs",
            True,
        ),
        (
            "L4-5 transforaminal epidural steroid injection",
            "Sensation is decreased at L5. MRI of the lumbar spine showed a herniated disc.",
            "findings and imaging agree",
            True,
        ),
        # What is said of the drug by name counts before what is said of none.
        (
            "Norco 10/325mg #60",
            "Function has improved. Norco does not improve function.",
            "function improved with the drug",
            False,
        ),
        # Two scores say more of relief than a judgement.
        (
            "Norco 10/325mg #60",
            "Pain is 8/10 without and 4/10 with Norco. Norco has failed.",
            "pain relieved by the drug",
            True,
        ),
        # An operation of long ago allows no more visits than none.
        (
            "Physical therapy x 12, left knee",
            "He had knee surgery five years ago. He had 6 visits of physical therapy for the knee.",
            "visits within the usual number",
            False,
        ),
        # Nerves tested in a limb may suffer where they leave the spine.
        (
            "EMG/NCV of the bilateral lower extremities",
            "There is numbness of the foot. The low back has no neurological deficit.",
            "nerves tested where the cause is open",
            True,
        ),
        # Visits that were had and not counted may be any number.
        (
            "Physical therapy x 6",
            "Physical therapy helped the low back.",
            "visits within the usual number",
            None,
        ),
        (
            "Physical therapy x 6",
            "Three visits of physical therapy helped the low back.",
            "visits within the usual number",
            True,
        ),
        (
            "Physical therapy x 18",
            "Physical therapy helped the low back.",
            "visits within the usual number",
            False,
        ),
        (
            "Acupuncture x 6",
            "Acupuncture improved function.",
            "more visits after a gain, within the usual number",
            None,
        ),
        # No visits were had from which a gain could have come.
        (
            "Physical therapy x 18",
            "Low back pain.",
            "more visits after a gain, within the usual number",
            None,
        ),
        (
            "Physical therapy x 18",
            "Twelve visits of physical therapy were had.",
            "more visits after a gain, within the usual number",
            False,
        ),
        # Imaging and an examination are of their part; a plain film undoes no scan.
        (
            "Left knee arthroscopy",
            "MRI of the lumbar spine showed a herniation.",
            "imaging shows the cause",
            None,
        ),
        ("Left knee arthroscopy", "An MRI was normal.", "imaging shows the cause", False),
        (
            "Lumbar epidural steroid injection",
            "X-rays of the lumbar spine were normal. MRI of the lumbar spine showed a herniation.",
            "imaging shows the cause",
            True,
        ),
        (
            "Physical therapy 2x4 for the left knee",
            "Strength of the left knee was 4/5.",
            "objective deficit on examination",
            True,
        ),
        (
            "Physical therapy 2x4 for the left knee",
            "Strength of the right shoulder was 4/5.",
            "objective deficit on examination",
            None,
        ),
        # A request that counts nothing lacks what can be granted.
        ("Norco 10/325mg #90", "Low back pain.", "quantity stated", True),
        ("Norco 10/325mg", "Low back pain.", "quantity stated", False),
        ("Acupuncture", "Low back pain.", "quantity stated", False),
        ("Acupuncture x 6", "Low back pain.", "visits of one course", True),
        ("Physical therapy x 24", "Low back pain.", "visits of one course", False),
        ("Physical therapy x 6", "Therapy helped.", "function improved with earlier visits", None),
        ("Physical therapy x 6", "Physical therapy helped.", "earlier visits helped", True),
        ("Orthopedic consultation", "The pain is improving.", "worse than before", False),
        ("MRI of the lumbar spine", "The back pain is getting worse.", "worse than before", True),
        ("Urine drug screen", "No urine drug test is on file.", "no recent urine test", True),
        ("Transportation to visits", "He is homebound.", "cannot drive", True),
        ("Polysomnography", "He snores, and his wife sees him stop breathing.", "signs of sleep apnea", True),
        ("Polysomnography", "He denies snoring.", "signs of sleep apnea", False),
        (
            "Radiofrequency ablation at L4-5",
            "The medial branch blocks gave 80% relief.",
            "relief by diagnostic blocks",
            True,
        ),
        (
            "Soma 350mg #20",
            "Soma is used sparingly, for a few days at a time.",
            "short use of a drug for short use",
            True,
        ),
        # A test is of its part, named or not.
        ("MRI of the left knee", "Jobe's test is positive.", "signs in the joint", None),
        ("MRI of the left shoulder", "Jobe's test is positive.", "signs in the joint", True),
        ("MRI of the cervical spine", "Straight leg raise is positive.", "nerve tension signs", None),
        ("MRI of the lumbar spine", "Straight leg raise is positive.", "nerve tension signs", True),
        (
            "EMG of the lower extremities",
            "Straight leg raise is positive.",
            "nerve tension signs",
            True,
        ),
        # The line of a joint hurts: a sign in that joint, and in no other.
        (
            "MRI of the left knee",
            "There was tenderness over the medial joint line of the left knee.",
            "signs in the joint",
            True,
        ),
        ("MRI of the left knee", "There was no joint line tenderness.", "signs in the joint", False),
        (
            "MRI of the left shoulder",
            "The left knee had joint line tenderness.",
            "signs in the joint",
            None,
        ),
        (
            "SSEP of the lumbar and lower extremities",
            "There is myelopathy. Electrodiagnostic studies were normal.",
            "signs of the spinal cord",
            True,
        ),
        (
            "SSEP of the lumbar and lower extremities",
            "Electrodiagnostic studies of the legs showed L5 radiculopathy.",
            "usual nerve tests left it open",
            False,
        ),
        (
            "Three phase bone scan to the left foot",
            "A bone scan is requested to rule out CRPS.",
            "signs of complex regional pain syndrome",
            True,
        ),
        (
            "Three phase bone scan to the left foot",
            "There was no discoloration of the left foot.",
            "signs of complex regional pain syndrome",
            False,
        ),
        (
            "Three phase bone scan to the left foot",
            "X-rays of the left foot were normal.",
            "plain films first",
            True,
        ),
        (
            "Comprehensive psychological testing",
            "He had a psychological evaluation in May.",
            "not tested before, or changed since",
            False,
        ),
        (
            "Comprehensive psychological testing",
            "She is depressed. She has had no psychological evaluation.",
            "not tested before, or changed since",
            True,
        ),
        (
            "Comprehensive psychological testing",
            "A spinal cord stimulator is planned.",
            "operation, device or program that testing comes before",
            True,
        ),
        (
            "Neuropsychological evaluation",
            "She forgets and has poor memory.",
            "thought or memory troubled",
            True,
        ),
        ("Overnight polysomnogram", "He has insomnia.", "sleep disturbed", True),
        ("Overnight polysomnogram", "He takes Ambien.", "sleep drugs tried", True),
        ("EKG", "The patient has hypertension.", "risk at the operation", True),
        ("Pulmonary function tests (PFTs)", "He has COPD.", "disease of the lungs", True),
        ("Audiogram", "There is tinnitus.", "hearing troubled, or a head injury", True),
        ("EEG", "She had a concussion.", "head injury or fainting", True),
        ("Sudoscan", "CRPS of the hand.", "signs of complex regional pain syndrome", True),
        ("RFA C3-C6 medial branches", "There is facet tenderness.", "facet joint pain", True),
        ("B/L SI joint injection", "FABER test is positive.", "signs in the sacroiliac joint", True),
        ("Extracorporeal shockwave therapy", "Plantar fasciitis.", "condition that shock waves treat", True),
        ("Metformin 500 mg #60", "He has diabetes.", "condition that the drug is for", True),
        ("Zofran ODT 4mg, ten tablets", "She has no nausea.", "nausea", False),
        # After an operation opioids are for weeks, not for good.
        ("Post-op Norco 5/325mg #60", "Knee surgery is planned.", "short course after an operation", True),
        ("Post-op Norco 5/325mg #180", "Knee surgery is planned.", "short course after an operation", False),
        (
            "Norco 5/325mg #40",
            "He had knee surgery three weeks ago.",
            "short course after an operation",
            True,
        ),
        (
            "Post-op physical therapy 2 times a week for 4 weeks",
            "Knee surgery is planned.",
            "first course after an operation",
            True,
        ),
    ],
)
def test_an_invented_case_meets_or_misses_a_criterion(requests, summary, criterion, is_met) -> None:
    items = requests.split(" | ")
    assert answers({"case_summary": summary, "items": items}, items[0])[criterion] is is_met


@pytest.mark.parametrize(
    ("request_", "summary", "criterion"),
    [
        (
            "MRI of the left shoulder",
            "Hawkins test was positive on the left shoulder. Strength of the left shoulder was normal.",
            "signs in the joint",
        ),
        (
            "Lumbar epidural steroid injection",
            "Straight leg raise is positive. Strength was 5/5 in the legs.",
            "nerve tension signs",
        ),
        (
            "Lumbar epidural steroid injection",
            "Low back pain radiates to the left leg. He denies numbness.",
            "radicular symptoms",
        ),
    ],
)
def test_a_normal_finding_undoes_no_positive_one(request_: str, summary: str, criterion: str) -> None:
    case = {"case_summary": summary, "items": [{"request": request_}]}
    assert answers(case, request_)[criterion] is True


_LONG_USE = "opioid agreement"
_AFTER_OPERATION = "short course after an operation"


@pytest.mark.parametrize(
    ("request_", "summary", "is_after"),
    [
        ("Norco 10/325mg #60", "Low back pain.", False),
        ("Norco 10/325mg #60", "He had knee surgery five years ago.", False),
        ("Norco 10/325mg #60", "He had knee surgery three weeks ago.", True),
        # He took it long before.
        ("Norco 10/325mg #60", "He had knee surgery three weeks ago. He has used Norco for 3 years.", False),
        ("Post-op Norco 10/325mg #60", "", True),
        ("Associated surgical service: Norco 10/325mg #60", "", True),
    ],
)
def test_what_is_asked_of_long_use_is_not_asked_after_an_operation(request_, summary, is_after) -> None:
    asked = answers({"case_summary": summary, "items": [{"request": request_}]}, request_)
    assert (_AFTER_OPERATION in asked) is is_after and (_LONG_USE in asked) is not is_after


@pytest.mark.parametrize(
    "request_", ["Lipitor 40mg #30", "Lisinopril 20 mg daily #90", "Cephalexin 500mg #40"]
)
def test_nobody_asks_of_a_drug_for_something_else_what_it_does_for_pain(request_) -> None:
    asked = answers({"items": [request_]}, request_)
    assert (
        "drug tolerated" in asked and not {"pain relieved by the drug", "long use with a gain"} & asked.keys()
    )


def test_a_cream_is_not_asked_what_its_ingredients_are_by_themselves() -> None:
    cream = "Compound cream: Ketoprofen 10%, Gabapentin 6%, Hyaluronic acid 0.2%"
    asked = answers({"items": [cream]}, cream)
    assert "first-line drugs failed" in asked and "conservative care failed" not in asked


TENS = "TENS unit, 30 day rental"


@pytest.mark.parametrize(
    ("dates", "is_met"),
    [
        ({"injury_date": "2015-01-10", "ur_decision_date": "2016-01-10"}, True),
        ({"injury_date": "2015-12-20", "ur_decision_date": "2016-01-10"}, False),
        # The application is older than the review; what comes after it is not asked.
        ({"injury_date": "2015-01-10", "received_date": "2016-01-10"}, True),
        ({"injury_date": "2015-01-10"}, None),
        ({"injury_date": "2017-01-10", "ur_decision_date": "2016-01-10"}, None),
        ({"injury_date": "2015-01-10", "assigned_date": "2016-01-20", "decided_date": "2016-02-20"}, None),
    ],
)
def test_the_age_of_a_claim_tells_how_long_symptoms_last_and_not_how_long_care_did(dates, is_met) -> None:
    items = decided_items(1).drop(
        columns=["injury_date", "ur_decision_date", "received_date"], errors="ignore"
    )
    items = items.assign(request=TENS, original_request=None, case_summary="Low back pain.")
    items = items.assign(**{name: pd.Timestamp(date) for name, date in dates.items()})
    grounds = imr_ml.find_grounds(items).set_index("criterion")
    found = grounds.loc["pain for three months", "is_met"]
    assert (None if pd.isna(found) else bool(found)) is is_met
    if is_met:
        assert "months from the injury" in grounds.loc["pain for three months", "because"]
    imaging = imr_ml.find_grounds(items.assign(request="MRI of the left knee")).set_index("criterion")
    assert pd.isna(imaging.loc["time of conservative care", "is_met"])


def test_utilization_review_stands_on_each_row_of_its_item() -> None:
    summary = (
        "Utilization review denied the MRI due to no instability; "
        "no urine drug test to support the use of Norco."
    )
    grounds = imr_ml.find_grounds({"case_summary": summary, "items": ["MRI of the left knee", "Norco #60"]})
    said = {request: set(own) for request, own in grounds.groupby("request")["utilization_review"]}
    assert said == {
        "MRI of the left knee": {"Utilization review denied the MRI due to no instability"},
        "Norco #60": {"no urine drug test to support the use of Norco."},
    }
    assert imr_ml.find_grounds(CASE)["utilization_review"].isna().all()


def test_what_no_sentence_says_is_told_from_the_request() -> None:
    case = {"case_summary": "He had 12 visits of physical therapy.", "items": ["Physical therapy x 18"]}
    grounds = imr_ml.find_grounds(case).set_index("criterion")
    told = grounds.loc["visits within the usual number", "because"]
    assert told == "visits asked for and known to be had before: 30"


def test_an_amount_between_what_the_rules_decide_stands_in_its_row() -> None:
    case = {"case_summary": "She has low back pain.", "items": ["Chiropractic care, 8 visits, low back"]}
    grounds = imr_ml.find_grounds(case).set_index("criterion")
    course, flare = grounds.loc["visits of one course"], grounds.loc["acute flare"]
    assert pd.isna(course["is_met"]) and course["because"] == "visits asked for: 8"
    assert pd.isna(flare["is_met"]) and pd.isna(flare["because"])


def test_a_summary_is_read_once_for_criteria_and_reasons() -> None:
    imr_ml.find_grounds({"case_summary": "Another one.", "items": ["Norco 10/325mg #60"]})
    before = read_summary.cache_info().misses
    case = {
        "case_summary": "A summary like no other. UR denied Norco due to no gain. UR denied Soma.",
        "items": ["Norco 10/325mg #60", "Soma 350mg #30"],
    }
    assert imr_ml.find_grounds(case)["utilization_review"].notna().all()
    assert read_summary.cache_info().misses == before + 1


def test_what_counts_is_the_same_in_a_whole_reading() -> None:
    told = "No report of the MRI was provided. UR denied Norco, for there was no gain. Strength is 4/5."
    assert read_whole(told).said == read_record(told).said
    whole, record = (
        [(one.said, one.speaks_of()) for one in read(told).sentences] for read in (read_whole, read_record)
    )
    assert whole == record
