"""Held-out sets: which letters teach and which are kept back, by letter and forward in time."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from imr_ml.errors import SplitError, counted
from imr_ml.resources import read_rows
from imr_ml.tabulating import DECISION_COLUMNS

Indices = NDArray[np.intp]

TIME_COLUMNS = ("decided_date", "decided_year", "received_date", "ur_decision_date")
"""Where the order in time comes from: the first of these that at least half of the items have."""

_TIME_NAMES = {
    "decided_date": "date of decision",
    "decided_year": "year of decision",
    "received_date": "date of receipt",
    "ur_decision_date": "date of the denial",
}
_UNITS = {"year": "Y", "quarter": "Q", "month": "M", "week": "W"}
_MIN_PERIODS = 4
_LONG_YEARS = 3
_STYLE_MARKS = (
    r",",
    r";",
    r":",
    r"\(",
    r'["“”]',
    r"['’]",
    r"-",
    r"/",
    r"\b\d{1,2}/\d{1,2}/\d{4}\b",
    r"\b\d{1,2}/\d{1,2}/\d{2}\b",
    r"\b\d{1,2}-\d{1,2}-\d{4}\b",
    r"\b(?:January|February|March|April|May|June|July|August|September|October|November|December) \d",
    r"\b\d+-year-old\b",
    r"\b\d+ year old\b",
    r"\b\d+/10\b",
    r"\bout of 10\b",
    r"\b[A-Z]{2,}\b",
    r"\.\s",
)
_SAME_SUMMARY_CHARACTERS = 120


@dataclass(frozen=True, slots=True)
class Fold:
    """One teaching part and one held-out part.

    Parameters
    ----------
    name : str
        Such as ``1`` or ``2014Q3``.
    train, test : ndarray of int
        Positions of rows in the items table; no letter family stands in both.
    repeat : int
        From 0; each repeat holds every item out once.
    """

    name: str
    train: Indices
    test: Indices
    repeat: int = 0


@dataclass(frozen=True, slots=True)
class Split:
    """One way of holding items out.

    Parameters
    ----------
    name : str
        ``letter``, ``time`` or ``style``.
    description : str
        What it shows, for a reader of the report.
    folds : tuple of Fold
    notes : tuple of str
        What had to be left out, with numbers.
    """

    name: str
    description: str
    folds: tuple[Fold, ...]
    notes: tuple[str, ...] = ()


def letter_families(items: pd.DataFrame) -> Indices:
    """Find the letters that must stay together: one letter, or letters with the same summary.

    The same dispute can have two letters, and one letter two names; a held-out copy of a letter that
    taught would be no test.

    Parameters
    ----------
    items : DataFrame of shape (n_items, n_columns)
        With ``letter_id`` and ``case_summary``.

    Returns
    -------
    ndarray of int, shape (n_items,)
        Numbers from 0 in the order of ``letter_id``, whatever the order of the rows.
    """
    letters, names = pd.factorize(items["letter_id"], sort=True)
    # A summary stands in every row of its letter: one look per distinct text is enough, one after the other,
    # as all of them together are much of the memory that training takes.
    texts, different = pd.factorize(items["case_summary"])
    keys = pd.Series([summary_key(text) for text in different], dtype=object)
    known, distinct = pd.factorize(keys)
    summaries = np.append(known, -1)[texts]
    has = summaries >= 0
    n_letters, n_nodes = len(names), len(names) + len(distinct)
    links = coo_array(
        (np.ones(int(has.sum())), (letters[has], summaries[has] + n_letters)), shape=(n_nodes, n_nodes)
    )
    families = connected_components(links, directed=False)[1][:n_letters]
    # Components are numbered by their lowest node, and letters come first, in sorted order.
    return np.asarray(families[letters], dtype=np.intp)


def summary_key(text: str) -> str | None:
    """Give a key that equal summaries share whatever their spacing, case and punctuation.

    None for a summary too short to tell two workers apart.
    """
    plain = re.sub(r"[\W_]+", "", text.casefold())
    if len(plain) < _SAME_SUMMARY_CHARACTERS:
        return None
    return hashlib.blake2b(plain.encode(), digest_size=16).hexdigest()


def letter_split(items: pd.DataFrame, *, n_folds: int = 5, n_repeats: int = 1, seed: int = 0) -> Split:
    """Divide letters into folds with like outcomes and like numbers of items; a letter stays whole.

    Parameters
    ----------
    items : DataFrame of shape (n_items, n_columns)
        Every item with an outcome.
    n_folds : int
        At most; fewer where a class stands in fewer letters.
    n_repeats : int
        How often the letters are dealt anew.
    seed : int
        The same seed and letters give the same folds, whatever the order of the rows.

    Raises
    ------
    SplitError
        If a class stands in fewer than two letters (or families of letters).
    """
    families = letter_families(items)
    overturned = (items["outcome"] == "overturned").to_numpy()
    n_families = int(families.max()) + 1 if len(families) else 0
    n_items = np.bincount(families, minlength=n_families)
    n_overturned = np.bincount(families, weights=overturned, minlength=n_families)
    rarest = min(int((n_overturned > 0).sum()), int((n_items > n_overturned).sum()))
    if rarest < 2:
        raise SplitError(
            "both outcomes must stand in at least two letters each to hold letters out; one of them stands "
            f"in {rarest} (letters with the same summary count as one)"
        )
    n_folds = min(n_folds, rarest)
    rng = np.random.default_rng(seed)
    folds = []
    for repeat in range(n_repeats):
        # Letters alike in outcomes and size lie side by side and are dealt out in turn.
        order = np.lexsort((rng.random(n_families), n_items, n_overturned / n_items))
        fold_of = np.empty(n_families, dtype=np.intp)
        fold_of[order] = (np.arange(n_families) + rng.integers(n_folds)) % n_folds
        for number in range(n_folds):
            held_out = fold_of[families] == number
            folds.append(Fold(str(number + 1), np.flatnonzero(~held_out), np.flatnonzero(held_out), repeat))
    times = f", dealt {n_repeats} times" if n_repeats > 1 else ""
    years = items["decided_year"].dropna()
    old = (
        " Old letters are predicted as if they were filed today, which costs a model that follows the time."
        if len(years) and years.max() - years.min() >= _LONG_YEARS
        else ""
    )
    return Split(
        "letter",
        f"Letters are divided into {n_folds} parts{times}; each part is predicted by a model that was "
        f"taught on the others. All items of a letter stay together.{old}",
        tuple(folds),
    )


def time_split(
    items: pd.DataFrame, *, max_folds: int = 5, min_train_letters: int = 20, min_per_outcome: int = 5
) -> Split:
    """Hold out each of the last periods, taught on everything decided before it (rolling origin).

    The period is the longest of year, quarter, month and week of which the table has at least four.

    Parameters
    ----------
    items : DataFrame of shape (n_items, n_columns)
        Every item with an outcome.
    max_folds : int
        Number of periods held out, the last ones.
    min_train_letters : int
        Periods with fewer letters before them are not scored.
    min_per_outcome : int
        Nor those with fewer items of an outcome before them.

    Raises
    ------
    SplitError
        If dates are missing or all in one period, or no period has both outcomes in enough letters
        before it.
    """
    column = next((name for name in TIME_COLUMNS if items[name].notna().mean() >= 0.5), None)
    if column is None:
        known = max(int(items[name].notna().sum()) for name in TIME_COLUMNS)
        raise SplitError(
            f"at most {known:,} of {len(items):,} items have a date of one kind ({', '.join(TIME_COLUMNS)}); "
            "at least half are needed to split forward in time"
        )
    periods, unit = _periods(items[column], column)
    dated = (periods >= 0).to_numpy()
    order = periods.to_numpy()
    families = letter_families(items)
    overturned = (items["outcome"] == "overturned").to_numpy()
    folds: list[Fold] = []
    for period in sorted(set(order[dated].tolist()))[::-1]:
        test = dated & (order == period)
        train = dated & (order < period) & ~np.isin(families, families[test])
        enough = len(np.unique(families[train])) >= min_train_letters
        rarer = min(int(overturned[train].sum()), int((~overturned[train]).sum()))
        if not enough or rarer < min_per_outcome:
            continue
        if len(folds) < max_folds:
            folds.append(Fold(_period_name(period, unit), np.flatnonzero(train), np.flatnonzero(test)))
    if not folds:
        raise SplitError(
            f"no {unit} of {column} has at least {min_train_letters} letters before it, with at least "
            f"{min_per_outcome} items of each outcome"
        )
    n_test = sum(len(fold.test) for fold in folds)
    notes = [f"{n_test:,} of {len(items):,} items lie in the {counted(len(folds), unit)} held out."]
    told = _TIME_NAMES[column]
    if undated := int((~dated).sum()):
        notes.append(f"{counted(undated, 'item')} without a {told} {_take(undated)} no part.")
    last = f"The last {unit}" if len(folds) == 1 else f"Each of the last {len(folds)} {unit}s"
    return Split(
        "time",
        f"{last} (by {told}) is predicted by a model that was taught on "
        "everything before it: the score to expect of a model in use.",
        tuple(reversed(folds)),
        tuple(notes),
    )


def style_split(
    items: pd.DataFrame, *, n_folds: int = 5, letters_per_style: int = 10, seed: int = 0
) -> Split:
    """Hold out whole groups of letters that are written alike.

    Letters are clustered by how their summaries are worded, not by what they tell: the shares of function
    words and of the names that house styles give the worker, punctuation, and forms of dates and numbers.

    Parameters
    ----------
    items : DataFrame of shape (n_items, n_columns)
        Every item with an outcome.
    n_folds : int
        At most.
    letters_per_style : int
        Mean number of letters in a cluster; there are at least `n_folds` and at most 40 clusters.
    seed : int

    Raises
    ------
    SplitError
        If fewer than 10 letters per fold have a summary, or a class stands in one fold only.
    """
    from sklearn.cluster import KMeans

    families = letter_families(items)
    written = items.assign(_family=families).dropna(subset=["case_summary"])
    texts = written.drop_duplicates("_family").sort_values("_family")
    if len(texts) < 10 * n_folds:
        have = "letter has" if len(texts) == 1 else "letters have"
        raise SplitError(f"{len(texts):,} {have} a summary; styles need at least {10 * n_folds}")
    measured = _style(texts["case_summary"])
    n_styles = min(
        int(np.clip(len(texts) // letters_per_style, n_folds, 40)), len(np.unique(measured, axis=0))
    )
    if n_styles < 2:
        raise SplitError("all summaries are written alike")
    styles = KMeans(n_styles, n_init=3, random_state=seed).fit(measured).labels_
    # The largest styles first, each to the smallest fold so far.
    fold_of_style = np.zeros(n_styles, dtype=np.intp)
    filled = np.zeros(n_folds)
    sizes = np.bincount(styles, minlength=n_styles)
    for style in np.argsort(-sizes, kind="stable"):
        fold_of_style[style] = np.argmin(filled)
        filled[fold_of_style[style]] += sizes[style]
    fold_of = pd.Series(fold_of_style[styles], index=texts["_family"]).reindex(families).fillna(-1).to_numpy()
    overturned = (items["outcome"] == "overturned").to_numpy()
    folds = []
    for number in range(n_folds):
        train, test = (fold_of != number) & (fold_of >= 0), fold_of == number
        if not 0 < overturned[train].sum() < train.sum():
            raise SplitError("letters of one style have all items of an outcome")
        if test.any():
            folds.append(Fold(str(number + 1), np.flatnonzero(train), np.flatnonzero(test)))
    unwritten = int((fold_of < 0).sum())
    return Split(
        "style",
        f"Letters are grouped by how they are written ({n_styles} styles: function words, names for the "
        "worker, punctuation, forms of dates), and whole styles are held out: the score to expect of "
        "writers that did not teach.",
        tuple(folds),
        (f"{counted(unwritten, 'item')} without a summary {_take(unwritten)} no part.",) if unwritten else (),
    )


def _take(number: int) -> str:
    return "takes" if number == 1 else "take"


def _style(texts: pd.Series[str]) -> NDArray[np.float64]:
    """Measure how each text is written: shares of words and marks, brought to one scale."""
    from sklearn.feature_extraction.text import CountVectorizer
    from sklearn.preprocessing import StandardScaler

    words = CountVectorizer(
        vocabulary=list(dict.fromkeys(row["wording"] for row in read_rows("lexicons/style_words.csv"))),
        ngram_range=(1, 3),
        token_pattern=r"(?u)\b\w+\b",
    ).transform(texts)
    lengths = texts.str.split().map(len).to_numpy(dtype=float)[:, None]
    marks = np.stack([texts.str.count(pattern) for pattern in _STYLE_MARKS], axis=1)
    shares = np.hstack([words.toarray(), marks]) / np.maximum(lengths, 1)
    common = (shares > 0).mean(axis=0) >= 0.02
    measured: NDArray[np.float64] = StandardScaler().fit_transform(
        np.hstack([np.sqrt(shares[:, common]), np.log1p(lengths)])
    )
    return np.clip(measured, -4, 4)


def without_answers(items: pd.DataFrame) -> pd.DataFrame:
    """Give the items with every column of stage ``decision`` empty."""
    blind = items.reset_index(drop=True).copy()
    for name in DECISION_COLUMNS:
        blind[name] = pd.Series([None] * len(blind), dtype=blind[name].dtype)
    return blind


def _periods(values: pd.Series[Any], column: str) -> tuple[pd.Series[int], str]:
    """Assign each value's period; -1 where it is missing."""
    if column == "decided_year":
        if values.nunique() < 2:
            raise SplitError(f"all items lie in one year ({column}); nothing comes after it")
        return values.fillna(-1).astype("int64"), "year"
    if values.nunique() < 2:
        raise SplitError(f"all items have the same {column}; nothing comes after it")
    known = values.dropna()
    unit = next(
        (name for name, code in _UNITS.items() if known.dt.to_period(code).nunique() >= _MIN_PERIODS), "week"
    )
    ordinals = pd.PeriodIndex(known.dt.to_period(_UNITS[unit])).asi8
    return pd.Series(ordinals, index=known.index).reindex(values.index, fill_value=-1), unit


def _period_name(number: int, unit: str) -> str:
    if unit == "year" and number > 1000:
        return str(number)
    period = pd.Period(ordinal=number, freq=_UNITS[unit])
    return f"week of {period.start_time:%Y-%m-%d}" if unit == "week" else str(period)
