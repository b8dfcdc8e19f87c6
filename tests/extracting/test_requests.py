from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imr_ml.extracting.requests.request import RequestFacts, names_several_drugs, read_request_facts
from imr_ml.extracting.requests.treatments import classify_treatment

with (Path(__file__).parent / "requests.csv").open(encoding="utf-8", newline="") as file:
    INVENTED = list(csv.DictReader(file))


@pytest.mark.parametrize("row", INVENTED, ids=lambda row: row["request"][:60])
def test_invented_requests(row: dict[str, str]) -> None:
    facts = read_request_facts(row["request"])
    category, subcategory = classify_treatment(row["request"])
    found = {
        "request": row["request"],
        "category": category or "",
        "subcategory": subcategory or "",
        "drug_generic": ";".join(facts.drug_generics),
        "drug_class": ";".join(facts.drug_classes),
        "strength": ";".join(facts.strengths),
        "quantity": "" if facts.quantity is None else f"{facts.quantity:g}",
        "refills": "" if facts.refills is None else str(facts.refills),
        "sessions": "" if facts.sessions is None else str(facts.sessions),
        "body_part": ";".join(facts.body_parts),
        "laterality": facts.laterality or "",
        "prefix": ";".join(facts.prefixes),
    }
    assert found == row


SHARES = [
    # part in dispute, original request -> share
    ("Home aide 6 hours a day, 5 times a week", "Home aide 12 hours a day, 5 times a week", 0.5),
    ("CT at level 4", "CT at level 5", None),
    ("Acupuncture x 6 for the neck", "Acupuncture x 6 for the neck and back", None),
    ("Baclofen 10mg #3", "Baclofen 10mg #30", 0.1),
    ("Physical therapy six sessions", "Physical therapy 2 times a week for 6 weeks (12 sessions)", 0.5),
    # refills on top of a first fill that was granted
    ("Two refills of Ibuprofen 600mg #90", "Ibuprofen 600mg #90 with 2 refills", 2 / 3),
    ("Acupuncture (unspecified quantity)", "Acupuncture (unspecified quantity)", None),
    ("Physical therapy", "Physical therapy 12 sessions", None),
    ("Norco 10/325mg #60", None, None),
    ("Norco 10/325mg #60", "Norco 10/325mg #120 and physical therapy 2 x 6", 0.5),
    ("Physical therapy 2 x 3", "Norco 10/325mg #120 and physical therapy 2 x 6", 0.5),
    # what the heading itself says was authorized
    ("12 PT visits, 8 certified", None, 1 / 3),
    ("Physical therapy 2x6 (UR certified 6)", None, 0.5),
    ("12 sessions of physical therapy (9 certified, 3 denied)", None, 0.25),
    ("Norco #120, modified to #90", None, 0.25),
    ("Lidocaine 5% cream 180gm (modified to 60gm)", None, 2 / 3),
    ("Norco 10/325mg #90, certified 2 refills", None, None),
    ("12 PT visits, previously authorized 24", None, None),
]


@pytest.mark.parametrize(("disputed", "original", "share"), SHARES)
def test_share_in_dispute(disputed: str, original: str | None, share: float | None) -> None:
    found = read_request_facts(disputed, original).share_in_dispute
    assert found == (None if share is None else pytest.approx(share))


def test_amounts_are_of_the_part_in_dispute_and_the_rest_of_the_whole_heading() -> None:
    facts = read_request_facts("six sessions", "Retrospective physical therapy 12 sessions, right knee")
    assert (facts.sessions, facts.body_parts, facts.laterality) == (6, ("knee",), "right")
    assert facts.prefixes == ("retrospective",)


def test_what_drug_names_hold_is_no_level() -> None:
    assert read_request_facts("T3 #60").spinal_levels == read_request_facts("T3 #60").body_parts == ()
    assert read_request_facts("T3 nerve block").spinal_levels == ("T3",)


@pytest.mark.parametrize(
    ("text", "is_purchase"),
    [
        ("TENS unit purchase", True),
        ("Terocin patches and TENS unit purchase", True),
        # a drug is always bought
        ("Pharmacy purchase of Gabapentin 300mg #90", False),
        ("Purchase of Norco 10/325mg", False),
        ("Gabapentin 300mg #90", False),
    ],
)
def test_a_purchase_is_of_what_could_be_rented(text: str, is_purchase: bool) -> None:
    assert read_request_facts(text).is_purchase is is_purchase


@pytest.mark.parametrize(
    ("text", "are_several"),
    [
        ("Norco 10/325mg #60", False),
        ("Fioricet #60", False),
        ("LidoPro ointment", False),
        ("Norco (hydrocodone/acetaminophen) 10/325 #60", False),
        ("Hydrocodone 10mg/acetaminophen 325mg #60", False),
        ("Flurbiprofen 20%, Baclofen 5%, Menthol 2% in cream base", False),
        ("MRI of the neck", False),
        ("Norco 10/325mg #60, Soma 350mg #30", True),
        # they share an ingredient
        ("Norco 10/325 #60 and Percocet 5/325 #30", True),
    ],
)
def test_ingredients_of_one_drug_are_no_several_drugs(text: str, are_several: bool) -> None:
    assert names_several_drugs(text) is are_several


PREFIXES = [
    ("Associated surgical service: Cold therapy unit", ("associated surgical service",)),
    ("Pre-operative EKG", ("pre-op",)),
    ("Preoperative EKG", ("pre-op",)),
    ("Post-op physical therapy", ("post-op",)),
    ("Continue physical therapy", ("continued",)),
    ("Eight additional sessions of physical therapy", ("additional",)),
    ("Initial exam", ("initial",)),
    ("Retrospective continued use of Norco", ("retrospective", "continued")),
    ("Post office box", ()),
]


@pytest.mark.parametrize(("text", "expected"), PREFIXES)
def test_prefixes(text: str, expected: tuple[str, ...]) -> None:
    assert read_request_facts(text).prefixes == expected


ORDINALS = [
    ("Cervical epidural #2", None),
    ("Repeat transforaminal ESI #3 at C5-6", None),
    ("Epidural steroid injections #3", 3),
    ("Transforaminal ESI at C5-6, #3", 3),
    ("Lumbar ESI x 2", 2),
    ("Lumbar ESI #1", 1),
    ("Synvisc injection #3", 3),
    # vertebrae
    ("Medial branch block at C4, 5, 6", None),
    ("Medial branch block at C4, 2", 2),
]


@pytest.mark.parametrize(("text", "quantity"), ORDINALS)
def test_which_injection_and_where_is_no_number_of_them(text: str, quantity: float | None) -> None:
    assert read_request_facts(text).quantity == quantity


def test_visits_of_several_services_are_added() -> None:
    assert read_request_facts("CBT 6 and biofeedback 6").sessions == 12
    assert read_request_facts("PT #6 and OT #6").sessions == 12
    assert read_request_facts("Acupuncture, initial trial of 6, then 12 more").sessions == 18
    assert read_request_facts("Acupuncture x 6 and MRI x 1").sessions == 6
    assert read_request_facts("Physical therapy for L4-5 and L5-S1 x 12").sessions == 12
    assert read_request_facts("Physical therapy x 6 for the neck and back").sessions == 6


BESIDE = [
    # request -> quantity, sessions
    ("Percocet 5/325mg #90 with follow-up visit in 6 weeks", 90, None),
    ("Follow-up visit and Percocet 5/325mg #90", 90, None),
    ("Pain management consult and Percocet, qty 90", 90, None),
    ("Psychiatric follow up with Lexapro 10mg #30", 30, None),
    ("Robaxin 750mg #60 and physical therapy 2 x 6", 60, 12),
    ("6 visits of acupuncture, Percocet 5/325mg one hundred and ten tablets and Mobic 15mg", 110, 6),
    ("Percocet 5/325mg and physical therapy 2 x 6", None, 12),
    ("Physical therapy 8 visits, Percocet 5/325mg #60, MRI x 1", 60, 8),
    ("Tylenol #4 #60 and two office visits", 60, 2),
    ("CBT 6 and biofeedback 4, Lexapro 10mg #30", 30, 10),
    # a drug that goes in by the treatment, or only stands beside it
    ("Iontophoresis with dexamethasone #6", None, 6),
    ("Acupuncture with menthol patch, 2 times weekly for 5 weeks", None, 10),
    ("Percocet, office visit, #60", 60, None),
    ("Enbrel 50mg pen, 4 pens per month", 4, None),
    # nor is the number of another thing one of visits
    ("CT scan x 2 and follow-up visit", 2, None),
    ("Euflexxa injections x 3 and follow-up visit", 3, None),
    ("CT scan x 1 and 6 physical therapy visits", None, 6),
    ("Physical therapy x 12 visits", None, 12),
]


@pytest.mark.parametrize(("text", "quantity", "sessions"), BESIDE)
def test_drugs_and_visits_keep_their_own_numbers(
    text: str, quantity: float | None, sessions: int | None
) -> None:
    facts = read_request_facts(text)
    assert (facts.quantity, facts.sessions) == (quantity, sessions)


def test_visits_are_counted_for_what_is_given_in_visits() -> None:
    assert read_request_facts("Associated surgical service: Physical therapy, times 12").sessions == 12
    assert read_request_facts("Home aide 6 hours per day, 5 times a week for 4 weeks").sessions == 20
    assert read_request_facts("Ultrasound 1 times 8").sessions == 8
    assert read_request_facts("Urine drug screen x 4").sessions is None
    assert read_request_facts("Norco 10/325mg #60, 2 times a day for 4 weeks").sessions is None


BAD = [
    "",
    " ",
    "?",
    "Norco",
    "request",
    "#",
    "%" * 300,
    "x" * 2000,
    "9" * 2000,
    "10/325" * 400,
    "two times a week for " * 100,
    "physical therapy sessions " * 80,
    "Norco 10/325mg #120 " * 100,
    "a " * 1000,
    "((((((((((" * 50,
    "\x00\u200b\ud7ff İß½",
]


@pytest.mark.parametrize("text", BAD)
def test_bad_requests_raise_nothing(text: str) -> None:
    assert isinstance(read_request_facts(text), RequestFacts)
    assert classify_treatment(text)[0] is None or text.strip()


@pytest.mark.parametrize(
    "text", ["", "request", "as discussed with the patient", "lo solicitado por el doctor"]
)
def test_nothing_is_invented(text: str) -> None:
    assert read_request_facts(text) == RequestFacts()


def test_ten_drugs_in_one_request() -> None:
    facts = read_request_facts(
        "Norco 10/325mg #60, Flexeril 7.5mg #60, naproxen 550mg #60, omeprazole 20mg #60, "
        "gabapentin 300mg #90, Ambien 10mg #30, "
        "Xanax 1mg #30, Cymbalta 60mg #30, Zofran 4mg #10, Colace 100mg #60"
    )
    assert len(facts.drug_generics) == 11
    assert len(facts.drug_classes) == 10
    assert facts.strengths == (
        "10/325mg",
        "7.5mg",
        "550mg",
        "20mg",
        "300mg",
        "10mg",
        "1mg",
        "60mg",
        "4mg",
        "100mg",
    )
    assert not facts.is_compound


@pytest.mark.parametrize(
    "text",
    [
        "Norco 10/325mg #120 with 1 refill",
        "Physical therapy 2 times a week for 6 weeks, left knee",
        "MRI of the neck",
    ],
)
def test_case_and_spacing_change_no_fact(text: str) -> None:
    facts = read_request_facts(text)
    for other in (text.upper(), text.lower(), text.replace(" ", "  \n ")):
        again = read_request_facts(other)
        assert again._replace(strengths=()) == facts._replace(strengths=())
        assert [one.lower() for one in again.strengths] == [one.lower() for one in facts.strengths]


PIECES = (
    "norco 10/325mg # 120 2 x 6 times a week for ( ) sessions physical therapy % cream mg left L4-5 "
    "refills to - , of eight pre-op injection / ."
)


@settings(max_examples=150)
@given(st.lists(st.sampled_from(PIECES.split()), max_size=25))
def test_any_mixture_of_request_words_is_read(pieces: list[str]) -> None:
    text = " ".join(pieces)
    facts = read_request_facts(text)
    assert facts == read_request_facts(text + " ")
    assert facts.quantity is None or facts.quantity >= 0
    if not any(character.isdigit() for character in text) and "eight" not in pieces:
        assert facts.quantity is None
        assert facts.sessions is None
        assert facts.refills is None


def test_what_was_authorized_leaves_a_share_in_dispute() -> None:
    facts = read_request_facts("Opana 10mg #90 (modified to #60 for weaning)")
    assert (facts.quantity, facts.share_in_dispute) == (30.0, pytest.approx(1 / 3))
    assert read_request_facts("Opana 10mg #90 (approved)").share_in_dispute is None
