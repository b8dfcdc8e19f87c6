"""What there is to read: files, folders to any depth, and the letters inside archives."""

from __future__ import annotations

import os
import stat
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from imr_ml.arguments import as_several, check_kind
from imr_ml.reading.text import readable

LETTER_SUFFIXES = (".pdf", ".txt")
NO_LETTERS = "no .pdf, .txt or .zip was found in it"
MAX_MEMBER_BYTES = 64 * 2**20
"""A member of an archive is unpacked in memory; what is larger than this is left to a folder."""
MAX_EXPANSION = 200
"""What unpacks to more than this many times its size is made to fill memory, not to hold letters."""


class Entry(NamedTuple):
    """One document to be read.

    Parameters
    ----------
    source : str
        What tables and messages call it: its name, or its path below the folder that was given.
    path : str
        The file, or the archive that holds it.
    member : int
        Position in the archive; -1 for a file.
    size : int
        In bytes, unpacked.
    mtime_ns : int
        When the file was last changed.
    error : str or None
        Why it cannot even be tried.
    """

    source: str
    path: str
    member: int = -1
    size: int = 0
    mtime_ns: int = 0
    error: str | None = None


def as_paths(paths: str | Path | Iterable[str | Path]) -> list[Path]:
    """Give one path, or many, as a list."""
    several = as_several(paths)
    for path in several:
        check_kind(path, "path", about="paths")
    return [Path(path) for path in several]


def find_entries(paths: Sequence[Path], left_alone: Counter[str] | None = None) -> Iterator[Entry]:
    """Find every document, in the order given, and by name within a folder.

    Folders and archives are searched to any depth for names that end in .pdf, .txt or .zip; names that begin
    with a dot (hidden files) and what else lies there are left alone. A file named outright is tried whatever
    its name; a folder or archive named outright in which there is nothing to try is an error of its own. Only
    the names of one folder at a time are held in memory.

    Parameters
    ----------
    paths : sequence of Path
    left_alone : Counter, optional
        Counts the other files of folders and archives, by the ending of their names.

    Yields
    ------
    Entry
        Sources are relative to the folder given. Where several are given, each begins with the folder's
        name, or where those are alike with the folder as it was given.
    """
    others: Counter[str] = Counter() if left_alone is None else left_alone
    for path, prefix in zip(paths, _prefixes(paths), strict=True):
        if path.is_dir():
            found = _in_folder(str(path), prefix, frozenset(), others)
        else:
            found = _in_file(str(path), prefix, others, missing=str(path))
        first = next(found, None)
        yield first or Entry(readable(str(path)), str(path), error=NO_LETTERS)
        yield from found


def _prefixes(paths: Sequence[Path]) -> list[str]:
    if len(paths) == 1:
        return ["" if paths[0].is_dir() else paths[0].name]
    names = [path.name or str(path) for path in paths]
    return names if len(set(names)) == len(names) else [path.as_posix() for path in paths]


def _in_folder(
    folder: str, prefix: str, parents: frozenset[tuple[int, int]], others: Counter[str]
) -> Iterator[Entry]:
    try:
        status = Path(folder).stat()
        here = (status.st_dev, status.st_ino)
        with os.scandir(folder) as found:
            names = sorted((one.name, _is_folder(one)) for one in found)
    except OSError as error:
        yield Entry(readable(prefix or folder), folder, error=f"folder cannot be opened ({error.strerror})")
        return
    if here in parents:  # a link back to a folder that is being read
        return
    for name, is_folder in names:
        if name.startswith("."):
            others["hidden"] += 1
            continue
        path, source = f"{folder}{os.sep}{name}", f"{prefix}/{name}" if prefix else name
        if is_folder:
            yield from _in_folder(path, source, parents | {here}, others)
        elif name.lower().endswith((*LETTER_SUFFIXES, ".zip")):
            yield from _in_file(path, source, others)
        else:
            others[_ending(name)] += 1


def _is_folder(found: os.DirEntry[str]) -> bool:
    """Say whether a name is a folder's; a link that leads back to itself is none."""
    try:
        return found.is_dir()
    except OSError:
        return False


def _ending(name: str) -> str:
    return PurePosixPath(name).suffix.lower() or "without an ending"


def _in_file(path: str, source: str, others: Counter[str], *, missing: str = "") -> Iterator[Entry]:
    """Give a file or what an archive holds; one that cannot be found is called `missing` if that is given."""
    source = readable(source)
    try:
        status = os.stat(path)  # noqa: PTH116 - Path takes longer than the system
    except (OSError, ValueError) as error:
        is_gone = isinstance(error, FileNotFoundError)
        reason = (
            "no such file or folder" if is_gone else f"cannot be opened ({getattr(error, 'strerror', error)})"
        )
        yield Entry(readable(missing) or source, path, error=reason)
        return
    if path.lower().endswith(".zip") and stat.S_ISREG(status.st_mode):
        yield from _in_archive(path, source, status, others)
    else:
        yield Entry(source, path, -1, status.st_size, status.st_mtime_ns)


def _in_archive(path: str, source: str, status: os.stat_result, others: Counter[str]) -> Iterator[Entry]:
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except PermissionError as error:
        yield Entry(source, path, error=f"cannot be opened ({error.strerror})")
        return
    except Exception as error:
        # zipfile meets damaged bytes with errors of many types, all of them meaning the same to a reader.
        detail = str(error) or type(error).__name__
        yield Entry(source, path, error=f"is a damaged archive ({detail}); get the file again")
        return
    if sum(member.compress_size for member in members) > status.st_size:
        yield Entry(source, path, error="is an unsound archive: its parts overlap; unpack it by other means")
        return
    seen: dict[str, int] = {}
    for position, member in sorted(enumerate(members), key=lambda pair: pair[1].filename):
        name = member.filename.replace("\\", "/")
        if name.endswith("/"):  # a folder
            continue
        if any(part.startswith((".", "__MACOSX")) and part != ".." for part in name.split("/")):
            others["hidden"] += 1
            continue
        if not name.lower().endswith((*LETTER_SUFFIXES, ".zip")):
            others[_ending(name)] += 1
            continue
        seen[name] = seen.get(name, 0) + 1
        inner = readable(name if seen[name] == 1 else f"{name} ({seen[name]})")
        entry = Entry(f"{source}/{inner}", path, position, member.file_size, status.st_mtime_ns)
        yield entry._replace(error=_member_fault(member, name))


def _member_fault(member: zipfile.ZipInfo, name: str) -> str | None:
    if name.startswith("/") or name[1:2] == ":" or ".." in PurePosixPath(name).parts:
        return "its path leads out of the archive; unpack and check it by hand"
    if name.lower().endswith(".zip"):
        return "is an archive inside an archive; unpack it first"
    if member.flag_bits & 1:
        return "is encrypted; unpack the archive with its password first"
    if member.file_size > MAX_MEMBER_BYTES:
        return f"unpacks to more than {MAX_MEMBER_BYTES >> 20} MB; unpack the archive first"
    if member.file_size > 2**20 and member.file_size > MAX_EXPANSION * member.compress_size:
        return f"unpacks to more than {MAX_EXPANSION} times its size; it is no letter"
    return None
