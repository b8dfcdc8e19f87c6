"""One file to text, and the ways in which it can fail to hold any."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from imr_ml.errors import ReadError

MAX_TEXT_BYTES = 4 * 2**20
"""A text larger than this is no letter: the longest known ones have 60 kB."""

_FOREIGN = {
    b"PK\x03\x04": ("is a Word document or an archive, not text", "save it as PDF or text"),
    b"\xd0\xcf\x11\xe0": ("is a Word document, not text", "save it as PDF or text"),
    b"{\\rtf": ("is rich text, not plain text", "save it as PDF or text"),
    b"\x89PNG": ("is an image", "make it searchable (OCR) and save it as PDF"),
    b"\xff\xd8\xff": ("is an image", "make it searchable (OCR) and save it as PDF"),
    b"II*\x00": ("is an image", "make it searchable (OCR) and save it as PDF"),
    b"MM\x00*": ("is an image", "make it searchable (OCR) and save it as PDF"),
}
_MARKS = tuple(_FOREIGN)
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_CONTROL = bytes([*range(9), *range(14, 32), 127])
_UNDECODED = re.compile("[\udc80-\udcff]+")


def read_text(path: str | Path) -> str:
    r"""Read the text of a PDF or a text file; what it is is told by its content, not by its name alone.

    Parameters
    ----------
    path : str or Path

    Returns
    -------
    str
        Lines end in ``\n``, pages are separated by ``\f``. A hyphen at the end of a line of a PDF is kept
        with its line end, because only the reader of the words can tell "x-ray" from "documen-tation".
        Text is UTF-8, UTF-16 with its mark, or else Windows-1252.

    Raises
    ------
    ReadError
        If there is no such file, it is a folder, cannot be opened, is empty, damaged, encrypted or binary,
        or holds no text (a scanned page); the message says what to do.
    """
    path = os.fspath(path)
    source = readable(path)
    try:
        data = _first_bytes(path, source)
        if is_pdf(data[:1024], path):
            return pdf_text(Path(path), source)
    except FileNotFoundError:
        raise ReadError(source, "no such file") from None
    except (OSError, ValueError) as error:
        raise ReadError(source, f"cannot be opened ({getattr(error, 'strerror', None) or error})") from None
    return decoded_text(data, source)


def _first_bytes(path: str, source: str) -> bytes:
    """Read a file up to its end, `MAX_TEXT_BYTES` and one more byte, or the mark of a PDF."""
    # With the system's own calls: for a letter of some kilobytes, Path and open cost more than the reading.
    try:
        file = os.open(path, _OPENED)
    except OSError:
        if Path(path).is_dir():
            raise ReadError(source, _FOLDER) from None
        raise
    try:
        status = os.fstat(file)
        if stat.S_ISDIR(status.st_mode):
            raise ReadError(source, _FOLDER)
        if not stat.S_ISREG(status.st_mode):
            raise ReadError(source, "is not a regular file")
        data = os.read(file, _AT_ONCE)
        size = min(status.st_size, MAX_TEXT_BYTES) + 1
        if len(data) == _AT_ONCE and size > _AT_ONCE and not is_pdf(data[:1024], path):
            data += os.read(file, size - _AT_ONCE)
        return data
    finally:
        os.close(file)


_FOLDER = "is a folder; read_letters and imr-ml read take folders"
_AT_ONCE = 2**14
# Without waiting for the other end of a pipe, which is then refused.
_OPENED = (
    os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
)


def readable(name: str) -> str:
    """Give a file's name without the bytes that no table can hold."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def is_pdf(start: bytes, name: str) -> bool:
    """Tell a PDF by its first kilobyte; a file named .pdf may have other bytes before its mark."""
    return start.lstrip().startswith(b"%PDF-") or (name.lower().endswith(".pdf") and b"%PDF-" in start)


def decoded_text(data: bytes, source: str) -> str:
    r"""Decode a text file.

    Parameters
    ----------
    data : bytes
        The file, or its first `MAX_TEXT_BYTES` and one more byte.
    source : str
        Names the file in errors, and by its ending what it should have been.

    Raises
    ------
    ReadError
        If it is empty, too large or not text.

    Examples
    --------
    >>> decoded_text(b"the worker\x92s knee \xe2\x80\x93 right", "a.txt")
    'the worker’s knee – right'
    """
    if not data:
        raise ReadError(source, "is empty")
    if source.lower().endswith(".pdf"):
        raise ReadError(source, "is named .pdf but is not a PDF; get the file again")
    if data.startswith(_MARKS):
        what, remedy = next(told for mark, told in _FOREIGN.items() if data.startswith(mark))
        raise ReadError(source, f"{what}; {remedy}")
    if len(data) > MAX_TEXT_BYTES:
        raise ReadError(source, f"is larger than {MAX_TEXT_BYTES >> 20} MB; no letter is that long")
    if data.startswith(_UTF16_MARKS):
        text = data.decode("utf-16", "replace")
    else:
        # A single bad byte must not spoil the good characters around it, so each falls back on its own.
        text = data.decode("utf-8", "surrogateescape").removeprefix("\ufeff")
        if not text.isascii():
            text = _UNDECODED.sub(_windows_1252, text)
    plain = data if data.isascii() else text.encode("utf-8", "replace")
    if len(plain) - len(plain.translate(None, _CONTROL)) > len(plain) // 100:
        raise ReadError(source, "is binary, not text; give the letter as PDF or text")
    if not text.strip():
        raise ReadError(source, "holds no text, only blank space")
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def _windows_1252(undecoded: re.Match[str]) -> str:
    return undecoded[0].encode("ascii", "surrogateescape").decode("windows-1252", "replace")


def pdf_text(content: Path | bytes, source: str) -> str:
    r"""Extract the text of a PDF, its pages separated by ``\f``.

    Raises
    ------
    ReadError
        If it is encrypted, damaged, has no pages or no text.
    """
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        raise ReadError(source, _pdf_fault(str(error))) from None
    try:
        pages: list[str] = []
        n_characters = 0
        for number in range(len(document)):
            try:
                pages.append(_page_text(document, number))
            except pypdfium2.PdfiumError:
                raise ReadError(
                    source, f"page {number + 1} of {len(document)} is damaged; get the file again"
                ) from None
            n_characters += len(pages[-1])
            if n_characters > MAX_TEXT_BYTES:
                raise ReadError(source, f"holds more than {MAX_TEXT_BYTES >> 20} MB of text; it is no letter")
    finally:
        document.close()
    if not pages:
        raise ReadError(source, "is a PDF without pages; get the file again")
    if not any(page.strip() for page in pages):
        raise ReadError(
            source,
            f"holds no text in {len(pages)} page{'s' if len(pages) > 1 else ''}, only images; "
            "make it searchable (OCR) first",
        )
    return "\f".join(pages)


def _pdf_fault(message: str) -> str:
    if "assword" in message or "ecurity" in message:
        return "is encrypted; save it without its password first"
    return "is a damaged PDF; get the file again"


def _page_text(document: Any, number: int) -> str:
    page = document[number]
    try:
        text_page = page.get_textpage()
        try:
            text: str = text_page.get_text_range()
            return _reordered(text, text_page, page.get_rotation()) or (
                _with_hyphens(text, "-\n").replace("\r\n", "\n").replace("\r", "\n")
            )
        finally:
            text_page.close()
    finally:
        page.close()


def _reordered(text: str, text_page: Any, rotation: int) -> str | None:
    """Give a page in the order in which it is read; None where it was drawn so, or has no places."""
    from pypdfium2 import PdfiumError

    # A place is asked for by a character's number; signs that PDFium counts otherwise would shift it.
    if len(text) != text_page.count_chars():
        return None
    with suppress(PdfiumError):
        if not _falls(_places(_LINE.finditer(text), text_page, rotation)):
            words = list(_WORD.finditer(text))
            places = _places(words, text_page, rotation)
            pieces = [_Piece(word[0], *place) for word, place in zip(words, places, strict=True)]
            return _with_hyphens("\n".join(_in_reading_order(pieces)), "-")
    return None


class _Piece(NamedTuple):
    """A word as drawn, with the left, lower and upper edge of its first character, in points."""

    text: str
    left: float
    bottom: float
    top: float


_Place = tuple[float, float, float]

# PDFium puts one of two signs for a hyphen and the line end after it.
_LINE = re.compile("[^\\s\ufffe\x02][^\r\n\ufffe\x02]*[\ufffe\x02]?")
_WORD = re.compile("[^\\s\ufffe\x02]+[\ufffe\x02]?")


def _with_hyphens(text: str, hyphen: str) -> str:
    return text.replace("\ufffe", hyphen).replace("\x02", hyphen)


def _places(parts: Iterable[re.Match[str]], text_page: Any, rotation: int) -> list[_Place]:
    """Give the left, lower and upper edge of the first character of each part."""
    box_of = text_page.get_charbox
    return [_upright(box_of(part.start(), loose=True), rotation) for part in parts]


def _upright(box: tuple[float, float, float, float], rotation: int) -> _Place:
    left, bottom, right, top = box
    if rotation == 90:
        return bottom, -right, -left
    if rotation == 180:
        return -right, -top, -bottom
    if rotation == 270:
        return -top, left, right
    return left, bottom, top


def _falls(lines: list[_Place]) -> bool:
    """Tell whether the lines were drawn as they are read.

    A value may stand right of its label and one line above the label's second half, as in the header
    block of these letters; everything else that climbs is out of order.
    """
    for (left, bottom, _), (next_left, next_bottom, next_top) in pairwise(lines):
        height = next_top - next_bottom
        if next_bottom - bottom > (1.5 * height if next_left > left + height else 0.5 * height):
            return False
    return True


def _in_reading_order(words: list[_Piece]) -> Iterator[str]:
    """Join what stands at one height, left to right, and give it from top to bottom."""
    row: list[_Piece] = []
    for word in sorted(words, key=lambda word: -word.bottom):
        if row and (word.bottom + word.top) / 2 < row[0].bottom:
            yield " ".join(one.text for one in sorted(row, key=lambda one: one.left))
            row = []
        row.append(word)
    if row:
        yield " ".join(one.text for one in sorted(row, key=lambda one: one.left))
