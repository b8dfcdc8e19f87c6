import io
import os
from pathlib import Path

import pytest
from reportlab.lib import pdfencrypt
from reportlab.pdfgen.canvas import Canvas

from imr_ml.errors import ReadError
from imr_ml.reading.text import pdf_text, read_text


def make_pdf(*pages: list[tuple[float, float, str]], encrypt: object = None) -> bytes:
    """A PDF with words drawn at (x, y) in the order given."""
    file = io.BytesIO()
    canvas = Canvas(file, encrypt=encrypt, invariant=1)
    for page in pages:
        for x, y, words in page:
            canvas.drawString(x, y, words)
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def lines(*words: str, top: float = 780, left: float = 72) -> list[tuple[float, float, str]]:
    return [(left, top - 14 * row, line) for row, line in enumerate(words)]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"the worker's knee", "the worker's knee"),
        ("the worker’s knee".encode(), "the worker’s knee"),
        ("the worker’s knee".encode("utf-8-sig"), "the worker’s knee"),
        ("the worker’s knee".encode("utf-16"), "the worker’s knee"),
        ("the worker’s knee".encode("utf-16-be"), None),  # without its mark it is taken for binary
        ("\ufeffthe worker’s knee".encode("utf-16-be"), "the worker’s knee"),
        ("the worker’s knee – 38°".encode("windows-1252"), "the worker’s knee – 38°"),
        # One bad byte does not turn the good characters around it into mojibake.
        ("knee – 38° ".encode() + b"\x92s", "knee – 38° ’s"),
        (b"\x81\x8d knee", "\ufffd\ufffd knee"),  # no character in Windows-1252
        (b"one\r\ntwo\rthree\n\x0cfour", "one\ntwo\nthree\n\x0cfour"),
    ],
)
def test_read_text_decodes_what_letters_are_written_in(tmp_path: Path, data: bytes, expected: str) -> None:
    path = tmp_path / "letter.txt"
    path.write_bytes(data)
    if expected is None:
        with pytest.raises(ReadError, match="is binary"):
            read_text(path)
    else:
        assert read_text(path) == expected


def test_read_text_joins_pages_and_keeps_their_lines(tmp_path: Path) -> None:
    path = tmp_path / "letter.pdf"
    path.write_bytes(make_pdf(lines("one", "two"), lines("three")))
    assert read_text(path) == "one\ntwo\fthree"


def test_a_pdf_is_known_by_its_content(tmp_path: Path) -> None:
    pdf = make_pdf(lines("one"))
    for name, data in [("letter.txt", pdf), ("letter", pdf), ("letter.PDF", b"mail header\n\n" + pdf)]:
        (tmp_path / name).write_bytes(data)
        assert read_text(tmp_path / name) == "one"
    (tmp_path / "about.txt").write_text("a letter about %PDF- files")
    assert read_text(tmp_path / "about.txt") == "a letter about %PDF- files"


def test_a_hyphen_at_a_line_end_keeps_its_line_end() -> None:
    assert pdf_text(make_pdf(lines("no documen-", "tation of x-", "rays")), "a.pdf") == (
        "no documen-\ntation of x-\nrays"
    )


HEADER = [
    *lines("Case Number:", "Date Assigned:", "Decision Date:", "Priority:"),
    *lines("CM15-0000007", "02/03/2015", "03/04/2015", "Standard", left=180),
    *lines("Date of Injury:", "UR Denial Date:", top=766, left=330),
    *lines("01/02/2014", "01/30/2015", top=766, left=430),
]


def test_text_in_odd_drawing_order_is_read_line_by_line() -> None:
    page = [*reversed(lines("first", "second", "third", top=700)), *HEADER, (300, 30, "Page 1")]
    assert pdf_text(make_pdf(page), "a.pdf").splitlines() == [
        "Case Number: CM15-0000007",
        "Date Assigned: 02/03/2015 Date of Injury: 01/02/2014",
        "Decision Date: 03/04/2015 UR Denial Date: 01/30/2015",
        "Priority: Standard",
        "first",
        "second",
        "third",
        "Page 1",
    ]


def test_a_label_over_two_lines_keeps_its_value_after_it() -> None:
    page = [(330, 700, "Application"), (330, 687, "Received:"), (430, 700, "11/14/2016")]
    assert pdf_text(make_pdf(page), "a.pdf").split() == ["Application", "Received:", "11/14/2016"]


@pytest.mark.parametrize("rotation", [90, 180, 270])
def test_a_turned_page_is_read_as_it_is_seen(rotation: int) -> None:
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=(600, 600))
    canvas.setPageRotation(rotation)
    canvas.translate(300, 300)
    canvas.rotate(rotation)
    for row in reversed(range(5)):
        canvas.drawString(-200, 200 - 14 * row, f"row {row}")
    canvas.save()
    assert pdf_text(file.getvalue(), "a.pdf").splitlines() == [f"row {row}" for row in range(5)]


def image_only() -> bytes:
    file = io.BytesIO()
    canvas = Canvas(file)
    for _ in range(3):
        canvas.rect(72, 72, 400, 600, fill=1)
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def without_pages() -> bytes:
    body = (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"
    )
    return body + b"trailer<</Root 1 0 R>>\n%%EOF"


WHOLE = make_pdf(lines("one", "two"))


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("a.txt", b"", r"a\.txt: is empty"),
        ("a.pdf", b"", r"a\.pdf: is empty"),
        ("a.txt", b" \n\x0c\n\t ", "only blank space"),
        ("a.txt", bytes(range(256)) * 20, "is binary"),
        ("a.pdf", b"Case Number: CM15-0000001", "is named .pdf but is not a PDF"),
        ("a.pdf", WHOLE[:200], "is a damaged PDF"),
        ("a.pdf", b"%PDF-1.4\n" + os.urandom(2000), "is a damaged PDF"),
        ("a.pdf", image_only(), r"holds no text in 3 pages, only images; make it searchable \(OCR\)"),
        ("a.pdf", without_pages(), "is a PDF without pages|is a damaged PDF"),
        ("a.pdf", make_pdf(lines("one"), encrypt=pdfencrypt.StandardEncryption("secret")), "is encrypted"),
        ("a.docx", b"PK\x03\x04rest", "is a Word document or an archive"),
        ("a.txt", b"\xd0\xcf\x11\xe0rest", "is a Word document"),
        ("a.txt", b"{\\rtf1 words}", "is rich text"),
        ("a.png", b"\x89PNG\r\n", "is an image"),
    ],
)
def test_bad_files_are_named_and_explained(tmp_path: Path, name: str, data: bytes, message: str) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(ReadError, match=message):
        read_text(path)


def test_a_text_beyond_any_letter_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("imr_ml.reading.text.MAX_TEXT_BYTES", 2**20)
    (tmp_path / "a.txt").write_bytes(b"knee " * 2**18)
    with pytest.raises(ReadError, match="larger than 1 MB"):
        read_text(tmp_path / "a.txt")


def test_what_is_no_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match=r"nowhere\.pdf: no such file"):
        read_text(tmp_path / "nowhere.pdf")
    with pytest.raises(ReadError, match="is a folder; read_letters"):
        read_text(tmp_path)
    os.mkfifo(tmp_path / "pipe.txt")
    with pytest.raises(ReadError, match="is not a regular file"):
        read_text(tmp_path / "pipe.txt")
    with pytest.raises(ReadError, match="cannot be opened"):
        read_text(tmp_path / ("a" * 300))
    with pytest.raises(ReadError, match="cannot be opened"):
        read_text("a\0b")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
def test_a_file_without_permission_is_named(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("words")
    path.chmod(0)
    with pytest.raises(ReadError, match="cannot be opened"):
        read_text(path)


def test_every_real_pdf_gives_its_words_in_order(real_data: Path) -> None:
    for path in sorted((real_data / "letters" / "2016-2017").glob("*.pdf")):
        text = read_text(path)
        assert text.startswith(f"Case Number: {path.stem}\n")
        assert "\ufffe" not in text and "\x02" not in text and "\r" not in text
        assert text.index("CLINICAL CASE SUMMARY") < text.index("IMR ISSUES, DECISIONS AND RATIONALES")
