"""The words by which prose may name a request: its own, and those that treatments of its kind go by."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from itertools import permutations

from imr_ml.extracting.lexicon import whole_number
from imr_ml.parsing.verdicts import name_words
from imr_ml.resources import read_rows


def names_of(request: str) -> frozenset[str]:
    """Give the words by which prose may name a request: its own, and "the study" for an MRI."""
    own = set(_WORD.findall(request.lower())) - _NO_NAMES.difference(name_words("body"))
    own |= _counts(request)
    for pattern, called in _called():
        if pattern.search(request):
            own.update(called, [f"{word}s" for word in called])
    for prefix in {prefix for written, prefix in _prefixes() if written.search(request)}:
        own.update(
            word for written, one in _prefixes() if one == prefix for word in _WORD.findall(written.pattern)
        )
    own |= {word.removesuffix("s") for word in own}
    own |= {
        _PLURAL.sub(r"\1es", word) if _PLURAL.search(word) else f"{word.removesuffix('s')}s" for word in own
    }
    own |= {f"{word[:-1]}ies" for word in own if word.endswith("y")}
    return frozenset(own).union(*(_drugs().get(word, ()) for word in own))


def _counts(request: str) -> set[str]:
    """Give the numbers of units asked for, with and without these, and the dates: "12", "12 visit"."""
    counts = {"/".join(str(int(part)) for part in date.split("/")) for date in _DATE.findall(request)}
    for match in _COUNTED.finditer(request.lower()):
        number = str(int(match[1] or match[2]))
        units = [match[3]] if match[3] else ["tablet", "capsule"]
        counts.update([number, *(f"{number} {unit}" for unit in units)])
    return counts


_DATE = re.compile(r"\b\d{1,2}/\d{1,2}/\d{2,4}\b")
_COUNTED = re.compile(
    r"(?:#|\bx)\s?(\d{1,3})\b|\b(\d{1,3})[\s-]+(?:\w+\s+)?(visit|session|treatment|day|hour|week|month|tablet|capsule)s?\b"
)
_PLURAL = re.compile(r"(ch|sh|x|ss)\Z")


@cache
def _drugs() -> dict[str, set[str]]:
    """Give by a drug's name the other names of it: carisoprodol is Soma."""
    names: dict[str, set[str]] = {}
    for row in read_rows("lexicons/drugs.csv"):
        for one, other in permutations((row["name"].lower(), row["generics"].lower())):
            names.setdefault(one, set()).add(other)
    return names


@cache
def _prefixes() -> tuple[tuple[re.Pattern[str], str], ...]:
    rows = [row for row in read_rows("layouts/prefixes.csv") if row["prefix"]]
    return tuple((re.compile(rf"\b{row['written']}\b", re.IGNORECASE), row["prefix"]) for row in rows)


@cache
def _called() -> tuple[tuple[re.Pattern[str], tuple[str, ...]], ...]:
    rows = read_rows("layouts/treatment_names.csv")
    return tuple(
        (re.compile(rf"(?<![a-z])(?:{row['asked']})(?![a-z])", re.IGNORECASE), tuple(row["called"].split()))
        for row in rows
    )


def own_words(requests: list[str]) -> list[set[str]]:
    """Give the words by which each request differs from all others."""
    words = [
        {word for word in set(_WORD.findall(request.lower())) - _NO_NAMES if whole_number(word) is None}
        for request in requests
    ]
    counts = Counter(word for own in words for word in own)
    return [{word for word in own if counts[word] == 1} for own in words]


_WORD = re.compile(r"\b[a-z]{2,}\b")
_NO_NAMES = frozenset(
    (
        *("the", "and", "for", "with", "without", "per", "of", "to", "in", "on", "at", "by", "or", "an"),
        *("no", "as", "mg", "ml", "day", "days", "week", "weeks", "month", "months", "times", "hour"),
        *("hours", "left", "right"),
    )
)
