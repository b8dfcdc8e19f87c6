import csv
import datetime as dt
from pathlib import Path

import pytest

from imr_ml.parsing.header import Facts
from imr_ml.parsing.landmarks import Squeezed
from imr_ml.parsing.people import read_injury_date, read_represented, read_ur_date, read_worker
from imr_ml.resources import read_rows


def facts_of(text: str) -> dict[str, object]:
    facts = Facts()
    page = Squeezed(text)
    for read in (read_worker, read_represented, read_injury_date, read_ur_date):
        read(page, 0, len(text), facts)
    for name, span in facts.spans.items():
        assert 0 <= span.start < span.end <= len(text), name
    return facts.values


@pytest.mark.parametrize(
    ("text", "age", "sex"),
    [
        ("The injured worker is a 50-year-old female, with", 50, "female"),
        ("This is a year 60 old patient who fell. He had pain.", 60, "male"),
        ("This case involves a now 54-year-old male with", 54, "male"),
        ("is a(n) 57 year old male", 57, "male"),
        ("a 60 y/o woman", 60, "female"),
        ("a 45yo M with pain", 45, "male"),
        ("61 y.o. F", 61, "female"),
        ("a 48 year\nold right-hand dominant Spanish-speaking woman", 48, "female"),
        ("The male patient, 34 years old, reported", 34, "male"),
        ("a fifty-two-year-old gentleman", 52, "male"),
        ("The patient, age 52, is a woman", 52, "female"),
        ("57 years of age. She hurts.", 57, "female"),
        ("a 45-year-old injured worker with pain", 45, None),
        ("a 45-year-old claimant with pain. She limps.", 45, "female"),
        ("a 45-year-old mother of two", 45, None),
        ("Ms.  is a 40-year-old pharmacy clerk", 40, "female"),
        # Other people, things and times.
        ("She has a 7-year-old boy and a 12 year old girl, and is a 38-year-old woman.", 38, "female"),
        ("Her 20-year-old son drove. She is a 47 year old nurse", 47, "female"),
        ("a 20-year-old injury. The patient is a 55 year old man", 55, "male"),
        ("He was 30 years old at the time of injury and now is 41 years old.", 41, "male"),
        ("His wife, a 60-year-old woman, helps. He limps.", None, "male"),
        ("born on 3/4/1965 with a 20-year history of pain", None, None),
        ("Dr. Jones and her patient talked; he agreed.", None, None),  # two pronouns
        ("He took MS Contin.", None, "male"),  # no title
        ("Ms. Doe fell.", None, "female"),
        ("a 45-year-old worker.", 45, None),
        ("Pain 7 out of 10.", None, None),
        ("The worker is 47. She hurts.", 47, "female"),
        ("a woman of 61 years", 61, "female"),
        ("a fifty-eight (58) year old female", 58, "female"),
        ("48/M, window washer", 48, "male"),
        ("Injured worker: male, 34 years. Hurts.", 34, "male"),
        ("A female, 20 years of service, hurts.", None, "female"),
        ("BP 120/80, F wave 48/50, seen 4/14 M.D.", None, None),
        ("Two of his children, 9 and 13 years old, heard it.", None, "male"),
        ("A lady of 29 years with pain", 29, "female"),
        ("55 yo WF with pain", 55, "female"),
        ("This      -year-old male was hurt", None, "male"),
        ("The patient is 5 feet tall and is 30 pounds too heavy", None, None),
    ],
)
def test_age_and_sex_are_the_workers(text: str, age: int | None, sex: str | None) -> None:
    values = facts_of(text)
    assert (values.get("age_years"), values.get("sex")) == (age, sex)


@pytest.mark.parametrize(
    ("text", "represented"),
    [
        ("The applicant is a represented employee who", True),
        ("The applicant is an unrepresented Acme employee", False),
        ("The worker is not represented.", False),
        ("The applicant's\nattorney subsequently appealed.", True),
        ("She is represented by counsel.", True),
        ("a 58-year-old cook, represented by an attorney, who", True),
        ("The applicant is a represented56-year-old deputy", True),
        ("represented by [redacted], who appealed", None),
        ("The worker is represented by [redacted], who appealed", True),
        ("signs of stenosis, represented by MRI findings", None),
        ("This was represented as an urgent request.", None),
        ("pain represented a change", None),
        ("The patient hurts.", None),
    ],
)
def test_representation(text: str, represented: bool | None) -> None:
    assert facts_of(text).get("represented") is represented


@pytest.mark.parametrize(
    ("text", "injured", "reviewed"),
    [
        ("a reported date of injury of 02-22-1998.", "1998-02-22", None),
        ("Patient with date of injury on 1/19/1990.", "1990-01-19", None),
        ("sustained injury on Oct 7 2002 .", "2002-10-07", None),
        ("an industrial injury of September 6,\n2013.", "2013-09-06", None),
        ("injured on10/18/2010when a beam fell", "2010-10-18", None),
        ("was hurt on 04-04-1994.", "1994-04-04", None),
        ("injured her back. On 3/4/2014 she was seen.", None, None),
        ("On 09-15-2015, Utilization Review (UR) non-certified it.", None, "2015-09-15"),
        ("In a utilization review report dated October 28, 2014, the", None, "2014-10-28"),
        ("The original utilization review (12-01-2016) denied", None, "2016-12-01"),
        ("On 3/4/2014 she was seen. Utilization review denied it.", None, None),
        ("UR, on 1/9/14, non-certified both.", None, "2014-01-09"),
        ("UR DENIED THE REQUEST ON 4/30/14.", None, "2014-04-30"),
        ("On 5/6/2014, UR modified it.", None, "2014-05-06"),
        ("UR denied the MRI done on 3/4/2014.", None, None),
        ("our visit on 3/4/2014", None, None),
        ("On 3/4/2014, he slipped on oil.", "2014-03-04", None),
        ("The patient, on Oct 7 2002, was pulled off a scaffold", "2002-10-07", None),
        ("A worker who on 03/03/2016 hit his hand", "2016-03-03", None),
        ("On 3/4/2014, he fell again.", None, None),
        ("was hit on the head by a hoist, July 19, 2012. Pain.", "2012-07-19", None),
        ("UR (Acme Review Services) denied on Dec 20, 2013.", None, "2013-12-20"),
        ("On 3/4/2014 the pain was worse.", None, None),
        ("Per the file, the employee was bitten on 4 July 2012 by a dog.", "2012-07-04", None),
        ("A lady injured her neck on the job on Dec. 2, 2010.", "2010-12-02", None),
        ("A woman with ankle pain since a fracture on 10/10/2004.", "2004-10-10", None),
        ("UR denial dated 2/4/2014", None, "2014-02-04"),
        ("The UR Denial Date: 7-Nov-2013.", None, "2013-11-07"),
        ("The UR determination was issued on 3/4/14.", None, "2014-03-04"),
    ],
)
def test_dates_that_the_summary_states(text: str, injured: str | None, reviewed: str | None) -> None:
    values = facts_of(text)
    found = [values.get(name) and str(values[name]) for name in ("injury_date", "ur_decision_date")]
    assert found == [injured, reviewed]


with (Path(__file__).parent / "review_dates.csv").open(encoding="utf-8", newline="") as file:
    REVIEW_DATES = list(csv.DictReader(file))


@pytest.mark.parametrize("row", REVIEW_DATES, ids=lambda row: row["summary"][-60:])
def test_the_date_of_a_refusal_is_utilization_reviews(row: dict[str, str]) -> None:
    assert str(facts_of(row["summary"]).get("ur_decision_date", "")) == row["ur_decision_date"]


with (Path(__file__).parent / "workers.csv").open(encoding="utf-8", newline="") as file:
    WORKERS = list(csv.DictReader(file))


@pytest.mark.parametrize("row", WORKERS, ids=lambda row: row["sentence"])
def test_age_and_sex_in_many_wordings(row: dict[str, str]) -> None:
    found = facts_of(f"{row['sentence']} There is low back pain.")
    assert [str(found.get(name, "")) for name in ("age_years", "sex")] == [row["age_years"], row["sex"]]


# By kind of word: a text, a field that the word decides on, and what is read there with and without it.
WORDS = {
    "worker": ("The {} is 47. Back pain.", "age_years", 47, None),
    "relative": ("A {} is 12 years old.", "age_years", None, 12),
    "parent": ("A {} is 72 years old.", "age_years", None, 72),
    "before age": ("{} 30-year-old", "age_years", None, 30),
    "other person": ("A {} was asked and he agreed.", "sex", None, "male"),
    "old thing": ("A 20-year-old {} hurts.", "age_years", None, 20),
    "injury": ("It aches. The {} on 6/6/2012.", "injury_date", dt.date(2012, 6, 6), None),
    "hurt": ("It aches. He {} the left knee on 6/6/2012.", "injury_date", dt.date(2012, 6, 6), None),
    "other event": ("A cook {} on 6/6/2012.", "injury_date", None, dt.date(2012, 6, 6)),
    "review": ("A cook {} on 6/6/2012.", "injury_date", None, dt.date(2012, 6, 6)),
    "reviewer": (
        "It was not necessary, the {} wrote on 6/6/2012.",
        "ur_decision_date",
        dt.date(2012, 6, 6),
        None,
    ),
    "refusal": ("It was {} on 6/6/2012.", "ur_decision_date", dt.date(2012, 6, 6), None),
    "weak refusal": ("The carrier said {} on 6/6/2012.", "ur_decision_date", dt.date(2012, 6, 6), None),
    "attorney": ("The applicant's {} appealed.", "represented", True, None),
}


@pytest.mark.parametrize(
    "row", read_rows("layouts/people.csv"), ids=lambda row: f"{row['kind']}: {row['word']}"
)
def test_every_word_counts(row: dict[str, str]) -> None:
    text, field, expected, otherwise = WORDS[row["kind"]]
    assert facts_of(text.format(row["word"])).get(field) == expected
    assert facts_of(text.format("zebra")).get(field) == otherwise


@pytest.mark.parametrize("row", read_rows("layouts/ages.csv"), ids=lambda row: row["example"])
def test_every_wording_of_an_age_is_read(row: dict[str, str]) -> None:
    assert facts_of(f"{row['example']} There is pain.").get("age_years") == 45
