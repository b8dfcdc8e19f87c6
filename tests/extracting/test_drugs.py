from __future__ import annotations

import pytest

from imr_ml.extracting.requests.drugs import drug_names
from imr_ml.extracting.requests.request import read_request_facts
from imr_ml.extracting.summaries.summary import summary_findings
from imr_ml.resources import read_rows

# DWC's search form of 2017, in the order in which domain notes copy it.
CLASSES = frozenset(
    (
        "adrenal cortical steroids",
        "alpha-blocker",
        "androgens/anabolic steroids",
        "antianxiety",
        "anticoagulant",
        "antidepressant",
        "antidiabetic",
        "antiemetic",
        "anti-epilepsy",
        "antihistamine",
        "antihypertensive",
        "anti-infective",
        "antimigraine",
        "asthma",
        "atypical antipsychotic",
        "barbiturate",
        "benzodiazepine",
        "beta-blocker",
        "bisphosphonate",
        "calcium channel blocker",
        "cannabinoid",
        "dopamine agonist",
        "fibric acid",
        "GI agent",
        "H2 blocker",
        "hormone",
        "impotence agent",
        "injection",
        "misc analgesic",
        "muscle relaxant",
        "NSAID",
        "nutritional (medical food)",
        "opioid",
        "opioid antagonist",
        "PPI",
        "sedative-hypnotic",
        "statin",
        "topical analgesic",
        "topical compound",
        "TNF modifier",
        "viscosupplementation",
    )
)

# request -> ingredients, class, strength
DRUGS = [
    ("Norco 10/325mg #120", "hydrocodone;acetaminophen", "opioid", "10/325mg"),
    ("Hydrocodone bitartrate/acetaminophen 10/325mg #120", "hydrocodone;acetaminophen", "opioid", "10/325mg"),
    ("Tylenol #3 #60", "codeine;acetaminophen", "opioid", ""),
    ("Ultram (tramadol) 50mg #90", "tramadol", "opioid", "50mg"),
    ("Synapryn 10mg/1ml oral suspension 500ml", "tramadol;glucosamine", "opioid", "10mg/1ml"),
    ("Suboxone 8mg/2mg film #60", "buprenorphine;naloxone", "opioid", "8mg/2mg"),
    ("Fentanyl patch 50mcg/hr #15", "fentanyl", "opioid", "50mcg/hr"),
    ("Morphine sulfate ER 30 mg #60", "morphine", "opioid", "30 mg"),
    ("Norco 10/325 #60", "hydrocodone;acetaminophen", "opioid", "10/325"),
    ("cyclobenzaprin 7.5mg #60", "cyclobenzaprine", "muscle relaxant", "7.5mg"),
    ("FLEXERIL 10MG #60", "cyclobenzaprine", "muscle relaxant", "10MG"),
    ("Diclofenac/misoprostol 75-0.2mg #60", "diclofenac;misoprostol", "NSAID", "75-0.2mg"),
    ("Fioricet #120", "butalbital;acetaminophen;caffeine", "barbiturate", ""),
    ("Pantoprazole sod DR 20mg #60", "pantoprazole", "PPI", "20mg"),
    ("Deprizine 15mg/ml oral suspension, 250ml", "ranitidine", "H2 blocker", "15mg/ml"),
    ("Colace 100mg #60", "docusate", "GI agent", "100mg"),
    # the form makes the class
    ("Voltaren 75mg #60", "diclofenac", "NSAID", "75mg"),
    ("Voltaren 1% gel 100gm", "diclofenac", "topical analgesic", "1%"),
    ("Diclofenac sodium 3% #1", "diclofenac", "topical analgesic", "3%"),
    ("Lidocaine ointment 5% #1", "lidocaine", "topical analgesic", "5%"),
    ("Ketoprofen 20% in cream base 240g", "ketoprofen", "topical compound", "20%"),
    ("Compound Cyclobenzaprine 5%, 240 grams", "cyclobenzaprine", "topical compound", "5%"),
    (
        "Flurbiprofen 20%, Baclofen 5%, Menthol 2%, Capsaicin .025% in cream base",
        "flurbiprofen;baclofen;menthol;capsaicin",
        "topical compound",
        "20%;5%;2%;.025%",
    ),
    ("20% flurbiprofen, 5% lidocaine cream", "flurbiprofen;lidocaine", "topical compound", "20%;5%"),
    (
        "Flurbiprofen/Cyclobenzaprine/Menthol cream",
        "flurbiprofen;cyclobenzaprine;menthol",
        "topical compound",
        "",
    ),
    (
        "Lidopro 4%-27.5%-0.0325% 121gm",
        "lidocaine;capsaicin;menthol;methyl salicylate",
        "topical analgesic",
        "4%-27.5%-0.0325%",
    ),
    # a list is not a compound
    (
        "Norco 10/325mg #60, Flexeril 10mg #30",
        "hydrocodone;acetaminophen;cyclobenzaprine",
        "opioid;muscle relaxant",
        "10/325mg;10mg",
    ),
    ("Tramadol 50mg #60, Lidocaine patch #30", "tramadol;lidocaine", "opioid;topical analgesic", "50mg"),
    # a strength without unit beside one with it
    (
        "Norco 10/325 #60 and Soma 350mg #30",
        "hydrocodone;acetaminophen;carisoprodol",
        "opioid;muscle relaxant",
        "10/325;350mg",
    ),
    # one drug in several strengths, but no dose of a day
    ("Morphine ER 15mg, 30mg, and 60mg #90", "morphine", "opioid", "15mg;30mg;60mg"),
    ("Gabapentin 300mg #90 and 600mg #60", "gabapentin", "anti-epilepsy", "300mg;600mg"),
    ("Cymbalta 30mg (7) and 60mg (30)", "duloxetine", "antidepressant", "30mg;60mg"),
    ("Lyrica 75mg x 60, 150mg x 30", "pregabalin", "anti-epilepsy", "75mg;150mg"),
    ("Norco 5/325 and 10/325 #60", "hydrocodone;acetaminophen", "opioid", "5/325;10/325"),
    ("Norco 5/325, 12/10/14", "hydrocodone;acetaminophen", "opioid", "5/325"),
    ("Tramadol 50mg, 400 mg daily", "tramadol", "opioid", "50mg"),
    ("Tramadol 50mg #60, 100 mg at bedtime", "tramadol", "opioid", "50mg"),
    (
        "Soma 350mg, Norco 10mg, 5mg",
        "carisoprodol;hydrocodone;acetaminophen",
        "muscle relaxant;opioid",
        "350mg;10mg;5mg",
    ),
    # a slash of another kind
    ("Norco 10\u2215325mg #60", "hydrocodone;acetaminophen", "opioid", "10/325mg"),
    ("Carisoprodol-ASA-codeine #60", "carisoprodol;aspirin;codeine", "opioid", ""),
    ("Butalbital/ASA/caffeine #30", "butalbital;aspirin;caffeine", "barbiturate", ""),
    ("T3 #60", "codeine;acetaminophen", "opioid", ""),
    ("T3 nerve block", "", "", ""),
    ("Labs: T3, T4 #1", "", "", ""),
    ("Robaxin-750 #120", "methocarbamol", "muscle relaxant", "750"),
    ("Percocet (oxycodone/APAP) 10/325 #90", "oxycodone;acetaminophen", "opioid", "10/325"),
    ("Carafate 1gm #120", "sucralfate", "GI agent", "1gm"),
    ("Voltaren gel 100gm", "diclofenac", "topical analgesic", ""),
    ("Cyclo/Keto/Lido cream", "cyclobenzaprine;ketoprofen;lidocaine", "topical compound", ""),
    # injected into a joint, a drug is a procedure's; into a muscle, it stays a drug
    (
        "Injection of lidocaine 1% and dexamethasone 4mg to the knee",
        "lidocaine;dexamethasone",
        "injection",
        "1%;4mg",
    ),
    ("Toradol 60mg IM injection", "ketorolac", "NSAID", "60mg"),
    ("IV lidocaine infusion", "lidocaine", "injection", ""),
    ("Remicade infusion", "infliximab", "TNF modifier", ""),
    # what holds a drug is a supply
    ("Insulin syringes", "", "", ""),
    ("Insulin 10 units", "insulin", "antidiabetic", ""),
    # a drug that no row knows keeps its strength, and gets no name and no class
    ("Qwertol 5mg #30", "", "", "5mg"),
    ("MRI of the lumbar spine", "", "", ""),
    ("50% of the visits", "", "", ""),
    # by its route, few grams are a strength
    ("Rocephin 2 gm IV daily", "ceftriaxone", "anti-infective", "2 gm"),
    ("Ceftriaxone 1g IM", "ceftriaxone", "anti-infective", "1g"),
    ("Ceftriaxone 1g", "ceftriaxone", "anti-infective", ""),
]


@pytest.mark.parametrize(("request_text", "generics", "drug_class", "strength"), DRUGS)
def test_drug(request_text: str, generics: str, drug_class: str, strength: str) -> None:
    facts = read_request_facts(request_text)
    assert ";".join(facts.drug_generics) == generics
    assert ";".join(facts.drug_classes) == drug_class
    assert ";".join(facts.strengths) == strength


def test_brand_form_and_compound() -> None:
    facts = read_request_facts("Norco 10/325mg tab #120")
    assert (facts.drug_brands, facts.dose_form, facts.is_compound) == (("Norco",), "tablet", False)
    assert read_request_facts("hydrocodone/APAP 10/325mg").drug_brands == ()
    assert read_request_facts("Ketoprofen 20% in cream base").is_compound
    assert read_request_facts("Wheelchair with pad").dose_form is None


def test_every_drug_has_known_classes_and_clean_generics() -> None:
    assert len(drug_names()) > 400
    for row in read_rows("lexicons/drugs.csv"):
        assert row["kind"] in ("brand", "generic"), row
        assert {row["drug_class"], row["topical_class"]} <= CLASSES | {""}, row
        assert row["injected_category"] in ("", "Injection"), row
        assert row["source"], row
        generics = row["generics"].split(";")
        assert all(generic and generic == generic.strip().lower() for generic in generics), row
        assert len(set(generics)) == len(generics), row


def test_one_class_for_each_set_of_ingredients_taken_the_same_way() -> None:
    classes: dict[str, set[str]] = {}
    for row in read_rows("lexicons/drugs.csv"):
        if not row["drug_class"].startswith("topical"):
            classes.setdefault(row["generics"], set()).add(row["drug_class"])
    # Doxepin is sold for sleep under a name of its own, two steroids as inhalers for asthma.
    several = {generics for generics, found in classes.items() if len(found) > 1}
    assert several == {"doxepin", "budesonide", "fluticasone"}


@pytest.mark.parametrize("row", read_rows("lexicons/dose_forms.csv"), ids=lambda row: row["word"])
def test_each_dose_form_is_read_in_requests_and_summaries(row: dict[str, str]) -> None:
    expected = {"yes": "topical analgesic", "no": "NSAID"}[row["is_topical"]]
    facts = read_request_facts(f"Diclofenac {row['word']}")
    assert (facts.dose_form, facts.drug_classes) == (row["form"], (expected,))
    (drug,) = (one for one in summary_findings(f"Diclofenac {row['word']} is used.") if one.kind == "drug")
    assert drug.drug_class == expected


@pytest.mark.parametrize("row", read_rows("lexicons/implied_ingredients.csv"), ids=lambda row: row["generic"])
def test_a_strength_of_two_parts_names_the_second_ingredient(row: dict[str, str]) -> None:
    for strength in row["strengths"].split(";"):
        for written in (f"{row['generic']} 5/{strength} mg #60", f"{row['generic']} 5mg-{strength}"):
            assert read_request_facts(written).drug_generics == (row["generic"], row["second"])


@pytest.mark.parametrize(
    ("request_text", "generics"),
    [
        ("Hydrocodone bitartrate 10/325", ("hydrocodone", "acetaminophen")),
        ("Hydrocodone (Norco) 10/325", ("hydrocodone", "acetaminophen")),
        ("Butalbital 50/325/40", ("butalbital", "acetaminophen")),
        ("Oxycodone 10-15 mg", ("oxycodone",)),
        ("Oxycodone 5mg/5ml", ("oxycodone",)),
        ("Hydrocodone ER 20 mg, 325 tablets", ("hydrocodone",)),
        ("Morphine 15/30", ("morphine",)),
    ],
)
def test_other_strengths_name_none(request_text: str, generics: tuple[str, ...]) -> None:
    assert read_request_facts(request_text).drug_generics == generics


@pytest.mark.parametrize(
    "request_text", ["Compound medication", "Compound drug", "TGHot 180gm", "FluriFlex", "Ketamine 5% cream"]
)
def test_a_topical_compound_is_one_without_its_ingredients_too(request_text: str) -> None:
    facts = read_request_facts(request_text)
    assert facts.is_compound and facts.drug_classes == ("topical compound",)
