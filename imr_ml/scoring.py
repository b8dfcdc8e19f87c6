"""How well letters are read, against a truth written by hand: ``python -m imr_ml.scoring FOLDER``.

The folder holds letters and ``truth.json``, an object from the name of each letter's file without its ending
to what the letter says. What the truth does not name is not scored; what it gives as null must not be found.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from imr_ml.errors import ReadError
from imr_ml.letter import DisputedItem, Letter

DATES = ("injury_date", "ur_decision_date", "received_date", "assigned_date", "decided_date")
_FACTS = ("case_number", *DATES, "priority", "represented", "age_years", "sex")
_LISTS = {"specialties": "reviewer_specialties", "states": "reviewer_states"}
_ITEM_TEXTS = (
    "request",
    "claims_administrator_guideline",
    "reviewer_guideline",
    "original_request",
    "authorized_request",
)
_ALWAYS_SCORED = ("request", "outcome", "original_request", "authorized_request", "prefixes", "service_dates")


class Check(NamedTuple):
    """One comparison of what was read with the truth."""

    letter: str
    field: str
    expected: Any
    found: Any
    is_right: bool


@dataclass(frozen=True, slots=True)
class Scores:
    """All comparisons of a folder.

    Parameters
    ----------
    checks : tuple of Check
    """

    checks: tuple[Check, ...]

    def share(self, *fields: str) -> float:
        """Give the share of comparisons of these fields that came out right, from 0 to 1; 1 for none."""
        chosen = [check.is_right for check in self.checks if check.field in fields]
        return sum(chosen) / len(chosen) if chosen else 1.0

    @property
    def differences(self) -> list[Check]:
        """The comparisons that came out wrong."""
        return [check for check in self.checks if not check.is_right]

    def __str__(self) -> str:
        total = Counter(check.field for check in self.checks)
        right = Counter(check.field for check in self.checks if check.is_right)
        lines = [f"{'field':32} {'right':>6} {'total':>6} {'share':>7}"]
        lines += [
            f"{name:32} {right[name]:6} {total[name]:6} {right[name] / total[name]:7.1%}" for name in total
        ]
        for check in self.differences:
            lines += ["", f"{check.letter}: {check.field}", f"  expected {check.expected!r}"]
            lines += [f"  found    {check.found!r}"]
        return "\n".join(lines)


def score_folder(folder: str | Path) -> Scores:
    """Read every letter that a folder's ``truth.json`` names and compare it with what stands there.

    Raises
    ------
    ReadError
        If there is no truth, or a letter that it names is missing.
    """
    from imr_ml.reading import read_letter

    folder = Path(folder)
    try:
        truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ReadError(str(folder / "truth.json"), f"cannot be read ({error})") from None
    checks: list[Check] = []
    for name, expected in truth.items():
        path = next(
            (
                folder / f"{name}{ending}"
                for ending in (".txt", ".pdf")
                if (folder / f"{name}{ending}").exists()
            ),
            None,
        )
        if path is None:
            raise ReadError(str(folder / name), "is named in truth.json, but there is no such letter")
        try:
            letter = read_letter(path)
        except ReadError as error:
            letter = Letter(path.name, "unknown", "", (), warnings=(error.reason,))
        except Exception as error:
            checks.append(Check(name, "read without a fault", True, repr(error), False))
            continue
        checks.extend(compare(name, expected, letter))
    return Scores(tuple(checks))


def compare(name: str, expected: Mapping[str, Any], letter: Letter) -> Iterator[Check]:
    """Compare one letter with the truth about it."""
    skipped = expected.get("skip", ())
    checks = [
        Check(name, "layout", expected["layout"], letter.layout, expected["layout"] == letter.layout),
        *_compare_facts(name, expected, letter),
        *_compare_summary(name, expected, letter),
        *_compare_items(name, expected, letter),
    ]
    yield from (check for check in checks if check.field not in skipped)


def _compare_facts(name: str, expected: Mapping[str, Any], letter: Letter) -> Iterator[Check]:
    for field in _FACTS:
        if field in expected:
            found = _plain(getattr(letter, field))
            yield Check(name, field, expected[field], found, expected[field] == found)
    for field, attribute in _LISTS.items():
        if field in expected:
            names = list(getattr(letter, attribute))
            yield Check(name, field, expected[field], names, _all_alike(expected[field], names))
    if "warns" in expected:
        said = "; ".join(letter.warnings)
        yield Check(name, "warnings", expected["warns"], said, bool(re.search(expected["warns"], said)))


def _compare_summary(name: str, expected: Mapping[str, Any], letter: Letter) -> Iterator[Check]:
    if "summary" in expected:
        yield _bounds(name, "summary", expected["summary"], letter.case_summary)
    for words in expected.get("summary_without", ()):
        held = words in (letter.case_summary or "")
        yield Check(
            name, "summary furniture", f"no {words!r}", letter.case_summary if held else "none", not held
        )


def _compare_items(name: str, expected: Mapping[str, Any], letter: Letter) -> Iterator[Check]:
    truth = expected.get("items", [])
    yield Check(name, "number of items", len(truth), len(letter.items), len(truth) == len(letter.items))
    for item, found in zip(truth, _aligned(truth, letter.items), strict=True):
        where = f"{name}: {item['request'][:40]}"
        outcome = found.outcome if found else None
        yield Check(where, "outcome", item["outcome"], outcome, item["outcome"] == outcome)
        invented = outcome is not None and outcome != item["outcome"]
        yield Check(where, "outcome never turned around", item["outcome"], outcome, not invented)
        for field in _ITEM_TEXTS:
            if field in item or field in _ALWAYS_SCORED:
                words, read = item.get(field), getattr(found, field) if found else None
                is_right = alike(words, read)
                if field == "request" and expected.get("request_contains"):
                    is_right = fold(words) in fold(read or "")
                yield Check(where, field, words, read, is_right)
        for field in ("prefixes", "service_dates"):
            values = [_plain(value) for value in getattr(found, field)] if found else []
            yield Check(where, field, item.get(field, []), values, item.get(field, []) == values)
        if "rationale" in item:
            yield _bounds(where, "rationale", item["rationale"], found.rationale if found else None)


def _aligned(truth: Sequence[Mapping[str, Any]], items: Sequence[DisputedItem]) -> list[DisputedItem | None]:
    """Give the item that was read for each true one: by place, or where numbers differ by its words."""
    if len(truth) == len(items):
        return list(items)
    left = list(items)
    found: list[DisputedItem | None] = []
    for item in truth:
        match = next((one for one in left if alike(item["request"], one.request)), None)
        if match:
            left.remove(match)
        found.append(match)
    return found


def _bounds(name: str, field: str, expected: Sequence[str], found: str | None) -> Check:
    first, last = (fold(words) for words in expected)
    text = fold(found or "")
    shown = found if found is None or len(found) < 120 else f"{found[:60]} ... {found[-60:]}"
    return Check(name, f"{field} bounds", expected, shown, text.startswith(first) and text.endswith(last))


def _all_alike(expected: Sequence[str], found: Sequence[str]) -> bool:
    return len(expected) == len(found) and all(
        alike(one.casefold(), other.casefold()) for one, other in zip(expected, found, strict=True)
    )


_LEAD_IN = re.compile(
    r"the (?:claims administrator|(?:physician|expert) reviewer) (?:based "
    r"(?:its|his/her|their) decision|relied) on (?:the )?",
    re.IGNORECASE,
)
_PLAIN_SIGNS = str.maketrans("“”‘’–—", "\"\"''--")


def fold(text: str) -> str:
    """Bring a text to the form in which it is compared: white space, quotes, ligatures and the end.

    >>> fold("The ﬁrst  “course”, 2–3 visits. ")
    'The first "course", 2-3 visits'
    """
    plain = unicodedata.normalize("NFKC", text).translate(_PLAIN_SIGNS)
    return " ".join(plain.split()).strip(' .:;,"')


def alike(expected: str | None, found: str | None) -> bool:
    """Tell whether two texts say the same, apart from the phrase that leads into a citation."""
    if expected is None or found is None:
        return expected == found
    return _cited(fold(expected)) == _cited(fold(found))


def _cited(text: str) -> str:
    text = _LEAD_IN.sub("", text, count=1)
    return text.removeprefix("the ")


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.date) else value


def main(arguments: Sequence[str]) -> int:
    """Print the scores of the folders named; 0 if all came out right."""
    parser = argparse.ArgumentParser(
        prog="python -m imr_ml.scoring", description="Score what is read of letters against truth.json."
    )
    parser.add_argument("folders", nargs="+", metavar="FOLDER", help="letters with their truth.json")
    scores = [score_folder(folder) for folder in parser.parse_args(arguments).folders]
    print("\n\n".join(map(str, scores)))
    return int(any(score.differences for score in scores))


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
