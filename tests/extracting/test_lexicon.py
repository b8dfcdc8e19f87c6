from __future__ import annotations

import pytest

from imr_ml.extracting.lexicon import _TOKEN, Line, Phrases, fold, spelled, word_places, words
from imr_ml.extracting.requests.treatments import request_phrases
from imr_ml.resources import read_rows

SPELLINGS = [
    ("cyclobenzaprin", "cyclobenzaprine"),
    ("cyclobenzeprine", "cyclobenzaprine"),
    ("omeprozole", "omeprazole"),
    ("ibuprophen", "ibuprofen"),
    ("gabapentine", "gabapentin"),
    ("hydrocodne", "hydrocodone"),
    ("oxycodine", "oxycodone"),
    ("naprosin", "naprosyn"),
    ("flexiril", "flexeril"),
    ("tramadole", "tramadol"),
    ("accupuncture", "acupuncture"),
    ("chiropratic", "chiropractic"),
    ("theraphy", "therapy"),
    ("athroscopy", "arthroscopy"),
    ("lumber", "lumbar"),
    # plurals
    ("injections", "injection"),
    ("studies", "study"),
    ("patches", "patch"),
    ("tens", "tens"),
    # too short, or an ordinary word
    ("noro", "noro"),
    ("relief", "relief"),
    ("patient", "patient"),
    ("decision", "decision"),
    ("enabled", "enabled"),
    ("enablx", "enablex"),
]


@pytest.mark.parametrize(("word", "expected"), SPELLINGS)
def test_spelling(word: str, expected: str) -> None:
    assert spelled(word) == expected


def test_ordinary_words_are_near_a_lexicon_word_and_left_alone() -> None:
    for row in read_rows("lexicons/ordinary_words.csv"):
        assert row["kind"] in ("ordinary", "singular"), row
        assert row["note"], row
        assert spelled(row["word"]) == row["word"], row


def test_folding_keeps_places() -> None:
    for text in ("Café İstanbul ½ ß", "naïve", "α-blocker 10µg", "plain"):
        assert len(fold(text)) == len(text)
        assert [fold(text[start:end]) for start, end in word_places(text)] == _TOKEN.findall(fold(text))
    text = "Dolor de ESPALDA á 5mg"
    assert words(text)[2:] == ["espalda", "a", "5", "mg"]
    places = word_places(text)
    for spaced in (text, text.replace(" ", "\n"), f" {text.replace(' ', '  ', 1)}\t", "a b a  b a"):
        found = word_places(spaced)
        assert [fold(spaced[start:end]) for start, end in found] == _TOKEN.findall(fold(spaced))
        assert found == sorted(found) and len(set(found)) == len(found)
        # In any order
        line = Line(spaced)
        assert [line.place_of(word) for word in reversed(range(len(found)))] == found[::-1]
    assert [places[number] for number in range(2, 6)] == [(9, 16), (17, 18), (19, 20), (20, 22)]


def test_the_longest_phrase_is_found_and_no_word_twice() -> None:
    phrases = Phrases([("physical", "short"), ("physical therapy", "long"), ("therapy", "other")])
    found = [(one.start, one.end, one.entry) for one in phrases.find(words("physical therapy and therapy"))]
    assert found == [(0, 2, "long"), (3, 4, "other")]


@pytest.mark.parametrize("table", ["taxonomies/treatments.csv", "lexicons/drugs.csv"])
def test_every_row_is_found_by_its_own_words(table: str) -> None:
    for row in read_rows(table):
        phrase = row.get("phrase") or row["name"]
        found = request_phrases().find(words(phrase))
        assert len(found) == 1, f"{table}: {phrase!r} is taken apart: {found}"


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("taxonomies/treatments.csv", "phrase"),
        ("lexicons/drugs.csv", "name"),
        ("lexicons/body_parts.csv", "phrase"),
    ],
)
def test_no_two_rows_have_the_same_words(table: str, column: str) -> None:
    seen: dict[tuple[str, ...], str] = {}
    for row in read_rows(table):
        key = tuple(words(row[column]))
        assert key not in seen, f"{table}: {row[column]!r} repeats {seen[key]!r}"
        seen[key] = row[column]
