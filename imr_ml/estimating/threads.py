"""One thread for linear algebra: the order of its sums must not depend on the machine's cores."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from threadpoolctl import threadpool_limits

P = ParamSpec("P")
R = TypeVar("R")


def one_thread(function: Callable[P, R]) -> Callable[P, R]:
    """Run a function with one thread of linear algebra, so that its numbers are the same everywhere.

    It is no slower: these matrices are sparse or small, and several threads wait for each other most of the
    time, on a busy machine nearly all of it.
    """

    @wraps(function)
    def limited(*args: P.args, **kwargs: P.kwargs) -> R:
        with threadpool_limits(limits=1):
            return function(*args, **kwargs)

    return limited
