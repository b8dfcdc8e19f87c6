"""Reading speed, in one run: ``python tests/benchmarks/reading.py [--letters 1000]``.

Compares the CPU time of ``imr-ml read`` with one reading process, its start included, with bare PDFium
extraction of the same PDFs, and with merely reading the same letters as text files. Both sides run in fresh
processes; the best of three rounds counts, so that other work on the machine disturbs little.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

BARE_PDF = """
import sys, pypdfium2
from pathlib import Path
for path in sorted(Path(sys.argv[1]).rglob("*.pdf")):
    document = pypdfium2.PdfDocument(path)
    for number in range(len(document)):
        page = document[number]
        text = page.get_textpage()
        text.get_text_range()
        text.close()
        page.close()
    document.close()
"""
BARE_TEXT = """
import sys
from pathlib import Path
for path in sorted(Path(sys.argv[1]).rglob("*.txt")):
    path.read_text(encoding="utf-8")
"""
PARSE = """
import sys
from imr_ml.collecting import rare_collection
rare_collection()  # as a reading process does
from pathlib import Path
from imr_ml.reading.sources import find_entries
from imr_ml.reading.worker import Reader
reader = Reader("rows")
entries = list(find_entries([Path(sys.argv[1])]))
for start in range(0, len(entries), 32):
    reader.read_all(entries[start : start + 32])
"""


def cpu_seconds(*arguments: str) -> float:
    """CPU seconds of a process and its children, on one core."""
    before = os.times()
    environment = {**os.environ, "PYTHONSAFEPATH": "1", "OMP_NUM_THREADS": "1"}
    found = subprocess.run([sys.executable, *arguments], env=environment, capture_output=True, text=True)
    if found.returncode:
        raise SystemExit(found.stderr)
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system


def compare(folder: Path, bare: str, n_letters: int, what: str) -> None:
    out = folder.parent / "items.parquet"
    runs = {
        "bare": ("-c", bare, str(folder)),
        "start of bare": ("-c", bare, str(folder.parent / "empty")),
        "imr-ml read": ("-m", "imr_ml", "read", str(folder), "--out", str(out), "--jobs", "1", "--replace"),
        "start of imr-ml read": (
            "-m",
            "imr_ml",
            "read",
            str(folder.parent / "one"),
            "--out",
            str(out),
            "--jobs",
            "1",
            "--replace",
        ),
        "parsing only": ("-c", PARSE, str(folder)),
        "start of a reader": ("-c", PARSE, str(folder.parent / "one")),
    }
    seconds = {name: min(cpu_seconds(*command) for _ in range(3)) for name, command in runs.items()}
    print(f"{what}, {n_letters} letters, CPU seconds")
    for name, value in seconds.items():
        print(f"  {name:28} {value:7.2f}")
    whole = seconds["imr-ml read"] - seconds["start of imr-ml read"]
    bare_whole = seconds["bare"] - seconds["start of bare"]
    print(f"  ratio with the start         {seconds['imr-ml read'] / seconds['bare']:7.2f}")
    if bare_whole > 0.1:
        print(f"  ratio without it             {whole / bare_whole:7.2f}")
    print(f"  letters a second a core      {n_letters / seconds['imr-ml read']:7.0f}")
    print(f"  the same without the start   {n_letters / whole:7.0f}")
    reading = seconds["parsing only"] - seconds["start of a reader"]
    print(f"  a reading process by itself  {n_letters / reading:7.0f}")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--letters", type=int, default=1000)
    n_letters = parser.parse_args().letters
    from imr_ml.simulating import simulate

    for kind, bare in (("PDF", BARE_PDF), ("text", BARE_TEXT)):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            simulate(folder / "letters", n_letters=n_letters, seed=0, pdf=kind == "PDF")
            (folder / "empty").mkdir()
            (folder / "one").mkdir()
            ending = ".pdf" if kind == "PDF" else ".txt"
            found = sorted((folder / "letters").rglob(f"*{ending}"))
            assert len(found) == n_letters, len(found)
            (folder / "one" / found[0].name).write_bytes(found[0].read_bytes())
            compare(folder / "letters", bare, n_letters, kind)


if __name__ == "__main__":
    main()
