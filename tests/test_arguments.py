from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import imr_ml
from imr_ml.arguments import as_several, check_whole
from imr_ml.errors import CaseError, ImrError, ModelError, TableError
from tests.builders import decided_items, letter

ITEMS = decided_items(20)


@pytest.mark.parametrize(
    "takes_table",
    [
        imr_ml.facts,
        imr_ml.train,
        imr_ml.evaluate,
        lambda items: imr_ml.backtest(items, refit_every=10, delay=5),
        lambda items: imr_ml.write_items(items, "items.csv"),
    ],
)
@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("items.parquet", r"the text 'items.parquet'; read_items reads one from a file"),
        (Path("items.csv"), r"the path 'items.csv'; read_items"),
        (None, "None"),
        ([letter()], "a list; .*items_table makes one of letters"),
        (letter(), "a Letter"),
        (ITEMS["request"], r"a Series; df\[\[...\]\] and df.loc\[\[...\]\] keep"),
        ({"items": ["Norco"]}, "a dict"),
    ],
)
def test_what_is_no_table_is_refused(takes_table, given, told) -> None:
    with pytest.raises(TableError, match=rf"^items must be an items table \(a DataFrame\), not {told}"):
        takes_table(given)


@pytest.mark.parametrize(
    "takes_model",
    [
        lambda model: imr_ml.predict(model, {"items": ["Norco"]}),
        lambda model: imr_ml.find_precedents(model, {"items": ["Norco"]}),
        lambda model: imr_ml.save_model(model, "somewhere"),
        lambda model: imr_ml.train(ITEMS, update=model),
        lambda model: imr_ml.evaluate(ITEMS, model=model),
    ],
)
@pytest.mark.parametrize("given", ["models/first", Path("models/first"), ITEMS])
def test_what_is_no_model_is_refused(takes_model, given) -> None:
    with pytest.raises(ModelError, match=r"^(model|update) must be a model, not .*load_model loads one"):
        takes_model(given)


@pytest.mark.parametrize(
    "given", ["a.json", b"a", Path("a.pdf"), None, 7, ["Norco"], [[letter()], []], ITEMS["request"]]
)
def test_what_cannot_be_asked_about_is_refused(given) -> None:
    with pytest.raises(CaseError, match=r"^asked must be a Letter, a case .*read_letter reads a letter"):
        imr_ml.find_grounds(given)


# The last: both answers of read_letters, instead of the first.
@pytest.mark.parametrize("given", ["a.pdf", None, [None], {"items": ["Norco"]}, ITEMS, ([letter()], [])])
def test_what_is_no_letter_is_refused(given) -> None:
    with pytest.raises(
        TableError, match=r"^letters must be one Letter or several, not .*beside them a list of failures"
    ):
        imr_ml.items_table(given)


@pytest.mark.parametrize(
    "takes_path",
    [
        imr_ml.read_letter,
        imr_ml.read_letters,
        imr_ml.read_items,
        imr_ml.load_model,
        lambda path: imr_ml.write_items(ITEMS, path),
    ],
)
@pytest.mark.parametrize("given", [None, 7, [7]])
def test_what_is_no_path_is_refused(takes_path, given) -> None:
    with pytest.raises(ImrError, match=r"^\w+ must be the name of a file or folder \(a str or Path\), not "):
        takes_path(given)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"error_rate": "0.1"}, "error_rate must be a number, not the text '0.1'"),
        ({"review_budget": "a tenth"}, "review_budget must be a number"),
        ({"cost_missed_overturn": True, "cost_false_alarm": 1}, "cost_missed_overturn must be a number"),
        ({"seed": None}, "seed must be a whole number, not None"),
        ({"seed": 1.5}, "seed must be a whole number, not 1.5"),
        ({"seed": -1}, "seed must be 0 or more, not -1"),
        ({"families": 3}, "families must be a name, or several, not 3"),
        ({"families": ["words"]}, "families: no feature family is named 'words'"),
        ({"pool": "no"}, "pool must be True or False, not the text 'no'"),
    ],
)
def test_options_of_another_kind_are_refused(options, message) -> None:
    with pytest.raises(ImrError, match=f"^{message}"):
        imr_ml.train(ITEMS, **options)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"splits": ()}, "splits: none is named; choose from letter, time, style"),
        ({"splits": ["letters"]}, "splits: no split is named 'letters'"),
        ({"splits": [3]}, "splits: no split is named 3"),
        ({"splits": None}, "splits: no split is named None"),
        ({"fit": "tfidf"}, "fit must be a function of items and a seed"),
        ({"n_jobs": 0}, "n_jobs must be 1 or more, or -1"),
        ({"n_folds": 1}, "n_folds must be 2 or more"),
        ({"strict": 1}, "strict must be True or False, not 1"),
        ({"n_repeats": 0}, "n_repeats must be 1 or more"),
        ({"n_bootstrap": 0}, "n_bootstrap must be 1 or more"),
    ],
)
def test_options_of_an_evaluation_out_of_range_are_refused(options, message) -> None:
    with pytest.raises(ImrError, match=f"^{message}"):
        imr_ml.evaluate(ITEMS, **options)


def test_one_name_may_stand_alone() -> None:
    assert as_several("time") == ["time"] and as_several(Path("a")) == [Path("a")]
    assert as_several(name for name in ("a", "b")) == ["a", "b"]


def test_numbers_of_numpy_are_numbers() -> None:
    check_whole(pd.Series([3]).iloc[0], about="k", least=1)


def test_a_table_is_written_whole_or_refused(tmp_path) -> None:
    with pytest.raises(TableError, match=r"^items: column position missing; items_table and read_items give"):
        imr_ml.write_items(ITEMS.drop(columns="position"), tmp_path / "items.csv")
    assert list(tmp_path.iterdir()) == []


def test_a_column_stands_once() -> None:
    with pytest.raises(TableError, match=r"^items: column request stands there twice"):
        imr_ml.train(pd.concat([ITEMS, ITEMS[["request"]]], axis=1))


def test_one_text_is_not_several_requests() -> None:
    with pytest.raises(CaseError, match=r"requests must be several texts, as in \('Norco',\)"):
        imr_ml.Case("Norco")


def test_what_is_no_evaluation_is_not_saved(tmp_path) -> None:
    with pytest.raises(ImrError, match=r"^evaluation must be an Evaluation, not the text 'report.html'"):
        imr_ml.save_model(imr_ml.train(decided_items(60)), tmp_path / "m", evaluation="report.html")
    assert list(tmp_path.iterdir()) == []
