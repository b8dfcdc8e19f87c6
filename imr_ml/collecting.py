"""Python's search for reference cycles, put off while many small objects are made."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


def rare_collection() -> None:
    """Search seldom from here on: what a process has loaded stays, and letters form no cycles.

    So seldom that a reading process is ready before the first search, which would walk over all its tables.
    """
    gc.set_threshold(200_000)


@contextmanager
def no_collection() -> Iterator[None]:
    """Put the search off: reading texts makes no cycles, and each search walks over all that was read before.

    On 40,000 items it takes a seventh of the time of reading them.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            if not gc.get_freeze_count():
                # What was read is put beside what has been there for long: else all of it is searched now.
                gc.freeze()
                gc.unfreeze()
            gc.enable()
