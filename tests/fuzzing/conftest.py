import io

import pytest
from reportlab.pdfgen.canvas import Canvas


@pytest.fixture(scope="session")
def sample_pdf() -> bytes:
    """A small PDF of two pages."""
    file = io.BytesIO()
    canvas = Canvas(file, invariant=1)
    for page in range(2):
        for row in range(12):
            canvas.drawString(60, 780 - 14 * row, f"line {row} of page {page}: Norco 10/325mg, Upheld")
        canvas.showPage()
    canvas.save()
    return file.getvalue()
