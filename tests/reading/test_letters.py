import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

import imr_ml
from imr_ml.errors import ImrError, ReadError
from imr_ml.reading import Failure, iter_letters, read_letter, read_letters

Make = Callable[..., str]


def test_read_letter_names_the_file_as_given_in_errors_and_by_name_in_tables(
    tmp_path: Path, letter: Make
) -> None:
    (tmp_path / "a.txt").write_text(letter(7))
    assert read_letter(tmp_path / "a.txt").source == "a.txt"
    assert imr_ml.read_letter(str(tmp_path / "a.txt")).case_number == "CM16-0000007"
    (tmp_path / "b.txt").write_text("A recipe for bread: flour, water, salt.")
    with pytest.raises(ReadError, match=f"^{tmp_path}/b.txt: ") as caught:
        read_letter(tmp_path / "b.txt")
    assert caught.value.source == str(tmp_path / "b.txt")


@pytest.mark.parametrize("n_jobs", [1, 2])
def test_read_letters_gives_every_file_once_in_order(letters_folder: Path, n_jobs: int) -> None:
    letters, failures = read_letters([letters_folder], n_jobs=n_jobs)
    assert [letter.source for letter in letters] == [
        *(f"2016/{number}.txt" for number in range(1, 6)),
        *(f"2016/spring/{number}.PDF" for number in range(6, 9)),
    ]
    assert [letter.items[0].outcome for letter in letters] == ["upheld"] * 8
    assert [failure.source for failure in failures] == ["a_note.txt"]


def test_one_path_may_stand_for_a_list(letters_folder: Path) -> None:
    assert len(read_letters(str(letters_folder / "2016" / "1.txt"))[0]) == 1


def test_a_copy_is_read_once_and_said(tmp_path: Path, letter: Make, pdf: Callable[[str], bytes]) -> None:
    (tmp_path / "1.txt").write_text(letter(1))
    (tmp_path / "2.txt").write_text(letter(1).replace("\n", "\r\n").replace(" ", "  "))
    (tmp_path / "3.pdf").write_bytes(pdf(letter(1)))
    letters, failures = read_letters(tmp_path)
    assert [letter.source for letter in letters] == ["1.txt"]
    assert failures == [
        Failure(name, "is a copy of 1.txt, which was read", copy_of="1.txt") for name in ("2.txt", "3.pdf")
    ]


def test_another_letter_of_the_same_case_is_no_silent_loss(tmp_path: Path, letter: Make) -> None:
    (tmp_path / "1.txt").write_text(letter(1, outcome="Upheld"))
    (tmp_path / "2.txt").write_text(letter(1, "It was decided anew.", outcome="Overturned"))
    letters, failures = read_letters(tmp_path)
    assert [letter.source for letter in letters] == ["1.txt"]
    assert [failure.copy_of for failure in failures] == [None]
    assert str(failures[0]).startswith("2.txt: is letter CM16-0000001 like 1.txt")


def test_letters_without_a_case_number_have_ids_by_their_place(tmp_path: Path, letter: Make) -> None:
    for year in ("2014", "2015"):
        (tmp_path / year).mkdir()
        text = letter(1, year)
        (tmp_path / year / "letter_0.txt").write_text(text[text.index("HOW THE IMR") :])
    letters, failures = read_letters(tmp_path)
    assert [letter.letter_id for letter in letters] == ["2014/letter_0", "2015/letter_0"]
    assert failures == []


def test_letters_in_archives(tmp_path: Path, letter: Make, pdf: Callable[[str], bytes]) -> None:
    with zipfile.ZipFile(tmp_path / "batch.zip", "w") as archive:
        archive.writestr("a/1.txt", letter(1))
        archive.writestr("a/2.pdf", pdf(letter(2)))
        archive.writestr("a/3.txt", "not a letter")
        archive.writestr("../4.txt", letter(4))
        archive.writestr("a/5.pdf", b"%PDF-1.4 spoiled")
    letters, failures = read_letters(tmp_path / "batch.zip")
    assert [letter.source for letter in letters] == ["batch.zip/a/1.txt", "batch.zip/a/2.pdf"]
    assert [failure.source for failure in failures] == [
        "batch.zip/../4.txt",
        "batch.zip/a/3.txt",
        "batch.zip/a/5.pdf",
    ]
    assert "damaged PDF" in failures[2].error


def test_an_archive_with_spoiled_parts_gives_the_others(tmp_path: Path, letter: Make) -> None:
    path = tmp_path / "batch.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("1.txt", letter(1))
        archive.writestr("2.txt", letter(2))
    path.write_bytes(path.read_bytes().replace(b"wet ramp", b"wet rump", 1))
    letters, failures = read_letters(path)
    assert [letter.source for letter in letters] == ["batch.zip/2.txt"]
    assert failures[0].source == "batch.zip/1.txt"
    assert failures[0].error.startswith("cannot be unpacked (Bad CRC-32")


def test_a_reader_need_not_be_exhausted(letters_folder: Path) -> None:
    letters = iter_letters(letters_folder, n_jobs=2)
    assert next(letters).source == "2016/1.txt"
    letters.close()


@pytest.mark.parametrize("n_jobs", [0, -2])
def test_the_number_of_processes_is_checked(letters_folder: Path, n_jobs: int) -> None:
    with pytest.raises(ImrError, match="n_jobs must be 1 or more, or -1"):
        read_letters(letters_folder, n_jobs=n_jobs)
