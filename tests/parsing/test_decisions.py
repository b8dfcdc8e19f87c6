import csv
from pathlib import Path

import pytest

from imr_ml.parsing.conclusions import concludes, conclusions
from imr_ml.parsing.decisions import find_statements
from imr_ml.parsing.landmarks import Squeezed
from imr_ml.resources import read_rows


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The request is not medically necessary and appropriate.", "upheld"),
        ("The request is medically necessary and appropriate.", "overturned"),
        ("is notmedically necessary", "upheld"),
        ("isnotmedicallynecessary", "upheld"),
        ("is not\nmedically\n\nnecessary", "upheld"),
        ("IS NOT MEDICALLY NECESSARY", "upheld"),
        ("are deemed to be medically necessary", "overturned"),
        ("was determined to not be medically necessary", "upheld"),
        ("cannot be considered medically necessary", "upheld"),
        ("is neither medically necessary nor appropriate", "upheld"),
        ("isn't medically necessary", "upheld"),
        ("is therefore medically necessary", "overturned"),
        ("has not been shown to be medically necessary", "upheld"),
        ("is medically unnecessary", "upheld"),
        ("this medically necessary item", None),  # the end of "this" is no verb
        ("is [REDACTED] medically necessary", None),
        ("would not be medically necessary", None),  # supposed
        ("is partially medically necessary", None),
    ],
)
def test_statements_of_necessity(text: str, expected: str | None) -> None:
    page = Squeezed(text)
    assert [statement.outcome for statement in find_statements(page, 0, len(page.key))] == [expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The trial was met. The pump is medically necessary.", "overturned"),
        (
            "It is considered medically necessary only when criteria are met. It is not medically necessary.",
            "upheld",
        ),
        ("Pumps are considered medically necessary only when criteria 1-5 are met.", None),
        ("There is no evidence that it is medically necessary.", None),
        ("Unless it is medically necessary, none is given.", None),
        ("It is not medically necessary. Later it was medically necessary.", "overturned"),  # the last
        ("Nothing is said.", None),
        # What another said is not the reviewer's conclusion, wherever it stands.
        (
            "Utilization review found that the brace is not medically necessary. The brace is medically "
            "necessary.",
            "overturned",
        ),
        ("The brace is medically necessary. UR denied it as not medically necessary.", "overturned"),
        (
            "The brace is medically necessary. UR's finding that it is not medically necessary fails.",
            "overturned",
        ),
        ('The pump is medically necessary. The letter read "this is not medically necessary."', "overturned"),
        ("ODG states that braces are not medically necessary. The criteria are met.", None),
        ("It was not medically necessary, according to the claims administrator. It is allowed.", None),
        (
            "The provider believes it is medically necessary. The request is not medically necessary.",
            "upheld",
        ),
        # Left open: refused in one sentence, granted in another.
        (
            "It was called not medically necessary. The trial was met, so the request should be authorized.",
            None,
        ),
        # The reviewer's own, though others are named.
        ("As the guidelines state no benefit, the request is not medically necessary.", "upheld"),
        ("Per ODG the request is not medically necessary.", "upheld"),
        ("UR was right, and this request is not medically necessary.", "upheld"),
    ],
)
def test_what_a_rationale_concludes(text: str, expected: str | None) -> None:
    assert concludes(Squeezed(text), 0, len(text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('The provider wrote: "The crowns are medically necessary." The denial stands.', "upheld"),
        (
            "UR wrote that it was not medically necessary. I cannot agree; it should be granted.",
            "overturned",
        ),
        ("Under the ODG, crowns are medically necessary after loss of the root. There is none.", None),
        ("Her dentist states that the crowns are medically necessary. No film was sent.", None),
        ("In 2012 an IMR found that crowns were medically necessary. Nothing has changed.", None),
        ('UR holds that they "are not medically necessary". Both roots are lost.', None),
        (
            'UR holds that they "are not medically necessary". I find that both are medically necessary.',
            "overturned",
        ),
        ("The provider sent films, and the crowns were found to be medically necessary.", "overturned"),
        ("The treating doctor thinks it is medically necessary. It is not medically necessary.", "upheld"),
    ],
)
def test_only_the_reviewers_own_words_decide(text: str, expected: str | None) -> None:
    found = {sentence.outcome for sentence in conclusions(Squeezed(text), 0, len(text))}
    assert found == ({expected} if expected else set())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "While a stay is often said to be not medically necessary, in this case the stay is medically "
            "necessary.",
            "overturned",
        ),
        ("Injections are usually not medically necessary, but here the injection is.", "overturned"),
        ("Braces are, as a rule, not medically necessary.", None),
        ("As braces are seldom of use, this one is not medically necessary.", "upheld"),
        ("The MTUS is silent; however, the brace is medically necessary.", "overturned"),
        ("It has not been shown that, in this case, the brace is medically necessary.", None),
        ("It is not clear why, here, the brace is medically necessary.", None),
        ("The first six visits were medically necessary; further ones are not.", "upheld"),
        ("The prior request was not medically necessary. This one is medically necessary.", "overturned"),
        ("To call this not medically necessary is wrong. It is medically necessary.", "overturned"),
        ("It cannot be said that this request is not medically necessary.", None),
        ("I do not agree with UR that the drug is not medically necessary.", "overturned"),
        ("Had the fusion failed, revision would not be medically necessary. It healed.", None),
        ("Without weakness, a study is not medically necessary. There is weakness.", None),
        ("Without a sign of weakness, the study is not medically necessary.", "upheld"),
        (
            "Though ODG says that such beds are not medically necessary, this bed is medically necessary.",
            "overturned",
        ),
        ("The notes do not say why, after so many visits, the therapy is medically necessary.", None),
        ("If the criteria are met, the pump is medically necessary.", None),
        ("Is the MRI medically necessary? The guideline lists red flags.", None),
        ("All criteria are met. Medically necessary.", "overturned"),
        ("Some hold that such beds are medically necessary. Others do not.", None),
        ("No note says so, but the request would have to show it is medically necessary.", None),
    ],
)
def test_a_rule_does_not_decide_the_case(text: str, expected: str | None) -> None:
    found = {sentence.outcome for sentence in conclusions(Squeezed(text), 0, len(text))}
    assert found == ({expected} if expected else set())


def decided(sentence: str) -> set[str]:
    text = f"The file was read. {sentence} So much for that."
    found = conclusions(Squeezed(text), 0, len(text))
    return {conclusion.outcome for conclusion in found if conclusion.is_plain}


@pytest.mark.parametrize("row", read_rows("layouts/conclusions.csv"), ids=lambda row: row["example"])
def test_every_wording_of_a_conclusion_decides(row: dict[str, str]) -> None:
    assert decided(f"{row['example']}.") == {row["outcome"]}


@pytest.mark.parametrize(
    "row", read_rows("layouts/frames.csv"), ids=lambda row: f"{row['kind']}-{row['pattern']}"
)
def test_a_verdict_stands_in_every_listed_frame_and_in_none_that_is_barred(row: dict[str, str]) -> None:
    assert decided(row["example"]) == ({row["outcome"]} if row["outcome"] else set())


VERDICTS = {
    "granted": ("The brace should be {}.", "overturned"),
    "refused": ("The brace must be {}.", "upheld"),
    "fit": ("The denial was {}.", "upheld"),
    "unfit": ("The denial was {}.", "overturned"),
    "upheld": ("The denial should be {}.", "upheld"),
    "overturned": ("The denial should be {}.", "overturned"),
    "grant": ("I cannot {} the brace.", "upheld"),
    "refuse": ("I would not {} the brace.", "overturned"),
    "uphold": ("I would {} the refusal.", "upheld"),
    "overturn": ("I would {} the refusal.", "overturned"),
    "source": ("I agree with the {}.", "upheld"),
    "denial": ("I agree with the {}.", "upheld"),
    "decision": ("I agree with the {} to deny it.", "upheld"),
    "adverb": ("The brace should {} be approved.", "overturned"),
    "must": ("The brace {} be approved.", "overturned"),
    "view": ("I agree with the {} of the carrier.", "upheld"),
}


@pytest.mark.parametrize(
    "row", read_rows("layouts/verdict_words.csv"), ids=lambda row: f"{row['kind']}-{row['phrase']}"
)
def test_every_word_of_a_verdict_decides(row: dict[str, str]) -> None:
    sentence, outcome = VERDICTS[row["kind"]]
    assert decided(sentence.format(row["phrase"])) == {outcome}


with (Path(__file__).parent / "verdicts.csv").open(encoding="utf-8", newline="") as file:
    SENTENCES = list(csv.DictReader(file))


@pytest.mark.parametrize("row", SENTENCES, ids=lambda row: row["sentence"])
def test_who_favours_the_denial_refuses_the_request(row: dict[str, str]) -> None:
    assert decided(row["sentence"]) == ({row["outcome"]} if row["outcome"] else set())


def test_the_heading_of_layout_d_decides_nothing_though_a_letter_is_glued_to_it() -> None:
    text = (
        "The pump is useful. MRATIONALE FOR WHY THE REQUESTED TREATMENT IS/WAS NOT MEDICALLY NECESSARY: none"
    )
    assert conclusions(Squeezed(text), 0, len(text)) == []


_OF_ANOTHER = ("another", "source", "said")


@pytest.mark.parametrize(
    "row",
    [row for row in read_rows("layouts/statements.csv") if row["kind"] not in _OF_ANOTHER],
    ids=lambda row: f"{row['kind']}-{row['phrase']}",
)
def test_every_row_of_statements_does_what_its_kind_says(row: dict[str, str]) -> None:
    phrase = row["phrase"]
    sentences = {
        "necessary": (f"It is not {phrase}.", "upheld"),
        "unnecessary": (f"It is {phrase}.", "upheld"),
        "filler": (f"It is not {phrase} medically necessary.", "upheld"),
        "negation": (f"It is {phrase} medically necessary.", "upheld"),
        "verb": (f"They {phrase} medically necessary.", "overturned"),
        "supposition": (f"It {phrase} not be medically necessary.", None),
        "doubt": (f"Then, {phrase} it is medically necessary.", None),
        "condition": (f"Then, {phrase} it is medically necessary.", None),
        "denied": (f"The file has {phrase} it is not medically necessary.", None),
        "contrast": (f"Nothing of it is new, {phrase} it is medically necessary.", "overturned"),
        "general": (f"{phrase.capitalize()} it is not medically necessary.", None),
        "own": (f"The provider asked, and {phrase} stated that it is not medically necessary.", "upheld"),
    }
    if row["kind"] in ("upheld", "overturned"):  # against what was concluded, they leave the question open
        negation = "" if row["kind"] == "upheld" else "not "
        text = f"The brace is {negation}medically necessary. The request {phrase}."
        assert concludes(Squeezed(text), 0, len(text)) is None
        return
    text, expected = sentences[row["kind"]]
    found = conclusions(Squeezed(text), 0, len(text))
    assert [sentence.outcome for sentence in found] == ([expected] if expected else [])


@pytest.mark.parametrize(
    "row",
    [row for row in read_rows("layouts/statements.csv") if row["kind"] in _OF_ANOTHER],
    ids=lambda row: f"{row['kind']}-{row['phrase']}",
)
def test_every_row_of_anothers_words_takes_a_statement_from_the_reviewer(row: dict[str, str]) -> None:
    phrase = row["phrase"]
    told = f"UR {phrase} it" if row["kind"] == "said" else f"The {phrase} stated that it"
    text = f"The brace is medically necessary. {told} is not medically necessary."
    assert concludes(Squeezed(text), 0, len(text)) == "overturned"
