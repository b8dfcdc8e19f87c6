from __future__ import annotations

from imr_ml.evaluation.representing import published_comparison, without_published_rate


def test_rates_stand_beside_the_published_ones(items):
    table = published_comparison(items.assign(decided_year=2017, treatment_subcategory=None))
    row = table[(table["kind"] == "year") & (table["publisher"] == "DWC")].iloc[0]
    assert row["group"] == "2017"
    assert row["published_rate"] == 0.083
    assert row["n_items"] == len(items)
    assert row["n_overturned"] == (items["outcome"] == "overturned").sum()
    assert row["inside"] == (row["low"] <= 0.083 <= row["high"])
    assert "Pharmaceuticals" in set(table["group"])


def test_items_of_few_letters_leave_more_rates_possible(items):
    year = items.assign(decided_year=2017, treatment_subcategory=None)
    alike = year["outcome"].eq("overturned").rank(method="first").floordiv(10)
    merged = year.assign(letter_id=alike.map("CM17-{:07.0f}".format))
    apart, together = (published_comparison(part).set_index("kind").loc["year"] for part in (year, merged))
    sizes = [(table["high"] - table["low"]).max() for table in (apart, together)]
    assert sizes[1] > sizes[0]


def test_a_drug_class_is_matched_in_singular_and_plural(items):
    drugs = items.assign(treatment_category="Pharmaceuticals", treatment_subcategory="opioid")
    table = published_comparison(drugs)
    assert "opioids" in set(table.loc[table["kind"] == "drug class", "published_name"])


def test_nothing_published_gives_an_empty_table(items):
    assert published_comparison(items.assign(decided_year=1999, treatment_category="Unheard of")).empty


def test_categories_without_a_published_figure_are_counted(items):
    some = items.assign(treatment_category=["Unheard of"] * 3 + ["Pharmaceuticals"] * (len(items) - 3))
    assert without_published_rate(some, published_comparison(some)) == {"Unheard of": 3}
    assert without_published_rate(some[:3], published_comparison(some[:0])) == {"Unheard of": 3}
