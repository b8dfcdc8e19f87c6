from __future__ import annotations

import pypdfium2
import pytest

from imr_ml.simulating import simulate_letters
from imr_ml.simulating.letters import Block
from imr_ml.simulating.pdf import letter_pdf


def pages_of(data: bytes) -> list[str]:
    pages = []
    document = pypdfium2.PdfDocument(data)
    for page in document:
        text_page = page.get_textpage()
        pages.append(text_page.get_text_bounded())
        text_page.close()
        page.close()
    document.close()
    return pages


@pytest.mark.parametrize("number", range(40))
def test_a_pdf_holds_the_words_of_the_text(number, letters):
    letter = letters[number]
    assert " ".join(pages_of(letter.pdf)).split() == letter.text.split()


@pytest.fixture(scope="module")
def letters():
    return list(simulate_letters(40, seed=4))


def test_pages_break_inside_items(letters):
    broken = [pages for letter in letters if len(pages := pages_of(letter.pdf)) > 1]
    assert broken
    assert any(not page.lstrip().startswith("Decision") for pages in broken for page in pages[1:])


def test_a_pdf_is_the_same_twice(letters):
    assert letters[0].pdf == next(simulate_letters(1, seed=4)).pdf


@pytest.mark.parametrize("text", ["(brackets) \\ and (more", "café “quoted” – 30° ×2", "100%/5 #60"])
def test_characters_survive(text):
    assert " ".join(pages_of(letter_pdf([Block(text)]))).split() == text.split()


def test_lines_stay_on_the_page(letters):
    document = pypdfium2.PdfDocument(letters[0].pdf)
    page = document[0]
    text_page = page.get_textpage()
    width, height = page.get_size()
    boxes = [text_page.get_charbox(index) for index in range(text_page.count_chars())]
    text_page.close()
    page.close()
    document.close()
    assert (width, height) == (612, 792)
    assert max(right for _, _, right, _ in boxes) < 570 and min(bottom for _, bottom, _, _ in boxes) > 60
