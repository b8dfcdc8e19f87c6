"""What is told of one test, complaint, treatment, drug or study of a sentence is not told of the other."""

from __future__ import annotations

from itertools import permutations

import pytest

from imr_ml.extracting.summary_tables import read_record

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
DRUGS = {"Norco": "opioid", "naproxen": "nsaid"}
STUDIES = {"MRI of the lumbar spine": "mri", "X-rays": "xray", "EMG/NCV": "electrodiagnostics"}
YES, NO, NOTHING = 1.0, 0.0, None


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
