import os
import pickle
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from imr_ml.reading.pool import count_processes, read_entries
from imr_ml.reading.sources import find_entries
from imr_ml.reading.worker import Reading

Make = Callable[..., str]


def read(folder: Path, *, n_jobs: int = 2, seconds_per_file: float = 60) -> dict[str, Reading]:
    readings = read_entries(find_entries([folder]), "rows", n_jobs=n_jobs, seconds_per_file=seconds_per_file)
    return {
        entry.source: reading
        for batch, answer, _ in readings
        for entry, reading in zip(batch, pickle.loads(answer), strict=True)
    }


def fill(folder: Path, letter: Make, words: dict[int, str]) -> None:
    for number in range(60):
        kind = "%PDF-" + letter(number, words.get(number, "")) if number % 2 else letter(number)
        (folder / f"{number:02d}.{'pdf' if number % 2 else 'txt'}").write_text(kind)


@pytest.mark.usefixtures("fragile_library")
@pytest.mark.parametrize("n_jobs", [1, 2])
def test_a_file_that_ends_its_process_is_the_only_one_lost(tmp_path: Path, letter: Make, n_jobs: int) -> None:
    words = {1: "crash", 3: "crash", 21: "leave", 59: "crash", 7: "print"}
    fill(tmp_path, letter, words)
    readings = read(tmp_path, n_jobs=n_jobs)
    assert list(readings) == sorted(readings)
    errors = {source: reading.error for source, reading in readings.items() if reading.error}
    assert errors == {
        **{f"{number:02d}.pdf": "crashed the reader (SIGSEGV); look at the file" for number in (1, 3, 59)},
        "21.pdf": "crashed the reader (exit code 3); look at the file",
    }
    assert all(reading.rows for reading in readings.values() if not reading.error)


@pytest.mark.usefixtures("fragile_library")
def test_a_file_that_hangs_is_given_up(tmp_path: Path, letter: Make) -> None:
    fill(tmp_path, letter, {11: "hang"})
    readings = read(tmp_path, seconds_per_file=1)
    assert [source for source, reading in readings.items() if reading.error] == ["11.pdf"]
    assert readings["11.pdf"].error == "took longer than 1 seconds; look at the file"


def test_a_fault_of_the_parser_is_one_failure(
    tmp_path: Path, letter: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    from imr_ml.reading.worker import Reader

    fill(tmp_path, letter, {})
    reader = Reader("rows")
    monkeypatch.setattr(reader, "begin_letter", lambda cleaned, text, source: 1 / 0)
    (entry, *_) = find_entries([tmp_path])
    assert reader.read(entry).error == (
        "met a fault of imr-ml (ZeroDivisionError: division by zero); please report it"
    )


def test_reading_processes_start_without_the_heavy_packages() -> None:
    code = (
        "import sys; import imr_ml.reading.worker as w; w.Reader('rows'); import pypdfium2;"
        "print(sorted({'pandas', 'sklearn', 'pyarrow', 'scipy'} & set(sys.modules)))"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_a_script_needs_no_guard_and_leaves_nothing_behind(letters_folder: Path, tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        f"import imr_ml\nprint(len(imr_ml.read_letters({str(letters_folder)!r}, n_jobs=2)[0]))\n"
    )
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "TMPDIR": str(temporary)}
    found = subprocess.run(
        [sys.executable, str(script)], capture_output=True, text=True, check=True, env=environment
    )
    assert (found.stdout, found.stderr) == ("8\n", "")
    assert list(temporary.iterdir()) == []


def test_all_cores_are_counted() -> None:
    assert count_processes(-1) >= 1


def test_a_letter_of_more_items_than_any_is_refused(tmp_path: Path, letter: Make) -> None:
    text = letter(1)
    (tmp_path / "1.txt").write_text(text + "\n" + text[text.index("Walking boot") :] * 600)
    assert read(tmp_path)["1.txt"].error == "names 601 items; no letter has so many"
