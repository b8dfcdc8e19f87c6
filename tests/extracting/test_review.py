"""What utilization review said of each item of a letter."""

from __future__ import annotations

import pytest

from imr_ml.extracting.items.review import review_said
from imr_ml.resources import read_rows

NORCO, SOMA, KNEE, BACK = (
    "Norco 10/325mg #60",
    "Soma 350mg #30",
    "MRI of the left knee",
    "MRI of the lumbar spine",
)


def told(summary: str, *requests: str) -> list[list[str]]:
    return [
        [summary[place.start : place.end] for place in one.told] for one in review_said(requests, summary)
    ]


@pytest.mark.parametrize(
    ("summary", "requests", "expected"),
    [
        # A sentence for each.
        (
            "Utilization review denied Norco due to lack of functional gain. "
            "The request for Soma was denied for long term use.",
            (NORCO, SOMA),
            [
                ["Utilization review denied Norco due to lack of functional gain."],
                ["The request for Soma was denied for long term use."],
            ],
        ),
        (
            "UR denied the requests given no radiographs to support the MRI of the left knee, it was unknown "
            "how many chiropractic visits she had, no gain to support Norco.",
            (KNEE, "Chiropractic x 6", NORCO),
            [
                ["UR denied the requests given no radiographs to support the MRI of the left knee"],
                ["it was unknown how many chiropractic visits she had"],
                ["no gain to support Norco."],
            ],
        ),
        # By the form of the drug, or by what is injected.
        (
            "UR denied Soma due to long use. The oral suspensions were denied due to no need for that form.",
            ("Dicopanol 5mg/ml oral suspension, 150ml", SOMA),
            [
                ["The oral suspensions were denied due to no need for that form."],
                ["UR denied Soma due to long use."],
            ],
        ),
        (
            "UR denied Soma due to long use. The steroid injection was denied due to no conservative care.",
            ("Injection of lidocaine and dexamethasone, right knee", SOMA),
            [
                ["The steroid injection was denied due to no conservative care."],
                ["UR denied Soma due to long use."],
            ],
        ),
        # One sentence with a reason for each.
        (
            "Utilization review denied the requests due to no muscle spasm to support the use of Soma, and "
            "no urine drug test to support the use of Norco.",
            (NORCO, SOMA),
            [
                ["no urine drug test to support the use of Norco."],
                ["Utilization review denied the requests due to no muscle spasm to support the use of Soma"],
            ],
        ),
        # The part of the body tells two studies apart; what goes on is of the last one.
        (
            "Utilization review denied the MRI of the lumbar spine due to no red flags. Additionally, no "
            "conservative care was documented. The request for the MRI of the left knee was denied due to no "
            "instability.",
            (KNEE, BACK),
            [
                ["The request for the MRI of the left knee was denied due to no instability."],
                [
                    "Utilization review denied the MRI of the lumbar spine due to no red flags.",
                    "Additionally, no conservative care was documented.",
                ],
            ],
        ),
        # Care that is missed is not the care that is asked for.
        (
            "Utilization review denied the MRI due to no trial of physical therapy.",
            (BACK, "Physical therapy 2 x 6 for the low back"),
            [["Utilization review denied the MRI due to no trial of physical therapy."], []],
        ),
        # A reason without a treatment is of all; a decision without a reason is told where there is no other.
        (
            "Utilization review denied the requests due to a lack of documentation.",
            (NORCO, BACK),
            [["Utilization review denied the requests due to a lack of documentation."]] * 2,
        ),
        ("Utilization review non-certified Norco.", (NORCO,), [["Utilization review non-certified Norco."]]),
        # Of treatment that is not in dispute.
        (
            "Utilization review denied the request for tramadol due to no functional gain. "
            "The request for Norco was modified.",
            (NORCO,),
            [["The request for Norco was modified."]],
        ),
        # What goes with an operation falls with it.
        (
            "Utilization review denied the shoulder surgery due to no instability.",
            ("Left shoulder arthroscopy", "Associated surgical service: Cold therapy unit"),
            [["Utilization review denied the shoulder surgery due to no instability."]] * 2,
        ),
        # Any reason counts before a decision without one.
        (
            "Utilization review denied Norco. The request for Norco was denied due to the weather.",
            (NORCO,),
            [["The request for Norco was denied due to the weather."]],
        ),
        # What was granted needs no reason here.
        ("Utilization review approved the MRI due to a gain. Norco was taken.", (NORCO, KNEE), [[], []]),
        ("She has neck pain. There is no instability.", (NORCO, BACK), [[], []]),
        ("", (NORCO,), [[]]),
    ],
)
def test_a_reason_stands_with_the_items_that_it_is_about(summary, requests, expected) -> None:
    assert told(summary, *requests) == expected


def test_every_reason_has_words_for_the_page() -> None:
    for row in read_rows("lexicons/summary_ur_reasons.csv"):
        assert row["meaning"].startswith("utilization review "), row
