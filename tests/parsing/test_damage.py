"""What extraction, printing and redaction do to letters changes nothing that is read in them."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from imr_ml.errors import ReadError
from imr_ml.letter import Letter
from imr_ml.parsing import parse_letter
from imr_ml.reading import read_text
from imr_ml.scoring import compare

LETTERS = Path(__file__).parents[1] / "letters"
TRUTH = json.loads((LETTERS / "truth.json").read_text(encoding="utf-8"))
HEADINGS = (
    "HOW THE IMR FINAL DETERMINATION WAS MADE",
    "CLINICAL CASE SUMMARY",
    "IMR ISSUES, DECISIONS AND RATIONALES",
    "DOCUMENTS REVIEWED",
    "IMR DECISION(S) AND RATIONALE(S)",
    "INDEPENDENT MEDICAL REVIEW DECISION AND RATIONALE",
    "ISSUE AT DISPUTE",
    "Claims Administrator guideline",
    "MAXIMUS guideline",
    "Decision rationale",
    "Rationale for the Decision",
)


def paged(n_lines: int, title: str = "", foot: str = "{page}", end: str = "\f") -> Callable[[str], str]:
    """Cut a text into pages, each with a title from the second on, and a foot."""

    def cut(text: str) -> str:
        lines = text.split("\n")
        pages = [lines[at : at + n_lines] for at in range(0, len(lines), n_lines)]
        return end.join(
            "\n".join(
                [
                    *([title, ""] if title and page > 1 else []),
                    *own,
                    "",
                    foot.format(page=page, of=len(pages)),
                ]
            )
            for page, own in enumerate(pages, start=1)
        )

    return cut


def headings(change: Callable[[str], str]) -> Callable[[str], str]:
    """Change every heading of a text."""
    return lambda text: re.sub("|".join(map(re.escape, HEADINGS)), lambda found: change(found.group()), text)


DAMAGES: dict[str, Callable[[str], str]] = {
    "double spaced": lambda text: text.replace("\n", "\n\n"),
    "triple spaced": lambda text: text.replace("\n", "\n\n\n"),
    "no blank lines": lambda text: re.sub(r"\n\s*\n", "\n", text),
    "indented": lambda text: text.replace("\n", "   \n      "),
    "wide spaces": lambda text: text.replace(" ", "   "),
    "tabs": lambda text: text.replace(" ", "\t"),
    "no-break spaces": lambda text: text.replace(" ", "\u00a0"),
    "zero-width spaces": lambda text: text.replace("e", "e\u200b"),
    "curly quotes": lambda text: text.replace("'", "\u2019"),
    "ligatures": lambda text: text.replace("fi", "\ufb01").replace("fl", "\ufb02"),
    "carriage returns": lambda text: text.replace("\n", "\r\n"),
    "line separators": lambda text: text.replace("\n", "\u2028"),
    "pages of 25 lines, double spaced": lambda text: paged(25)(text).replace("\n", "\n\n"),
    "pages of 33 lines with a title": paged(33, "IMR Final Determination Letter"),
    "a footer that counts pages": paged(30, foot="Page {page} of {of}"),
    "a footer in the middle of the text": paged(28, foot="Page {page} of {of}", end="\n"),
    "the footer of layout B": paged(
        30, foot="Final Determination Letter for IMR Case Number CM13-0000001  {page}"
    ),
    "spaced headings": headings(lambda words: "  ".join(" ".join(word) for word in words.split())),
    "headings in title case": headings(str.title),
    "glued headings": headings(lambda words: words.replace(" ", "")),
    "outcomes on lines of their own": lambda text: re.sub(r": (Upheld|Overturned)", r":\n\1", text),
    "outcomes in capitals": lambda text: re.sub(
        r": (Upheld|Overturned)\n", lambda found: found.group().upper(), text
    ),
}


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    found = {}
    for name in TRUTH:
        path = LETTERS / f"{name}.txt"
        if path.exists() and name != "unknown_white_space":
            found[name] = read_text(path)
    return found


@pytest.mark.parametrize("damage", DAMAGES)
def test_damage_changes_nothing_that_is_read(damage: str, texts: dict[str, str]) -> None:
    wrong = []
    for name, text in texts.items():
        try:
            letter = parse_letter(DAMAGES[damage](text), source=name)
        except ReadError as error:
            letter = Letter(name, "unknown", "", (), warnings=(error.reason,))
        wrong += [check for check in compare(name, TRUTH[name], letter) if not check.is_right]
    assert not wrong
