"""What was read of items, kept small enough to go with a model: an update reads only what is new to it."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Mapping
from functools import cache
from hashlib import blake2b
from importlib.resources import files
from importlib.resources.abc import Traversable
from io import BytesIO
from typing import Any

from imr_ml.features.said import ItemReading
from imr_ml.letter import Span

_DIGEST_BYTES = 12


class Readings:
    """Readings by the key of their items' texts; pickled as one compressed text, unpacked when first asked.

    What another version of the package or of its lexicons read is forgotten.

    Parameters
    ----------
    by_key : mapping of str to ItemReading
    """

    def __init__(self, by_key: Mapping[str, ItemReading]) -> None:
        self._by_key: Mapping[str, ItemReading] | None = by_key
        self._packed: bytes | None = None

    def by_key(self) -> Mapping[str, ItemReading]:
        """Give the readings, none where they were made by another version."""
        if self._by_key is None:
            assert self._packed is not None
            self._by_key = _unpacked(self._packed)
        return self._by_key

    def __getstate__(self) -> bytes:
        if self._packed is None:
            assert self._by_key is not None
            self._packed = _packed(self._by_key)
        return self._packed

    def __setstate__(self, packed: bytes) -> None:
        self._by_key, self._packed = None, packed


def _packed(by_key: Mapping[str, ItemReading]) -> bytes:
    """Write each statement once, and its number wherever it is made; a line for each item."""
    numbers: dict[str, int] = {}

    def numbered(statements: tuple[str, ...]) -> list[int]:
        return [numbers.setdefault(statement, len(numbers)) for statement in statements]

    lines = [json.dumps((key, judged, *map(numbered, said))) for key, (judged, *said) in by_key.items()]
    head = json.dumps({"reader": reader(), "statements": list(numbers)})
    return gzip.compress("\n".join([head, *lines]).encode(), mtime=0)


def _unpacked(packed: bytes) -> dict[str, ItemReading]:
    # Line by line: all that is written takes several times the room of what it says.
    with gzip.open(BytesIO(packed), "rt", encoding="utf-8") as lines:
        head: dict[str, Any] = json.loads(next(lines))
        if head["reader"] != reader():
            return {}
        name = head["statements"].__getitem__
        read: dict[str, ItemReading] = {}
        # Items of a letter have one summary.
        same: dict[Any, Any] = {}
        for line in lines:
            key, judged, *said = json.loads(line)
            parts = (tuple(Span(*place) for place in judged), *(tuple(map(name, part)) for part in said))
            read[key] = ItemReading._make(same.setdefault(part, part) for part in parts)
    return read


@cache
def reader() -> str:
    """Name what reads: a digest of the package's code and word lists, so that no change goes unnoticed."""
    digest = blake2b(digest_size=_DIGEST_BYTES)
    for file in _files(files("imr_ml")):
        digest.update(file.read_bytes())
    return digest.hexdigest()


def _files(folder: Traversable) -> Iterator[Traversable]:
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.is_file():
            yield entry
        elif entry.name != "__pycache__":
            yield from _files(entry)
