"""The reviewer's boards and licences, by the names that the lists in ``resources/layouts`` give them."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from imr_ml.letter import Span
from imr_ml.parsing.header import Facts
from imr_ml.parsing.landmarks import Squeezed, landmarks
from imr_ml.resources import read_rows

_LONGEST_LIST = 400


def read_reviewer(page: Squeezed, layout: str, start: int, end: int, facts: Facts) -> None:
    """Read boards and licences from a part of a letter, be it a block with labels or prose.

    Parameters
    ----------
    page : Squeezed
    layout : str
    start, end : int
        Offsets of the part in the text.
    facts : Facts
        ``reviewer_specialties`` and ``reviewer_states`` are added to it.
    """
    first, last = page.place(start), page.place(end)
    licensure = page.find_first(landmarks("licensure", layout), first, last)
    specialty = page.find_first(landmarks("specialty", layout), first, last)
    if specialty:
        stop = licensure[0] if licensure and licensure[0] > specialty[1] else last
        _add(page, facts, "reviewer_specialties", specialty[1], stop, end)
    if licensure:
        stop = specialty[0] if specialty and specialty[0] > licensure[1] else last
        _add(page, facts, "reviewer_states", licensure[1], stop, end)
    if not specialty and not licensure:
        certified = page.find_first(landmarks("credentials_in_prose", layout), first, last)
        licensed = page.find_first(landmarks("licence_in_prose", layout), first, last)
        if certified:
            stop = licensed[0] if licensed and licensed[0] > certified[1] else last
            _add(page, facts, "reviewer_specialties", certified[1], stop, end, in_prose=True)
        if licensed:
            stop = certified[0] if certified and certified[0] > licensed[1] else last
            _add(page, facts, "reviewer_states", licensed[1], stop, end, in_prose=True)


_SENTENCE_END = re.compile(r"\.(?=\s+(?:He|She|The|This|In)\b|\s*\Z|\s*\n)")


def _add(
    page: Squeezed, facts: Facts, name: str, first: int, stop: int, end: int, *, in_prose: bool = False
) -> None:
    start = page.end(first)
    end = min(page.start(stop), end, start + _LONGEST_LIST)
    text = page.text[start:end]
    if in_prose and (sentence := _SENTENCE_END.search(text)):
        text = text[: sentence.start()]
    text = text.lstrip(": \n").rstrip()
    names, unknown = _names(name, text)
    if names and name not in facts.values:
        at = page.text.find(text, start)
        facts.values[name] = names
        facts.spans[name] = Span(at, at + len(text))
    if unknown and not in_prose:
        facts.warnings.append(f"{name}: {', '.join(unknown)} is not in the list")


_SEPARATORS = re.compile(r"\s*(?:[,;\n]|\band\b|&)\s*")


@lru_cache(maxsize=4096)
def _names(kind: str, text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Give the listed names in a text, in its order and once each; and what remains."""
    pattern, names = _known(kind)
    folded = " ".join(text.split())
    found = tuple(dict.fromkeys(names[_key(match.group())] for match in pattern.finditer(folded)))
    rest = (part.strip(" .:()") for part in _SEPARATORS.split(pattern.sub(",", folded)))
    return found, tuple(part for part in rest if len(part) > 2)


@cache
def _known(kind: str) -> tuple[re.Pattern[str], dict[str, str]]:
    table = {"reviewer_specialties": "specialties", "reviewer_states": "states"}[kind]
    rows = read_rows(f"layouts/{table}.csv")
    names = {_key(row["written"]): row["name"] for row in rows}
    written = sorted({row["written"] for row in rows}, key=len, reverse=True)
    pattern = "|".join(_pattern(words) for words in written)
    return re.compile(rf"(?<![A-Za-z])(?:{pattern})"), names


def _pattern(words: str) -> str:
    """Accept any spacing and "and" for "&"; an abbreviation only as a whole word in capitals."""
    if words.isupper():
        return re.escape(words) + r"(?![A-Za-z])"
    parts = [r"(?:&|and)" if part in ("&", "and") else re.escape(part) for part in words.split()]
    return r"(?i:" + r"\s*".join(parts) + r")"


def _key(written: str) -> str:
    return re.sub(r"\W+", "", written.replace("&", "and")).lower()
