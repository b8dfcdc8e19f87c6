from __future__ import annotations

import os
from pathlib import Path

import pytest

from imr_ml.errors import OutputError
from imr_ml.writing import check_free_folder, check_writable, whole_file, whole_folder


def test_a_file_that_fails_half_way_leaves_the_old_one(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("old")
    with pytest.raises(ValueError, match="stop"), whole_file(path) as partial:
        partial.write_text("new, but")
        raise ValueError("stop")
    assert path.read_text() == "old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.txt"]


def test_a_folder_that_fails_half_way_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="stop"), whole_folder(tmp_path / "new") as partial:
        (partial / "a.txt").write_text("half")
        raise ValueError("stop")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_holds_something_is_kept_unless_replacing_is_asked_for(tmp_path: Path) -> None:
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "old.txt").write_text("old")
    with pytest.raises(OutputError, match="exists and is not empty"), whole_folder(tmp_path / "model"):
        pass
    with whole_folder(tmp_path / "model", replace=True) as partial:
        (partial / "new.txt").write_text("new")
    assert [entry.name for entry in (tmp_path / "model").iterdir()] == ["new.txt"]
    assert [entry.name for entry in tmp_path.iterdir()] == ["model"]


def test_places_that_cannot_be_written_are_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="is a folder; name a file in it"):
        check_writable(tmp_path)
    with pytest.raises(OutputError, match="is a file, not a folder"):
        check_writable(tmp_path / "file" / "below.txt")
    with pytest.raises(OutputError, match="is a file, not a folder"):
        check_free_folder(tmp_path / "file")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_without_permission_is_named(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(OutputError, match="cannot be written"):
        check_writable(tmp_path / "a.txt")


def test_a_new_file_may_be_read_by_others(tmp_path: Path) -> None:
    with whole_file(tmp_path / "a.txt") as partial:
        partial.write_text("x")
    umask = os.umask(0)
    os.umask(umask)
    assert (tmp_path / "a.txt").stat().st_mode & 0o777 == 0o666 & ~umask
