"""Whatever is done to a letter, reading raises nothing but ReadError and invents nothing."""

import json
import random
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from imr_ml.cleaning import clean
from imr_ml.errors import ReadError
from imr_ml.parsing import parse_letter
from imr_ml.reading.text import decoded_text, pdf_text, read_text
from imr_ml.scoring import compare
from tests.fuzzing.damage import LETTERS, damaged, read_or_refused

TRUTH = json.loads((LETTERS / "truth.json").read_text(encoding="utf-8"))
KNOWN = [path.stem for path in sorted(LETTERS.glob("*.txt")) if TRUTH[path.stem]["layout"] != "unknown"]
HEADINGS = re.compile(
    "HOW THE IMR FINAL DETERMINATION WAS MADE|CLINICAL CASE SUMMARY|IMR ISSUES, DECISIONS AND RATIONALES|"
    r"DOCUMENTS REVIEWED|IMR DECISION\(S\) AND RATIONALE\(S\)|ISSUE AT DISPUTE|"
    "INDEPENDENT MEDICAL REVIEW DECISION AND RATIONALE|Claims Administrator guideline|MAXIMUS guideline|"
    "Decision rationale|Rationale for the Decision"
)

quick = settings(
    max_examples=150,
    suppress_health_check=[HealthCheck.too_slow],
    database=None,
    derandomize=True,
)


@quick
@given(st.data())
def test_a_damaged_letter_is_read_or_refused(data: st.DataObject) -> None:
    read_or_refused(damaged(lambda n: data.draw(st.integers(0, n - 1)), most=4))


@pytest.mark.parametrize("seed", range(4))
def test_a_badly_damaged_letter_is_read_or_refused(seed: int) -> None:
    chance = random.Random(seed)
    read = [read_or_refused(damaged(chance.randrange, most=12)) for _ in range(100)]
    assert sum(letter is not None for letter in read) > 20  # the damage must not make the test idle


@quick
@given(st.text(max_size=400))
def test_any_text_is_read_or_refused(text: str) -> None:
    read_or_refused(text)


@quick
@given(st.binary(max_size=400))
def test_any_file_is_text_or_refused(data: bytes) -> None:
    try:
        text = decoded_text(data, "a.txt")
    except ReadError:
        return
    assert text.strip()
    text.encode()


@quick
@given(st.integers(0, 4000), st.binary(max_size=8), st.integers(0, 3))
def test_a_spoiled_pdf_is_read_or_refused(sample_pdf: bytes, at: int, new: bytes, cut: int) -> None:
    data = sample_pdf[:at] + new + sample_pdf[at + len(new) * (cut > 0) :]
    try:
        text = pdf_text(data[: at + 200] if cut == 3 else data, "a.pdf")
    except ReadError:
        return
    assert text.strip()


HARMLESS: dict[str, Callable[[str, random.Random], str]] = {
    "double spaced": lambda text, _: text.replace("\n", "\n\n"),
    "triple spaced": lambda text, _: text.replace("\n", "\n\n\n"),
    "two spaces": lambda text, chance: _each(text, " ", "  ", 0.2, chance),
    "tabs": lambda text, _: text.replace(" ", "\t"),
    "no-break spaces": lambda text, chance: _each(text, " ", "\u00a0", 0.3, chance),
    "zero-width spaces": lambda text, chance: _each(text, " ", " \u200b", 0.1, chance),
    "zero-width spaces in words": lambda text, chance: _each(text, "e", "e\u200b", 0.5, chance),
    "page breaks for line ends": lambda text, chance: _each(text, "\n", "\f", 0.1, chance),
    "page breaks in sentences": lambda text, chance: re.sub(
        r"(?<=\S) (?=\S)", lambda _: "\f" if chance.random() < 0.01 else " ", text
    ),
    "Windows line ends": lambda text, _: text.replace("\n", "\r\n"),
    "line separators": lambda text, _: text.replace("\n", "\u2028"),
    "indented": lambda text, _: re.sub("(?m)^", "   ", text),
    "trailing spaces": lambda text, _: re.sub("(?m)$", "  ", text),
    "blank lines lost": lambda text, _: re.sub("\n{2,}", "\n", text),
    "curly quotes": lambda text, _: text.replace("'", "’"),
    "ligatures": lambda text, _: text.replace("fi", "ﬁ").replace("fl", "ﬂ"),
    "page numbers": lambda text, _: _paged(text, "Page {page} of {pages}"),
    "page numbers in the text": lambda text, _: _paged(text, "\n{page} | P a g e\n", end="\n"),
    "page titles": lambda text, _: _paged(text, "\n{page}", "IMR Final Determination Letter\n"),
    "page footers of layout B": lambda text, _: _paged(
        text, "Final Determination Letter for IMR Case Number CM13-0000001   {page}"
    ),
    "headings in small letters": lambda text, _: re.sub("(?m)^[A-Z ,()]{16,}$", lambda m: m[0].title(), text),
    "headings spaced": lambda text, _: HEADINGS.sub(
        lambda m: "  ".join(" ".join(word) for word in m[0].split()), text
    ),
    "headings glued": lambda text, _: HEADINGS.sub(lambda m: m[0].replace(" ", ""), text),
    "verdicts in capitals": lambda text, _: re.sub(
        "(Upheld|Overturned)$", lambda m: m[0].upper(), text, flags=re.M
    ),
    "verdicts on lines of their own": lambda text, _: re.sub(": (Upheld|Overturned)", r":\n\1", text),
}
"""Damage that changes nothing in what a letter says."""


KNOWN_BY_PLACE = ("number_inside", "cut_off_heading", "glued_lines", "split_by_page")
"""Letters of which something is known by a blank line or by its place on the page."""


def _each(text: str, old: str, new: str, share: float, chance: random.Random) -> str:
    return "".join(new if sign == old and chance.random() < share else sign for sign in text)


def _paged(text: str, foot: str, title: str = "", *, end: str = "\f") -> str:
    """Cut a text into pages, each with a foot, and from the second on with a title."""
    lines = text.split("\n")
    pages = ["\n".join(lines[start : start + 20]) for start in range(0, len(lines), 20)]
    feet = [foot.format(page=number, pages=len(pages)) for number in range(1, len(pages) + 1)]
    titles = ["", *[f"{title}\n"] * len(pages)] if title else [""] * len(pages)
    return f"\n{end}".join(
        f"{above}{page}\n{below}" for above, page, below in zip(titles, pages, feet, strict=False)
    )


@pytest.mark.parametrize("kind", HARMLESS)
def test_harmless_damage_changes_no_fact(kind: str) -> None:
    wrong = []
    for name in KNOWN:
        if "page" in kind and "summary_without" in TRUTH[name]:
            continue  # its running titles are known by their place on a page, which other breaks take away
        text = read_text(LETTERS / f"{name}.txt")
        if "small" in kind and ("capitals" in name or "caps" in name):
            continue  # any of its lines could be a heading
        if ("page" in kind or "blank" in kind) and name.endswith(KNOWN_BY_PLACE):
            continue
        if name.endswith("header_at_end") or (kind == "headings spaced" and name.endswith("glued_headings")):
            continue  # known by a blank line, or damaged there already
        if kind == "page footers of layout B" and not TRUTH[name].get("case_number", "?"):
            continue  # they name a case
        before = _wrong_fields(name, text)
        after = _wrong_fields(name, HARMLESS[kind](text, random.Random(name)))
        assert not any(field == "outcome never turned around" for _, field in after)
        if name.startswith("around_") and ("page" in kind or "blank" in kind):
            continue  # what stands behind such a letter is known by the blank line before it
        wrong += sorted(after - before)
    assert wrong == []


def _wrong_fields(name: str, text: str) -> set[tuple[str, str]]:
    letter = parse_letter(text, source=f"{name}.txt")
    return {(check.letter, check.field) for check in compare(name, TRUTH[name], letter) if not check.is_right}


@pytest.mark.parametrize(
    "path", sorted(LETTERS.glob("b_*.txt")) + sorted(LETTERS.glob("c_*.txt")), ids=lambda p: p.stem
)
def test_taking_the_negation_away_turns_the_outcome(path: Path) -> None:
    """The sign of an outcome hangs on the word alone, not on a place or a habit of the letter."""
    text = re.sub(r"(?i)\b(is|are|was)\s*not\s*(?=m\s?edically)", r"\1 ", clean(read_text(path)))
    letter = parse_letter(text, source=path.name)
    assert {item.outcome for item in letter.items} == {"overturned"}
