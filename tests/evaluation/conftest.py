"""Invented items whose outcomes depend on what they say, in the words of nobody."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from imr_ml.tabulating import check_items, frame_of

CATEGORIES = {"Pharmaceuticals": 0.08, "Surgery": 0.35, "Rehabilitation": 0.15}
FILLER = [
    "worker",
    "reports",
    "pain",
    "neck",
    "back",
    "shoulder",
    "knee",
    "since",
    "fall",
    "at",
    "work",
    "seen",
    "clinic",
    "treated",
    "rest",
    "ice",
]


def invented_items(
    n_letters: int = 80, *, seed: int = 0, first_day: str = "2014-01-01", days: int = 900
) -> pd.DataFrame:
    """Letters of one to three items; "weakness" in a summary and the category raise the chance."""
    rng = np.random.default_rng(seed)
    rows = []
    for number in range(n_letters):
        weak = rng.random() < 0.4
        words = (
            list(rng.choice(FILLER, size=60)) + [f"visit{number}"] + (["weakness", "found"] if weak else [])
        )
        rng.shuffle(words)
        decided = pd.Timestamp(first_day) + pd.Timedelta(days=int(rng.integers(days)))
        n_items = int(rng.integers(1, 4))
        for position in range(1, n_items + 1):
            category = str(rng.choice(list(CATEGORIES)))
            chance = min(0.9, CATEGORIES[category] * (2.5 if weak else 0.6))
            rows.append(
                {
                    "item_id": f"L{number:04d}#{position}",
                    "letter_id": f"L{number:04d}",
                    "program": "dwc",
                    "source": f"L{number:04d}.txt",
                    "layout": "A2",
                    "is_synthetic": True,
                    "position": position,
                    "n_items": n_items,
                    "request": f"{category.lower()} request {rng.integers(30)}",
                    "case_summary": " ".join(words),
                    "treatment_category": category,
                    "age_years": int(rng.integers(20, 70)),
                    "sex": str(rng.choice(["female", "male"])),
                    "decided_date": decided,
                    "decided_year": decided.year,
                    "outcome": "overturned" if rng.random() < chance else "upheld",
                    "rationale": "the reviewer's own words",
                }
            )
    return check_items(frame_of(rows))


@pytest.fixture(scope="session")
def make_items() -> Callable[..., pd.DataFrame]:
    return invented_items


@pytest.fixture(scope="session")
def items() -> pd.DataFrame:
    return invented_items()
