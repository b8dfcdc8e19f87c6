from __future__ import annotations

import re
from itertools import islice, pairwise

import pytest

from imr_ml.parsing import parse_letter
from imr_ml.simulating import simulate_letters

LETTERS = list(simulate_letters(400, seed=9))


def summary_of(letter) -> str:
    texts = [block.text for block in letter.blocks]
    return texts[texts.index("CLINICAL CASE SUMMARY") + 2]


def test_letters_are_read_back_as_they_were_made():
    for letter in LETTERS:
        read = parse_letter(letter.text, source=f"{letter.name}.txt")
        assert read.is_synthetic and read.letter_id == letter.name
        assert all("no header" in warning for warning in read.warnings)
        assert [item.outcome for item in read.items] == [row.outcome for row in letter.truth]
        assert [item.request for item in read.items] == [item.request for item in letter.case.items]
        assert [item.original_request for item in read.items] == [item.original for item in letter.case.items]
        assert read.case_summary.split() == summary_of(letter).split()
        assert read.sex == letter.case.sex and read.age_years == int(letter.case.slots["age"])
        assert (read.case_number is None) == ("Case Number:" not in letter.text)
        if read.case_number:
            assert read.injury_date == letter.case.dates["injury"]
            assert read.ur_decision_date == letter.case.dates["ur"]
            assert read.decided_date == letter.case.dates["decided"]


def test_both_forms_of_the_layout_and_years_occur():
    layouts = {parse_letter(letter.text, source="a").layout for letter in LETTERS}
    assert layouts == {"A1", "A2"}
    assert {letter.case.year for letter in LETTERS} == {2014, 2015, 2016, 2017}
    assert any("Case Number:" not in letter.text for letter in LETTERS)


def test_dates_follow_one_another():
    for letter in LETTERS:
        dates = list(letter.case.dates.values())
        assert all(before <= after for before, after in pairwise(dates)), letter.name


def test_a_rationale_concludes_as_its_heading_says():
    for letter in LETTERS:
        read = parse_letter(letter.text, source="a")
        for item in read.items:
            necessary = re.search(r"(?<!not )(?<!deemed )medically necessary\.?$", item.rationale)
            if item.outcome == "overturned":
                assert "not medically necessary" not in item.rationale
                assert re.search(r"\bmedically necessary\.$", item.rationale), item.rationale
            else:
                assert re.search(r"(not|cannot be deemed) medically necessary\.", item.rationale)
                assert necessary is None, item.rationale


def test_a_summary_holds_no_verdict():
    for letter in LETTERS:
        summary = summary_of(letter).lower()
        for word in ("upheld", "overturned", "medically necessary"):
            assert word not in summary


def test_sizes_are_those_of_real_letters():
    words = sorted(len(summary_of(letter).split()) for letter in LETTERS)
    rationales = sorted(
        len(block.text.split()) for letter in LETTERS for block in letter.blocks if block.role == "rationale"
    )
    assert words[len(words) // 2] == pytest.approx(239, rel=0.12)
    assert rationales[len(rationales) // 2] == pytest.approx(124, rel=0.12)


def test_sentences_are_complete():
    for letter in LETTERS:
        for block in letter.blocks:
            assert not re.search(r"[{}\[\]]|  | [.,;]|\.\.|None", block.text), block.text


def test_lines_are_no_longer_than_those_of_real_letters():
    assert all(len(line) <= 95 for letter in LETTERS for line in letter.text.splitlines())


def shingles(text: str, size: int = 9) -> set[str]:
    words = re.findall(r"[a-z0-9']+", text.lower())
    return {" ".join(words[i : i + size]) for i in range(len(words) - size + 1)}


def test_no_sentence_is_taken_from_a_real_letter(real_data):
    """Nine words in a row may be shared only in a request, which names what many ask for alike."""
    from imr_ml.reading import read_text

    real: set[str] = set()
    for path in sorted((real_data / "letters").glob("*/*.*")):
        if path.suffix in (".pdf", ".txt"):
            real |= shingles(read_text(path))
    for letter in islice(LETTERS, 400):
        written = [summary_of(letter)] + [
            block.text.removeprefix("Decision rationale: ")
            for block in letter.blocks
            if block.role == "rationale"
        ]
        asked = [words for item in letter.case.items for words in (item.request, item.original) if words]
        for words in sorted(asked, key=len, reverse=True):
            written = [re.sub(re.escape(words), "#", text, flags=re.IGNORECASE) for text in written]
        shared = {shingle for text in written for shingle in shingles(text) & real}
        assert not shared
