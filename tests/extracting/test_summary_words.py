"""Every row of ``lexicons/summary_words.csv`` changes what its example states, and holds words as read."""

from __future__ import annotations

import ast
import pkgutil
from collections import Counter
from importlib import import_module
from operator import attrgetter
from pathlib import Path

import pytest

import imr_ml.extracting
from imr_ml.extracting.grammar.sentences import words_of
from imr_ml.extracting.grammar.words import word_set, word_values
from imr_ml.extracting.summaries import looking_up
from imr_ml.extracting.summaries.summary import read_summary
from imr_ml.extracting.summaries.tables import read_record
from imr_ml.resources import read_rows

ROWS = read_rows("lexicons/summary_words.csv")
MODULES = [
    import_module(one.name)
    for one in pkgutil.walk_packages(imr_ml.extracting.__path__, prefix="imr_ml.extracting.")
    if not one.ispkg
]
PLAIN = str(looking_up.__file__).endswith(".py")
_FIELDS = attrgetter(
    *(
        "fact",
        "kind",
        "start",
        "end",
        "status",
        "value",
        "result",
        "drug_class",
        "parts",
        "side",
        "is_complaint",
    )
)


def _told(told: str) -> list[object]:
    """Give what a summary states, and all that its sentences mention, where they judge too."""
    return [
        dict(read_record.__wrapped__(told).said),
        *(
            (is_judging, len(reported), [_FIELDS(one) for one in (*reported, *judged)])
            for is_judging, reported, judged in read_summary.__wrapped__(told)
        ),
    ]


def _holds(value: object, name: str) -> bool:
    """Say whether a module's constant is the words of a row, or numbers by those words."""
    if not isinstance(value, dict):
        return value is word_set(name)
    return {" ".join(key) if isinstance(key, tuple) else key for key in value} == word_set(name)


@pytest.mark.skipif(not PLAIN, reason="constants are fixed when compiled")
@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["name"])
def test_without_a_row_its_example_states_something_else(
    row: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    told = _told(row["example"])
    holders = [
        (module, constant, value)
        for module in MODULES
        for constant, value in vars(module).items()
        if constant.isupper() and _holds(value, row["name"])
    ]
    for module, constant, value in holders:
        monkeypatch.setattr(module, constant, type(value)())
    kept = {**{one["name"]: word_set(one["name"]) for one in ROWS}, row["name"]: frozenset()}
    monkeypatch.setattr(looking_up, "word_set", kept.__getitem__)
    looking_up.telling_phrasebook.cache_clear()
    try:
        assert _told(row["example"]) != told
    finally:
        looking_up.telling_phrasebook.cache_clear()


@pytest.mark.skipif(not PLAIN, reason="told from the sources")
def test_no_constant_of_a_module_takes_the_place_of_another() -> None:
    for module in MODULES:
        named = Counter(
            target.id
            for node in ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8")).body
            if isinstance(node, ast.Assign)
            for target in node.targets
            if isinstance(target, ast.Name)
        )
        assert [name for name, times in named.items() if times > 1] == [], module.__name__


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["name"])
def test_words_are_spelled_as_those_of_a_sentence(row: dict[str, str]) -> None:
    assert set(row) == {"name", "words", "meaning", "example"} and all(row.values())
    for phrase in word_values(row["name"]):
        assert " ".join(words_of(phrase)) == phrase


@pytest.mark.parametrize("row", read_rows("lexicons/summary_spellings.csv"), ids=lambda row: row["written"])
def test_each_slip_is_read_as_what_is_meant(row: dict[str, str]) -> None:
    # A minus is a word in brackets only.
    assert words_of(f"({row['written']})") == ["(", row["meant"], ")"]
