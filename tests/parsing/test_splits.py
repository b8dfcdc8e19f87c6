import pytest

from imr_ml.parsing.splits import mended, parted
from imr_ml.resources import read_rows


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        ("phys ical ther apy", "physical therapy"),
        ("Acu punc ture, 6 visits", "Acupuncture, 6 visits"),
        ("Tram adol 50 m g #60", "Tramadol 50 mg #60"),
        ("(Cyclo benz aprine)", "(Cyclobenzaprine)"),
        ("M R I of the lumb ar spine", "MRI of the lumbar spine"),
        # Words stay as they are, though together they would make another.
        ("Out patient therapy", "Out patient therapy"),
        ("X ray of the hand", "X ray of the hand"),
        ("Follow up visit", "Follow up visit"),
        ("Acu punc, then ther apy", "Acu punc, then therapy"),
        ("Norco 10/325mg #120", "Norco 10/325mg #120"),
        ("Qwe rty unit", "Qwe rty unit"),  # nothing that is known
        ("Plan m g", "Plan m g"),  # a unit after a number only
        ("Tram, adol", "Tram, adol"),  # divided by more than a space
        ("", ""),
    ],
)
def test_divided_words_are_made_whole(request_: str, expected: str) -> None:
    assert mended(request_) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("MRIlumbar spine", "MRI lumbar spine"),
        ("LumbarMRI; TENSunit rental", "Lumbar MRI; TENS unit rental"),
        ("Physicaltherapy 2x6", "Physical therapy 2x6"),
        ("epiduralsteroid injection, kneebrace", "epidural steroid injection, knee brace"),
        ("MTUSLow Back Complaints 2004", "MTUS Low Back Complaints 2004"),
        ("MTUSChronic PainMedical Treatment 2009", "MTUS Chronic Pain Medical Treatment 2009"),
        (
            "Non-MTUSCitation Official DisabilityGuidelines",
            "Non-MTUS Citation Official Disability Guidelines",
        ),
        ("onMTUS Acupuncture", "on MTUS Acupuncture"),
        # names, plurals and words that lexicons do not know by their parts stay
        ("OxyContin LidoPro TGHot MSContin McMurray", "OxyContin LidoPro TGHot MSContin McMurray"),
        ("MRIs of both knees, physiotherapy, handrail", "MRIs of both knees, physiotherapy, handrail"),
        ("qwertyTherapy", "qwertyTherapy"),
        ("", ""),
    ],
)
def test_glued_words_are_taken_apart(text: str, expected: str) -> None:
    assert parted(text) == expected


@pytest.mark.parametrize("row", read_rows("layouts/whole_words.csv"), ids=lambda row: row["word"])
def test_every_row_does_what_its_kind_says(row: dict[str, str]) -> None:
    word = row["word"]
    if row["kind"] == "unit":
        assert mended(f"Norco 10 {' '.join(word)} daily") == f"Norco 10 {word} daily"
    elif row["kind"] == "start":
        assert mended(f"{word} ical therapy, {word} therapy") == f"{word}ical therapy, {word} therapy"
    else:
        assert mended(f"{word} ther apy {word}") == f"{word} therapy {word}"
