"""Invented letters as PDFs, drawn in the ways in which programs draw: what they say must not depend on it."""

import io
import json
import random
from collections.abc import Callable, Iterator
from pathlib import Path

import matplotlib
import pytest
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from imr_ml.parsing import parse_letter
from imr_ml.reading.text import pdf_text, read_text
from imr_ml.scoring import compare

LETTERS = Path(__file__).parents[1] / "letters"
TRUTH = json.loads((LETTERS / "truth.json").read_text(encoding="utf-8"))
NAMES = [
    "a1_header_three_states",
    "a1_long_request_wrapped",
    "a2_body_verdict_words_in_prose",
    "a2_head_colon_in_request",
    "a2_head_ligatures_spaces",
    "a2_head_many_items",
    "a2_head_modified_remaining",
    "a2_head_page_furniture",
    "a2_head_surgery_adjuncts",
    "b_preamble_verdict",
    "c_two_items_twice",
    "d_polarity_in_guideline",
]
SIZE, LEAD, TOP, LEFT = 8.0, 10.0, 800.0, 40.0

Words = tuple[float, float, str]


@pytest.fixture(scope="module", autouse=True)
def font() -> None:
    pdfmetrics.registerFont(TTFont("DejaVu", Path(matplotlib.get_data_path(), "fonts/ttf/DejaVuSans.ttf")))


def drawn(pages: list[list[Words]], *, compressed: bool = True) -> bytes:
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=(700, 842), pageCompression=int(compressed), invariant=1)
    for page in pages:
        canvas.setFont("DejaVu", SIZE)
        for x, y, words in page:
            canvas.drawString(x, y, words)
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def rows(text: str) -> Iterator[list[tuple[float, str]]]:
    """The pages of a text, each a list of its lines with their heights."""
    for page in text.split("\f"):
        lines = page.split("\n")
        for start in range(0, len(lines), 70):
            yield [
                (TOP - LEAD * row, line) for row, line in enumerate(lines[start : start + 70]) if line.strip()
            ]


def words_of(line: str) -> Iterator[tuple[float, str]]:
    """The words of a line with their places."""
    at = 0
    for word in line.split(" "):
        if word:
            yield LEFT + pdfmetrics.stringWidth(line[:at], "DejaVu", SIZE), word
        at += len(word) + 1


def in_lines(text: str) -> bytes:
    return drawn([[(LEFT, y, line) for y, line in page] for page in rows(text)], compressed=False)


def in_words(text: str) -> bytes:
    return drawn([[(x, y, word) for y, line in page for x, word in words_of(line)] for page in rows(text)])


def in_letters(text: str) -> bytes:
    def signs(line: str) -> Iterator[tuple[float, str]]:
        for at, sign in enumerate(line):
            if sign != " ":
                yield LEFT + pdfmetrics.stringWidth(line[:at], "DejaVu", SIZE), sign

    return drawn([[(x, y, sign) for y, line in page for x, sign in signs(line)] for page in rows(text)])


def from_the_bottom(text: str) -> bytes:
    return drawn([[(LEFT, y, line) for y, line in reversed(page)] for page in rows(text)])


def in_any_order(text: str) -> bytes:
    pages = [[(x, y, word) for y, line in page for x, word in words_of(line)] for page in rows(text)]
    for page in pages:
        random.Random(0).shuffle(page)
    return drawn(pages)


def with_page_numbers_first(text: str) -> bytes:
    pages = list(rows(text))
    return drawn(
        [
            [(300, 30, f"Page {number} of {len(pages)}"), *((LEFT, y, line) for y, line in page)]
            for number, page in enumerate(pages, start=1)
        ]
    )


def with_hyphens(text: str) -> bytes:
    """Break every line that has room for it inside a word, with a hyphen, as typesetters do."""
    broken: list[str] = []
    for line in text.split("\n"):
        head, space, last = line.rpartition(" ")
        follows = space and len(line) > 80 and last.isalpha() and last.islower() and len(last) > 7
        if follows:
            broken += [f"{head} {last[:4]}-", last[4:]]
        else:
            broken.append(line)
    return in_lines("\n".join(broken))


@pytest.mark.parametrize(
    "draw",
    [in_lines, in_words, in_letters, from_the_bottom, in_any_order, with_page_numbers_first, with_hyphens],
)
def test_a_letter_says_the_same_however_it_was_drawn(draw: Callable[[str], bytes]) -> None:
    differ = []
    for name in NAMES:
        text = read_text(LETTERS / f"{name}.txt")
        differ += sorted(wrong(name, pdf_text(draw(text), f"{name}.pdf")) - wrong(name, text))
    assert differ == []


def wrong(name: str, text: str) -> set[tuple[str, str, str]]:
    letter = parse_letter(text, source=name)
    return {
        (check.letter, check.field, str(check.found))
        for check in compare(name, TRUTH[name], letter)
        if not check.is_right
    }


HEADER = [
    ("Case Number:", "CM15-0203344", "", ""),
    ("Date Assigned:", "11/02/2015", "Date of Injury:", "12/01/2013"),
]
HEADER += [("Decision Date:", "12/08/2015", "UR Denial Date:", "10/09/2015")]
HEADER += [("Priority:", "Standard", "Application Received:", "10/20/2015")]


@pytest.mark.parametrize("by_column", [False, True])
def test_a_header_block_of_columns_keeps_labels_with_values(by_column: bool) -> None:
    name = "a2_head_colon_in_request"
    cells = [
        (LEFT + 130 * column, TOP - LEAD * row, words)
        for row, line in enumerate(HEADER)
        for column, words in enumerate(line)
        if words
    ]
    if by_column:
        cells.sort(key=lambda cell: (cell[0], -cell[1]))
    text = read_text(LETTERS / f"{name}.txt")
    pages = list(rows(text[text.index("HOW THE IMR") :]))
    first = cells + [(LEFT, y - 6 * LEAD, line) for y, line in pages[0]]
    assert wrong(name, pdf_text(drawn([first]), "a.pdf")) == set()
