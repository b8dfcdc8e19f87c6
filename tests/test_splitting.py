from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from imr_ml.errors import SplitError
from imr_ml.splitting import letter_families, letter_split, style_split, summary_key, time_split
from imr_ml.tabulating import check_items, frame_of

LONG = "The worker fell from a ladder and was treated with rest, ice and six visits of physical therapy. " * 3


def table(letters: list[tuple[str, list[str], str | None, str | None]]) -> pd.DataFrame:
    """Letters as (name, outcomes of its items, date decided, summary)."""
    rows = [
        {
            "item_id": f"{name}#{position}",
            "letter_id": name,
            "program": "dwc",
            "request": "Norco",
            "case_summary": summary,
            "decided_date": decided,
            "decided_year": int(decided[:4]) if decided else None,
            "outcome": outcome,
        }
        for name, outcomes, decided, summary in letters
        for position, outcome in enumerate(outcomes, start=1)
    ]
    return check_items(frame_of(rows))


def many(n: int = 60) -> pd.DataFrame:
    rng = np.random.default_rng(3)
    return table(
        [
            (
                f"L{i:03d}",
                ["overturned" if rng.random() < 0.2 else "upheld" for _ in range(rng.integers(1, 5))],
                f"{2010 + i % 6}-03-{1 + i % 28:02d}",
                None,
            )
            for i in range(n)
        ]
    )


def test_letter_folds_hold_every_item_out_once_and_keep_letters_whole():
    items = many()
    split = letter_split(items, n_folds=5, n_repeats=2, seed=1)
    for repeat in (0, 1):
        folds = [fold for fold in split.folds if fold.repeat == repeat]
        assert sorted(np.concatenate([fold.test for fold in folds])) == list(range(len(items)))
        for fold in folds:
            taught, held_out = (set(items["letter_id"].iloc[rows]) for rows in (fold.train, fold.test))
            assert not taught & held_out


def test_letter_folds_have_like_shares_of_overturned():
    items = many(300)
    overturned = (items["outcome"] == "overturned").to_numpy()
    shares = [overturned[fold.test].mean() for fold in letter_split(items).folds]
    assert max(shares) - min(shares) < 0.05


def test_letter_folds_do_not_depend_on_the_order_of_rows():
    items = many()
    shuffled = items.sample(frac=1, random_state=5).reset_index(drop=True)
    for fold, other in zip(letter_split(items).folds, letter_split(shuffled).folds, strict=True):
        assert set(items["item_id"].iloc[fold.test]) == set(shuffled["item_id"].iloc[other.test])


def test_letters_with_the_same_summary_are_one_family():
    items = table(
        [
            ("A", ["upheld", "upheld"], None, LONG),
            ("B", ["overturned"], None, LONG.upper().replace(" ", "  ")),
            ("C", ["upheld"], None, LONG + " Another worker."),
            ("D", ["upheld"], None, None),
            ("E", ["upheld"], None, "short"),
            ("F", ["upheld"], None, "short"),
        ]
    )
    assert letter_families(items).tolist() == [0, 0, 0, 1, 2, 3, 4]


def test_a_short_summary_identifies_nobody():
    assert summary_key("The worker has pain.") is None


@pytest.mark.parametrize(
    "letters",
    [
        [("A", ["upheld", "overturned"], None, None)],
        [("A", ["upheld"], None, None), ("B", ["overturned"], None, None), ("C", ["upheld"], None, None)],
        [("A", ["upheld"], None, None), ("B", ["upheld"], None, None)],
    ],
)
def test_letters_that_cannot_be_divided_are_refused(letters):
    with pytest.raises(SplitError, match="at least two letters each"):
        letter_split(table(letters))


def test_fewer_folds_where_an_outcome_is_rare():
    letters = [(f"L{i}", ["upheld"], None, None) for i in range(20)]
    letters += [(f"O{i}", ["overturned"], None, None) for i in range(3)]
    assert len(letter_split(table(letters), n_folds=5).folds) == 3


def test_time_folds_are_taught_on_the_past_only():
    items = many(200)
    split = time_split(items, max_folds=3)
    assert [fold.name for fold in split.folds] == ["2013", "2014", "2015"]
    for fold in split.folds:
        assert items["decided_date"].iloc[fold.train].max() < items["decided_date"].iloc[fold.test].min()


def test_time_period_is_the_longest_with_four_of_them():
    letters = [
        (f"L{i:03d}", ["overturned" if i % 4 == 0 else "upheld"], f"2016-{1 + i % 12:02d}-10", None)
        for i in range(120)
    ]
    assert [fold.name for fold in time_split(table(letters)).folds] == ["2016Q2", "2016Q3", "2016Q4"]


def test_time_split_by_year_where_only_years_are_known():
    items = many(200)
    items["decided_date"] = pd.Series(pd.NaT, index=items.index, dtype="datetime64[s]")
    assert [fold.name for fold in time_split(items, max_folds=2).folds] == ["2014", "2015"]


def test_a_copy_of_a_held_out_letter_does_not_teach():
    letters = [
        (f"L{i:03d}", ["overturned" if i % 3 == 0 else "upheld"], f"{2010 + i // 20}-03-01", None)
        for i in range(100)
    ]
    letters += [("OLD", ["upheld"], "2010-05-01", LONG), ("NEW", ["overturned"], "2014-05-01", LONG)]
    items = table(letters)
    last = time_split(items).folds[-1]
    assert "NEW" in set(items["letter_id"].iloc[last.test])
    assert "OLD" not in set(items["letter_id"].iloc[last.train])


def test_undated_items_are_counted():
    letters = [
        (f"L{i:03d}", ["overturned" if i % 3 == 0 else "upheld"], f"{2010 + i // 20}-03-01", None)
        for i in range(100)
    ]
    split = time_split(table([*letters, ("X", ["upheld", "upheld"], None, None)]))
    assert "2 items without a date of decision take no part." in split.notes


@pytest.mark.parametrize(
    ("dates", "message"),
    [
        ([None] * 50, "0 of 50 items have a date"),
        (["2015-06-01"] * 50, "all items have the same decided_date"),
        (["2015-06-01"] * 5 + ["2016-06-01"] * 45, "no week of decided_date has at least 20 letters"),
    ],
)
def test_a_time_split_that_means_nothing_is_refused(dates, message):
    letters = [
        (f"L{i:03d}", ["overturned" if i % 3 == 0 else "upheld"], date, None) for i, date in enumerate(dates)
    ]
    with pytest.raises(SplitError, match=message):
        time_split(table(letters))


def test_styles_are_held_out_whole():
    rng = np.random.default_rng(0)
    voices = {
        "patient": "The patient, he is and was with the of a knee; per the (MRI) 01/02/15.",
        "worker": "This injured worker presents to us, her back from an accident at work 2015-01-02: and so",
    }
    letters = []
    for number in range(80):
        voice = list(voices)[number % 2]
        letters.append(
            (
                f"L{number:03d}",
                ["overturned" if rng.random() < 0.3 else "upheld"],
                None,
                f"{voices[voice]} " * 6 + f"Visit {number}.",
            )
        )
    items = table(letters)
    split = style_split(items, n_folds=2, letters_per_style=40)
    for fold in split.folds:
        held_out = items["case_summary"].iloc[fold.test].str.contains("patient")
        assert held_out.nunique() == 1
        assert not set(fold.train) & set(fold.test)


def test_one_style_cannot_be_held_out():
    letters = [(f"L{i:03d}", ["overturned" if i % 3 else "upheld"], None, "All alike.") for i in range(60)]
    with pytest.raises(SplitError, match="written alike"):
        style_split(table(letters))


def test_styles_need_summaries():
    with pytest.raises(SplitError, match="0 letters have a summary"):
        style_split(many())


def test_a_single_period_is_told_as_one():
    letters = [
        (f"L{i:03d}", ["overturned" if i % 3 == 0 else "upheld"], f"{2010 + i // 40}-03-01", None)
        for i in range(80)
    ]
    split = time_split(table([*letters, ("X", ["upheld"], None, None)]).assign(decided_date=pd.NaT))
    assert split.description.startswith("The last year (by year of decision) is predicted")
    assert split.notes == (
        "40 of 81 items lie in the 1 year held out.",
        "1 item without a year of decision takes no part.",
    )
