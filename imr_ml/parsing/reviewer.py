"""The reviewer's boards and licences, by the names that the lists in ``resources/layouts`` give them."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from imr_ml.letter import Span
from imr_ml.parsing.header import Facts
from imr_ml.parsing.landmarks import Squeezed, landmarks, squeeze
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


_SEPARATORS = re.compile(r"\s*(?:[,;]|\band\b|&)\s*")


@lru_cache(maxsize=4096)
def _names(kind: str, text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Give the listed names in a text, in its order and once each; and what remains."""
    pattern, names = _known(kind)
    found: list[str] = []
    rest: list[str] = []
    for part in re.split("[,;]", " ".join(text.split())):
        if name := names.get(squeeze(part.replace("&", "and"))):
            found.append(name)
            continue
        found.extend(names[squeeze(match.group().replace("&", "and"))] for match in pattern.finditer(part))
        rest.extend(word.strip(" .:()") for word in _SEPARATORS.split(pattern.sub(",", part)))
    return tuple(dict.fromkeys(found)), tuple(word for word in rest if len(word) > _LONGEST_SLIP)


_LONGEST_SLIP = 2


@cache
def _known(kind: str) -> tuple[re.Pattern[str], dict[bytes, str]]:
    table = {"reviewer_specialties": "specialties", "reviewer_states": "states"}[kind]
    rows = read_rows(f"layouts/{table}.csv")
    names = {squeeze(row["written"].replace("&", "and")): row["name"] for row in rows}
    written = sorted({row["written"] for row in rows}, key=len, reverse=True)
    pattern = "|".join(_pattern(words) for words in written)
    return re.compile(rf"(?<![A-Za-z])(?:{pattern})"), names


def _pattern(words: str) -> str:
    """Accept any spacing and "and" for "&"; an abbreviation only as a whole word in capitals."""
    if words.isupper():
        return re.escape(words) + r"(?![A-Za-z])"
    parts = [r"(?:&|and)" if part in ("&", "and") else re.escape(part) for part in words.split()]
    return r"(?i:" + r"\s*".join(parts) + r")"
