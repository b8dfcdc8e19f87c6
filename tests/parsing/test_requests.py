import gc

import pytest

from imr_ml.columns import PREFIXES
from imr_ml.parsing.landmarks import Squeezed
from imr_ml.parsing.requests import find_prefixes, find_service_dates, read_request
from imr_ml.resources import read_rows


@pytest.mark.parametrize(
    ("heading", "request_", "original", "authorized"),
    [
        ("Norco 10/325mg #60: ", "Norco 10/325mg #60", None, None),
        ("• MRI of the knee is:\n", "MRI of the knee", None, None),
        ("Labs to include: EKG:", "Labs to include: EKG", None, None),
        ("Neurostimulation [following TPII]: ", "Neurostimulation [following TPII]", None, None),
        ("Norco #60 is [REDACTED]", "Norco #60", None, None),
        ("[REDACTED]:", "[REDACTED]", None, None),  # a hole, but the only words there are
        (
            "PT 8 visits was the original request. PT 6 visits was authorized by the Claims Administrator. "
            "The remaining IMR\neligible portion of the original request, PT 2 visits is:",
            "PT 2 visits",
            "PT 8 visits",
            "PT 6 visits",
        ),
        (
            "Baclofen #30 was the original request. Baclofen"
            " #27 was authorized by the Claims\nAdministrator. "
            "The remai\nning IMR eligible portion of the original request, Baclofen #3: ",
            "Baclofen #3",
            "Baclofen #30",
            "Baclofen #27",
        ),
        (
            "The Claims Administrator authorized 2 visits, leaving the original request IMR eligible. "
            "The original request, 12 visits is:",
            "12 visits",
            "12 visits",
            "2 visits",
        ),
        (
            "Acupuncture was the original request. The Claims Administrator authorized 6 sessions, "
            "leaving the original request IMR eligible. The original request, Acupuncture (unspecified) is:",
            "Acupuncture (unspecified)",
            "Acupuncture",
            "6 sessions",
        ),
        ("Copy of the original film:", "Copy of the original film", None, None),
    ],
)
def test_headings_are_taken_apart(
    heading: str, request_: str, original: str | None, authorized: str | None
) -> None:
    found = read_request(Squeezed(heading), 0, len(heading))
    parts = [found.span, found.original, found.authorized]
    words = [span and " ".join(heading[span.start : span.end].split()) for span in parts]
    assert words == [request_, original, authorized]


def test_a_heading_makes_no_cycle() -> None:
    """Cycles, of which compiled code makes more, would keep whole letters in memory."""
    heading = "PT 8 visits was the original request. The remaining portion of the original request, PT 2 is:"
    read_request(Squeezed(heading), 0, len(heading))
    gc.collect()
    gc.disable()
    try:
        read_request(Squeezed(heading), 0, len(heading))
        assert gc.collect() == 0
    finally:
        gc.enable()


@pytest.mark.parametrize("row", read_rows("layouts/prefixes.csv"), ids=lambda row: row["written"])
def test_every_prefix_is_one_of_the_tables(row: dict[str, str]) -> None:
    assert row["prefix"] in ("", *PREFIXES)
    assert find_prefixes(f"{row['written'].upper()} physical therapy") == tuple(filter(None, [row["prefix"]]))


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        ("Pre-operative EKG", ("pre-op",)),
        ("Post op physical therapy", ("post-op",)),
        ("Associated surgical service: Post-op brace", ("associated surgical service", "post-op")),
        ("Retrospective request for continued therapy", ("retrospective", "continued")),
        ("Initially, therapy", ()),
        ("Preoperatively", ()),
        ("Physical therapy, additional", ()),  # not before the request
    ],
)
def test_prefixes(request_: str, expected: tuple[str, ...]) -> None:
    assert find_prefixes(request_) == expected


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        ("Retrospective Norco (DOS 11/18/16)", ["2016-11-18"]),
        ("Voltaren gel, DOS: 11/11/2016", ["2016-11-11"]),
        ("Labs, dates of service 1/2/15 and 2/3/2015", ["2015-01-02", "2015-02-03"]),
        ("Famotidine per 12/07/2016 order", []),
    ],
)
def test_service_dates(request_: str, expected: list[str]) -> None:
    assert [str(date) for date in find_service_dates(request_)] == expected
