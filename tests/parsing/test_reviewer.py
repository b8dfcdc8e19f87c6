import pytest

from imr_ml.parsing.header import Facts
from imr_ml.parsing.landmarks import Squeezed
from imr_ml.parsing.reviewer import read_reviewer
from imr_ml.resources import read_rows


def read(text: str, *, own: bool = False) -> Facts:
    facts = Facts()
    read_reviewer(Squeezed(text), "A", 0, len(text), facts, sections_own=own)
    return facts


@pytest.mark.parametrize("row", read_rows("layouts/specialties.csv"), ids=lambda row: row["written"])
def test_every_specialty_is_read_by_its_name(row: dict[str, str]) -> None:
    facts = read(f"State(s) of Licensure: Utah\nCertification(s)/Specialty: {row['written']}")
    assert facts.values["reviewer_specialties"] == (row["name"],)
    assert row["source"] and facts.warnings == []


@pytest.mark.parametrize("row", read_rows("layouts/states.csv"), ids=lambda row: row["written"])
def test_every_state_is_read_by_its_name(row: dict[str, str]) -> None:
    facts = read(f"State(s) of Licensure: {row['written']}\nCertification(s)/Specialty: Surgery")
    assert facts.values["reviewer_states"] == (row["name"],)
    assert row["source"] and facts.warnings == []


@pytest.mark.parametrize(
    ("text", "specialties", "states"),
    [
        (
            "State(s) of Licensure: Texas,New\nYork, West Virginia\nCertification(s)/Specialty: Preventive\n"
            "Medicine, Occupational Medicine",
            ("Preventive Medicine", "Occupational Medicine"),
            ("Texas", "New York", "West Virginia"),
        ),
        (
            "is Board Certified in Physical Medicine and Rehabilitation, has a subspecialty in Pain Medicine "
            "and is licensed to practice in "
            "California, Washington, D.C. and Ohio. He/she has practiced in Texas.",
            ("Physical Medicine & Rehabilitation", "Pain Management"),
            ("California", "District of Columbia", "Ohio"),
        ),
        (
            "is Board Certified in Surgery and is licensed to practice in N.Y., N. Carolina and Washington,\n"
            "D.C. He/she has been in active practice.",
            ("Surgery",),
            ("New York", "North Carolina", "District of Columbia"),
        ),
        (
            "isBoardCertified inSurgery and islicensed topracticeinCalifornia andMassachusetts. He/she",
            ("Surgery",),
            ("California", "Massachusetts"),
        ),
        (
            "IS BOARD CERTIFIED IN SURGERY AND LICENSED TO PRACTICE IN HAWAII. HE/SHE HAS BEEN IN PRACTICE",
            ("Surgery",),
            ("Hawaii",),
        ),
        (
            "State(s) of Licensure: Ca lifornia\nCertification(s)/Specialty: Anes thesiology",
            ("Anesthesiology",),
            ("California",),
        ),
    ],
)
def test_lists_and_prose(text: str, specialties: tuple[str, ...], states: tuple[str, ...]) -> None:
    facts = read(text)
    assert facts.values == {"reviewer_specialties": specialties, "reviewer_states": states}


@pytest.mark.parametrize(
    ("written", "last"), [("Ohio and California", "nia"), ("Cali fornia", "nia"), ("Ga", "Ga.")]
)
def test_a_sentences_end_is_no_part_of_the_finding(written: str, last: str) -> None:
    text = f"is licensed to practice in {written}. He/she has been in practice."
    assert text[: read(text).spans["reviewer_states"].end].endswith(last)


def test_a_section_of_names_alone() -> None:
    assert read("Neurological Surgery; Texas.", own=True).values == {
        "reviewer_specialties": ("Neurological Surgery",),
        "reviewer_states": ("Texas",),
    }
    assert read("Neurological Surgery; Texas.").values == {}


def test_an_unknown_name_is_named() -> None:
    facts = read("State(s) of Licensure: Atlantis, Utah\nCertification(s)/Specialty: Surgery")
    assert facts.values["reviewer_states"] == ("Utah",)
    assert facts.warnings == ["reviewer_states: Atlantis is not in the list"]
