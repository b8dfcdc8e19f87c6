import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imr_ml.extracting.grammar.sentences import sentence_words, split_sentences, words_of


def sentences(text: str) -> list[str]:
    return [text[span.start : span.end] for span in split_sentences(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("  \n ", []),
        ("Pain", ["Pain"]),
        ("Pain is worse. Strength is 5/5.", ["Pain is worse.", "Strength is 5/5."]),
        # A full stop inside a number, and one that ends a sentence after a number.
        ("Takes 2.5 mg. Pain is 7. It was 8.", ["Takes 2.5 mg.", "Pain is 7.", "It was 8."]),
        # The space after the full stop was lost in extraction.
        ("Not in the MTUS.The worker left.On 1-2-16, he came.", 3),
        ("Seen by Dr. Smith. He left.", ["Seen by Dr. Smith.", "He left."]),
        ("Dr. Smith saw him. No. 3 is Norco.", ["Dr. Smith saw him.", "No. 3 is Norco."]),
        (
            "Took Tylenol no. 3 daily. Said no. He left.",
            ["Took Tylenol no. 3 daily.", "Said no.", "He left."],
        ),
        ("Care, e.g. ice, helped. Heat did not.", ["Care, e.g. ice, helped.", "Heat did not."]),
        ("1. Norco 10/325 mg. 2. Soma.", ["1. Norco 10/325 mg.", "2. Soma."]),
        ("pain is worse. denies numbness.", ["pain is worse.", "denies numbness."]),
        ('It is "not helping." The scan was "normal."', ['It is "not helping."', 'The scan was "normal."']),
        ("Request (right elbow).The UR denied it.", ["Request (right elbow).", "The UR denied it."]),
    ],
)
def test_splits_sentences(text: str, expected: list[str] | int) -> None:
    found = sentences(text)
    assert (len(found) if isinstance(expected, int) else found) == expected


@given(st.text(max_size=300))
def test_sentences_hold_everything_but_white_space(text: str) -> None:
    spans = split_sentences(text)
    assert "".join("".join(sentences(text)).split()) == "".join(text.split())
    assert all(a.end <= b.start for a, b in itertools.pairwise(spans))


@given(st.lists(st.sampled_from(["Dr.", "Smith", "no.", "3", "He", "left.", "2.5", "mg."]), max_size=20))
def test_line_breaks_move_no_bound(words: list[str]) -> None:
    flat = sentences(" ".join(words))
    broken = sentences("\n \f".join(words))
    assert [sentence.split() for sentence in broken] == [sentence.split() for sentence in flat]


_PIECES = [
    "Dr.",
    "no.",
    "3",
    "1.",
    "He",
    "left.",
    "2.5",
    "(e.g.",
    "...",
    "•",
    "MTUS.The",
    "U.S.A",
    "7/10.",
    "?!",
]


@given(st.lists(st.sampled_from(_PIECES)).map(" ".join) | st.text(max_size=100))
def test_words_are_those_of_the_sentences(text: str) -> None:
    words = sentence_words(text)
    assert words == [words_of(sentence) for sentence in sentences(text)][: len(words)]
    assert list(itertools.chain.from_iterable(words)) == words_of(text)


@pytest.mark.parametrize("text", ["a " * 3000, "1x" * 2000, "((" * 1000, "no pain, " * 800, "x" * 9000])
def test_cuts_what_has_no_stops(text: str) -> None:
    assert sentence_words(text) == [words_of(sentence) for sentence in sentences(text)]
    assert "".join("".join(sentences(text)).split()) == "".join(text.split())
