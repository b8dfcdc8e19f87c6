"""Fuzz the readers: ``python -m tests.fuzzing.fuzz text|pdf|zip [--seconds 60] [--seed 0]``.

With atheris installed, inputs are guided by what of the parser they reach; without it, or with ``--plain``,
they are drawn at random. Prints the number of inputs tried. An input that breaks a rule is kept beside the
message and ends the run.
"""

import argparse
import io
import os
import random
import sys
import tempfile
import time
import traceback
import zipfile
from collections import Counter
from collections.abc import Callable
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import TypeVar

from imr_ml.errors import ReadError

Try = Callable[[random.Random], str]
Read = TypeVar("Read")


def try_text(chance: random.Random) -> str:
    """A damaged letter, read as text."""
    from tests.fuzzing.damage import damaged, read_or_refused

    text = damaged(chance.randrange, most=chance.choice((1, 3, 8, 20)))
    letter = _kept(text.encode("utf-8", "replace"), lambda: read_or_refused(text))
    return letter.layout if letter else "refused"


def try_pdf(chance: random.Random) -> str:
    """A damaged PDF of a damaged letter, read in this process."""
    from imr_ml.reading.text import pdf_text
    from tests.fuzzing.damage import damaged, read_or_refused

    data = bytearray(_pdf(damaged(chance.randrange, most=2)[:3000], compressed=chance.random() < 0.5))
    for _ in range(chance.choice((0, 1, 3, 10, 50))):
        at = chance.randrange(len(data))
        if chance.random() < 0.7:
            data[at] = chance.randrange(256)
        else:
            data[at : at + chance.randrange(40)] = chance.randbytes(chance.randrange(40))

    def read() -> str:
        try:
            text = pdf_text(bytes(data), "fuzz.pdf")
        except ReadError as error:
            return error.reason.split(";")[0][:30]
        letter = read_or_refused(text)
        return letter.layout if letter else "refused"

    return _kept(bytes(data), read)


def try_zip(chance: random.Random) -> str:
    """A damaged archive of letters."""
    from imr_ml.reading.sources import find_entries
    from imr_ml.reading.worker import Reader
    from tests.fuzzing.damage import letter_texts

    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", chance.choice((zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED))) as archive:
        for number in range(chance.randrange(4)):
            archive.writestr(f"{number}.txt", chance.choice(letter_texts()))
    data = bytearray(file.getvalue())
    for _ in range(chance.choice((1, 3, 10))):
        data[chance.randrange(len(data))] = chance.randrange(256)
    path = Path(tempfile.gettempdir(), f"imr-ml-fuzz-{os.getpid()}.zip")

    def read() -> str:
        path.write_bytes(data)
        reader = Reader("rows")
        readings = [reader.read(entry) for entry in find_entries([path])]
        reader.close()
        faults = [reading.error for reading in readings if "met a fault" in (reading.error or "")]
        assert not faults, faults
        return f"{sum(reading.error is None for reading in readings)} of {len(readings)}"

    try:
        return _kept(bytes(data), read)
    finally:
        path.unlink(missing_ok=True)


def _pdf(text: str, *, compressed: bool) -> bytes:
    from reportlab.pdfgen.canvas import Canvas

    file = io.BytesIO()
    canvas = Canvas(file, pageCompression=int(compressed), invariant=1)
    for page in text.split("\f"):
        for row, line in enumerate(page.splitlines()[:55]):
            canvas.drawString(50, 800 - 14 * row, line)
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def _kept(data: bytes, read: Callable[[], Read]) -> Read:
    try:
        return read()
    except Exception:
        fault = Path(tempfile.gettempdir(), "imr-ml-fuzz-fault.bin")
        fault.write_bytes(data)
        traceback.print_exc()
        print(f"the input is in {fault}", file=sys.stderr)
        raise


TRIES: dict[str, Try] = {"text": try_text, "pdf": try_pdf, "zip": try_zip}


class Guided(random.Random):
    """Choices taken from the bytes of an input, so that a fuzzer can change one of them at a time."""

    def __init__(self, data: bytes) -> None:
        super().__init__(0)
        self._left = io.BytesIO(data)

    def getrandbits(self, k: int) -> int:
        size = (k + 7) // 8
        return int.from_bytes(self._left.read(size).ljust(size, b"\0"), "little") >> (8 * size - k)

    def random(self) -> float:
        return self.getrandbits(53) / 2**53


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", choices=TRIES)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--plain", action="store_true", help="draw inputs at random, without atheris")
    arguments = parser.parse_args()
    guided = not arguments.plain and find_spec("atheris") is not None
    end = time.monotonic() + arguments.seconds
    seen: Counter[str] = Counter()

    def once(chance: random.Random) -> None:
        seen[TRIES[arguments.what](chance)] += 1
        if time.monotonic() > end:
            how = "guided by atheris" if guided else "at random"
            print(f"{arguments.what}: {seen.total()} inputs, {how}: {dict(seen.most_common())}", flush=True)
            os._exit(0)

    if guided:
        run_guided(once, arguments.seed)
    for number in count():
        once(random.Random(f"{arguments.seed} {number}"))


def run_guided(once: Callable[[random.Random], None], seed: int) -> None:
    import atheris

    with atheris.instrument_imports(include=["imr_ml"]):
        import imr_ml.parsing
        import imr_ml.reading.worker  # noqa: F401
    options = [sys.argv[0], f"-seed={seed + 1}", "-max_len=400", "-verbosity=0"]
    options += [f"-artifact_prefix={tempfile.gettempdir()}/imr-ml-fuzz-"]
    atheris.Setup(options, lambda data: once(Guided(data)))
    atheris.Fuzz()


if __name__ == "__main__":
    main()
