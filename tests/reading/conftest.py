import io
from collections.abc import Callable
from pathlib import Path

import pytest
from reportlab.pdfgen.canvas import Canvas

LETTER = """\
Case Number: {case}
Date Assigned: 02/03/2016 Date of Injury: 04/05/2012
Decision Date: 03/01/2016 UR Denial Date: 01/12/2016
Priority: Standard Application Received: 01/25/2016
HOW THE IMR FINAL DETERMINATION WAS MADE
MAXIMUS Federal Services sent the complete case file to an expert reviewer.
The Expert Reviewer has the following credentials:
State(s) of Licensure: California
Certification(s)/Specialty: Internal Medicine
CLINICAL CASE SUMMARY
The expert reviewer developed the following clinical case summary based on a review of the
case file, including all medical records:
The injured worker is a 44 year old male who slipped on a wet ramp. {words}
IMR ISSUES, DECISIONS AND RATIONALES
The Final Determination was based on decisions for the disputed items/services set forth below:
Walking boot, left: {outcome}
Claims Administrator guideline: Decision based on MTUS Ankle and Foot Complaints 2004.
MAXIMUS guideline: Decision based on MTUS Ankle and Foot Complaints 2004.
Decision rationale: The boot has been weighed against the guideline. {words}
"""


@pytest.fixture
def letter() -> Callable[..., str]:
    """Makes the text of a small letter, each by its number and by the words that tell it from others."""

    def make(number: int, words: str = "", outcome: str = "Upheld") -> str:
        return LETTER.format(case=f"CM16-{number:07d}", words=words, outcome=outcome)

    return make


@pytest.fixture
def pdf() -> Callable[[str], bytes]:
    """Makes a PDF of a text, line by line."""

    def make(text: str) -> bytes:
        file = io.BytesIO()
        canvas = Canvas(file, invariant=1)
        for row, line in enumerate(text.splitlines()):
            canvas.drawString(50, 800 - 14 * row, line)
        canvas.save()
        return file.getvalue()

    return make


@pytest.fixture
def fragile_library(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Puts in the place of the PDF library one that crashes or hangs where a file says so."""
    folder = tmp_path_factory.mktemp("library")
    (folder / "pypdfium2.py").write_text(
        "import os, signal, time\n"
        "class PdfiumError(Exception): pass\n"
        "class PdfDocument:\n"
        "    def __init__(self, content):\n"
        "        self.data = open(content, 'rb').read() if not isinstance(content, bytes) else content\n"
        "        if b'crash' in self.data: os.kill(os.getpid(), signal.SIGSEGV)\n"
        "        if b'leave' in self.data: os._exit(3)\n"
        "        if b'hang' in self.data: time.sleep(600)\n"
        "        if b'print' in self.data: print('noise', flush=True)\n"
        "    def __len__(self): return 1\n"
        "    def __getitem__(self, number): return self\n"
        "    def get_textpage(self): return self\n"
        "    def get_text_range(self): return self.data.decode()[5:]\n"
        "    def count_chars(self): return 0\n"
        "    def get_rotation(self): return 0\n"
        "    def close(self): pass\n"
    )
    monkeypatch.syspath_prepend(folder)


@pytest.fixture
def letters_folder(tmp_path: Path, letter: Callable[..., str], pdf: Callable[[str], bytes]) -> Path:
    """A folder as users have it: PDFs and texts at two depths, and files that are no letters."""
    folder = tmp_path / "letters"
    (folder / "2016" / "spring").mkdir(parents=True)
    for number in range(1, 6):
        (folder / "2016" / f"{number}.txt").write_text(letter(number, f"Fall number {number}."))
    for number in range(6, 9):
        (folder / "2016" / "spring" / f"{number}.PDF").write_bytes(pdf(letter(number, f"Fall {number}.")))
    (folder / "a_note.txt").write_text("Please call the office about the file.")
    (folder / "readme.md").write_text("Letters of 2016.")
    (folder / ".hidden.txt").write_text("nothing")
    (folder / "2016" / "._1.txt").write_bytes(b"\x00\x05\x16\x07")
    return folder
