"""What is told of one test, complaint, treatment, drug or study of a sentence is not told of the other."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest

from imr_ml.extracting.summaries.tables import read_record

TESTS = {
    "straight leg raise": "straight_leg_raise",
    "Spurling's": "spurling",
    "facet loading": "facet_signs",
    "Tinel's": "nerve_entrapment_signs",
    "Hawkins": "shoulder_signs",
    "anterior drawer": "knee_signs",
    "FABER": "sacroiliac_signs",
}
FINDINGS = {
    "numbness": "numbness",
    "weakness": "weakness",
    "radiating pain": "radiating_pain",
    "anxiety": "anxiety",
}
CARE = {
    "physical therapy": "physical_therapy",
    "acupuncture": "acupuncture",
    "an epidural injection": "epidural_injection",
    "a brace": "brace",
    "TENS": "tens",
}
SIGNS = {
    "straight leg raise": "straight_leg_raise",
    "Spurling's": "spurling",
    "Tinel's": "nerve_entrapment_signs",
    "Hawkins": "shoulder_signs",
}
THERAPIES = {
    "physical therapy": "physical_therapy",
    "acupuncture": "acupuncture",
    "an epidural injection": "epidural_injection",
    "TENS": "tens",
}
MEDICATIONS = {
    "Norco": "opioid",
    "naproxen": "nsaid",
    "gabapentin": "anti_epilepsy",
    "Soma": "muscle_relaxant",
}
COMPLAINTS = {
    "numbness": "numbness",
    "weakness": "weakness",
    "swelling": "swelling",
    "anxiety": "anxiety",
}
DRUGS = {"Norco": "opioid", "naproxen": "nsaid"}
STUDIES = {"MRI of the lumbar spine": "mri", "X-rays": "xray", "EMG/NCV": "electrodiagnostics"}
YES, NO, NOTHING = 1.0, 0.0, None
ANY = ...


def told(form: str, things: dict[str, str], column: str, *expected: float | None) -> None:
    for pair in permutations(things, 2):
        text = form.format(*pair)
        said = read_record(text[0].upper() + text[1:]).said
        assert [said.get(column.format(things[one])) for one in pair] == [*expected], text


@pytest.mark.parametrize(
    "form",
    [
        "{} is <a> and {} is <b>.",
        "{} was <a> and the {} was <b>.",
        "{} <a>, {} <b>.",
        "{} is <a> but {} is <b>.",
        "{} (<a>), {} (<b>).",
        "{} is <a> bilaterally, {} on the right is <b>.",
        "<a> {} and <b> {}.",
        "{}: <a>. {}: <b>.",
        "There is a <a> {} and a <b> {}.",
    ],
)
def test_results_of_tests(form: str) -> None:
    for first, second in ((YES, NO), (NO, YES), (YES, YES), (NO, NO)):
        words = {YES: "positive", NO: "negative"}
        text = form.replace("<a>", words[first]).replace("<b>", words[second])
        told(text, TESTS, "has_{}", first, second)


@pytest.mark.parametrize(
    ("form", "first", "second"),
    [
        ("There is no {} or {}.", NO, NO),
        ("There is {} but no {}.", YES, NO),
        ("There is no {} but there is {}.", NO, YES),
        ("She has {} without {}.", YES, NO),
        ("She reports {} and denies {}.", YES, NO),
        ("She denies {} but reports {}.", NO, YES),
        ("There is {}, no {}.", YES, NO),
        ("{} is absent and {} is present.", NO, YES),
        ("Neither {} nor {} is reported.", NO, NO),
        ("She has back pain with no {}, {}, or fever.", NO, NO),
        ("She no longer has {} but still has {}.", NO, YES),
        ("{} and {} are denied.", NO, NO),
    ],
)
def test_findings(form: str, first: float | None, second: float | None) -> None:
    told(form, FINDINGS, "has_{}", first, second)


@pytest.mark.parametrize(
    ("form", "first", "second"),
    [
        ("{} helped and {} did not.", YES, NO),
        ("{} failed, but {} helped.", NO, YES),
        ("{} (helped), {} (no help).", YES, NO),
        ("He had {} with relief and {} without relief.", YES, NO),
        ("He tried {} and {} without benefit.", NO, NO),
        ("He has had {}, which helped, and {}, which did not.", YES, NO),
        ("There was no benefit from {} but good benefit from {}.", NO, YES),
        ("{} did not help, nor did {}.", NO, NO),
        ("{} helped, as did {}.", YES, YES),
        ("He benefited from {} but not from {}.", YES, NO),
        ("He responded well to {} and poorly to {}.", YES, NO),
    ],
)
def test_results_of_care(form: str, first: float | None, second: float | None) -> None:
    told(form, CARE, "is_{}_helpful", first, second)
    told(form, CARE, "has_{}", YES, YES)


@pytest.mark.parametrize(
    ("form", "first", "second"),
    [
        ("He had {} and {} is requested.", YES, NOTHING),
        ("He completed {}; {} is planned.", YES, NOTHING),
        ("He has had {} but not {}.", YES, NO),
        ("He has not had {} but has had {}.", NO, YES),
        ("{} has been tried and {} has not.", YES, NO),
        ("She is to continue {} and start {}.", YES, NOTHING),
        ("At issue are {} and {}.", NOTHING, NOTHING),
        ("{} and {} are in dispute.", NOTHING, NOTHING),
        ("No prior {} or {}.", NO, NO),
    ],
)
def test_care_had(form: str, first: float | None, second: float | None) -> None:
    told(form, CARE, "has_{}", first, second)


@pytest.mark.parametrize(
    ("form", "first", "second"),
    [
        ("{} was stopped and {} was started.", NO, YES),
        ("He takes {}; {} was discontinued.", YES, NO),
        ("He was switched from {} to {}.", NO, YES),
        ("{} stopped d/t stomach upset, now on {}.", NO, YES),
        ("He stopped {} and continues {}.", NO, YES),
        ("{} was replaced by {}.", NO, YES),
        ("He used {} in the past and now uses {}.", NO, YES),
    ],
)
def test_drugs_in_use(form: str, first: float | None, second: float | None) -> None:
    told(form, DRUGS, "is_{}_in_use", first, second)


def test_an_allergy_ends_with_what_is_taken() -> None:
    told("He is allergic to {} and takes {}.", DRUGS, "has_drug_{}", NOTHING, YES)


@pytest.mark.parametrize(
    ("form", "first", "second"),
    [
        ("{} was normal and {} was abnormal.", NO, YES),
        ("{} was abnormal; {} was normal.", YES, NO),
        ("{} and {} were normal.", NO, NO),
        ("{} (normal), {} (abnormal).", NO, YES),
        ("The {} and the {} both showed stenosis.", YES, YES),
        ("{} revealed stenosis while {} was normal.", YES, NO),
    ],
)
def test_results_of_studies(form: str, first: float | None, second: float | None) -> None:
    told(form, STUDIES, "is_{}_abnormal", first, second)
    told(form, STUDIES, "has_{}", YES, YES)


TESTS_OF_SEVERAL = [
    ("{} is positive, {} is negative, and {} is positive.", YES, NO, YES),
    ("{} and {} were negative, but {} was positive.", NO, NO, YES),
    ("{}, {}, and {} were all negative.", NO, NO, NO),
    ("Positive {}, {}, and {}.", YES, YES, YES),
    ("Positive {} and {}; negative {}.", YES, YES, NO),
    ("{} was positive. {} and {} were negative.", YES, NO, NO),
    ("Negative for {} and {}. Positive {}.", NO, NO, YES),
    ("Tests: {} (+), {} (-), {} (+).", YES, NO, YES),
    ("{}: positive; {}: negative; {}: negative.", YES, NO, NO),
    ("{} positive, {} negative, {} positive.", YES, NO, YES),
    ("There was a positive {} with negative {} and {}.", YES, NO, NO),
    ("{} was positive, as was {}; {} was negative.", YES, YES, NO),
    ("{} was negative, as were {} and {}.", NO, NO, NO),
    ("{} was positive; however, {} was negative.", YES, NO),
    ("{} is positive bilaterally, while {} and {} are negative.", YES, NO, NO),
    ("{} was positive on the right but not on the left.", YES),
    ("{} was positive but {} was not.", YES, NO),
    ("{} was negative but {} was not.", NO, YES),
    ("{} could not be tested; {} was negative.", NOTHING, NO),
    ("{} was equivocal and {} was negative.", ANY, NO),
    ("{} is negative. {} is positive. {} is negative.", NO, YES, NO),
    ("A positive {} and a negative {} were noted.", YES, NO),
    ("There were positive {} and {} signs.", YES, YES),
    ("The {} test and the {} test are both negative.", NO, NO),
    ("{} and {} are each positive.", YES, YES),
    ("{} (right) is positive; {} (left) is negative.", YES, NO),
    ("{} causes pain; {} does not.", YES, NO),
    ("{} reproduces the pain but {} does not.", YES, NO),
    ("{} is mildly positive, {} is negative.", YES, NO),
    ("Negative {}. Positive {}.", NO, YES),
    ("Tests including {} and {} were negative.", NO, NO),
    ("Pos {}, neg {}.", YES, NO),
    ("{} neg, {} pos.", NO, YES),
    ("No {} sign was elicited.", NO),
]
FINDINGS_OF_SEVERAL = [
    ("She has {}, {}, and {}.", YES, YES, YES),
    ("She has {} and {} but not {}.", YES, YES, NO),
    ("She reports {} and {} but denies {}.", YES, YES, NO),
    ("She denies {}, {}, and {}.", NO, NO, NO),
    ("She denies {} or {} but has {}.", NO, NO, YES),
    ("There is no {}, {}, or {}.", NO, NO, NO),
    ("There is {} without {} or {}.", YES, NO, NO),
    ("{} and {} are present, with no {}.", YES, YES, NO),
    ("Positive for {} and {}. Negative for {}.", YES, YES, NO),
    ("ROS: positive for {}, negative for {} and {}.", YES, NO, NO),
    ("ROS is negative for {}, {}, and {}.", NO, NO, NO),
    ("ROS is negative except for {}.", YES),
    ("Other than {}, she has no complaints.", YES),
    ("She denies any {} other than {}.", ANY, YES),
    ("There is no {}; however, there is {} and {}.", NO, YES, YES),
    ("No {}, no {}, no {}.", NO, NO, NO),
    ("No {}, but there is {} as well as {}.", NO, YES, YES),
    ("(+) {}, (+) {}, (-) {}.", YES, YES, NO),
    ("(-) {}, (-) {}, (+) {}.", NO, NO, YES),
    ("{}: denied. {}: reported.", NO, YES),
    ("{} (-), {} (+).", NO, YES),
    ("She does not report {} but does report {}.", NO, YES),
    ("The {} has resolved but the {} persists.", NO, YES),
    ("The {} resolved; the {} remains.", NO, YES),
    ("Her {} is gone, but she still has {}.", NO, YES),
    ("She complains of {}. No {} or {}.", YES, NO, NO),
    ("She complains of {} with associated {}. She denies {}.", YES, YES, NO),
    ("She has no complaints of {} or {}, then or now.", NO, NO),
    ("Symptoms include {} and {}, but no {}.", YES, YES, NO),
    ("There have been no reports of {} or {}.", NO, NO),
    ("The patient reports no {} but has some {}.", NO, YES),
    ("She is negative for {} but positive for {}.", NO, YES),
    ("She has {} along with {}; {} is denied.", YES, YES, NO),
    ("{} is noted, while {} and {} are not.", YES, NO, NO),
    ("{} was not reported.", NO),
    ("No mention is made of {} .", NOTHING),
    ("Denies: {}, {}. Reports: {}.", NO, NO, YES),
    ("Pt c/o {}, denies {}.", YES, NO),
    ("Pt c/o {} & {}; no {}.", YES, YES, NO),
    ("She does not have {}, nor does she have {}.", NO, NO),
    ("There is neither {} nor {}, although there is {}.", NO, NO, YES),
    ("She has had no further {} since surgery, but has {}.", ANY, YES),
    ("Patient denies {} but does endorse {}.", NO, YES),
    ("She admits to {} and {}, but denies {}.", YES, YES, NO),
    ("The {} is improved, and the {} has resolved.", YES, NO),
    ("{} has resolved. {} continues.", NO, YES),
    ("She continues to have {} but no longer has {}.", YES, NO),
    ("There was no {} noted, although {} was present.", NO, YES),
    ("There is no {} today, but there was {} last month.", NO, ANY),
    ("No {} or {} was seen.", NO, NO),
    ("{} and {} were not present.", NO, NO),
    ("{} was present, but {} was not.", YES, NO),
    ("{} was noted but {} was not noted.", YES, NO),
    ("Examination shows {}, but no {} or {}.", YES, NO, NO),
    ("Examination fails to show {} or {}.", NO, NO),
    ("No significant {} or {} was noted on examination.", NO, NO),
    ("He reports {}. Denies {}.", YES, NO),
    ("He reports {} (no {}).", YES, NO),
    ("Symptoms: {}, {}. Negative: {}.", YES, YES, ANY),
    ("The patient is without {} or {}.", NO, NO),
    ("The patient remains free of {} and {}.", NO, NO),
    ("Positive findings include {} and {}.", YES, YES),
    ("She has {} more than {}.", YES, YES),
    ("She complains of both {} and {}.", YES, YES),
    ("She has {} with no {} and no {}.", YES, NO, NO),
    ("{} continues, although there is no {}.", YES, NO),
    ("{} and {}, but not {}, are reported.", YES, YES, NO),
    ("There has been no change in her {}.", YES),
    ("The {} has not resolved.", YES),
    ("The {} has not improved.", YES),
    ("She is not free of {}.", YES),
    ("There is a lack of {}.", NO),
    ("She has never had {} or {} before.", NO, NO),
    ("No {} is present; {} is.", NO, YES),
    ("She denies that she has {}.", NO),
    ("She has no {}, and she has no {}.", NO, NO),
    ("She has no {} and she has {}.", NO, YES),
    ("The patient has {}; denies {}, {}.", YES, NO, NO),
    ("She reports no new {}.", ANY),
    ("Worsening {} without {}.", YES, NO),
    ("Occasional {}, no {}.", YES, NO),
    ("Mild {}; no {}; moderate {}.", YES, NO, YES),
]
RESULTS_OF_SEVERAL = [
    ("{}, {}, and {} did not help.", (NO, YES), (NO, YES), (NO, YES)),
    ("{} and {} helped but {} did not.", (YES, YES), (YES, YES), (NO, YES)),
    ("{} and {} helped, but not {}.", (YES, YES), (YES, YES), (NO, ANY)),
    ("He has tried {}, {}, and {} without relief.", (NO, YES), (NO, YES), (NO, YES)),
    ("He failed {}, {}, and {}.", (NO, YES), (NO, YES), (NO, YES)),
    ("He has failed {} and {}; {} helped.", (NO, YES), (NO, YES), (YES, YES)),
    ("He had {}. It helped.", (YES, YES)),
    ("He had {}, which did not help.", (NO, YES)),
    ("He had {} and {}. Neither helped.", (NO, YES), (NO, YES)),
    ("He had {} and {}. Both helped.", (YES, YES), (YES, YES)),
    ("He had {}, {}, and {}. None helped.", (NO, YES), (NO, YES), (NO, YES)),
    ("He had {}, {}, and {}. None of these provided relief.", (NO, YES), (NO, YES), (NO, YES)),
    ("He had {} and {}, neither of which helped.", (NO, YES), (NO, YES)),
    ("He had {} and {}, both of which helped.", (YES, YES), (YES, YES)),
    ("He had {}, {}, and {}, none of which helped.", (NO, YES), (NO, YES), (NO, YES)),
    ("He had {} with 50% relief. {} gave no relief.", (YES, YES), (NO, YES)),
    ("He had {} with no relief. {} gave 60% relief.", (NO, YES), (YES, YES)),
    (
        "He has been treated with {} (helpful), {} (not helpful), and {} (helpful).",
        (YES, YES),
        (NO, YES),
        (YES, YES),
    ),
    ("{} - no benefit; {} - some benefit; {} - no benefit.", (NO, YES), (YES, YES), (NO, YES)),
    ("Of {} and {}, only the first helped.", (ANY, YES), (ANY, YES)),
    ("He had {}, with minimal relief.", (NO, YES)),
    ("{} was beneficial, as was {}; {} was not.", (YES, YES), (YES, YES), (NO, YES)),
    ("{} provided temporary relief, while {} and {} provided none.", (ANY, YES), (NO, YES), (NO, YES)),
    ("He had some improvement with {} but none with {}.", (YES, YES), (NO, YES)),
    ("There was improvement with {} and {} but not with {}.", (YES, YES), (YES, YES), (NO, YES)),
    ("He got relief from {}, not from {}.", (YES, YES), (NO, YES)),
    ("He did not respond to {}, {}, or {}.", (NO, YES), (NO, YES), (NO, YES)),
    ("He did not improve with {} or {} but improved with {}.", (NO, YES), (NO, YES), (YES, YES)),
    ("{} made the pain worse, then {} relieved it.", (NO, YES), (YES, YES)),
    ("{} was tried first and failed. Then {} was tried and helped.", (NO, YES), (YES, YES)),
    ("He had {} in 2013 with benefit and {} in 2014 without benefit.", (YES, YES), (NO, YES)),
    ("He had {} (3/4/2014) with good relief and {} (5/6/2014) with no relief.", (YES, YES), (NO, YES)),
    ("He used {} with benefit. He also had {}.", (YES, YES), (NOTHING, YES)),
    ("{} helped. {} was not tried.", (YES, YES), (NOTHING, NO)),
    ("{} helps more than {} did.", (YES, YES), (ANY, YES)),
    ("He has had {} as well as {}, without lasting benefit.", (NO, YES), (NO, YES)),
    ("Despite {} and {}, pain persists.", (ANY, YES), (ANY, YES)),
    ("He has not benefited from {} or {}.", (NO, YES), (NO, YES)),
    ("{} was not helpful, but {} was.", (NO, YES), (YES, YES)),
    ("{} was of no benefit. {} was of benefit.", (NO, YES), (YES, YES)),
    ("{} provided no relief and {} only made things worse.", (NO, YES), (NO, YES)),
    ("{} gave him good relief; however, {} did not.", (YES, YES), (NO, YES)),
    ("He had {}; it helped. He had {}; it did not help.", (YES, YES), (NO, YES)),
    ("He had {} and it helped, and {} and it did not help.", (YES, YES), (NO, YES)),
    ("He has improved with {}, less so with {}.", (YES, YES), (ANY, YES)),
    ("{} reduced his pain by 50%. {} did not reduce it.", (YES, YES), (NO, YES)),
    ("{} has been helpful in reducing pain, but {} has not.", (YES, YES), (NO, YES)),
    ("{} has not helped, but {} has.", (NO, YES), (YES, YES)),
    ("{} was tried with no benefit; {} was tried with benefit.", (NO, YES), (YES, YES)),
    ("{} and {} did not provide relief, but {} did.", (NO, YES), (NO, YES), (YES, YES)),
    ("No relief with {} or {}.", (NO, YES), (NO, YES)),
    ("No relief with {}, some relief with {}.", (NO, YES), (YES, YES)),
    ("Some relief with {}, no relief with {}.", (YES, YES), (NO, YES)),
    ("He had good response to {} but no response to {}.", (YES, YES), (NO, YES)),
    ("{} gave relief, but not {}.", (YES, YES), (NO, ANY)),
    ("{} aggravated the pain, and {} gave only temporary relief.", (NO, YES), (NO, YES)),
    ("The patient failed {}; however, {} was helpful.", (NO, YES), (YES, YES)),
    ("The patient found {} helpful and {} unhelpful.", (YES, YES), (NO, YES)),
    ("He is better with {}, worse with {}.", (YES, YES), (NO, YES)),
]
CARE_OF_SEVERAL = [
    ("He has had {} and {} but not {}.", (YES, NOTHING), (YES, NOTHING), (NO, NOTHING)),
    ("He has had {}, {}, and {}.", (YES, NOTHING), (YES, NOTHING), (YES, NOTHING)),
    ("No prior {}, {}, or {}.", (NO, NOTHING), (NO, NOTHING), (NO, NOTHING)),
    ("He has had {} but has not had {} or {}.", (YES, NOTHING), (NO, NOTHING), (NO, NOTHING)),
    ("He has tried {}, {}; now {} is requested.", (YES, NOTHING), (YES, NOTHING), (NOTHING, YES)),
    ("He completed {} and {}. {} is requested.", (YES, NOTHING), (YES, NOTHING), (NOTHING, YES)),
    ("Requests: {}, {}, and {}.", (NOTHING, YES), (NOTHING, YES), (NOTHING, YES)),
    ("The requests are for {}, {}, and {}.", (NOTHING, YES), (NOTHING, YES), (NOTHING, YES)),
    (
        "The provider recommends {} and {}, and continuation of {}.",
        (NOTHING, YES),
        (NOTHING, YES),
        (YES, ANY),
    ),
    ("{} and {} have been done; {} has not.", (YES, NOTHING), (YES, NOTHING), (NO, NOTHING)),
    ("{} has not been tried, nor has {}.", (NO, NOTHING), (NO, NOTHING)),
    ("He has not had {}. He has had {}.", (NO, NOTHING), (YES, NOTHING)),
    ("He has had {}, then {}, and is now to have {}.", (YES, NOTHING), (YES, NOTHING), (NOTHING, YES)),
    ("He had {}; {} and {} are planned.", (YES, NOTHING), (NOTHING, YES), (NOTHING, YES)),
    ("He has had neither {} nor {}.", (NO, NOTHING), (NO, NOTHING)),
    ("Treatment has included {} as well as {}.", (YES, NOTHING), (YES, NOTHING)),
    ("He was referred for {} and {} after {}.", (NOTHING, YES), (NOTHING, YES), (YES, NOTHING)),
    ("He is to start {}. He has completed {}.", (NOTHING, YES), (YES, NOTHING)),
    ("Treatment has consisted of {}, {}, but no {}.", (YES, NOTHING), (YES, NOTHING), (NO, NOTHING)),
    ("He has had {} with and without {}.", (YES, NOTHING), (ANY, NOTHING)),
    (
        "Previous {} and {} are noted, and {} is now requested.",
        (YES, NOTHING),
        (YES, NOTHING),
        (NOTHING, YES),
    ),
    ("He declined {} but had {}.", (ANY, NOTHING), (YES, NOTHING)),
    ("{} was authorized but never started; {} was completed.", (NO, ANY), (YES, NOTHING)),
    ("He has never had {}, only {}.", (NO, NOTHING), (YES, NOTHING)),
    ("The plan is for {} and {}, with {} to follow.", (NOTHING, YES), (NOTHING, YES), (NOTHING, YES)),
    ("The plan was {}; {} was done last year.", (NOTHING, YES), (YES, NOTHING)),
    ("Dr. Smith recommended {}. He has had {}.", (NOTHING, YES), (YES, NOTHING)),
    ("He uses {} and has had {}.", (YES, NOTHING), (YES, NOTHING)),
    ("The patient wishes to try {} before {}.", (NOTHING, YES), (NOTHING, ANY)),
    ("{} was recommended in lieu of {}.", (NOTHING, YES), (NOTHING, ANY)),
    ("{} is requested because {} failed.", (NOTHING, YES), (YES, NOTHING)),
    ("{} is requested in addition to {}.", (NOTHING, YES), (ANY, ANY)),
    ("{} has been completed, and the provider now requests {}.", (YES, NOTHING), (NOTHING, YES)),
    ("The provider requests a trial of {} as {} did not help.", (NOTHING, YES), (YES, NOTHING)),
    ("He is not interested in {} but is willing to try {}.", (NOTHING, NOTHING), (NOTHING, YES)),
    ("He has had {} in the past and would like {}.", (YES, NOTHING), (NOTHING, YES)),
    ("He attended {} and used {}.", (YES, NOTHING), (YES, NOTHING)),
    ("{} was ordered but not done.", (NO, ANY)),
    ("{} was ordered but has not been done. {} was done.", (NO, ANY), (YES, NOTHING)),
    ("{} was done on 3/4/2014. {} is scheduled.", (YES, NOTHING), (NOTHING, YES)),
    ("Referral for {} was made after {} was completed.", (NOTHING, YES), (YES, NOTHING)),
    (
        "The treatment plan includes {} and {}; {} was done previously.",
        (NOTHING, YES),
        (NOTHING, YES),
        (YES, NOTHING),
    ),
    ("The treatment plan included continuing {} and adding {}.", (YES, ANY), (NOTHING, YES)),
    ("The doctor ordered {}. The patient had {} last year.", (NOTHING, YES), (YES, NOTHING)),
    ("He is currently receiving {} and has been referred for {}.", (YES, NOTHING), (NOTHING, YES)),
    ("He has not tried {} or {}, and {} is requested.", (NO, NOTHING), (NO, NOTHING), (NOTHING, YES)),
    ("There is no record of {} or {}.", (NOTHING, NOTHING), (NOTHING, NOTHING)),
    ("The records do not document prior {} or {}.", (NOTHING, NOTHING), (NOTHING, NOTHING)),
]
DRUGS_OF_SEVERAL = [
    ("He was started on {} at the last visit.", YES),
    ("He is on {}, {}, and {}.", YES, YES, YES),
    ("He takes {} and {} but not {}.", YES, YES, NO),
    ("He had a trial of {}, without benefit.", YES),
    ("He was tried on {} and {}.", YES, YES),
    ("He cannot tolerate {} and takes {}.", YES, YES),
    ("In addition to {}, he takes {}.", YES, YES),
    ("Refill of {} was given.", YES),
    ("The plan is to start {}.", NOTHING),
    ("The plan is to continue {} and to start {}.", YES, NOTHING),
    ("{} was prescribed.", YES),
    ("He denies use of {} or {}.", NO, NO),
    ("He is not taking {} at this time.", NO),
    ("He has weaned off {}.", YES),
    ("He takes {} with {} for stomach upset.", YES, YES),
    ("Current medications include {}, {}, and {}.", YES, YES, YES),
    ("Past medications: {}, {}. Current medications: {}.", YES, YES, YES),
    ("He takes no {}, only {}.", NO, YES),
    ("Allergies: {}. Medications: {}.", NOTHING, YES),
    ("He is allergic to {}. He takes {}.", NOTHING, YES),
    ("{} and {} are denied; he uses {}.", NO, NO, YES),
    ("He uses {} as needed and {} nightly.", YES, YES),
    ("Meds: {} 1 tab bid, {} 1 tab qhs.", YES, YES),
    ("At issue is {}; he also takes {}.", NOTHING, YES),
    ("{} 1 po q6h prn, {} qd, {} bid.", YES, YES, YES),
    ("He has never used {} but has used {}.", NO, YES),
    ("He used {} in the past.", YES),
    ("He is to discontinue {} and begin {}.", YES, NOTHING),
    ("Medications tried and failed include {}, {}, and {}.", YES, YES, YES),
    ("He gets no relief from {} but some from {}.", YES, YES),
    ("{} helps; {} does not.", YES, YES),
    ("He has been taking {} since 2012, together with {}.", YES, YES),
    ("{} was discontinued in favor of {}.", YES, YES),
    ("The provider is prescribing {} and discontinuing {}.", ANY, YES),
    ("He takes {} for pain and {} for spasm.", YES, YES),
    ("He reports relief with {} and side effects with {}.", YES, YES),
    ("{} was tried but was not tolerated; {} is being used.", YES, YES),
    ("He is not on {}, {}, or {}.", NO, NO, NO),
    ("He has tried {} but not {}.", YES, NO),
    ("He takes neither {} nor {}.", NO, NO),
    ("The medications are {}, {}, and {}.", YES, YES, YES),
    ("{} has not been tried.", NO),
    ("Failed trials: {}, {}.", YES, YES),
    ("{} x 3 months, {} x 6 months.", YES, YES),
    ("The patient remains on {} and {}.", YES, YES),
    ("Medication: {} daily; {} as needed.", YES, YES),
    ("{} is requested as {} has failed.", NOTHING, YES),
    ("{} is requested for use with {}.", NOTHING, ANY),
    ("The patient was prescribed {}, and the prior {} was stopped.", YES, YES),
    ("The patient is not using {} but uses {} occasionally.", NO, YES),
    ("He denies using {}; he uses {}.", NO, YES),
    ("He has no allergy to {}.", NOTHING),
]
IN_USE_OF_SEVERAL = [
    ("He is no longer on {}; he takes {}.", NO, YES),
    ("He stopped taking {} because of stomach upset. He takes {}.", NO, YES),
    ("He was weaned off {}. He now takes {}.", NO, YES),
    ("He was weaned off {} last year; {} is taken daily.", NO, YES),
    ("{} was discontinued in favor of {}.", NO, YES),
    ("He discontinued {} and was placed on {}.", NO, YES),
    ("{} has been discontinued, while {} is continued.", NO, YES),
    ("He takes {} only; he does not take {}.", YES, NO),
    ("He continues {}, but {} was stopped.", YES, NO),
    ("He could not tolerate {} and was switched to {}.", NO, YES),
    ("Past medications: {}. Current medications: {}.", NO, YES),
    ("Previous medications included {}; current medications include {}.", NO, YES),
    ("{} (discontinued), {} (current).", NO, YES),
    ("He no longer needs {} since starting {}.", NO, YES),
    ("He has been off {} since March.", NO),
    ("He has discontinued {}.", NO),
    ("He takes {} and has stopped {}.", YES, NO),
    ("He quit {} last month but still uses {}.", NO, YES),
    ("He is taking {}. He is not taking {}.", YES, NO),
    ("He previously took {}; he presently takes {}.", NO, YES),
    ("Formerly on {}, he is now on {}.", NO, YES),
    ("{} was stopped. {} was continued.", NO, YES),
    ("He takes {} as {} caused nausea and was stopped.", YES, NO),
    ("{}: d/c'd. {}: continue.", NO, YES),
    ("He ran out of {} but has {}.", ANY, YES),
    ("He was changed from {} to {}.", NO, YES),
    ("{} was discontinued last year.", NO),
    ("He stopped using {} two years ago.", NO),
    ("He is weaning off {}.", YES),
    ("He used to take {}, now takes {}.", NO, YES),
    ("{} has been stopped because of nausea, and {} has been started.", NO, YES),
    ("He takes {}, having stopped {}.", YES, NO),
    ("{} is no longer used. {} is used daily.", NO, YES),
    ("He has been without {} since March but takes {}.", NO, YES),
    ("He tried {} in 2012; currently he uses {}.", ANY, YES),
    ("{} did not help and was stopped; {} is taken daily.", NO, YES),
    ("{} did not help and was discontinued.", NO),
    ("He has never taken {}; he takes {}.", NO, YES),
    ("{} was tapered and stopped.", NO),
    ("Not taking {}.", NO),
    ("Medications: {} (stopped), {}.", NO, YES),
    ("Stop {}. Continue {}.", ANY, YES),
]
STUDIES_OF_SEVERAL = [
    ("{} and {} were normal, but {} was abnormal.", (NO, YES), (NO, YES), (YES, YES)),
    ("Neither {} nor {} showed any abnormality.", (NO, YES), (NO, YES)),
    ("{} and {} were done. Both were normal.", (NO, YES), (NO, YES)),
    ("{} and {} were obtained. Both were abnormal.", (YES, YES), (YES, YES)),
    ("{} was within normal limits; {} was not.", (NO, YES), (YES, YES)),
    ("{} dated 3/4/2014 was normal, and {} dated 5/6/2014 was abnormal.", (NO, YES), (YES, YES)),
    ("{} (3/4/2014): normal. {} (5/6/2014): abnormal.", (NO, YES), (YES, YES)),
    ("{}: negative; {}: positive.", (NO, YES), (YES, YES)),
    ("{} did not show any abnormality.", (NO, YES)),
    ("{} demonstrated no abnormalities.", (NO, YES)),
    ("{} failed to show any abnormality, whereas {} was abnormal.", (NO, YES), (YES, YES)),
    ("{} was reported as normal.", (NO, YES)),
    ("{} was read as negative, {} as positive.", (NO, YES), (YES, YES)),
    ("{} was essentially normal, as was {}.", (NO, YES), (NO, YES)),
    ("{} was unremarkable, as were {}.", (NO, YES), (NO, YES)),
    ("{} showed no evidence of fracture or dislocation.", (NO, YES)),
    ("{} and {}, both normal, were reviewed.", (NO, YES), (NO, YES)),
    ("{} had normal findings, {} abnormal findings.", (NO, YES), (YES, YES)),
    ("{} has been completed, {} is pending.", (NOTHING, YES), (NOTHING, NOTHING)),
    ("{} has not been done. {} was normal.", (NOTHING, NO), (NO, YES)),
    ("There are no {} or {} on file.", (NOTHING, ANY), (NOTHING, ANY)),
    ("{} was requested because {} was normal.", (NOTHING, NOTHING), (NO, YES)),
    ("{} was abnormal, so {} was requested.", (YES, YES), (NOTHING, NOTHING)),
    ("{} is requested to follow up an abnormal {}.", (NOTHING, NOTHING), (YES, YES)),
    ("{} was negative for fracture. {} is requested.", (NO, YES), (NOTHING, NOTHING)),
    ("{} was negative but {} was positive.", (NO, YES), (YES, YES)),
    ("{} and {} revealed no abnormalities.", (NO, YES), (NO, YES)),
    ("{} was normal, {} was abnormal, and {} was normal.", (NO, YES), (YES, YES), (NO, YES)),
    ("Normal {} and abnormal {} were noted.", (NO, YES), (YES, YES)),
    ("He had a normal {} and an abnormal {}.", (NO, YES), (YES, YES)),
    ("{} from 2012 was normal; {} from 2014 was abnormal.", (NO, YES), (YES, YES)),
    ("{} was abnormal, but {} was not.", (YES, YES), (NO, YES)),
    ("According to the report, {} was normal.", (NO, YES)),
    ("{} has been requested but not done.", (NOTHING, NO)),
    ("{} was recommended. {} had been done and was normal.", (NOTHING, NOTHING), (NO, YES)),
    ("{} has been ordered; {} was normal.", (NOTHING, NOTHING), (NO, YES)),
    ("He has not had {} since the injury, but {} was normal.", (NOTHING, NO), (NO, YES)),
    ("No {} was done, though {} was normal.", (NOTHING, NO), (NO, YES)),
    ("{} was reviewed and is normal.", (NO, YES)),
    ("{}: WNL. {}: abnormal.", (NO, YES), (YES, YES)),
    ("{} negative. {} positive.", (NO, YES), (YES, YES)),
    ("{} normal, {} abnormal.", (NO, YES), (YES, YES)),
]

OF_SEVERAL = [
    (form, things, columns, expected)
    for forms, things, columns in (
        (TESTS_OF_SEVERAL, SIGNS, ["has_{}"]),
        (FINDINGS_OF_SEVERAL, COMPLAINTS, ["has_{}"]),
        (RESULTS_OF_SEVERAL, THERAPIES, ["is_{}_helpful", "has_{}"]),
        (CARE_OF_SEVERAL, CARE, ["has_{}", "is_{}_planned"]),
        (DRUGS_OF_SEVERAL, MEDICATIONS, ["has_drug_{}"]),
        (IN_USE_OF_SEVERAL, DRUGS, ["is_{}_in_use"]),
        (STUDIES_OF_SEVERAL, STUDIES, ["is_{}_abnormal", "has_{}"]),
    )
    for form, *expected in forms
]


@pytest.mark.parametrize(("form", "things", "columns", "expected"), OF_SEVERAL)
def test_each_of_several(form: str, things: dict[str, str], columns: list[str], expected: list[Any]) -> None:
    for several in permutations(things, len(expected)):
        text = form.format(*several)
        said = read_record(text[0].upper() + text[1:]).said
        for one, values in zip(several, expected, strict=True):
            for column, value in zip(
                columns, values if isinstance(values, tuple) else (values,), strict=True
            ):
                assert value is ANY or said.get(column.format(things[one])) == value, (text, one, column)
