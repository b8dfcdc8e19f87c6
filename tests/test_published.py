from __future__ import annotations

import pytest

from imr_ml.published import calibration_proposal, category_prior, published_rates, yearly_overturn_rates


def test_every_figure_has_a_source_with_an_address():
    rates = published_rates()
    assert len(rates) > 80
    assert rates["url"].str.startswith("http").all()
    assert rates["uphold_rate"].dropna().between(0, 1).all()
    assert set(rates["publisher"]) == {"CWCI", "DWC"}


@pytest.mark.parametrize(
    ("wanted", "rate"),
    [
        ({"period": "2015", "publisher": "DWC", "level": "overall"}, 0.112),
        ({"period": "2022", "publisher": "CWCI", "level": "overall"}, 0.089),
    ],
)
def test_figures_are_found(wanted, rate):
    assert published_rates(**wanted)["overturn_rate"].tolist() == pytest.approx([rate])


def test_names_of_publishers_become_those_of_the_items_table():
    rates = published_rates(level="service").dropna(subset="treatment_category")
    names = dict(zip(rates["category"], rates["treatment_category"], strict=True))
    assert names["physical therapy"] == "Rehabilitation"
    assert names["evaluation and management"] == "Evaluation & Management"
    assert set(published_rates(level="service")["category"]) == set(names)


def test_restated_figures_count_once_and_years_are_averaged_over_publishers():
    # 2015: CWCI 11.4% first, 11.6% restated; DWC 11.2%.
    assert yearly_overturn_rates((2015,)) == pytest.approx({2015: (0.116 + 0.112) / 2})


def test_the_prior_agrees_with_the_figures_that_anchor_it():
    prior = category_prior().set_index("treatment_category")
    assert len(prior) == 13
    assert prior.loc["Pharmaceuticals", "overturn_rate"] == pytest.approx(0.085)
    assert prior.loc["Evaluation & Management", "basis"] == "published"
    assert prior.loc["Injection", "basis"] == "inference"
    # 4.5% imaging at 12%, 2.5% EMG at 14%, 4.5% other tests at 12%.
    assert prior.loc["Diagnostic Testing", "overturn_rate"] == pytest.approx(
        (0.09 * 0.12 + 0.025 * 0.14) / 0.115
    )
    overall = (prior["overturn_rate"] * prior["share"]).sum()
    assert overall == pytest.approx(calibration_proposal()["implied_overall_overturn"], abs=0.0006)
    assert prior["share"].sum() == pytest.approx(1)
