from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import (
    average_precision_score,
    balanced_accuracy_score,
    brier_score_loss,
    log_loss,
    roc_auc_score,
)

from imr_ml.evaluation.metrics import (
    METRICS,
    Scored,
    bootstrap_scores,
    calibration_bins,
    calibration_table,
    distribution_table,
    letter_draws,
    overturn_rate_interval,
    precision_recall_table,
    rank_within,
    rate_interval,
    roc_table,
)


def invented(n: int = 400, *, seed: int = 0, digits: int = 6):
    rng = np.random.default_rng(seed)
    p = rng.beta(1, 5, size=n).round(digits)
    y = rng.random(n) < p
    letters = np.sort(rng.integers(n // 3, size=n))
    return y, p, np.unique(letters, return_inverse=True)[1]


def scores(scored: Scored, counts=None) -> dict[str, float]:
    counts = np.ones(scored.n_letters) if counts is None else counts
    return dict(zip(METRICS, scored.values(counts[None, :])[0], strict=True))


@pytest.mark.parametrize("digits", [6, 1])
def test_scores_agree_with_scikit_learn_also_with_ties(digits):
    y, p, letters = invented(digits=digits)
    found = scores(Scored(y, p, letters, threshold=0.2))
    assert found["roc_auc"] == pytest.approx(roc_auc_score(y, p))
    assert found["average_precision"] == pytest.approx(average_precision_score(y, p))
    assert found["log_loss"] == pytest.approx(log_loss(y, np.clip(p, 1e-15, 1 - 1e-15)))
    assert found["brier"] == pytest.approx(brier_score_loss(y, p))
    assert found["balanced_accuracy"] == pytest.approx(balanced_accuracy_score(y, p > 0.2))


def test_a_resampling_scores_like_the_repeated_items():
    y, p, letters = invented(digits=2)
    counts = np.random.default_rng(1).integers(0, 3, size=letters.max() + 1)
    repeated = np.repeat(np.arange(len(y)), counts[letters])
    found = scores(Scored(y, p, letters), counts)
    assert found["roc_auc"] == pytest.approx(roc_auc_score(y[repeated], p[repeated]))
    assert found["average_precision"] == pytest.approx(average_precision_score(y[repeated], p[repeated]))
    assert found["brier"] == pytest.approx(brier_score_loss(y[repeated], p[repeated]))


def test_lift_of_the_top_tenth_by_hand():
    # 20 items, 4 overturned; the two rated highest are one of each: 50% against 20%.
    p = np.linspace(0.9, 0.1, 20)
    y = np.isin(np.arange(20), [0, 5, 6, 7])
    assert scores(Scored(y, p, np.arange(20)))["lift_at_10pct"] == pytest.approx(2.5)


def test_a_constant_prediction_ranks_by_chance():
    y, _, letters = invented()
    found = scores(Scored(y, np.full(len(y), 0.3), letters, threshold=0.3))
    assert found["roc_auc"] == pytest.approx(0.5)
    assert found["lift_at_10pct"] == pytest.approx(1.0)
    assert found["balanced_accuracy"] == pytest.approx(0.5)
    assert found["average_precision"] == pytest.approx(y.mean())
    assert found["calibration_error"] == pytest.approx(abs(y.mean() - 0.3))


def test_calibration_error_by_hand():
    # Two bins of 20: predicted 0.1 where 4 of 20 came, 0.5 where 10 of 20 came.
    p = np.repeat([0.1, 0.5], 20)
    y = np.concatenate([np.arange(20) < 4, np.arange(20) < 10])
    assert scores(Scored(y, p, np.arange(40)))["calibration_error"] == pytest.approx(0.05)


def test_equal_probabilities_share_a_bin():
    bins = calibration_bins(np.repeat([0.1, 0.2, 0.3], [150, 30, 120]))
    assert len(np.unique(bins[:150])) == len(np.unique(bins[150:180])) == 1
    assert bins.max() + 1 == len(np.unique(bins))


def test_intervals_hold_the_truth_about_as_often_as_they_say():
    held = 0
    for seed in range(60):
        y, p, letters = invented(300, seed=seed)
        found = bootstrap_scores({"model": [Scored(y, p, letters)]}, n_bootstrap=200, seed=seed)
        estimate = found.estimates("model")["brier"]
        truth = 1 / 6 - (2 / 42)  # E[p(1-p)] of Beta(1, 5)
        held += estimate.low <= truth <= estimate.high
    assert held >= 52


def test_intervals_are_wider_where_letters_repeat_themselves():
    y, p, _ = invented(400)
    y, p = np.repeat(y, 5), np.repeat(p, 5)
    alone = Scored(y, p, np.arange(len(y)))
    together = Scored(y, p, np.repeat(np.arange(400), 5))
    width = {}
    for name, scored in {"alone": alone, "together": together}.items():
        found = bootstrap_scores({"model": [scored]}, n_bootstrap=300).estimates("model")["roc_auc"]
        width[name] = found.high - found.low
    assert width["together"] > 1.6 * width["alone"]


def test_differences_are_paired():
    y, p, letters = invented(600)
    found = bootstrap_scores(
        {"model": [Scored(y, p, letters)], "same": [Scored(y, p, letters)]}, n_bootstrap=100
    )
    difference = found.differences("model", "same")["log_loss"]
    assert (difference.value, difference.low, difference.high) == (0, 0, 0)


def test_one_class_gives_a_reason_and_no_number():
    p = np.linspace(0.1, 0.9, 60)
    found = bootstrap_scores({"model": [Scored(np.zeros(60), p, np.arange(60))]}, n_bootstrap=60)
    estimates = found.estimates("model")
    assert estimates["roc_auc"].to_dict() == {
        "value": None,
        "low": None,
        "high": None,
        "reason": "the held-out items have one outcome only",
    }
    assert estimates["brier"].value is not None


def test_chunks_of_draws_have_every_letter_in_expectation():
    chunks = list(letter_draws(50, 1000, 2_000_000 // 300, seed=0))
    assert len(chunks) > 1
    draws = np.concatenate(chunks)
    assert draws.shape == (1000, 50)
    assert (draws.sum(axis=1) == 50).all()
    assert draws.mean(axis=0) == pytest.approx(np.ones(50), abs=0.15)


def test_a_place_is_among_the_fold():
    assert rank_within([5, 6, 0.1, 0.2], ["a", "a", "b", "b"]).tolist() == [0.25, 0.75, 0.25, 0.75]


def test_wilson_interval_as_published():
    # Wilson's interval for 15 of 50, as every textbook gives it.
    assert overturn_rate_interval([15], [50])[0] == pytest.approx([0.1910, 0.4375], abs=1e-4)


@pytest.mark.parametrize(("hits", "sizes"), [([1], [0]), ([3], [2]), ([-1], [2])])
def test_an_impossible_group_is_refused(hits, sizes):
    with pytest.raises(ValueError, match="every group needs items"):
        overturn_rate_interval(hits, sizes)


def test_curves_start_and_end_where_they_must():
    y, p, _ = invented()
    roc, recall = roc_table(y, p), precision_recall_table(y, p)
    assert roc.iloc[0].tolist() == [0, 0]
    assert roc.iloc[-1].tolist() == [1, 1]
    assert recall.iloc[-1].tolist() == pytest.approx([1, y.mean()])
    area = np.trapezoid(roc["true_positive_rate"], roc["false_positive_rate"])
    assert area == pytest.approx(roc_auc_score(y, p))


def test_a_rate_by_letter_covers_what_one_by_item_does_not():
    """Letters of five items, wholly overturned or wholly upheld: 19 in 20 intervals are to hold the rate."""
    rng = np.random.default_rng(4)
    letters = np.repeat(np.arange(60), 5)
    drawn = [np.repeat(rng.random(60) < 0.15, 5) for _ in range(300)]
    by_letter = [rate_interval(y, letters) for y in drawn]
    by_item = [overturn_rate_interval([y.sum()], [len(y)])[0] for y in drawn]
    held = [np.mean([low <= 0.15 <= high for low, high in ends]) for ends in (by_letter, by_item)]
    assert held[0] > 0.92 and held[1] < 0.75
    alone = drawn[0][::5]
    np.testing.assert_allclose(
        rate_interval(alone, np.arange(60)), overturn_rate_interval([alone.sum()], [60])[0], atol=0.01
    )
    assert rate_interval([1, 1, 1], [7, 7, 7]) == pytest.approx(tuple(overturn_rate_interval([1], [1])[0]))


def test_calibration_table_counts_every_item_once():
    y, p, letters = invented(1000)
    table = calibration_table(y, p, letters)
    assert len(table) == 10
    assert table["n_items"].sum() == 1000
    assert table["n_overturned"].sum() == y.sum()
    assert ((table["low"] <= table["observed"]) & (table["observed"] <= table["high"])).all()


def test_distribution_shares_add_up_for_each_outcome():
    y, p, _ = invented()
    table = distribution_table(y, p)
    assert table[["upheld", "overturned"]].sum().tolist() == pytest.approx([1, 1])
