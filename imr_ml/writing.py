"""Results appear whole or not at all: written beside their place, then moved into it in one step."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from imr_ml.arguments import check_kind
from imr_ml.errors import OutputError

if TYPE_CHECKING:
    import pandas as pd


def check_suffix(path: Path, allowed: Sequence[str]) -> None:
    """Refuse a file name whose ending does not say what to write."""
    if path.suffix.lower() not in allowed:
        raise OutputError(f"{path}: the name must end in {' or '.join(allowed)}")


def check_writable(path: Path, *, folder: bool = False) -> None:
    """Refuse a place that cannot be written, before any work is done for it.

    Parameters
    ----------
    path : Path
        The file, or with `folder` the folder, to be written.
    folder : bool
        A folder may exist already if it is empty.

    Raises
    ------
    OutputError
        The message names the path and says what to do.
    """
    if folder:
        if path.exists() and not path.is_dir():
            raise OutputError(f"{path}: is a file, not a folder; choose another place")
    elif path.is_dir():
        raise OutputError(f"{path}: is a folder; name a file in it")
    parent = path.resolve().parent
    while not parent.exists():
        parent = parent.parent
    if not parent.is_dir():
        raise OutputError(f"{path}: {parent} is a file, not a folder; choose another place")
    if not os.access(parent, os.W_OK | os.X_OK):
        raise OutputError(f"{path}: {parent} cannot be written; choose another place or ask for access")


def check_free_folder(path: Path) -> None:
    """Refuse a folder that holds something or cannot be made, before any work is done for it."""
    check_writable(path, folder=True)
    if path.is_dir() and any(path.iterdir()):
        raise OutputError(f"{path}: exists and is not empty; choose another name or remove it first")


def check_new_file(path: Path, *, replace: bool, inputs: Iterable[Path] = ()) -> None:
    """Refuse to write over a file unasked, and over what is being read in any case.

    Parameters
    ----------
    path : Path
        The file to be written.
    replace : bool
        Whether an existing file may be replaced.
    inputs : iterable of Path
        What the command reads.

    Raises
    ------
    OutputError
        The message names the path and says what to do.
    """
    check_writable(path)
    if any(one.exists() and path.exists() and path.samefile(one) for one in inputs):
        raise OutputError(f"{path}: is what is being read; choose another name")
    if path.exists() and not replace:
        raise OutputError(f"{path}: exists; choose another name, or add --replace")


def write_table(table: pd.DataFrame, path: Path) -> None:
    """Write any table as Parquet, or as CSV by suffix, whole or not at all."""
    check_suffix(path, (".csv", ".parquet"))
    with whole_file(path) as partial:
        if path.suffix.lower() == ".csv":
            table.to_csv(partial, index=False, lineterminator="\n", encoding="utf-8")
        else:
            table.to_parquet(partial, index=False, compression="zstd")


@contextmanager
def whole_file(path: str | Path) -> Iterator[Path]:
    """Give a name to write to; the file takes its place only if no error comes.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     with whole_file(Path(folder) / "a.txt") as partial:
    ...         _ = partial.write_text("whole")
    ...     [entry.name for entry in Path(folder).iterdir()]
    ['a.txt']
    """
    path = Path(path)
    check_writable(path)
    partial = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=path.suffix, dir=path.parent)
        os.close(handle)
        partial = Path(name)
        yield partial
        partial.chmod(0o666 & ~_umask())
        partial.replace(path)
    except OSError as error:
        raise OutputError(f"{path}: cannot be written ({error.strerror or error})") from error
    finally:
        if partial is not None:
            partial.unlink(missing_ok=True)


@contextmanager
def whole_folder(path: str | Path, *, replace: bool = False) -> Iterator[Path]:
    """Give a folder to fill; it takes its place only if no error comes.

    Parameters
    ----------
    path : str or Path
        The folder to make. One that exists and is not empty is refused unless `replace`.
    replace : bool
        Put the new folder in place of an old one.
    """
    check_kind(replace, "switch", about="replace")
    path = Path(path)
    if replace:
        check_writable(path, folder=True)
    else:
        check_free_folder(path)
    partial = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = Path(tempfile.mkdtemp(prefix=f".{path.name}.", dir=path.parent))
        yield partial
        partial.chmod(0o777 & ~_umask())
        if path.is_dir():
            old = partial.with_name(partial.name + ".old")
            path.replace(old)
            partial.replace(path)
            shutil.rmtree(old)
        else:
            partial.replace(path)
    except OSError as error:
        raise OutputError(f"{path}: cannot be written ({error.strerror or error})") from error
    finally:
        if partial is not None and partial.exists():
            shutil.rmtree(partial, ignore_errors=True)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
