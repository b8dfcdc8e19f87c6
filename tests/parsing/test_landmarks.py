import pytest

from imr_ml.parsing.landmarks import Squeezed, landmarks, layouts, squeeze
from imr_ml.resources import read_rows

ROWS = read_rows("layouts/landmarks.csv")
KINDS = {"mark", "heading", "label", "colon", "lead", "phrase", "title", "remark"}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['layout']}-{row['part']}-{row['phrase'][:30]}")
def test_every_landmark_is_found_whatever_was_done_to_it(row: dict[str, str]) -> None:
    assert row["layout"] in {"A", "B", "C", "D", "*"} and row["kind"] in KINDS and row["part"]
    phrases = landmarks(row["part"], "A" if row["layout"] == "*" else row["layout"])
    if row["part"] == "mark":
        phrases = tuple(key for _, key in layouts()[row["layout"]])
    phrase = row["phrase"]
    for damaged in (
        phrase,
        phrase.upper(),
        phrase.lower(),
        "\n".join(phrase.split()),
        phrase.replace(" ", ""),
    ):
        page = Squeezed(f"before. {damaged} after")
        assert page.find_first(phrases) is not None, damaged


def test_no_landmark_stands_twice() -> None:
    keys = [(row["layout"], row["part"], row["phrase"]) for row in ROWS]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize(
    ("text", "phrase", "expected"),
    [
        ("CL1NICAL CASE SUMMARY: x", "Clinical Case Summary", "CL1NICAL CASE SUMMARY"),  # 1 for I
        ("the Clairns adrninistrator", "claims administrator", "Clairns adrninistrator"),  # rn for m
        ("Overtumed", "Overturned", "Overtumed"),  # m for rn
        ("deci5ion", "decision", "deci5ion"),
        ("é Up held é", "upheld", "Up held"),
        ("for Nexium", "for Nexium", "for Nexium"),  # r and n of two words
    ],
)
def test_what_scanners_confuse_is_found_in_its_place(text: str, phrase: str, expected: str) -> None:
    page = Squeezed(text)
    found = page.find_first((squeeze(phrase), Squeezed(phrase).key))
    assert found
    assert text[page.start(found[0]) : page.end(found[1])] == expected


@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        ("Case Summary\nx", True),
        ("off work.Case Summary: x", True),  # glued to the sentence before
        ("2) Case Summary x", True),
        ("the CASE SUMMARY x", True),  # capitals tell a heading inside a line
        ("the following case summary was", False),
    ],
)
def test_a_heading_begins_a_line_or_follows_a_sentence(text: str, is_found: bool) -> None:
    assert (Squeezed(text).find_heading((squeeze("case summary"),)) is not None) == is_found
