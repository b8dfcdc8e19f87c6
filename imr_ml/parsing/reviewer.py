"""The reviewer's boards and licences, by the names that the lists in ``resources/layouts`` give them."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from imr_ml.parsing.header import Facts
from imr_ml.parsing.landmarks import Squeezed, landmarks, squeeze
from imr_ml.resources import read_rows

_LONGEST_LIST = 400


def read_reviewer(
    page: Squeezed, layout: str, start: int, end: int, facts: Facts, *, sections_own: bool = False
) -> None:
    """Read boards and licences from a part of a letter, be it a block with labels or prose.

    Parameters
    ----------
    page : Squeezed
    layout : str
    start, end : int
        Offsets of the part in the text.
    facts : Facts
        ``reviewer_specialties`` and ``reviewer_states`` are added to it.
    sections_own : bool
        The part speaks of nothing but the reviewer: a name counts without any label or lead-in.
    """
    first, last = page.place(start), page.place(end)
    first_of = {
        part: page.find_first(landmarks(part, layout), first, last)
        for _, parts in _WHERE
        for part, _ in parts
    }
    for name, parts in _WHERE:
        label = parts[0][0]
        for part, other in parts:
            found = first_of[part]
            if found:
                until = first_of[other]
                if until and until[0] < found[1]:
                    until = page.find_first(landmarks(other, layout), found[1], last)
                stop = page.start(until[0]) if until else end
                begin = page.end(found[1])
                if part != label and sections_own:
                    # "Neurology, board certified; also Internal Medicine"
                    lead = page.text[start : page.start(found[0])]
                    sentence = max((stop.end() for stop in _SENTENCE_END.finditer(lead)), default=0)
                    begin = start + sentence if _names(name, lead[sentence:])[0] else begin
                _add(page.text, facts, name, begin, stop, in_prose=part != label)
                break
    if sections_own:
        for name, _ in _WHERE:
            if name not in facts.values:
                _add(page.text, facts, name, start, end, in_prose=True)


# Each list with the label in the block and the lead-in in prose, and beside these those of the other list.
_WHERE: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
    ("reviewer_specialties", (("specialty", "licensure"), ("credentials_in_prose", "licence_in_prose"))),
    ("reviewer_states", (("licensure", "specialty"), ("licence_in_prose", "credentials_in_prose"))),
)
_SENTENCE_END = re.compile(r"\.(?=\s+(?:He|She|The|This|In)\b|\s*\Z|\s*\n(?!\s*(?:and|&)\b))", re.IGNORECASE)


def _add(text: str, facts: Facts, name: str, start: int, end: int, *, in_prose: bool) -> None:
    listed = text[start : min(end, start + _LONGEST_LIST)]
    if in_prose and (sentence := _SENTENCE_END.search(listed)):
        listed = listed[: sentence.end()]  # the full stop may be an abbreviation's
    names, unknown, place = _names(name, listed)
    if names:
        stop = max(0, place[1] - _LONGEST_STOP)
        last = start + place[1] - (_STOP.search(listed, stop, place[1]) is not None)
        facts.add(name, names, start + place[0], last)
    if unknown and not in_prose:
        facts.warnings.append(f"{name}: {', '.join(unknown)} is not in the list")


# What ends a sentence; an abbreviation has four letters at most before its own.
_STOP = re.compile(r"[A-Za-z]{5}\.\Z")
_LONGEST_STOP = len("Texas.")
_SEPARATORS = re.compile(r"\s*(?:[,;]|\band\b|&)\s*")
_LONGEST_SLIP = 2


@lru_cache(maxsize=4096)
def _names(kind: str, text: str) -> tuple[tuple[str, ...], tuple[str, ...], tuple[int, int]]:
    """Give the listed names in a text, in its order and once each; what remains; and where they stand."""
    pattern, names = _known(kind)
    found: list[tuple[int, int, str]] = []
    rest: list[str] = []
    at = 0
    for part in re.split("[,;]", _with_comma(kind).sub(lambda match: match.group().replace(",", " "), text)):
        whole = _name_of(part, names)
        if whole:
            found.append((at + len(part) - len(part.lstrip(" :\n")), at + len(part.rstrip()), whole))
        else:
            for match in pattern.finditer(part):
                if name := _name_of(match.group(), names):
                    found.append((at + match.start(), at + match.end(), name))
            for word in (word.strip(" .:()\n") for word in _SEPARATORS.split(pattern.sub(",", part))):
                if word.istitle() and (name := names.get(word.upper())):  # "Tx and Okla."
                    found.append((at + part.find(word), at + part.find(word) + len(word), name))
                elif len(word) > _LONGEST_SLIP:
                    rest.append(" ".join(word.split()))
        at += len(part) + 1
    if not found:
        found = [(0, len(text), name) for name in _squeezed_names(names, text)]
    else:
        found.sort()
    place = (min((start for start, _, _ in found), default=0), max((end for _, end, _ in found), default=0))
    return tuple(dict.fromkeys(name for _, _, name in found)), tuple(rest), place


_SHORTEST_INSIDE = 6


def _squeezed_names(names: dict[str, str], text: str) -> list[str]:
    """Find listed names whose words extraction split, the longer ones first."""
    key = squeeze(text.replace("&", "and"))
    found: dict[int, str] = {}
    for name in sorted(names, key=len, reverse=True):
        at = key.find(name)
        if len(name) >= _SHORTEST_INSIDE and at >= 0:
            found[at] = names[name]
            key = key.replace(name, "." * len(name))
    return [found[at] for at in sorted(found)]


_LONGEST_ABBREVIATION = 4


def _name_of(words: str, names: dict[str, str]) -> str | None:
    key = _key(words)
    return names.get(key) or names.get(key.lower())


def _key(words: str) -> str:
    """Give what tells a name; letters that scanners confuse count as one, but not in abbreviations."""
    key = squeeze(words.replace("&", "and"))
    return key if len(key) > _LONGEST_ABBREVIATION else re.sub(r"\W", "", words)


@cache
def _known(kind: str) -> tuple[re.Pattern[str], dict[str, str]]:
    table = {"reviewer_specialties": "specialties", "reviewer_states": "states"}[kind]
    rows = read_rows(f"layouts/{table}.csv")
    # Abbreviations are known by their capitals, names however they are written.
    keys = ((row["written"], _key(row["written"]), row["name"]) for row in rows)
    names = {key if words.isupper() else key.lower(): name for words, key, name in keys}
    written = sorted({row["written"] for row in rows}, key=len, reverse=True)
    pattern = "|".join(_pattern(words) for words in written)
    return re.compile(rf"(?:(?<![A-Za-z])|(?<=[ ,\n]and))(?:{pattern})"), names


@cache
def _with_comma(kind: str) -> re.Pattern[str]:
    """Find listed names that have a comma of their own, such as "Washington, D.C."."""
    table = {"reviewer_specialties": "specialties", "reviewer_states": "states"}[kind]
    written = [row["written"] for row in read_rows(f"layouts/{table}.csv") if "," in row["written"]]
    patterns = (r"\s*".join(map(re.escape, words.split())) for words in written)
    return re.compile("|".join(patterns), re.IGNORECASE)


def _pattern(words: str) -> str:
    """Accept any spacing and "and" for "&"; an abbreviation only as a whole word in capitals."""
    if words.isupper():
        return r"(?<!\ban )" + re.escape(words) + r"(?![A-Za-z])"  # "is an MD"
    parts = [
        r"(?:&|and)" if part in ("&", "and") else re.escape(part) for part in words.replace(",", "").split()
    ]
    return r"(?i:" + r"\s*".join(parts) + r")"
