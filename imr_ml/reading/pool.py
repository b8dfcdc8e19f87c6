"""Reading processes side by side: answers in the order of the entries, memory bounded, no file fatal."""

from __future__ import annotations

import mmap
import os
import pickle
import queue
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, cast

from imr_ml.arguments import check_kind
from imr_ml.errors import ImrError
from imr_ml.reading.sources import Entry
from imr_ml.reading.worker import Form, Reading, receive, send

SECONDS_PER_FILE = 20.0
"""Time that any one file may take, on top of `SECONDS_PER_MEGABYTE`; a letter takes some milliseconds."""

SECONDS_PER_MEGABYTE = 10.0
# Each step of the reader is taken with a whole batch (see `Reader.read_all`): the more letters, the less of
# their time goes into fetching the next step's code. Beyond this number little is gained.
_MAX_BATCH = 64
_MAX_BATCH_BYTES = 8 * 2**20
_BATCHES_AHEAD = 3

Batch = Sequence[Entry]
Answer = tuple[Batch, bytes]
"""Entries and the pickled list of their readings."""


def count_processes(n_jobs: int) -> int:
    """Give the number of processes that `n_jobs` asks for; -1 is one per core that may be used.

    >>> count_processes(3)
    3
    """
    if n_jobs == -1:
        return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    check_kind(n_jobs, "whole number", about="n_jobs")
    if n_jobs < 1:
        raise ImrError(f"must be 1 or more, or -1 for one per core, not {n_jobs}", about="n_jobs")
    return n_jobs


def read_entries(
    entries: Iterable[Entry],
    form: Form,
    *,
    n_jobs: int = 1,
    seconds_per_file: float = SECONDS_PER_FILE,
    known: Callable[[Entry], bytes | None] = lambda entry: None,
) -> Generator[tuple[Batch, bytes, bool]]:
    """Read entries in processes of their own.

    Parameters
    ----------
    entries : iterable of Entry
    form : {"letter", "rows"}
        What a `Reading` is to hold.
    n_jobs : int
        Number of processes; -1 for one per core.
    seconds_per_file : float
        What takes longer, plus `SECONDS_PER_MEGABYTE` for its size, is given up.
    known : callable
        Gives the reading of an entry that was read before, pickled as a list of one, or None.

    Yields
    ------
    batch : sequence of Entry
        In the order of `entries`.
    readings : bytes
        The pickled list of a `Reading` for each. A file at which its process dies or hangs has that as its
        error.
    is_new : bool
        Whether they were read now.
    """
    n_processes = count_processes(n_jobs)
    waiting: deque[tuple[Future[list[Answer]], bool]] = deque()
    with _Pool(n_processes, form, seconds_per_file) as pool:
        for batch, reading in _batches(entries, known, n_processes):
            waiting.append(
                (pool.submit(batch) if reading is None else _done(batch, reading), reading is None)
            )
            if len(waiting) > _BATCHES_AHEAD * n_processes:
                yield from _answers(*waiting.popleft())
        while waiting:
            yield from _answers(*waiting.popleft())


def _batches(
    entries: Iterable[Entry], known: Callable[[Entry], bytes | None], n_processes: int
) -> Iterator[tuple[list[Entry], bytes | None]]:
    """Give entries that were read before one by one, the others in batches that begin small."""
    batch: list[Entry] = []
    n_batches = n_bytes = 0
    for entry in entries:
        reading = known(entry)
        full = len(batch) >= min(_MAX_BATCH, 1 + n_batches // n_processes) or n_bytes > _MAX_BATCH_BYTES
        if batch and (full or reading is not None):
            yield batch, None
            batch, n_bytes, n_batches = [], 0, n_batches + 1
        if reading is not None:
            yield [entry], reading
        else:
            batch.append(entry)
            n_bytes += entry.size
    if batch:
        yield batch, None


def _done(batch: Batch, reading: bytes) -> Future[list[Answer]]:
    answer: Future[list[Answer]] = Future()
    answer.set_result([(batch, reading)])
    return answer


def _answers(answer: Future[list[Answer]], is_new: bool) -> Iterator[tuple[Batch, bytes, bool]]:
    for batch, readings in answer.result():
        yield batch, readings, is_new


class _Died(Exception):
    """A reading process ended before its answer, `n_begun` entries into the batch."""

    def __init__(self, n_begun: int, reason: str, may_be_chance: bool) -> None:
        super().__init__(reason)
        self.n_begun = n_begun
        self.reason = reason
        self.may_be_chance = may_be_chance


class _Process:
    """One reading process and what it is doing.

    It is a program of its own rather than a fork of this one, which may hold threads and large tables, and
    needs no ``if __name__ == "__main__"`` in the user's script.
    """

    def __init__(self, form: Form, seconds_per_file: float) -> None:
        self.seconds_per_file = seconds_per_file
        self.batch: Batch = ()
        self.since = time.monotonic()
        self.n_seen = 0
        self.overdue = False
        handle, name = tempfile.mkstemp(prefix="imr-ml-")
        os.write(handle, bytes(8))
        self.begun = mmap.mmap(handle, 8)
        os.close(handle)
        self.process = subprocess.Popen(
            [sys.executable, "-c", _START],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,  # an interruption from the terminal is for the parent to deal with
        )
        self.questions = cast(BinaryIO, self.process.stdin)
        self.answers = cast(BinaryIO, self.process.stdout)
        try:
            send(self.questions, pickle.dumps(sys.path))
            send(self.questions, pickle.dumps((form, os.getpid(), name)))
            receive(self.answers)
        except (EOFError, OSError):
            self.end()
            raise ImrError("a reading process did not start; its own message stands above") from None
        finally:
            with suppress(OSError):
                Path(name).unlink()

    def read(self, batch: Batch) -> bytes:
        self.begun[:] = bytes(8)
        self.n_seen, self.since, self.batch = 0, time.monotonic(), batch
        try:
            send(self.questions, pickle.dumps(list(batch), protocol=5))
            return receive(self.answers)
        except (EOFError, OSError):
            n_begun = max(1, int.from_bytes(self.begun[:], "little"))
            if self.overdue:
                limit = self._limit(batch[n_begun - 1])
                raise _Died(
                    n_begun, f"took longer than {limit:.0f} seconds; look at the file", False
                ) from None
            code = self.process.wait()
            raise _Died(n_begun, f"crashed the reader ({_name_of(code)}); look at the file", True) from None
        finally:
            self.batch = ()

    def watch(self) -> None:
        """Kill the process if one entry takes longer than it may."""
        batch = self.batch
        n_begun = int.from_bytes(self.begun[:], "little") if batch else 0
        if n_begun != self.n_seen:
            self.n_seen, self.since = n_begun, time.monotonic()
        elif batch and time.monotonic() - self.since > self._limit(batch[max(1, n_begun) - 1]):
            self.overdue = True
            self.process.kill()

    def _limit(self, entry: Entry) -> float:
        return self.seconds_per_file + SECONDS_PER_MEGABYTE * entry.size / 2**20

    def end(self) -> None:
        self.process.kill()
        with suppress(OSError):
            self.questions.close()
        self.answers.close()
        self.process.wait()


_START = (
    "import pickle, sys;"
    "size = int.from_bytes(sys.stdin.buffer.read(8), 'little');"
    "sys.path[:] = pickle.loads(sys.stdin.buffer.read(size));"
    "from imr_ml.collecting import rare_collection; rare_collection();"
    "from imr_ml.reading.worker import serve; serve()"
)


def _name_of(code: int) -> str:
    if code >= 0:
        return f"exit code {code}"
    with suppress(ValueError):
        return signal.Signals(-code).name
    return f"signal {-code}"


class _Pool:
    """Threads that each keep one process supplied, and one that watches the clock."""

    def __init__(self, n_processes: int, form: Form, seconds_per_file: float) -> None:
        self._form = form
        self._seconds_per_file = seconds_per_file
        self._tasks: queue.SimpleQueue[tuple[Batch, Future[list[Answer]]] | None] = queue.SimpleQueue()
        self._processes: dict[int, _Process] = {}
        self._closing = threading.Event()
        self._threads = [threading.Thread(target=self._watch, daemon=True)]
        self._threads += [
            threading.Thread(target=self._work, args=(number,), daemon=True) for number in range(n_processes)
        ]
        for thread in self._threads:
            thread.start()

    def __enter__(self) -> _Pool:
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.set()
        for _thread in self._threads:
            self._tasks.put(None)
        for process in list(self._processes.values()):
            process.process.kill()
        for thread in self._threads:
            thread.join()

    def submit(self, batch: Batch) -> Future[list[Answer]]:
        answer: Future[list[Answer]] = Future()
        self._tasks.put((batch, answer))
        return answer

    def _work(self, number: int) -> None:
        while (task := self._tasks.get()) is not None and not self._closing.is_set():
            batch, answer = task
            try:
                answer.set_result(self._read(number, batch))
            except BaseException as error:
                answer.set_exception(error)
        if process := self._processes.pop(number, None):
            process.end()

    def _read(self, number: int, batch: Batch, *, again: bool = False) -> list[Answer]:
        if not batch:
            return []
        process = self._processes.get(number)
        if process is None:
            process = self._processes[number] = _Process(self._form, self._seconds_per_file)
        try:
            return [(batch, process.read(batch))]
        except _Died as died:
            del self._processes[number]
            process.end()
            if self._closing.is_set():
                raise
            before, fault, after = batch[: died.n_begun - 1], batch[died.n_begun - 1], batch[died.n_begun :]
            if died.may_be_chance and not again:
                # What was read before may have done the harm, so the entry gets a fresh process to itself.
                readings = self._read(number, [fault], again=True)
            else:
                readings = [([fault], pickle.dumps([Reading(died.reason)], protocol=5))]
            return [*self._read(number, before), *readings, *self._read(number, after)]

    def _watch(self) -> None:
        while not self._closing.wait(min(0.5, self._seconds_per_file / 4)):
            for process in list(self._processes.values()):
                process.watch()
