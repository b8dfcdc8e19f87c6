"""Letters as PDF files: plain pages in the standard typefaces, the same bytes for the same letter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from imr_ml.simulating.letters import LINE_WIDTH, Block, wrapped

_PAGE_WIDTH, _PAGE_HEIGHT = 612, 792
_LEFT, _TOP, _BOTTOM = 66, 716, 72
_SIZE, _LEADING = 11, 13.4
_COLUMNS = (66, 176, 306, 416, 546)
_ROW_HEIGHT = 15
_FONTS = {"F1": "Times-Roman", "F2": "Times-Bold", "F3": "Helvetica-Bold", "F4": "Helvetica"}


@dataclass(slots=True)
class _Pages:
    """Content streams under construction and the height at which the next line goes."""

    streams: list[list[str]]
    height: float = _TOP

    def line(self, text: str, font: str, x: float, *, size: float = _SIZE) -> None:
        self.streams[-1].append(f"BT /{font} {size} Tf {x:g} {self.height:g} Td ({_escaped(text)}) Tj ET")

    def down(self, by: float) -> None:
        self.height = round(self.height - by, 2)

    def need(self, room: float) -> None:
        if self.height - room < _BOTTOM:
            self.streams.append([])
            self.height = _TOP


def letter_pdf(blocks: Sequence[Block]) -> bytes:
    """Give a letter as a PDF file.

    Parameters
    ----------
    blocks : sequence of Block
        As `letter_blocks` makes them; characters outside Windows-1252 become question marks.

    Returns
    -------
    bytes
        A PDF 1.4 file of letter-size pages. Lines break between words at 95 characters, pages wherever
        they are full, in the middle of an item if need be.
    """
    pages = _Pages([[]])
    for number, block in enumerate(blocks):
        if block.role == "row":
            _draw_row(pages, block)
            continue
        tight = number and block.role == "line" and blocks[number - 1].role == "line"
        pages.down(0 if tight else 6)
        font = {"heading": "F2", "mark": "F3", "item": "F2"}.get(block.role, "F1")
        for text in wrapped(block.text, LINE_WIDTH):
            pages.need(_LEADING)
            pages.line(text, font, _centred(text) if block.role == "heading" else _LEFT)
            pages.down(_LEADING)
    return _file(["\n".join(stream) for stream in pages.streams])


def _centred(text: str) -> float:
    # Times-Bold capitals are about 0.68 em wide; a heading need not be centred to the point.
    return round((_PAGE_WIDTH - 0.68 * _SIZE * len(text)) / 2)


def _draw_row(pages: _Pages, block: Block) -> None:
    """Draw one row of the header table: a rule, then labels and values."""
    pages.need(_ROW_HEIGHT)
    top = pages.height + 10
    pages.streams[-1].append(f"0.5 w {_COLUMNS[0] - 3} {top - _ROW_HEIGHT + 1:g} 484 {_ROW_HEIGHT} re S")
    for number, text in enumerate(block.text.split("|")):
        pages.line(text, "F4" if number % 2 else "F3", _COLUMNS[number], size=9)
    pages.down(_ROW_HEIGHT)


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")


def _file(streams: Sequence[str]) -> bytes:
    n_fonts = len(_FONTS)
    first_page = 3 + n_fonts
    pages = " ".join(f"{first_page + 2 * number} 0 R" for number in range(len(streams)))
    fonts = " ".join(f"/{name} {3 + number} 0 R" for number, name in enumerate(_FONTS))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Count {len(streams)} /Kids [{pages}] >>".encode(),
        *(
            f"<< /Type /Font /Subtype /Type1 /BaseFont /{font} /Encoding /WinAnsiEncoding >>".encode()
            for font in _FONTS.values()
        ),
    ]
    for number, stream in enumerate(streams):
        content = stream.encode("cp1252", errors="replace")
        objects.append(
            (
                f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {_PAGE_WIDTH} {_PAGE_HEIGHT}] "
                f"/Resources << /Font << {fonts} >> >> /Contents {first_page + 2 * number + 1} 0 R >>"
            ).encode()
        )
        objects.append(b"<< /Length %d >>\nstream\n%b\nendstream" % (len(content), content))
    return _joined(objects)


def _joined(objects: Sequence[bytes]) -> bytes:
    """Join numbered objects, and the table that says where each begins."""
    written = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(len(written))
        written += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    start = len(written)
    written += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    written += b"".join(b"%010d 00000 n \n" % place for place in places)
    written += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(written)
