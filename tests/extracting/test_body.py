from __future__ import annotations

import pytest

from imr_ml.extracting.lexicon import words
from imr_ml.extracting.requests.body import BODY_PARTS, find_body_parts, find_spinal_levels
from imr_ml.resources import read_rows

PARTS = [
    ("MRI of the cervical spine", ("neck/cervical",)),
    ("MRI of neck and right hand without contrast", ("neck/cervical", "hand")),
    ("MRI of the lumbosacral spine", ("low back/lumbar",)),
    ("Back support", ("low back/lumbar",)),
    ("Upper back massage", ("mid back/thoracic",)),
    ("Spine surgery evaluation", ("spine",)),
    ("cervical, thoracic and lumbar spine", ("neck/cervical", "mid back/thoracic", "low back/lumbar")),
    ("left shoulder, elbow and wrist", ("shoulder", "elbow", "wrist")),
    ("MRI of the fingers of the right hand", ("hand", "finger")),
    ("EMG of the BUE", ("upper extremity",)),
    ("right lower leg", ("lower extremity",)),
    ("Carpal tunnel release", ("wrist",)),
    ("CT of the head", ("head/brain",)),
    ("hearing aids", ("ear",)),
    ("MRI lumber spine", ("low back/lumbar",)),
    ("Resonancia magnética de la rodilla", ("knee",)),
    ("EMG bilateral upper & lower extremities", ("upper extremity", "lower extremity")),
    ("NCV upper/lower extremities", ("upper extremity", "lower extremity")),
    ("MRI upper & lower back", ("mid back/thoracic", "low back/lumbar")),
    ("repair of the tibial collateral ligament", ("knee",)),
    ("fibular collateral ligaments", ("knee",)),
    ("posterior cruciate ligament reconstruction", ("knee",)),
    ("debridement of the tibial tubercle", ("knee",)),
    ("deltoid ligament repair", ("ankle",)),
    ("biceps femoris release", ("lower extremity",)),
    # a ligament of that name in another joint, one that many joints have, a shaft and a nerve
    ("lateral collateral ligament of the elbow", ("elbow",)),
    ("ulnar collateral ligament of the thumb", ("finger",)),
    ("ulnar collateral ligament", ()),
    ("tibial shaft", ("lower extremity",)),
    ("deltoid muscle", ("shoulder",)),
    # each with its own side
    ("EMG left upper and right lower extremity", ("upper extremity", "lower extremity")),
    ("NCV lt lower/rt upper extremities", ("upper extremity", "lower extremity")),
    ("upper and right knee", ("knee",)),
    # a device's name, not a part of the body
    ("knee scooter", ()),
    ("hand held shower", ()),
    ("Norco 10/325mg #120", ()),
    ("", ()),
]


@pytest.mark.parametrize(("text", "expected"), PARTS)
def test_body_parts(text: str, expected: tuple[str, ...]) -> None:
    assert find_body_parts(words(text)) == expected


def test_a_spinal_level_names_its_region() -> None:
    assert find_body_parts(words("medial branch block"), ("C4", "C5-C6")) == ("neck/cervical",)
    assert find_body_parts(words("epidural injection"), ("L5-S1",)) == ("low back/lumbar",)


LEVELS = [
    ("Facet joint injections L4-5, L5-S1", ("L4-L5", "L5-S1")),
    ("bilateral L3, L4 and L5 medial branch block", ("L3", "L4", "L5")),
    ("ACDF C5-C6", ("C5-C6",)),
    ("T12/L1", ("T12-L1",)),
    # the letter is that of the first
    ("Facet blocks at C4, 5, 6", ("C4", "C5", "C6")),
    ("Right L2, 3 and 4 medial branch block", ("L2", "L3", "L4")),
    ("Medial branch block L4, 5 & S1", ("L4", "L5", "S1")),
    ("Facet injection L4, 5 visits", ("L4",)),
    ("Facet injection L4, 2", ("L4",)),
    # of three that are joined each two
    ("L4-L5-S1 fusion", ("L4-L5", "L5-S1")),
    ("C5-6-7 ACDF", ("C5-C6", "C6-C7")),
    ("L3-L4-L5-S1", ("L3-L4", "L4-L5", "L5-S1")),
    ("L4-5-S1 decompression", ("L4-L5", "L5-S1")),
    ("L3-4/L4-5/L5-S1 facets", ("L3-L4", "L4-L5", "L5-S1")),
    ("C4/C5/C6/C7", ("C4-C5", "C5-C6", "C6-C7")),
    ("T11-T12-L1", ("T11-T12", "T12-L1")),
    ("L4-5-1", ("L4-L5", "L5-S1")),
    ("ESI L5-S1 6/7/16", ("L5-S1",)),
    ("L3 to S1 RFA", ("L3-S1",)),
    ("L3 through S1 facets", ("L3-S1",)),
    ("Fusion C4 thru C7", ("C4-C7",)),
    ("physical therapy for L3 through 12/1/14", ("L3",)),
    ("L4\u20145 ESI", ("L4-L5",)),
    ("L4 \u2013 S1 fusion", ("L4-S1",)),
    # from disc to disc, those between are meant too
    ("ESI L3/4 to L5/S1", ("L3-L4", "L4-L5", "L5-S1")),
    ("C4-5 through C6-7 facets", ("C4-C5", "C5-C6", "C6-C7")),
    ("L4-5 to L5-S1", ("L4-L5", "L5-S1")),
    ("PT for L4-5 to 12-1-15", ("L4-L5",)),
    # the letter left out
    ("MBB at L3, 4, 5", ("L3", "L4", "L5")),
    ("MBB L3, 4 and 5 bilateral", ("L3", "L4", "L5")),
    ("C4 & 5 medial branch block", ("C4", "C5")),
    ("L3, 4, 5, S1 dorsal rami", ("L3", "L4", "L5", "S1")),
    ("ESI L4, 5 visits of PT", ("L4",)),
    ("left L4 and 5 TFESI", ("L4", "L5")),
    ("ESI L4, 6", ("L4",)),
    ("L4 and 5 mg of Valium", ("L4",)),
    ("L3, 4, 5 sessions", ("L3",)),
    ("L3-4, 4-5, and 5-1 decompression", ("L3-L4", "L4-L5", "L5-S1")),
    ("C5-6 and 6-7", ("C5-C6", "C6-C7")),
    ("L4-5, 5-S1 facets", ("L4-L5", "L5-S1")),
    ("PT for L4-5, 2-3 times weekly", ("L4-L5",)),
    ("ESI L4-5, 5-6 weeks after", ("L4-L5",)),
    # neither a billing code nor a vitamin
    ("LSO L0631", ()),
    ("Vitamin B12", ()),
    ("C-reactive protein", ()),
]


@pytest.mark.parametrize(("text", "expected"), LEVELS)
def test_spinal_levels(text: str, expected: tuple[str, ...]) -> None:
    assert find_spinal_levels(text) == expected


def test_every_row_of_the_lexicon_is_found_by_its_own_words() -> None:
    for row in read_rows("lexicons/body_parts.csv"):
        parts = tuple(part for part in row["body_parts"].split(";") if part)
        assert set(parts) <= set(BODY_PARTS), row
        assert row["source"], row
        assert set(find_body_parts(words(row["phrase"]))) == set(parts), row
