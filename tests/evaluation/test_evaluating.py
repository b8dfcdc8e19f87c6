from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from imr_ml.errors import LeakageError, OutputError, SplitError, TableError
from imr_ml.evaluation import evaluate, evaluating
from imr_ml.evaluation.ablations import ABLATION_NAMES
from imr_ml.evaluation.baselines import BASELINES, fit_category_rate, fit_tfidf
from imr_ml.evaluation.evaluating import _ablation_rows, predict_held_out, score_ablations
from imr_ml.evaluation.metrics import METRICS
from imr_ml.splitting import letter_split, without_answers
from imr_ml.tabulating import DECISION_COLUMNS


@pytest.fixture(scope="module")
def evaluation(items):
    return evaluate(items, fit=fit_tfidf, n_bootstrap=80, n_repeats=2)


class Fitted:
    """A model as an evaluation sees one."""

    stage = "filing"
    program = "dwc"
    is_synthetic = False

    def __init__(self, taught: pd.DataFrame) -> None:
        self.decided = taught
        self.base_rate = float((taught["outcome"] == "overturned").mean())
        self._scorer = fit_tfidf(taught, 0)

    def has_seen(self, items):
        return items["item_id"].isin(self.decided["item_id"]).to_numpy()

    def predict_proba(self, items):
        return self._scorer.predict_proba(items)


def test_metrics_have_the_agreed_shape(evaluation, items):
    metrics = evaluation.metrics
    assert metrics["program"] == "dwc"
    assert metrics["n_letters"] == items["letter_id"].nunique()
    assert metrics["n_items"] == len(items)
    assert metrics["n_overturned"] == (items["outcome"] == "overturned").sum()
    assert set(metrics["splits"]) == {"letter", "time"}
    for split in metrics["splits"].values():
        assert set(split["baselines"]) == set(BASELINES)
        for scores in (split["model"], *split["baselines"].values()):
            assert set(scores) == set(METRICS)
            for estimate in scores.values():
                assert estimate["low"] <= estimate["value"] + 1e-9
                assert estimate["value"] <= estimate["high"] + 1e-9
    assert {"ablations", "leakage"} <= set(metrics)


def test_sex_and_age_have_scores_with_intervals(evaluation):
    groups = evaluation.metrics["fairness"]["groups"]
    assert {row["dimension"] for row in groups} == {"sex", "age_band"}
    for row in groups:
        assert row["gap_low"] <= row["calibration_gap"] <= row["gap_high"]
    assert any(row["roc_auc"] is not None for row in groups)


def test_every_number_of_the_tables_stands_in_the_metrics(evaluation):
    metrics = evaluation.metrics
    assert len(metrics["slices"]["groups"]) == len(evaluation.tables["slices"])
    assert len(metrics["leakage"]["columns"]) == len(evaluation.tables["audit_columns"])
    assert len(metrics["leakage"]["words"]) == len(evaluation.tables["audit_words"])
    assert len(metrics["published"]) == len(evaluation.tables["published"])
    for name in ("top", "coverage", "decision"):
        assert len(metrics["selective"][name]) == len(evaluation.tables[name])


def test_metrics_are_plain_json_without_nan(evaluation):
    assert json.loads(json.dumps(evaluation.metrics, allow_nan=False)) == evaluation.metrics


def test_every_item_is_predicted_once_a_repeat(evaluation, items):
    held_out = evaluation.predictions.query("split == 'letter'")
    for _, rows in held_out.groupby("repeat"):
        assert sorted(rows["item_id"]) == sorted(items["item_id"])


def test_the_same_seed_gives_the_same_numbers_in_any_order_of_rows(items):
    first = evaluate(items, fit=fit_category_rate, splits=["letter"], n_bootstrap=50, n_folds=2, n_repeats=1)
    shuffled = items.sample(frac=1, random_state=1)
    second = evaluate(
        shuffled, fit=fit_category_rate, splits=["letter"], n_bootstrap=50, n_folds=2, n_repeats=1
    )
    for name in ("model", "baselines"):
        found, again = (pd.json_normalize(e.metrics["splits"]["letter"][name]) for e in (first, second))
        numbers = found.select_dtypes("number").columns
        np.testing.assert_allclose(found[numbers], again[numbers], atol=1e-9)


def test_no_scorer_sees_what_was_decided(items):
    asked = []

    def fit(taught, seed):
        class Spy:
            def predict_proba(self, items):
                asked.append(items)
                return np.full(len(items), 0.2)

        return Spy()

    evaluate(items, fit=fit, splits=["letter"], n_bootstrap=10, n_folds=2, n_repeats=1)
    assert asked
    for table in asked:
        assert table[list(DECISION_COLUMNS)].isna().all().all()


def test_the_numbers_do_not_depend_on_the_number_of_processes(items, monkeypatch):
    monkeypatch.setattr(evaluating, "_WORTH_PROCESSES", 0)
    options = {"splits": ["letter"], "n_bootstrap": 30, "n_folds": 2, "n_repeats": 1, "audit": False}
    one, two = (evaluate(items, fit=fit_tfidf, n_jobs=n_jobs, **options) for n_jobs in (1, 2))
    assert one.metrics == two.metrics


def test_taking_answers_away_keeps_the_rest(items):
    blind = without_answers(items)
    others = [name for name in items if name not in DECISION_COLUMNS]
    pd.testing.assert_frame_equal(blind[others], items[others])


def test_items_without_an_outcome_are_counted_and_not_scored(items):
    some = items.copy()
    some.loc[:6, "outcome"] = None
    found = evaluate(some, fit=fit_category_rate, splits=["letter"], n_bootstrap=10, n_folds=2, n_repeats=1)
    assert found.metrics["left_out"]["without_outcome"] == 7
    assert not set(some["item_id"][:7]) & set(found.predictions["item_id"])


def test_a_split_that_cannot_be_computed_is_left_out_by_name(items):
    undated = items.assign(decided_date=pd.NaT, decided_year=None)
    found = evaluate(undated, fit=fit_category_rate, n_bootstrap=10, n_folds=2, n_repeats=1)
    assert "have a date of one kind" in found.metrics["splits"]["time"]["left_out"]
    assert "Left out" in found.html()


def test_a_fitted_model_is_scored_on_what_it_has_not_seen(items):
    model = Fitted(items[:100])
    found = evaluate(items, model=model, n_bootstrap=20)
    unseen = found.metrics["splits"]["unseen"]
    # A letter of which one item taught is seen as a whole.
    seen = items["letter_id"].isin(items["letter_id"][:100])
    assert found.metrics["left_out"]["seen_in_training"] == seen.sum()
    assert unseen["n_items"] == (~seen).sum()
    assert set(unseen["baselines"]) == set(BASELINES)
    assert found.predictions["base_rate"].unique() == pytest.approx([model.base_rate])
    taught = found.metrics["model"]
    assert (taught["n_items"], taught["is_synthetic"]) == (100, False)
    assert "one saved model, taught on 100 items" in found.html()
    assert "SYNTHETIC MODEL" not in found.html()


def test_a_model_taught_on_made_up_letters_is_said_to_be(items):
    model = Fitted(items[:100])
    model.is_synthetic = True
    page = evaluate(items.assign(is_synthetic=False), model=model, n_bootstrap=20).html()
    assert "SYNTHETIC MODEL" in page and "synthetic letters" in page


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda items: items.assign(outcome="upheld"), "all .* are upheld; scores need both"),
        (lambda items: items.assign(outcome=None), "no item has an outcome"),
        (lambda items: items.drop(columns="request"), "column missing: request"),
        (
            lambda items: items.assign(program=["dmhc", *["dwc"] * (len(items) - 1)]),
            "2 programs .*apart, or ask",
        ),
    ],
)
def test_a_table_that_cannot_be_scored_is_refused(items, change, message):
    with pytest.raises(TableError, match=message):
        evaluate(change(items), fit=fit_category_rate)


def test_items_decided_after_all_that_taught_a_model_are_forward_in_time(items):
    dated = items.sort_values("decided_date", ignore_index=True)
    cut = dated["decided_date"].iloc[len(dated) // 2]
    earlier, later = dated[dated["decided_date"] < cut], dated[dated["decided_date"] >= cut]
    assert evaluate(later, model=Fitted(earlier), n_bootstrap=5).metrics["is_forward"]
    mixed = pd.concat([later, earlier.iloc[-40:]], ignore_index=True)
    assert not evaluate(mixed, model=Fitted(earlier.iloc[:-40]), n_bootstrap=5).metrics["is_forward"]


def test_a_model_is_not_scored_on_another_program(items) -> None:
    with pytest.raises(TableError, match="the items come from dmhc, while the model knows dwc"):
        evaluate(items.assign(program="dmhc"), model=Fitted(items.iloc[:20]))


def test_a_model_that_saw_everything_is_refused(items):
    with pytest.raises(TableError, match="taught on all"):
        evaluate(items, model=Fitted(items))


def test_no_split_at_all_is_an_error_with_every_reason(items):
    one_letter = items.assign(
        letter_id="A", outcome=["upheld", *["overturned"] * (len(items) - 1)], decided_date=pd.NaT
    ).assign(decided_year=None)
    with pytest.raises(SplitError, match=r"letter: .*; time: "):
        evaluate(one_letter, fit=fit_category_rate)


def test_an_unknown_split_is_refused(items):
    with pytest.raises(SplitError, match="no split is named 'week'"):
        evaluate(items, splits=["week"])


def test_saving_is_whole(evaluation, tmp_path):
    evaluation.save(tmp_path / "out")
    names = {str(path.relative_to(tmp_path / "out")) for path in (tmp_path / "out").rglob("*.png")}
    expected = {"roc", "precision_recall", "calibration", "scores"}
    assert {f"figures/{split}_{name}.png" for split in ("letter", "time") for name in expected} <= names
    assert json.loads((tmp_path / "out/metrics.json").read_text()) == evaluation.metrics
    with pytest.raises(OutputError, match="not empty"):
        evaluation.save(tmp_path / "out")


def test_a_strict_audit_stops_before_anything_is_taught(items):
    told = items.copy()
    told.loc[3, "case_summary"] += " The denial was overturned."

    def fit(taught, seed):
        raise AssertionError("taught")

    with pytest.raises(
        LeakageError, match=r'"overturned" stands in the case summary of 1 letter \(first in item L'
    ):
        evaluate(told, fit=fit, strict=True)


def test_a_finding_stands_in_the_report_otherwise(items):
    told = items.copy()
    told.loc[3, "case_summary"] += " The denial was overturned."
    found = evaluate(told, fit=fit_category_rate, splits=["letter"], n_bootstrap=10, n_folds=2, n_repeats=1)
    assert found.metrics["leakage"]["n_findings"] == 1
    assert found.metrics["leakage"]["checks"]["verdict_words"]["status"] == "finding"
    assert "DOUBTFUL" in found.html()


def test_letters_written_alike_are_held_out_together(make_items):
    items = make_items(60)
    voices = np.where(
        items["letter_id"].str[-1].isin(list("02468")), " The patient, he", " The injured worker; she"
    )
    items["case_summary"] = [
        summary + voice * 20 for summary, voice in zip(items["case_summary"], voices, strict=True)
    ]
    found = evaluate(items, fit=fit_category_rate, splits=["style"], n_bootstrap=10, n_folds=2)
    assert found.metrics["splits"]["style"]["n_items"] == len(items)


def test_training_too_few_items_is_a_reason_and_no_crash(make_items):
    few = make_items(24)[:34]
    few = few.assign(outcome=["overturned" if i % 5 == 0 else "upheld" for i in range(len(few))])
    with pytest.raises(SplitError, match=r"letter: .*at least 30 items"):
        evaluate(few, splits=["letter"], n_bootstrap=20)


def test_ablations_are_scored_on_the_same_folds(items):
    found = evaluate(items, splits=["letter"], n_bootstrap=30, n_folds=2, n_repeats=1, audit=False)
    ablations = found.metrics["ablations"]
    assert set(ablations) == set(ABLATION_NAMES)
    scores = found.metrics["splits"]["letter"]
    assert ablations["base_rates"]["scores"]["roc_auc"]["value"] == pytest.approx(
        scores["baselines"]["category_rate"]["roc_auc"]["value"]
    )
    for name, ablation in ablations.items():
        for metric in METRICS:
            assert ablation["difference"][metric]["value"] == pytest.approx(
                scores["model"][metric]["value"] - ablation["scores"][metric]["value"]
            ), (name, metric)
    assert found.metrics["leakage"] == {"left_out": "not asked for"}


def test_a_variant_that_changes_no_answer_is_said_to_change_none(items):
    held_out = predict_held_out(items, letter_split(items, n_folds=2), {"model": fit_category_rate})
    split = letter_split(items, n_folds=2)
    fits = {"base_rates": fit_category_rate, "words_only": fit_tfidf}
    found = score_ablations(items, split, held_out, fits, n_bootstrap=30)
    assert {name: one["is_same"] for name, one in found.items()} == {"base_rates": True, "words_only": False}
    # A bar of no width would pass for a measured nothing.
    assert _ablation_rows(found)["ablation"].tolist() == ["words_only"]


def test_splits_are_compared_on_the_items_that_both_score(evaluation):
    metrics, predictions = evaluation.metrics, evaluation.predictions
    (name,) = metrics["split_differences"]
    beside, split = metrics["split_differences"][name], metrics["splits"][name]
    assert name == "time" and beside["n_items"] == split["n_items"] < metrics["n_items"]
    for metric in METRICS:
        assert beside["difference"][metric]["value"] == pytest.approx(
            split["model"][metric]["value"] - beside["by_letter"][metric]["value"]
        )
    scored = set(predictions.loc[predictions["split"] == "time", "item_id"])
    same = predictions[(predictions["split"] == "letter") & predictions["item_id"].isin(scored)]
    losses = -np.log(np.where(same["outcome"] == "overturned", same["p_model"], 1 - same["p_model"]))
    assert beside["by_letter"]["log_loss"]["value"] == pytest.approx(losses.mean())
    assert beside["difference"]["roc_auc"]["low"] < beside["difference"]["roc_auc"]["high"]


def test_the_top_tenth_is_told_once(evaluation):
    metrics = evaluation.metrics
    tile = metrics["splits"][metrics["main_split"]]["model"]["lift_at_10pct"]
    top = next(row for row in metrics["selective"]["top"] if row["share"] == 0.1)
    assert metrics["splits"][metrics["main_split"]]["n_repeats"] == 2
    assert (top["lift"], top["lift_low"], top["lift_high"]) == pytest.approx(
        (tile["value"], tile["low"], tile["high"])
    )


def test_what_the_folds_chose_is_counted(items):
    found = evaluate(
        items, splits=["letter"], n_bootstrap=10, n_folds=2, n_repeats=1, audit=False, ablations=False
    )
    assert sum(found.metrics["splits"]["letter"]["chosen"].values()) == 2
    assert found.metrics["ablations"]["left_out"] == "not asked for"


def test_words_of_a_summary_are_no_baseline_where_there_is_none(items):
    bare = items.assign(case_summary=pd.Series([None] * len(items), dtype="str"))
    found = evaluate(
        bare, splits=["letter"], fit=fit_category_rate, n_bootstrap=10, n_folds=2, n_repeats=1, audit=False
    )
    assert "tfidf" not in found.metrics["splits"]["letter"]["baselines"]
    assert "no item has a case summary" in found.metrics["baselines_left_out"]["tfidf"]
    assert "no item has a case summary" in found.html()


def test_the_split_forward_in_time_leads_where_it_holds_enough() -> None:
    from imr_ml.evaluation.evaluating import _most_telling_first
    from imr_ml.splitting import Fold, Split

    items = pd.DataFrame({"outcome": ["overturned"] * 300 + ["upheld"] * 300})

    def plan(n_overturned: int) -> dict[str, Split | str]:
        held_out = np.arange(300 - n_overturned, 600)
        time = Split("time", "", (Fold("1", np.arange(300 - n_overturned), held_out, 0),))
        return {"letter": "none", "time": time}

    assert list(_most_telling_first(plan(200), items)) == ["time", "letter"]
    assert list(_most_telling_first(plan(199), items)) == ["letter", "time"]
