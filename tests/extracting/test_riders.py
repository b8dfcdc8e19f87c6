from __future__ import annotations

import pytest

from imr_ml.extracting.lexicon import words
from imr_ml.extracting.requests.riders import COURSES, course_of, find_riders, laterality_of
from imr_ml.resources import read_rows

RIDERS = [
    ("TENS unit (rental or purchase)", "supply", ("rental", "purchase")),
    ("TENS unit", "supply", ()),
    ("Right L4 epidural injection under fluoroscopic guidance", "guidance", ("fluoroscopy",)),
    ("Ultrasound guided injection", "guidance", ("ultrasound",)),
    ("Ultrasound of the shoulder", "guidance", ()),
    ("Epidural injection under IV sedation", "anesthesia", ("yes",)),
    ("MRI with and without contrast", "contrast", ("with and without",)),
    ("MRI w/o contrast", "contrast", ("without",)),
    ("MRI with contrast", "contrast", ("with",)),
    ("MRI without delay", "contrast", ()),
    ("Associated surgical service: Cold therapy unit", "prefix", ("associated surgical service",)),
    ("Pre-operative EKG", "prefix", ("pre-op",)),
    ("Preoperative EKG", "prefix", ("pre-op",)),
    ("Eight additional sessions", "prefix", ("additional",)),
    ("Retrospective continued use of Norco", "prefix", ("retrospective", "continued")),
    ("Post office box", "prefix", ()),
    ("Norco #60 with 2 additional refills", "prefix", ()),
]


@pytest.mark.parametrize(("text", "fact", "values"), RIDERS)
def test_riders(text: str, fact: str, values: tuple[str, ...]) -> None:
    assert find_riders(words(text)).get(fact, ()) == values


SIDES = [
    ("MRI of the left hip", "left"),
    ("Rt. knee brace", "right"),
    ("MRI shoulder (R)", "right"),
    ("EMG of the bilateral upper extremities", "bilateral"),
    ("both knees", "bilateral"),
    ("right and left wrist splints", "bilateral"),
    ("EMG BLE", "bilateral"),
    ("PT right lower leg, left hand", "left;right"),
    ("rodilla derecha", "right"),
    ("MRI of the lumbar spine", None),
    ("", None),
]


@pytest.mark.parametrize(("text", "side"), SIDES)
def test_laterality(text: str, side: str | None) -> None:
    assert laterality_of(find_riders(words(text)), text) == side


COURSE = [
    ("12 additional visits", "additional"),
    ("repeat MRI", "repeat"),
    ("continue physical therapy", "continued"),
    ("TENS unit 30 day trial", "first"),
    # a repeat of the first course is a repeat
    ("repeat initial evaluation", "repeat"),
    ("2nd lumbar ESI", "repeat"),
    ("Third series of Synvisc injections", "repeat"),
    ("Second opinion with an orthopedic surgeon", None),
    ("2nd surgical opinion", None),
    ("Release of right 2nd and 3rd trigger fingers", None),
    ("1st CMC joint injection", None),
    ("First CMC joint injection, second injection", "repeat"),
    ("first acupuncture course", "first"),
    ("Another 12 sessions of PT", "additional"),
    ("Referral to another physician", None),
    ("More physical therapy 2x4", "additional"),
    ("PT 12 sessions or more", None),
    ("Refill Norco 10/325 #90", "continued"),
    ("Re-fill of tramadol 50mg", "continued"),
    ("Retrospective refill of Soma", "continued"),
    ("Norco with 2 refills", None),
    ("Refills: 2, Norco", None),
    ("Two refills of Soma", None),
    ("Norco #60, 2 more refills", None),
    ("Renewal of gym membership", "continued"),
    # what comes first is not what is asked for
    ("Psych evaluation prior to SCS trial", None),
    ("Psychological clearance for spinal cord stimulator trial", None),
    ("SCS implant after successful trial", None),
    ("Pre-trial psych eval", None),
    ("Extra PT sessions", "additional"),
    ("Tylenol extra strength", None),
    ("SCS trial prior to implantation", "first"),
    ("TENS unit for a 30 day trial", "first"),
    ("Continue PT prior to surgery and a trial of acupuncture", "continued"),
    ("MRI of the neck", None),
]


@pytest.mark.parametrize(("text", "course"), COURSE)
def test_course(text: str, course: str | None) -> None:
    assert course_of(find_riders(words(text))) == course


def test_every_row_is_found_by_its_own_words() -> None:
    values = {"supply": {"rental", "purchase"}, "guidance": {"fluoroscopy", "ultrasound", "ct"}}
    values |= {"anesthesia": {"yes"}, "contrast": {"with", "without", "with and without"}}
    values |= {"nothing": {""}, "later": {""}, "opening": {"continued"}, "ordinal": {"first", "repeat"}}
    values |= {"course": set(COURSES), "side": {"left", "right", "bilateral"}}
    for row in read_rows("lexicons/riders.csv"):
        assert row["value"] in values[row["fact"]], row
        assert row["source"], row
        if row["fact"] == "opening":
            assert find_riders(words(f"{row['phrase']} Norco"))["course"] == (row["value"],), row
        elif row["fact"] == "ordinal":
            assert find_riders(words(f"{row['phrase']} injection"))["course"] == (row["value"],), row
        elif row["fact"] == "later":
            assert find_riders(words(f"{row['phrase']} a stimulator trial")) == {}, row
        else:
            found = find_riders(words(row["phrase"].replace("nth", "second")))
            assert found == {} if row["fact"] == "nothing" else found[row["fact"]] == (row["value"],), row
