from __future__ import annotations

import re

import pytest

from imr_ml.evaluation import evaluate
from imr_ml.evaluation.baselines import fit_category_rate, fit_tfidf
from imr_ml.evaluation.report import format_estimate, headline, render_report, statements


def difference(low: float, high: float) -> dict[str, float]:
    return {"value": (low + high) / 2, "low": low, "high": high}


@pytest.mark.parametrize(
    ("auc", "loss", "verdict"),
    [
        ((0.01, 0.05), (-0.05, -0.01), "better"),
        ((0.01, 0.05), (-0.05, 0.01), "partly"),
        ((-0.01, 0.05), (-0.05, 0.01), "not shown"),
        ((-0.05, -0.01), (-0.05, 0.01), "worse"),
        ((0.01, 0.05), (0.01, 0.05), "worse"),  # ranks better, states worse probabilities
    ],
)
def test_no_difference_is_claimed_that_the_interval_does_not_show(auc, loss, verdict):
    split = {"differences": {"tfidf": {"roc_auc": difference(*auc), "log_loss": difference(*loss)}}}
    assert statements(split)[0]["verdict"] == verdict


BETTER, UNSURE, WORSE = (
    {"roc_auc": difference(0.01, 0.05), "log_loss": difference(-0.05, -0.01)},
    {"roc_auc": difference(-0.01, 0.05), "log_loss": difference(-0.05, 0.01)},
    {"roc_auc": difference(-0.05, -0.01), "log_loss": difference(0.01, 0.05)},
)


@pytest.mark.parametrize(
    ("upheld", "category", "tfidf", "words"),
    [
        (BETTER, BETTER, BETTER, "better than every simpler way"),
        (BETTER, BETTER, UNSURE, "but not than all"),
        (BETTER, UNSURE, BETTER, "NOT shown to be better than the rate of the item's treatment category"),
        (BETTER, WORSE, BETTER, "NOT shown to be better than the rate of the item's treatment category"),
        (UNSURE, BETTER, BETTER, "NOT shown to be better than saying that every denial is upheld"),
    ],
)
def test_the_headline_says_what_has_been_shown(upheld, category, tfidf, words):
    split = {"differences": {"always_upheld": upheld, "category_rate": category, "tfidf": tfidf}}
    assert words in headline(split)


def test_a_model_no_better_than_the_category_rate_is_said_to_be_so(items):
    page = evaluate(items, fit=fit_category_rate, n_bootstrap=40, n_folds=2, n_repeats=1).html()
    assert "NOT shown to be better than: Rate of the treatment category" in page


@pytest.fixture(scope="module")
def evaluation(items):
    return evaluate(items, fit=fit_tfidf, n_bootstrap=40, n_repeats=1)


@pytest.fixture(scope="module")
def page(evaluation):
    return evaluation.html()


def test_criteria_of_which_few_items_state_anything_are_folded_away(evaluation):
    rows = [dict(row) for row in evaluation.metrics["criteria"]]
    rows[0] |= {"met_items": 3, "unmet_items": 1}
    few = [row for row in rows if row["met_items"] + row["unmet_items"] < 5]
    page = render_report(evaluation.metrics | {"criteria": rows}, evaluation.tables)
    often, rarely = page.split('<h2 id="criteria">')[1].split("<h2")[0].split("<details>")
    assert f"Stated of fewer than 5 items ({len(few)} criteria)" in rarely
    for row in rows:
        name = f'<th scope="row">{row["criterion"]}</th>'
        assert (name in rarely, name in often) == (row in few, row not in few)


def test_the_page_says_synthetic(page, items):
    assert "SYNTHETIC DATA" in page
    real = evaluate(
        items.assign(is_synthetic=False), fit=fit_category_rate, n_bootstrap=10, n_folds=2, n_repeats=1
    ).html()
    assert "SYNTHETIC" not in real


def test_the_page_asks_nothing_of_the_network(page):
    assert not re.findall(r"""(?:src|href)=["'](?!data:|#)""", page)
    assert "http" not in re.sub(r"data:[^\"']+", "", page)


def test_every_figure_has_words_for_those_who_cannot_see_it(page):
    pictures = re.findall(r"<img [^>]*>", page)
    assert len(pictures) >= 8
    assert all(re.search(r'alt="[^"]{20,}"', picture) for picture in pictures)


def test_text_from_data_is_escaped(items):
    nasty = items.assign(treatment_category="<script>alert(1)</script>")
    assert (
        "<script>alert"
        not in evaluate(nasty, fit=fit_category_rate, n_bootstrap=10, n_folds=2, n_repeats=1).html()
    )


def test_numbers_that_are_missing_are_named_so():
    assert format_estimate({"value": None, "low": None, "high": None}) == "not computed"
    assert format_estimate({"value": 0.5, "low": None, "high": None}, 1) == "0.5"


def test_health_plans_have_cases_and_no_letters(items):
    evaluation = evaluate(
        items.assign(program="dmhc", case_summary=None),
        splits=("letter", "style"),
        fit=fit_category_rate,
        n_bootstrap=40,
        n_folds=2,
        n_repeats=1,
    )
    page = re.sub(r"<style>.*?</style>|<script>.*?</script>|<[^>]*>", " ", evaluation.html(), flags=re.DOTALL)
    assert re.findall(r".{0,40}\bletters?\b.{0,40}", page, re.IGNORECASE) == []
    assert "All items of a case stay together" in page
    assert evaluation.metrics["main_split"] == "letter"
    assert (
        evaluation.metrics["splits"]["style"]["left_out"] == "0 cases have a summary; styles need at least 20"
    )
