from __future__ import annotations

import copy
import re
from html.parser import HTMLParser

import numpy as np
import pytest

from imr_ml.evaluation import evaluate
from imr_ml.evaluation.baselines import fit_category_rate, fit_tfidf
from imr_ml.evaluation.choosing import training_facts
from imr_ml.evaluation.report import format_estimate, headline, other_splits, render_report, statements
from imr_ml.tabulating import check_items
from tests.builders import training_record


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


class _Cells(HTMLParser):
    """Every cell of the tables that sort: its data-value and its first words."""

    def __init__(self) -> None:
        super().__init__()
        self.cells: list[list[str | None]] = []
        self.sorts = self.inside = False

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if tag == "table":
            self.sorts = given.get("class") == "sortable"
        self.inside = self.sorts and tag == "td" and given.get("class") == "number"
        if self.inside:
            self.cells.append([given.get("data-value"), ""])

    def handle_data(self, data):
        if self.inside and not self.cells[-1][1]:
            self.cells[-1][1] = data.strip()


def test_every_number_of_a_table_sorts_by_its_value(evaluation):
    facts = training_facts(training_record())
    parser = _Cells()
    parser.feed(render_report(evaluation.metrics | {"training": facts}, evaluation.tables))
    assert len(parser.cells) > 300
    for value, text in parser.cells:
        assert value is not None, text
        shown = re.match(r"([+\N{MINUS SIGN}-]?[\d,]+\.?\d*)(%| points)?", text or "")
        if value == "":
            assert not shown, text
        else:
            number = float(shown[1].replace(",", "").replace("\N{MINUS SIGN}", "-"))
            assert number / (100 if shown[2] else 1) == pytest.approx(float(value), abs=0.051)


def test_the_first_screen_shows_every_split_with_its_interval():
    def split(value, low, high):
        return {"model": {"roc_auc": {"value": value, "low": low, "high": high}}, "n_overturned": 2}

    computed = {
        "letter": split(0.77, 0.6, 0.9),
        "style": split(0.683, 0.479, 0.808),
        "time": split(0.75, None, None),
    }
    assert other_splits(computed, "letter") == [
        "forward in time: too few to say (75, of 2 overturned)",
        "other writers: 68 (48 to 81)",
    ]


def test_a_value_without_interval_says_why(evaluation):
    metrics = copy.deepcopy(evaluation.metrics)
    auc = metrics["splits"]["time"]["model"]["roc_auc"]
    auc |= {"low": None, "high": None, "reason": "too few letters have each outcome for an interval"}
    page = render_report(metrics, evaluation.tables)
    assert page.count('<small class="why">too few letters have each outcome for an interval') == 2
    assert "too few to say" in page.split("What not to conclude")[0]


def test_few_letters_give_no_interval_and_the_page_says_so(make_items):
    items = make_items(60)
    won = np.isin(items["letter_id"], ["L0003", "L0010", "L0020", "L0030"])
    items["outcome"] = np.where(won, "overturned", "upheld")
    few = evaluate(
        check_items(items), splits=["letter"], fit=fit_category_rate, n_bootstrap=40, n_folds=2, n_repeats=1
    )
    assert [row["lift_low"] for row in few.metrics["selective"]["top"]] == [None] * 3
    part = few.html().split('id="selective"')[1].split("<h2")[0]
    n_acted_on = sum(row["n_picked"] > 0 for row in few.metrics["selective"]["decision"])
    assert part.count("no interval: too few letters") == 3 * 3 + n_acted_on


def test_held_out_items_of_one_outcome_still_make_a_page(make_items):
    items = make_items(60)
    first = items["decided_date"].sort_values().index[: len(items) // 4]
    items["outcome"] = np.where(items.index.isin(first), "overturned", "upheld")
    page = evaluate(
        check_items(items), splits=["time"], fit=fit_category_rate, n_bootstrap=20, n_folds=2, n_repeats=1
    ).html()
    assert "none overturned" in page


def test_beating_what_ranks_worse_than_chance_is_said_to_show_little():
    split = {
        "differences": {"category_rate": BETTER},
        "baselines": {"category_rate": {"roc_auc": {"value": 0.26, "low": 0.18, "high": 0.38}}},
    }
    assert "ranks worse than chance here" in statements(split)[0]["text"]
    split["baselines"]["category_rate"]["roc_auc"]["high"] = 0.55
    assert "chance" not in statements(split)[0]["text"]


def test_the_page_says_whose_scores_stand_there_and_what_was_chosen(evaluation):
    step = training_record()["lineage"][0]
    for lineage in ([step], [step, step]):
        facts = training_facts(training_record(lineage=lineage))
        page = render_report(evaluation.metrics | {"training": facts}, evaluation.tables)
        assert ("not this model&#39;s own" in page) == (len(lineage) == 2)
        chosen = page.split('id="chosen"')[1].split("<h2")[0]
        assert "2 of 3" in chosen
        assert "wrong in at most 7.0% of the items of each outcome" in chosen


def test_the_banner_says_what_kind_of_doubt_there_is(evaluation):
    leakage = evaluation.metrics["leakage"] | {"n_findings": 1, "doubts": ["1 sign that no model sees"]}
    page = render_report(evaluation.metrics | {"leakage": leakage}, evaluation.tables)
    assert "DOUBTFUL. The audit below found 1 sign that no model sees." in page
    assert "in what the model may read" not in page


def test_places_and_words_are_told_by_names_of_people_and_not_of_columns(items):
    marked = items.copy()
    marked.loc[3, "case_summary"] += " The denial was overturned."
    page = evaluate(marked, fit=fit_category_rate, n_bootstrap=10, n_folds=2, n_repeats=1).html()
    audit = page.split('id="leakage"')[1].split("<h2")[0]
    assert re.search(r"<li>item L\d+#\d, case summary, characters \d+ to \d+: overturned</li>", audit)
    words = audit.split("The strongest words alone")[1]
    assert "<td>case summary</td>" in words and "case_summary" not in words


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
    told = render_report(
        {
            **evaluation.metrics,
            "main_split": "time",
            "splits": {**evaluation.metrics["splits"], "time": evaluation.metrics["splits"]["letter"]},
        },
        evaluation.tables,
    )
    assert re.search(r"By case: \d\d \(", told)
    assert evaluation.metrics["main_split"] == "letter"
    assert (
        evaluation.metrics["splits"]["style"]["left_out"] == "0 cases have a summary; styles need at least 20"
    )
