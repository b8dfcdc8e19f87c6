import pytest

from imr_ml.cleaning import (
    clean,
    drop_furniture,
    fold_characters,
    join_hyphens,
    repair_mojibake,
    single_space,
    strip_lines,
)
from imr_ml.resources import read_rows


@pytest.mark.parametrize("row", read_rows("characters.csv"), ids=lambda row: row["code"])
def test_every_character_becomes_what_its_row_says(row: dict[str, str]) -> None:
    character = chr(int(row["code"][2:], 16))
    becomes = "".join(chr(int(code[2:], 16)) for code in row["becomes"].split())
    assert fold_characters(f"a{character}b") == f"a{becomes}b"


@pytest.mark.parametrize("row", read_rows("layouts/furniture.csv"), ids=lambda row: row["example"])
def test_every_row_of_furniture_drops_its_example(row: dict[str, str]) -> None:
    example = row["example"]
    assert row["begins"] and example.lower().startswith(tuple(row["begins"].split("|")))
    assert drop_furniture(f"one\n{example}\ntwo") == "one\ntwo"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("the workerâ€™s", "the worker’s"),
        ("â€œpainâ€\x9d", "“pain”"),  # U+009D has no place in Windows-1252
        ("90Â° and 5Âµg", "90° and 5µg"),
        ("São Paulo, naïve", "São Paulo, naïve"),  # right as it is
    ],
)
def test_mojibake(text: str, expected: str) -> None:
    assert repair_mojibake(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "ultra-\nsound, a sound joint; inter-\nferential; anti-\nbiotic",
            "ultrasound, a sound joint; interferential; anti-biotic",
        ),
        ("self\x02directed care", "self-directed care"),  # a compound: its hyphen stays
        ("over-the\ufffecounter, a counter", "over-the-counter, a counter"),
        ("a bi-\nopsy", "a biopsy"),  # syllables
        ("docu\x02mentation; documentation", "documentation; documentation"),
        ("a follow-\nup visit", "a follow-up visit"),
        ("x-\nray", "x-ray"),
        ("8-10-\n2015", "8-10-2015"),
        ("MRI -\nlumbar", "MRI -\nlumbar"),  # a dash, not a hyphen
        ("-\nNorco", "-\nNorco"),
    ],
)
def test_hyphens(text: str, expected: str) -> None:
    assert join_hyphens(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("one\n1\ftwo\n2", "one\ntwo"),  # bare page numbers
        ("IMR CM14-0000001\none\fIMR CM14-0000001\ntwo", "IMR CM14-0000001\none\ntwo"),
        ("IMR CM14-0000001\none\n1\nIMR CM14-0000001\ntwo", "IMR CM14-0000001\none\ntwo"),  # no form feed
        ("Norco\n60\ftwo", "Norco\n60\ntwo"),  # a number that is no page's
        # A case number alone, with or without its letters, at page breaks that left no form feed.
        (
            "Case Number: CM14-0000001\nthe pain is\n14-0000001\nworse and\n14-0000001\nnot better",
            "Case Number: CM14-0000001\nthe pain is\nworse and\nnot better",
        ),
        (
            "IMR 13-000004\nthe pain is\nIMR 13-000004\nworse",
            "IMR 13-000004\nthe pain is\nworse",
        ),
        (
            "The pain of the back is\nCM14-0000001\nworse and\nCM14-0000001\nnot",
            "The pain of the back is\nworse and\nnot",
        ),
        ("Priority:\nCase Number:\n14-0000001\nStandard", "Priority:\nCase Number:\n14-0000001\nStandard"),
        ("Call\n55-5123456\nfor help", "Call\n55-5123456\nfor help"),  # once only: no page's header
        # The labelled line stays, and with it a date that stands beside the number.
        (
            "CM14-0000001\nCase Number: CM14-0000001 Date of Injury: 01/02/2013\nCM14-0000001\nend",
            "Case Number: CM14-0000001 Date of Injury: 01/02/2013\nend",
        ),
        ("14-0000001\none\nIMR CM14-0000001\ntwo", "14-0000001\none\ntwo"),  # once it stays
        # The dates of a header that names the case again stand nowhere else.
        (
            "Case Number: CM14-0000001\none\nCM14-0000001 Dated 2/3/2014\nCM14-0000001 Dated 2/3/2014\ntwo",
            "Case Number: CM14-0000001\none\nCM14-0000001 Dated 2/3/2014\ntwo",
        ),
        ("the request is\n\nState form Page 2 of 4\n\nnot necessary", "the request is\nnot necessary"),
        # Lines of the letter that happen to stand at the foot of both pages stay.
        ("one\nis not medically\ftwo\nis not medically", "one\nis not medically\ntwo\nis not medically"),
        (
            "one\nClaims Administrator guideline: None\ftwo\nClaims Administrator guideline: None",
            "one\nClaims Administrator guideline: None\ntwo\nClaims Administrator guideline: None",
        ),
    ],
)
def test_furniture(text: str, expected: str) -> None:
    assert drop_furniture(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A.\n\nB\n\n\n\nC", "A.\n\nB\n\nC"),  # paragraphs of one line
        ("the request\n\nis not.\n\n\n\nNext", "the request\nis not.\n\nNext"),
        ("the request\n\n\nis not\n\n\nnecessary.\n\n\n\nNext", "the request\nis not\nnecessary.\n\nNext"),
        ("\n\none\n\n", "one"),
    ],
)
def test_spacing(text: str, expected: str) -> None:
    assert single_space(text) == expected


def test_lines_lose_their_outer_spaces() -> None:
    assert strip_lines(" a\t\tb \n\v c  d\n") == "a b\nc d\n"


@pytest.mark.parametrize("text", ["", " ", "\f\f", "\x00", "\n\n\n", "\x02", "-\n", "\ud800"])
def test_next_to_nothing_is_cleaned(text: str) -> None:
    assert clean(text).strip("-\ud800\x02 ") == ""


def test_cleaning_twice_changes_nothing() -> None:
    once = clean("The re\x02quest \r\n\r\nfor “Norco”  \r\n\r\nis not\fneces-\r\n\r\nsary.")
    assert clean(once) == once
