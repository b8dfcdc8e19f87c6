from __future__ import annotations

import pytest

from imr_ml.extracting.requests.body import find_spinal_levels
from imr_ml.extracting.requests.drugs import find_strengths
from imr_ml.extracting.requests.quantities import (
    CLUE,
    find_duration_days,
    find_measure,
    find_quantity,
    find_refills,
    find_sessions,
    plain_and_clues,
    plain_numbers,
)

PLAIN = [
    ("Eight (8) sessions", "8 sessions"),
    ("two (2) times a week for four (4) weeks", "2 times a week for 4 weeks"),
    ("2-3 times a week for 6 to 8 weeks", "3 times a week for 8 weeks"),
    ("once a week", "1 times a week"),
    # numbers of several words, and words of several numbers
    ("One hundred and twenty tablets", "120 tablets"),
    ("one-hundred-twelve (112) tablets", "112 tablets"),
    ("#two hundred", "#200"),
    ("a hundred visits, 3 hundred and two grams", "100 visits, 302 grams"),
    ("twenty four visits, Sixty\nFive pads", "24 visits, 65 pads"),
    ("one hundred 10mg tablets, one hundredth", "100 10mg tablets, 1 hundredth"),
    ("twenty, four refills; thirty one tab daily", "20, 4 refills; 30 1 tab daily"),
    # a range of levels, a strength and a directive are no ranges of visits
    ("L4-5 and 5-325mg, 1-2 tabs", "l4-5 and 5-325mg, 1-2 tabs"),
    ("Norco\n 10/325mg", "norco 10/325mg"),
]


@pytest.mark.parametrize(("text", "expected"), PLAIN)
def test_numbers_are_written_one_way(text: str, expected: str) -> None:
    assert plain_numbers(text) == expected


QUANTITIES = [
    ("Norco 10/325mg #120", 120),
    ("Norco 10/325 mg, # 90", 90),
    ("Norco 10/325mg #120, 1 tab by mouth every 6 hours as needed", 120),
    ("Percocet 5/325mg qty: 60.00", 60),
    ("Percocet 5/325mg quantity of 60", 60),
    ("Tramadol 50 mg, 60 tablets", 60),
    ("Naproxen 550mg (60 count)", 60),
    ("Terocin lotion 120ml", 120),
    ("Ketoprofen 20% cream, 167 grams", 167),
    ("Lidocaine ointment 5% 106.32gm", 106.32),
    ("Fanatrex 25mg/ml oral suspension 420ml", 420),
    ("Lidopro 4%-27.5% 121gm #1", 1),
    ("Lidoderm patch, #1 box with 1 refill", 1),
    ("Celebrex 200mg #1,000", 1000),
    ("Two refills of Ibuprofen 600mg #90", 90),
    ("Norco 10/325mg #60 x 3 months", 60),
    ("Remeron 15 mg qhs (30)", 30),
    ("Lidocaine cream, 2 tubes 60 gm each", 2),
    ("Gabapentin one hundred eighty (180)", 180),
    ("Gabapentin three (3) a day", None),
    # one fill counts, or the total that is told
    ("Percocet #30 x 3 QTY 60.00", 60),
    ("Percocet #45 x2 (total of 90)", 90),
    ("Percocet #45 tablets x 2 = 90", 90),
    ("Percocet 5/325mg #30 x 2", 30),
    ("Percocet #30 x 2, Soma 350mg qty 90", 30),
    ("Percocet #30 x 2 months", 30),
    ("Percocet #30 x 2 refills, qty 30", 30),
    ("Three prescriptions of Percocet 5/325mg #60", 60),
    ("Ultram 50 mg, 3 bottles of 60", 180),
    ("Lidoderm 5% patch, 2 boxes (30 patches each)", 60),
    ("Lidoderm 5% patch #10 x 3 boxes", 30),
    ("Lidoderm 2 boxes (1.8%)", 2),
    # tubes of a weight are counted; else the weight is
    ("Pennsaid 112 gm #2", 2),
    ("Voltaren gel #100 gm x 3 tubes", 3),
    ("Terocin lotion, 2 bottles of 120 ml", 2),
    ("Dendracin lotion 8 oz", 8),
    # nothing is counted
    ("Norco 10/325mg, 1-2 tabs orally every 4-6 hours", None),
    ("Ultram 50mg, one tablet twice a day", None),
    ("Norco 10/325mg #30 day supply", None),
    ("Deprizine (unknown quantity)", None),
    ("Synapryn 10mg/1ml oral suspension", None),
    ("Cefazolin 2 gm IV", None),
    ("Cefazolin 1g intramuscularly, 2 vials", 2),
    ("Dexamethasone 4mg/ml", None),
]


@pytest.mark.parametrize(("text", "expected"), QUANTITIES)
def test_quantity_of_a_drug(text: str, expected: float | None) -> None:
    assert find_quantity(plain_numbers(text), is_drug=True) == expected


MEASURES = [
    ("lidocaine 4% 85.05gm", "g"),
    ("ketoprofen 10% cream 180 grams", "g"),
    ("gabapentin 6% cream, quantity 120 gm", "g"),
    ("capsaicin liquid 60ml", "ml"),
    ("menthol lotion 4 ounces", "oz"),
    # Tablets and tubes are counted, whatever one of them weighs.
    ("naproxen 500mg #60", None),
    ("sucralfate 1 gm #120", None),
    ("diclofenac gel 100gm x 3 tubes", None),
    ("lidocaine patch 5% 30 patches", None),
]


@pytest.mark.parametrize(("text", "expected"), MEASURES)
def test_what_is_measured_out_is_told_from_what_is_counted(text: str, expected: str | None) -> None:
    plain = plain_numbers(text)
    quantity = find_quantity(plain, is_drug=True)
    assert quantity is not None
    assert find_measure(plain, quantity, is_drug=True) == expected


def test_another_quantity_has_no_measure() -> None:
    assert find_measure("lidocaine 4% 85.05gm", 30, is_drug=True) is None


OTHER_QUANTITIES = [
    ("1 knee scooter", 1),
    ("Urine drug screen x 4", 4),
    ("MRI of the lumbar spine times 1", 1),
    ("NCV of the bilateral lower extremities, 2", 2),
    ("Electrodes #8", 8),
    ("Electrodes 4 units", 4),
    # a model's number
    ("OrthoStim 4 unit", None),
    ("3 phase bone scan", None),
    ("2 level fusion", None),
    ("Cold therapy unit x 7 days", None),
    ("One year gym membership", None),
]


@pytest.mark.parametrize(("text", "expected"), OTHER_QUANTITIES)
def test_quantity_of_another_thing(text: str, expected: float | None) -> None:
    assert find_quantity(plain_numbers(text), is_drug=False) == expected


def test_a_number_in_a_name_is_no_quantity() -> None:
    assert find_quantity("tylenol #3 #60", is_drug=True, skip=((0, 10),)) == 60


REFILLS = [
    ("Ibuprofen 600mg #90 with 2 refills", 2),
    ("Ibuprofen 600mg #90 with two (2) refills", 2),
    ("Mobic 15mg #30, refills: 3", 3),
    ("Mobic 15mg #30 refill x 2", 2),
    ("Three refills of Voltaren 75mg #60", 3),
    ("OxyContin 80mg #90 with 0 refills", 0),
    ("OxyContin 80mg #90, no refills", 0),
    ("Mobic 15mg #30, Rfl: 0", 0),
    ("Mobic 15mg #30 RFL x 1", 1),
    ("Mobic 15mg #30 2RFs", 2),
    ("Mobic 15mg #30, RFs 2", 2),
    ("Mobic 15mg #30, no RFs", 0),
    ("Mobic 15mg #30 refill times two", 2),
    ("Mobic 15mg #30 with two more refills", 2),
    ("Mobic 15mg #30 with refills (2)", 2),
    ("Mobic 15mg #30, refills: none", 0),
    ("Norco with refills", None),
    ("Intrathecal pump refill", None),
    ("Norco 10/325mg #90", None),
]


@pytest.mark.parametrize(("text", "expected"), REFILLS)
def test_refills(text: str, expected: int | None) -> None:
    assert find_refills(plain_numbers(text)) == expected


SESSIONS = [
    ("Physical therapy 2x6", 12),
    ("Physical therapy 2 x 6 weeks, lumbar spine", 12),
    ("Physical therapy 2xwk x 6wks right knee", 12),
    ("PT 2x/wk for 4 wks", 8),
    ("Physical therapy 2 times per week times 6 weeks", 12),
    ("Infrared heat two times a week times six weeks", 12),
    ("Physical therapy two (2) times a week for four (4) weeks", 8),
    ("Physical therapy, 1-2 times weekly for 4-6 weeks", 12),
    ("PT/OT two to three times a week for six to eight weeks", 24),
    ("Physical therapy for 6 weeks, 2 times per week", 12),
    ("Acupuncture once a week x 8 weeks", 8),
    ("Group psychotherapy weekly for 6 weeks", 6),
    ("Physical therapy 3 times a week for 1 month", 12),
    ("Office visits once a month for 6 months", 6),
    ("Physical therapy 3 times a week for 2 weeks then 2 times a week for 2 weeks", 10),
    # a total counts, whatever the rate
    ("Six sessions of acupuncture one time a week for six weeks", 6),
    ("Physical therapy 2 times a week for 6 weeks (12 sessions)", 12),
    ("Additional physical therapy 2 times a week for 4 weeks (8)", 8),
    ("Twelve manual acupuncture visits (15 mins), 2 times weekly for 6 weeks", 12),
    ("Physical therapy 2 sessions per week for 6 weeks", 12),
    ("Physical therapy, total of 18", 18),
    ("6-8 sessions of massage", 8),
    ("two physical therapy sessions for the neck and eight physical therapy sessions for the wrist", 10),
    ("Acupuncture sessions lumbar spine #6", 6),
    ("Physical therapy, times 12", 12),
    ("Chiropractic manipulation x 8", 8),
    ("Physical therapy (12)", 12),
    ("Terapia fisica 2 veces por semana por 6 semanas", 12),
    # digits that stand in brackets alone
    ("Physical therapy (2) times weekly for (3) weeks", 6),
    ("Acupuncture (2) x per week x (4) weeks", 8),
    ("Physical therapy (2) sessions per week for (4) weeks", 8),
    ("Physical therapy (2-3) times per week for (4-6) weeks", 18),
    ("Physical therapy [2] times a week for [6] weeks", 12),
    ("PT (2)x(6)", 12),
    ("Physical therapy two to three (2-3) times a week for four to six (4-6) weeks", 18),
    ("Physical therapy two times (2x) per week for six weeks (6 wks)", 12),
    # ranges without a unit
    ("PT 2-3x4-6", 18),
    ("PT 2-3/wk x 4-6 wks", 18),
    ("PT x 6-8", 8),
    ("Psychotherapy one hundred visits", 100),
    ("Psychotherapy twenty four (24)", 24),
    # weeks left out
    ("Physical therapy every other week for 12 weeks", 6),
    ("Acupuncture once every 2 weeks for 8 weeks", 4),
    ("Psychotherapy q2 weeks x 3 months", 6),
    ("Chiropractic, for 12 weeks, every other week", 6),
    ("Psychotherapy 1 session every other week for 3 months", 6),
    ("Psychotherapy, 6 sessions every two weeks", 6),
    ("Massage every other month for 1 year", 6),
    ("Acupuncture on alternate weeks for 8 weeks", 4),
    ("Acupuncture weekly for 3 months", 12),
    ("Office visits monthly x 6 months", 6),
    ("Office visits every 3 months", None),
    # a part of what was asked for
    ("Additional 6 of 12 requested PT visits", 6),
    ("Six of the twelve acupuncture visits", 6),
    ("4 out of 8 chiropractic sessions", 4),
    # a rate with words inside, and a total
    ("Four visits of acupuncture a month for three months", 12),
    ("One session of massage weekly for 6 weeks", 6),
    ("Two sessions of physical therapy per week for 5 weeks", 10),
    ("Six sessions of acupuncture weekly for six weeks", 6),
    ("12 visits of physical therapy, 2 times a week for 6 weeks", 12),
    ("Weekly psychotherapy for three months", 12),
    ("Monthly psychotherapy for 6 months", 6),
    ("Psychotherapy sessions, 20 minutes, weekly, 6 months", 24),
    ("Chiropractic trial of 6 visits, then 6 more", 12),
    ("Weekly office visits", None),
    ("Four weekly sessions of hypnotherapy", 4),
    ("2 weekly sessions of physical therapy for 6 weeks", 12),
    # by the day
    ("Occupational therapy daily x 8 days", 8),
    ("Daily chiropractic care for 5 days", 5),
    ("Wound care, twice a day for 7 days", 14),
    ("Home nurse 3 hours daily x 7 days", None),
    ("Home nurse 3 hours a day for 7 days", None),
    ("Daily nurse for 3 weeks", None),
    # a stroke for "times a week"
    ("OT 3x/4wks", 12),
    ("Office visit 1x/6wks", None),
    # none is stated
    ("Physical therapy", None),
    ("Physical therapy 2 times a week", None),
    ("Functional restoration program, 10 days", None),
    ("Cold therapy, 30 day rental", None),
    ("Physical therapy, 30 minute sessions", None),
    ("Level 4 office visit", None),
]


@pytest.mark.parametrize(("text", "expected"), SESSIONS)
def test_sessions(text: str, expected: int | None) -> None:
    assert find_sessions(plain_numbers(text), counts_visits=True) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Norco 10/325mg #120, 1 tablet 3 times a day",
        "TENS unit, 30 day rental",
        "MRI of the lumbar spine x 2",
        "Voltaren gel apply 4 times a day",
    ],
)
def test_what_is_not_given_in_visits_has_no_sessions(text: str) -> None:
    assert find_sessions(plain_numbers(text), counts_visits=False) is None


DURATIONS = [
    ("Cold therapy unit, 30 day rental", 30),
    ("Hospital bed for two weeks", 14),
    ("Gym membership x 6 months", 180),
    ("One year gym membership", 365),
    ("Norco #30 day supply", 30),
    ("OT 3x/4wks", 28),
    # what follows another time is added to it
    ("Acupuncture 2 x week x 3 weeks, then 1 x week x 4 weeks", 49),
    ("Physical therapy 3 x 4 weeks followed by 2 x 2 weeks", 42),
    ("H-wave 30 day trial, then purchase", 30),
    ("Chiropractic for 6 weeks, then re-evaluation in 8 weeks", 42),
    ("Physical therapy 2 x 4 weeks and chiropractic 1 x 6 weeks", 42),
    # neither an age, nor a date to come, nor a frequency
    ("48 year old", None),
    ("Follow-up visit in 4 weeks", None),
    ("Home care 7 days per week", None),
    ("Botox every 3 months", None),
]


@pytest.mark.parametrize(("text", "expected"), DURATIONS)
def test_duration(text: str, expected: int | None) -> None:
    assert find_duration_days(plain_numbers(text)) == expected


_OTHERS = [
    "Facet joint injections L4-5, L 5 - S 1",
    "Xyzal 5 mg",
    "Fentanyl 25 µg/hr",
    "Voltaren 1 %",
    "Visits 2 (two) x (6)",
    "Physical therapy 2w(6) weeks",
    "Orphenadrine 100 mg x(60), 2\xa0refills",
    "Sessions (2)-(3) per week for 4 wks",
]


@pytest.mark.parametrize(
    "text",
    [
        *(text for text, _ in [*PLAIN, *QUANTITIES, *OTHER_QUANTITIES, *REFILLS, *SESSIONS, *DURATIONS]),
        *_OTHERS,
    ],
)
def test_clues_hide_nothing(text: str) -> None:
    plain, clues = plain_and_clues(text)
    for is_drug in (True, False):
        found = find_quantity(plain, is_drug=is_drug, clues=clues)
        assert (
            found == find_quantity(plain, is_drug=is_drug) == find_quantity(plain, is_drug=is_drug, clues=-1)
        )
    for counts_visits in (True, False):
        # Whether visits are named is more than a clue.
        all_but_visits = clues | ~CLUE["visit"]
        found_visits = find_sessions(plain, counts_visits=counts_visits, clues=clues)
        assert found_visits == find_sessions(plain, counts_visits=counts_visits)
        assert found_visits == find_sessions(plain, counts_visits=counts_visits, clues=all_but_visits)
    for clue, stated in {
        "refill": find_refills(plain) is not None,
        "length": find_duration_days(plain) is not None,
        "level": bool(find_spinal_levels(text)),
        "dose": bool(find_strengths(text, [])),
    }.items():
        assert clues & CLUE[clue] or not stated, clue
