import csv
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

from imr_ml import items_table, read_items, read_letters, write_items
from imr_ml.errors import ImrError, OutputError
from imr_ml.reading import read_to_table

Make = Callable[..., str]


def listed(path: Path) -> list[list[str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.reader(file))


@pytest.mark.parametrize("name", ["items.parquet", "items.csv"])
def test_the_table_is_that_of_the_letters_whatever_the_number_of_processes(
    letters_folder: Path, tmp_path: Path, name: str
) -> None:
    out = tmp_path / "out" / name
    summary = read_to_table([letters_folder], out, n_jobs=2)
    assert (summary.n_files, summary.n_letters, summary.n_items, summary.n_failures) == (9, 8, 8, 1)
    assert summary.left_alone == {".md": 1, "hidden": 2}
    letters, _ = read_letters(letters_folder)
    expected = tmp_path / name
    write_items(items_table(letters), expected)
    assert out.read_bytes() == expected.read_bytes()
    pd.testing.assert_frame_equal(read_items(out), items_table(letters))
    again = tmp_path / "again" / name
    read_to_table([letters_folder], again, n_jobs=1)
    assert again.read_bytes() == out.read_bytes()
    assert (again.parent / "items.failures.csv").read_bytes() == summary.failures_path.read_bytes()
    assert sorted(path.name for path in out.parent.iterdir()) == sorted(
        ["items.failures.csv", name, *([summary.notes_path.name] if summary.notes_path else [])]
    )


def test_failures_copies_and_doubts_are_listed_apart(tmp_path: Path, letter: Make) -> None:
    folder = tmp_path / "letters"
    folder.mkdir()
    (folder / "1.txt").write_text(letter(1))
    (folder / "2.txt").write_text(letter(1) + "\n\n")
    (folder / "3.txt").write_text(letter(1, "Decided anew."))
    (folder / "4.txt").write_bytes(b"")
    text = letter(5)
    (folder / "5.txt").write_text(text[: text.index("Walking boot")])  # a letter, but without its items
    summary = read_to_table(folder, tmp_path / "items.parquet")
    assert (summary.n_letters, summary.n_copies, summary.n_failures) == (1, 1, 3)
    header, *failures = listed(tmp_path / "items.failures.csv")
    assert header == ["source", "error"]
    assert [source for source, _ in failures] == ["3.txt", "4.txt", "5.txt"]
    assert failures[0][1].startswith("is letter CM16-0000001 like 1.txt")
    assert failures[1][1] == "is empty"
    assert failures[2][1]
    header, *notes = listed(tmp_path / "items.notes.csv")
    assert header == ["source", "kind", "note"]
    assert ["2.txt", "copy", "the same letter as 1.txt, which was read"] in notes
    assert "1 copies of letters were read once only" in str(summary)


def test_the_first_failures_are_told_with_their_reasons(tmp_path: Path, letter: Make) -> None:
    (tmp_path / "1.txt").write_text(letter(1))
    gone = [tmp_path / f"gone-{number}.pdf" for number in range(6)]
    few = read_to_table([tmp_path / "1.txt", gone[0]], tmp_path / "few.csv")
    told = [f"  {path}: no such file or folder" for path in gone[:5]]
    assert str(few).splitlines()[-2:] == [f"1 could not be read; see {few.failures_path}", told[0]]
    many = read_to_table([tmp_path / "1.txt", *gone], tmp_path / "many.csv")
    assert str(many).splitlines()[-7:] == [f"6 could not be read; see {many.failures_path}", *told, "  ..."]


def test_all_well_leaves_an_empty_list_and_no_old_notes(tmp_path: Path, letter: Make) -> None:
    (tmp_path / "1.txt").write_text(letter(1))
    (tmp_path / "items.notes.csv").write_text("of an earlier run")
    summary = read_to_table(tmp_path / "1.txt", tmp_path / "items.csv")
    assert listed(summary.failures_path) == [["source", "error"]]
    assert summary.notes_path is None or "earlier" not in summary.notes_path.read_text()


def test_without_any_item_there_is_no_table(tmp_path: Path) -> None:
    (tmp_path / "1.txt").write_text("no letter")
    summary = read_to_table([tmp_path / "1.txt", tmp_path / "gone"], tmp_path / "items.parquet")
    assert (summary.n_letters, summary.n_failures, summary.items_path) == (0, 2, None)
    assert not (tmp_path / "items.parquet").exists()
    assert [error for _, error in listed(summary.failures_path)][2] == "no such file or folder"


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("items.xlsx", r"must end in \.parquet or \.csv"),
        ("folder.csv", "is a folder"),
        ("file/items.csv", "is a file"),
    ],
)
def test_a_bad_output_is_refused_before_reading(
    letters_folder: Path, tmp_path: Path, name: str, message: str
) -> None:
    (tmp_path / "folder.csv").mkdir()
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match=message):
        read_to_table(letters_folder, tmp_path / name)


# Whatever started the tests may ignore interrupts, as a shell does for what runs behind it.
SCRIPT = """
import signal, time
signal.signal(signal.SIGINT, signal.default_int_handler)
import imr_ml.reading.table as table
from imr_ml.reading.journal import Journal
keep = Journal.keep
def slow(journal, batch, readings):
    keep(journal, batch, readings)
    if {save}: journal.save()
    for entry in batch:
        print(entry.source, flush=True)
        time.sleep(0.02)
Journal.keep = slow
print(table.read_to_table({folder!r}, {out!r}, n_jobs=1).n_resumed)
"""


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_an_interrupted_run_goes_on_where_it_stopped(
    tmp_path: Path, letter: Make, how: signal.Signals
) -> None:
    folder, out = tmp_path / "letters", tmp_path / "out" / "items.parquet"
    folder.mkdir()
    for number in range(100):
        (folder / f"{number:03d}.txt").write_text(letter(number))
    script = SCRIPT.format(folder=str(folder), out=str(out), save=how == signal.SIGKILL)
    process = subprocess.Popen(
        [sys.executable, "-c", script],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    for _ in range(30):
        process.stdout.readline()
    process.send_signal(how)
    process.communicate()
    assert [path.name for path in out.parent.iterdir() if not path.name.startswith(".")] == []
    # What comes before in the folder does not make the rest be read again.
    (folder / "000_new.txt").write_text(letter(1000))
    (folder / "005.txt").write_text(letter(5, "Changed since."))
    summary = read_to_table(folder, out, n_jobs=1)
    assert 29 <= summary.n_resumed < 99
    assert (summary.n_files, summary.n_letters) == (101, 101)
    assert [path.name for path in out.parent.iterdir() if path.name.startswith(".")] == []
    fresh = tmp_path / "fresh" / "items.parquet"
    assert read_to_table(folder, fresh).n_resumed == 0
    assert fresh.read_bytes() == out.read_bytes()


def test_two_runs_do_not_write_one_table(letters_folder: Path, tmp_path: Path) -> None:
    other = sqlite3.connect(tmp_path / ".items.csv.unfinished", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(OutputError, match=r"items\.csv: another run is writing it"):
        read_to_table(letters_folder, tmp_path / "items.csv")
    other.close()


def test_a_spoiled_journal_costs_its_contents_only(letters_folder: Path, tmp_path: Path) -> None:
    (tmp_path / ".items.csv.unfinished").write_bytes(b"spoiled" * 1000)
    assert read_to_table(letters_folder, tmp_path / "items.csv").n_letters == 8


def test_many_letters_make_several_row_groups(
    tmp_path: Path, letter: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("imr_ml.reading.table._ROWS_AT_ONCE", 10)
    for number in range(25):
        (tmp_path / f"{number:03d}.txt").write_text(letter(number))
    read_to_table(tmp_path, tmp_path / "items.parquet")
    read_to_table(tmp_path, tmp_path / "items.csv")
    assert pq.ParquetFile(tmp_path / "items.parquet").num_row_groups == 3
    pd.testing.assert_frame_equal(read_items(tmp_path / "items.parquet"), read_items(tmp_path / "items.csv"))


def test_no_progress_is_shown_in_a_pipe(
    letters_folder: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    read_to_table(letters_folder, tmp_path / "items.csv", progress=True)
    assert capfd.readouterr() == ("", "")


def test_real_letters(real_data: Path, tmp_path: Path) -> None:
    summary = read_to_table(real_data / "letters", tmp_path / "items.parquet")
    items = read_items(tmp_path / "items.parquet")
    assert (summary.n_files, summary.n_letters, summary.n_failures) == (101, 101, 0)
    assert items["outcome"].value_counts().to_dict() == {"upheld": 228, "overturned": 35}


def test_an_item_without_words_has_no_row_and_is_noted(tmp_path: Path, letter: Make) -> None:
    text = letter(1)
    item = text[text.index("Walking boot") :]
    (tmp_path / "1.txt").write_text(text + "\n" + item.replace("Walking boot, left", ""))
    summary = read_to_table(tmp_path / "1.txt", tmp_path / "items.parquet")
    items = read_items(tmp_path / "items.parquet")
    assert (summary.n_letters, items["request"].tolist()) == (1, ["Walking boot, left"])
    notes = [note for _, _, note in listed(tmp_path / "items.notes.csv")]
    assert "item 2: no words in its request" in notes
    assert items["other_requests"].isna().all()


def test_a_bad_number_of_processes_leaves_nothing_behind(letters_folder: Path, tmp_path: Path) -> None:
    with pytest.raises(ImrError, match="n_jobs must be 1 or more"):
        read_to_table(letters_folder, tmp_path / "out" / "items.csv", n_jobs=0)
    assert not (tmp_path / "out").exists()


def test_a_name_that_is_no_utf_8_costs_nothing(tmp_path: Path, letter: Make) -> None:
    folder = tmp_path / "letters"
    folder.mkdir()
    place = os.fsencode(folder) + b"/\xff\xfe.txt"
    Path(os.fsdecode(place)).write_text(letter(1), encoding="utf-8")
    assert read_to_table([folder], tmp_path / "items.parquet").n_failures == 0
    assert read_items(tmp_path / "items.parquet")["source"].str.endswith(".txt").all()
