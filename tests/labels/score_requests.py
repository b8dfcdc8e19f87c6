"""Score request facts and citations against the hand labels: ``python tests/labels/score_requests.py``.

The labels were made by reading the letters, not by running the code; a third of the letters, chosen by a hash
of the case number, is kept aside, and its errors are not shown unless asked for (``--held-aside``).
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

import imr_ml
from imr_ml.extracting.citations import citation_facts
from imr_ml.extracting.requests.request import read_request_facts
from imr_ml.extracting.requests.treatments import classify_treatment

HERE = Path(__file__).parent
REAL_DATA = Path(os.environ.get("IMR_ML_REAL_DATA", HERE.parents[1] / ".." / "shared"))
COLUMNS = (
    "category",
    "subcategory",
    "drug_generic",
    "drug_class",
    "strength",
    "quantity",
    "refills",
    "sessions",
    "body_part",
    "laterality",
    "prefix",
    "guideline_family",
    "guideline_edition",
)
UNORDERED = ("drug_generic", "body_part", "guideline_family", "prefix")


def is_held_aside(letter_id: str) -> bool:
    """Say whether a letter belongs to the third that is kept aside."""
    return hashlib.sha256(letter_id.encode()).digest()[0] % 3 == 0


def read_labels() -> dict[tuple[str, int], dict[str, str]]:
    """Give the labels by letter and position."""
    labels: dict[tuple[str, int], dict[str, str]] = {}
    for name in ("requests.csv", "citations.csv"):
        with (HERE / name).open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                key = row.pop("letter_id"), int(row.pop("position"))
                labels.setdefault(key, {}).update(row)
    return labels


def found_facts(request: str, original: str | None, guideline: str | None) -> dict[str, str]:
    """Give what the package finds, as the labels write it."""
    facts = read_request_facts(request, original)
    category, subcategory = classify_treatment(request)
    found: dict[str, object] = {
        "category": category,
        "subcategory": subcategory,
        "drug_generic": ";".join(facts.drug_generics),
        "drug_class": ";".join(facts.drug_classes),
        "strength": ";".join(facts.strengths),
        "quantity": None if facts.quantity is None else f"{facts.quantity:g}",
        "refills": facts.refills,
        "sessions": facts.sessions,
        "body_part": ";".join(facts.body_parts),
        "laterality": facts.laterality,
        "prefix": ";".join(facts.prefixes),
        **citation_facts(guideline),
    }
    return {name: "" if found[name] is None else str(found[name]) for name in COLUMNS}


def agree(name: str, found: str, label: str) -> bool:
    """Say whether a fact agrees with its label; of parts in no fixed order, as sets."""
    if name in UNORDERED:
        return set(found.split(";")) == set(label.split(";"))
    return found == label


def compare(real_data: Path) -> Iterator[tuple[str, str, bool, str, str, str]]:
    """Give every label with what was found: item, column, held aside or not, found, label, request."""
    labels = read_labels()
    letters, failures = imr_ml.read_letters([str(real_data / "letters")], n_jobs=1)
    if failures:
        raise SystemExit(f"{len(failures)} letters could not be read, the first: {failures[0]}")
    for letter in letters:
        for position, item in enumerate(letter.items, start=1):
            label = labels[letter.letter_id.rsplit("/", 1)[-1], position]
            found = found_facts(item.request, item.original_request, item.claims_administrator_guideline)
            for name in COLUMNS:
                key = f"{letter.letter_id}#{position}"
                yield key, name, is_held_aside(letter.letter_id), found[name], label[name], item.request


def share(right: list[bool]) -> str:
    """Write a share of labels met."""
    return f"{sum(right) / max(1, len(right)):.1%} of {len(right)}"


def main() -> None:
    """Print the share of labels met, per column, and the misses."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--held-aside", action="store_true", help="show the misses of the third kept aside")
    show_aside = parser.parse_args().held_aside
    results = list(compare(REAL_DATA))
    print(f"{'':20}{'development':>16}{'held aside':>16}{'where stated':>16}")
    for name in COLUMNS:
        rows = [row[2:5] for row in results if row[1] == name]
        own = [(aside, found or label, agree(name, found, label)) for aside, found, label in rows]
        development = [right for aside, _, right in own if not aside]
        held_aside = [right for aside, _, right in own if aside]
        stated = [right for _, text, right in own if text]
        print(f"{name:20}{share(development):>16}{share(held_aside):>16}{share(stated):>16}")
    for key, name, aside, found, label, request in results:
        if aside == show_aside and not agree(name, found, label):
            print(f"{key} {name}: found {found!r}, label {label!r}  [{request[:90]}]")


if __name__ == "__main__":
    main()
