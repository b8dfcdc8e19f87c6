"""Small items tables, so that a test says only what matters to it. Every word of them is invented."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pandas as pd

from imr_ml.estimating.thresholds import Rule, threshold_facts
from imr_ml.letter import DisputedItem, Letter
from imr_ml.tabulating import frame_of, items_table

REQUESTS = (
    "Norco 10/325mg #120",
    "Physical therapy 2 times a week for 6 weeks, lumbar spine",
    "MRI of the left knee without contrast",
    "TENS unit purchase",
    "Psychology consultation",
)


def letter(**facts: Any) -> Letter:
    """Make a letter with one upheld item, but for what is given."""
    given = {"source": "letter.txt", "layout": "A2", "text": "", "items": (DisputedItem("Norco", "upheld"),)}
    return Letter(**{**given, **facts})


def items_row(**cells: Any) -> dict[str, Any]:
    """Make one valid row, but for what is given."""
    given = {
        "item_id": "L1#1",
        "letter_id": "L1",
        "program": "dwc",
        "source": "L1.txt",
        "layout": "A2",
        "position": 1,
        "n_items": 1,
        "request": "Norco 10/325mg #120",
        "outcome": "upheld",
    }
    return {**given, **cells}


def table(*rows: dict[str, Any]) -> pd.DataFrame:
    """Make a table of such rows."""
    return frame_of([items_row(**row) for row in rows])


def decided_items(n_letters: int = 120, *, seed: int = 0, signal: float = 2.0) -> pd.DataFrame:
    """Make a table in which "documented functional gain" really raises the chance to be overturned."""
    rng = np.random.default_rng(seed)
    letters = []
    for number in range(n_letters):
        helped = rng.random() < 0.4
        filed = dt.date(2014, 1, 1) + dt.timedelta(days=int(9 * number))
        summary = (
            f"The injured worker is a {30 + number % 40} year old with low back pain. "
            f"{'Functional gain was documented' if helped else 'Symptoms persisted despite care'}. "
            f"Visit {rng.integers(1000)} of the clinic."
        )
        chance = 1 / (1 + np.exp(-(signal * helped - 2.0)))
        items = tuple(
            DisputedItem(
                request=str(rng.choice(REQUESTS)),
                outcome="overturned" if rng.random() < chance else "upheld",
                claims_administrator_guideline="Decision based on MTUS Low Back Complaints 2004.",
                reviewer_guideline="Decision based on MTUS Chronic Pain Medical Treatment 2016.",
                rationale="Therefore the request is decided as stated.",
            )
            for _ in range(int(rng.integers(1, 4)))
        )
        letters.append(
            letter(
                source=f"T{number:04}.txt",
                items=items,
                case_summary=summary,
                case_number=f"CM14-9{number:06}",
                injury_date=dt.date(2010, 1, 1),
                ur_decision_date=filed,
                received_date=filed + dt.timedelta(days=14),
                assigned_date=filed + dt.timedelta(days=20),
                decided_date=filed + dt.timedelta(days=50),
                age_years=30 + number % 40,
                sex="female" if number % 3 else "male",
                reviewer_specialties=("Family Practice",),
                reviewer_states=("Texas",),
            )
        )
    return items_table(letters)


HELD_OUT_P, HELD_OUT_OUTCOMES = np.linspace(0.05, 0.95, 10), np.array([0, 0, 0, 1, 0, 0, 1, 0, 1, 1])


def training_record(**changes: Any) -> dict[str, Any]:
    """The record of a training that compared two ways and took the one that lost a little."""
    given: dict[str, Any] = {
        "chosen": {"name": "cohorts", "members": ["cohorts"], "settings": {}},
        "held_out": {
            "how": "by letter",
            "folds": 5,
            "items": 1263,
            "log_loss": {
                "cohorts": {"value": 0.4, "error_of_difference": 0.02},
                "linear (C=1)": {"value": 0.39, "error_of_difference": 0.0},
            },
        },
        "threshold": threshold_facts(Rule(review_budget=0.3), 0.7, HELD_OUT_P, HELD_OUT_OUTCOMES),
        "error_rate": 0.07,
        "expected_rate": 0.13,
        "certain": {
            "upheld": {"level": 0.05, "n_certain": 400, "n_right": 391},
            "overturned": {"level": 0.06, "n_certain": 3, "n_right": 1},
        },
        "lineage": [{"n_items": 1263, "n_new_letters": 500, "last_decided": None}],
    }
    return {**given, **changes}
