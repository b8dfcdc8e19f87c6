import zipfile
from collections import Counter
from pathlib import Path

import pytest

from imr_ml.reading.sources import Entry, find_entries


def sources(*paths: Path) -> list[str]:
    return [entry.source for entry in find_entries(paths)]


def fill(folder: Path, *names: str) -> Path:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(name)
    return folder


def test_a_folder_is_searched_to_any_depth_in_the_order_of_names(tmp_path: Path) -> None:
    fill(tmp_path, "b.txt", "a/2.pdf", "a/1.PDF", "a/c/d/3.Txt", "z.doc", "y", ".x.txt", "a/._1.PDF")
    left_alone: Counter[str] = Counter()
    assert [entry.source for entry in find_entries([tmp_path], left_alone)] == [
        "a/1.PDF",
        "a/2.pdf",
        "a/c/d/3.Txt",
        "b.txt",
    ]
    assert left_alone == {".doc": 1, "without an ending": 1, "hidden": 2}


def test_links_that_lead_back_to_themselves_fail_alone(tmp_path: Path) -> None:
    fill(tmp_path, "1.txt", "3.txt")
    (tmp_path / "2.txt").symlink_to("2.txt")
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    found = [(entry.source, entry.error is None) for entry in find_entries([tmp_path])]
    assert found == [("1.txt", True), ("2.txt", False), ("3.txt", True)]


def test_what_an_archive_holds_beside_letters_is_counted(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        for name in ("a/", "a/1.txt", "a/2.docx", "README", ".DS_Store", "__MACOSX/a/._1.txt"):
            archive.writestr(name, "")
    left_alone: Counter[str] = Counter()
    assert [entry.source for entry in find_entries([tmp_path], left_alone)] == ["all.zip/a/1.txt"]
    assert left_alone == {".docx": 1, "without an ending": 1, "hidden": 2}


def test_sources_tell_apart_files_of_several_folders(tmp_path: Path) -> None:
    fill(tmp_path, "x/2014/a.txt", "x/2015/a.txt", "y/2015/a.txt", "b.txt")
    assert sources(tmp_path / "b.txt") == ["b.txt"]
    assert sources(tmp_path / "x" / "2014", tmp_path / "x" / "2015", tmp_path / "b.txt") == [
        "2014/a.txt",
        "2015/a.txt",
        "b.txt",
    ]
    alike = [tmp_path / "x" / "2015", tmp_path / "y" / "2015"]
    assert sources(*alike) == [f"{folder.as_posix()}/a.txt" for folder in alike]


def test_a_file_named_outright_is_tried_whatever_its_name(tmp_path: Path) -> None:
    fill(tmp_path, "letter.doc", ".letter")
    assert sources(tmp_path / "letter.doc", tmp_path / ".letter") == ["letter.doc", ".letter"]


def test_what_cannot_be_opened_is_an_entry_with_its_error(tmp_path: Path) -> None:
    (found,) = find_entries([tmp_path / "nowhere"])
    assert (found.source, found.error) == (str(tmp_path / "nowhere"), "no such file or folder")
    (tmp_path / "dangling.txt").symlink_to(tmp_path / "gone")
    assert [(entry.source, entry.error) for entry in find_entries([tmp_path])] == [
        ("dangling.txt", "no such file or folder")
    ]


def test_an_archive_without_permission_is_not_called_damaged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_zip(tmp_path / "a.zip", [("1.txt", b"words")])

    def refuse(path: str) -> None:
        raise PermissionError(13, "Permission denied", path)

    monkeypatch.setattr("imr_ml.reading.sources.zipfile.ZipFile", refuse)
    assert [(entry.source, entry.error) for entry in find_entries([tmp_path])] == [
        ("a.zip", "cannot be opened (Permission denied)")
    ]


def test_links_are_followed_but_not_in_circles(tmp_path: Path) -> None:
    fill(tmp_path, "a/1.txt", "other/2.txt")
    (tmp_path / "a" / "up").symlink_to(tmp_path / "a")
    (tmp_path / "a" / "other").symlink_to(tmp_path / "other")
    assert sources(tmp_path / "a") == ["1.txt", "other/2.txt"]


def test_a_name_that_is_no_text_becomes_readable(tmp_path: Path) -> None:
    try:
        Path(str(tmp_path / "caf\udce9.txt")).write_text("x")
    except OSError:
        pytest.skip("this file system holds names in Unicode only")
    assert sources(tmp_path) == ["caf\ufffd.txt"]


def make_zip(path: Path, members: list[tuple[str, bytes]]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return path


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_an_archive_gives_its_letters_by_name(tmp_path: Path) -> None:
    path = make_zip(
        tmp_path / "batch.zip",
        [
            ("b/2.txt", b"two"),
            ("a/1.pdf", b"one"),
            ("a/", b""),
            ("a/list.csv", b""),
            ("__MACOSX/a/._1.pdf", b"x"),
            ("b/2.txt", b"other"),
        ],
    )
    entries = list(find_entries([tmp_path]))
    assert [(entry.source, entry.member, entry.size) for entry in entries] == [
        ("batch.zip/a/1.pdf", 1, 3),
        ("batch.zip/b/2.txt", 0, 3),
        ("batch.zip/b/2.txt (2)", 5, 5),
    ]
    assert {entry.path for entry in entries} == {str(path)}
    assert sources(path) == [entry.source for entry in entries]


@pytest.mark.parametrize(
    ("name", "data", "error"),
    [
        ("../1.txt", b"x", "its path leads out of the archive"),
        ("/etc/1.txt", b"x", "its path leads out of the archive"),
        ("C:\\1.txt", b"x", "its path leads out of the archive"),
        ("a\\..\\..\\1.txt", b"x", "its path leads out of the archive"),
        ("a..b/1..txt", b"x", None),
        ("inner.zip", b"x", "is an archive inside an archive"),
        ("bomb.txt", b" " * (2**21), "unpacks to more than 200 times its size"),
        ("blank.txt", b" " * (2**20), None),
    ],
)
def test_a_dangerous_member_is_not_unpacked(
    tmp_path: Path, name: str, data: bytes, error: str | None
) -> None:
    (found,) = find_entries([make_zip(tmp_path / "a.zip", [(name, data)])])
    assert found.error == error or found.error.startswith(error)


def test_an_encrypted_member_is_named(tmp_path: Path) -> None:
    path = make_zip(tmp_path / "a.zip", [("1.txt", b"secret")])
    data = bytearray(path.read_bytes())
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(data)
    (found,) = find_entries([path])
    assert found.error == "is encrypted; unpack the archive with its password first"


def test_a_spoiled_archive_is_one_failure(tmp_path: Path) -> None:
    whole = make_zip(tmp_path / "a.zip", [(f"{n}.txt", b"words") for n in range(9)]).read_bytes()
    for data, error in [(b"", "damaged"), (b"PK\x03\x04", "damaged"), (whole[:-30], "damaged")]:
        (tmp_path / "a.zip").write_bytes(data)
        (found,) = find_entries([tmp_path])
        assert (found.source, found.member) == ("a.zip", -1)
        assert found.error.startswith(f"is a {error} archive")


def test_a_member_without_a_name_is_left_alone(tmp_path: Path) -> None:
    path = make_zip(tmp_path / "a.zip", [("1.txt", b"words"), ("2.txt", b"words")])
    path.write_bytes(path.read_bytes().replace(b"2.txt", b"\0.txt"))
    assert sources(path) == ["a.zip/1.txt"]


def test_an_archive_whose_parts_overlap_is_refused(tmp_path: Path) -> None:
    path = make_zip(tmp_path / "a.zip", [("1.txt", bytes(range(256)))])
    data = bytearray(path.read_bytes())
    start = data.index(b"PK\x01\x02")
    data[start + 20 : start + 24] = (10**6).to_bytes(4, "little")
    path.write_bytes(data)
    (found,) = find_entries([path])
    assert found == Entry("a.zip", str(path), error=found.error)
    assert found.error.startswith("is an unsound archive: its parts overlap")


def test_a_folder_or_archive_with_nothing_to_try_is_an_error(tmp_path: Path) -> None:
    fill(tmp_path, "cases/1.json", "letters/1.txt")
    (tmp_path / "none").mkdir()
    with zipfile.ZipFile(tmp_path / "none.zip", "w") as archive:
        archive.writestr("1.docx", "")
    named = [tmp_path / name for name in ("cases", "letters", "none", "none.zip")]
    assert [(entry.source, entry.error) for entry in find_entries(named)] == [
        (str(tmp_path / "cases"), "no .pdf, .txt or .zip was found in it"),
        ("letters/1.txt", None),
        (str(tmp_path / "none"), "no .pdf, .txt or .zip was found in it"),
        (str(tmp_path / "none.zip"), "no .pdf, .txt or .zip was found in it"),
    ]
    # One that stands in the folder given is passed over like any that holds nothing.
    assert sources(tmp_path) == ["letters/1.txt"]
