import csv
import os
from importlib.resources import files
from pathlib import Path

import pytest

from imr_ml.dmhc import read_dmhc, read_dmhc_to_table
from imr_ml.errors import TableError
from imr_ml.tabulating import check_items, evidence

OLD = (
    "Reference ID;Report Year;Diagnosis Category;Diagnosis Sub Category;Treatment Category;"
    "Treatment Sub Category;Determination;Type;Age Range;Patient Gender\r\n"
)
NEW = (
    "ReferenceID,ReportYear,DiagnosisCategory,DiagnosisSubCategory,TreatmentCategory,TreatmentSubCategory,"
    "Determination,Type,AgeRange,PatientGender,IMRType,DaysToReview,DaysToAdopt,Findings\n"
)


def write(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "dmhc.csv"
    path.write_bytes(text.encode(encoding))
    return path


def row(identity="MN10-1", outcome="Upheld Decision of Health Plan", category="Vision", year="2010"):
    return (
        f"{identity};{year};Vision;Cataract;{category};Surgery;{outcome};Medical Necessity;11_20;Female\r\n"
    )


def test_older_copy(tmp_path):
    items, failures = read_dmhc(write(tmp_path, OLD + row()))
    assert failures == []
    item = check_items(items).iloc[0].dropna().to_dict()
    assert item == {
        "item_id": "MN10-1#1",
        "letter_id": "MN10-1",
        "program": "dmhc",
        "source": "dmhc.csv",
        "is_synthetic": False,
        "position": 1,
        "n_items": 1,
        "request": "Surgery (Vision)",
        "sex": "female",
        "diagnosis_category": "Vision",
        "diagnosis_subcategory": "Cataract",
        "treatment_category": "Vision",
        "treatment_subcategory": "Surgery",
        "review_type": "Medical Necessity",
        "age_range": "11-20",
        "case_number": "MN10-1",
        "decided_year": 2010,
        "outcome": "upheld",
    }


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "iso-8859-1"])
def test_present_file_with_findings_over_lines(tmp_path, encoding):
    text = NEW + (
        "EI22-9,2022,Genetic,,,,Overturned Decision of Health Plan,Experimental/Investigational,65+,Male,"
        'Expedited,12,3,"Café &amp; findings;\nreviewers, two of three: ""overturned"""\n'
    )
    items, failures = read_dmhc(write(tmp_path, text, encoding))
    item = items.iloc[0]
    assert failures == []
    assert item["rationale"] == 'Café & findings;\nreviewers, two of three: "overturned"'
    assert item["request"] == "treatment not stated"
    assert (item["outcome"], item["priority"], item["age_range"]) == ("overturned", "expedited", "65+")
    assert items["treatment_category"].isna().all() and items["diagnosis_subcategory"].isna().all()


def test_findings_and_day_counts_are_no_evidence(tmp_path):
    text = NEW + "MN22-1,2022,,,Vision,,Upheld Decision of Health Plan,,,,Standard,47,11,it was upheld\n"
    seen = evidence(read_dmhc(write(tmp_path, text))[0], "filing").astype(str).to_csv()
    assert not any(leak in seen for leak in ("47", "11", "upheld", "Upheld", "MN22", "2022"))


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("0-10", "0-10"),
        ("11_20", "11-20"),
        ("11 to 20", "11-20"),
        ("51 - 64 Years", "51-64"),
        ("65 +", "65+"),
        ("", None),
    ],
)
def test_spellings_of_age(tmp_path, written, expected):
    heading = OLD.replace("Age Range", "PaientAge")
    items, _ = read_dmhc(write(tmp_path, heading + row().replace("11_20", written)))
    assert items["age_range"].to_list() == [expected] or items["age_range"].isna().all()


def test_names_are_mended(tmp_path):
    items, _ = read_dmhc(write(tmp_path, OLD + row(category="Neurosugery").replace("Cataract", "A/ B  c")))
    assert items.loc[0, "treatment_category"] == "Neurosurgery"
    assert items.loc[0, "diagnosis_subcategory"] == "A/B c"


@pytest.mark.parametrize(
    "words", ["", "Decision of Health Plan", "Overturned", "Not Upheld Decision of Health Plan"]
)
def test_unknown_determination_is_kept_without_outcome(tmp_path, words):
    items, failures = read_dmhc(write(tmp_path, OLD + row(outcome=words) + row("MN10-2")))
    assert items["outcome"].isna().to_list() == [True, False]
    assert [str(failure) for failure in failures] == [
        f"{tmp_path}/dmhc.csv: row 2: Determination is {words!r}, neither Upheld nor Overturned Decision of "
        "Health Plan; kept without"
    ]


def test_repetitions(tmp_path):
    overturned = "Overturned Decision of Health Plan"
    text = (
        OLD + row() + row() + row("MN10-2") + row("MN10-2", outcome=overturned) + row("MN10-2", category="")
    )
    items, failures = read_dmhc(write(tmp_path, text))
    assert items["letter_id"].to_list() == ["MN10-1", "MN10-2"]
    assert items["outcome"].isna().to_list() == [False, True]
    reasons = [failure.reason for failure in failures]
    assert reasons[0] == "row 3: repeats row 2; left out"
    assert reasons[1] == "row 5: Reference ID MN10-2 stands in row 4 with another outcome; left out"


def test_rows_that_cannot_be_used_are_listed(tmp_path):
    items, failures = read_dmhc(write(tmp_path, OLD + row("") + "too;short\r\n" + row(year="20l0")))
    assert len(items) == 1 and items["decided_year"].isna().all()
    reasons = [failure.reason for failure in failures]
    assert reasons == [
        "row 2: Reference ID is empty; left out",
        "row 3: has 2 fields where the heading has 10; left out",
        "row 4: Report Year is '20l0', not a year; kept without",
    ]


@pytest.mark.parametrize(
    ("content", "match"),
    [
        (b"", "no rows"),
        (OLD.encode(), "no rows"),
        (b"a,b\n1,2\n", "no column Reference ID, Determination, Treatment Category among"),
        (b"\x00\x01", "not a text file"),
        ((OLD + row("")).encode(), "no row with a Reference ID"),
    ],
)
def test_files_that_are_not_the_table(tmp_path, content, match):
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    with pytest.raises(TableError, match=match):
        read_dmhc(path)


def test_no_file(tmp_path):
    with pytest.raises(TableError, match=r"none\.csv: cannot be read"):
        read_dmhc(tmp_path / "none.csv")


def test_every_row_of_the_names():
    with (files("imr_ml") / "resources" / "dmhc_names.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len({(row["kind"], row["written"].casefold().replace(" ", "")) for row in rows}) == len(rows)
    assert all(row["written"] and row["source"] and None not in row for row in rows)
    assert {row["name"] for row in rows if row["kind"] == "outcome"} == {"upheld", "overturned"}


def test_real_rows():
    path = Path(os.environ.get("IMR_ML_REAL_DATA", "../shared")) / "dmhc" / "dmhc_2001_2014.csv"
    if not path.is_file():
        pytest.skip("real DMHC rows are not here; set IMR_ML_REAL_DATA")
    items, failures = read_dmhc(path)
    assert failures == [] and len(check_items(items)) == 15839
    assert items["outcome"].value_counts().to_dict() == {"upheld": 9183, "overturned": 6656}
    assert items["treatment_category"].isna().sum() == 447
    assert sorted(items["age_range"].dropna().unique()) == [
        "0-10", "11-20", "21-30", "31-40", "41-50", "51-64", "65+",
    ]  # fmt: skip
    assert items["sex"].isna().sum() == items["age_range"].isna().sum() == 1195


def test_the_summary_speaks_of_cases(tmp_path):
    table = write(tmp_path, OLD + row())
    told = str(read_dmhc_to_table([table, table], tmp_path / "items.parquet"))
    assert told == "2 files: 1 cases with 1 items\n1 copies of cases were read once only"
