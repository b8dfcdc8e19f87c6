from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

from imr_ml import cleaning
from imr_ml.cli import main
from imr_ml.saving import save_model
from imr_ml.simulating.simulating import MOST_LETTERS
from imr_ml.tabulating import read_items, write_items
from imr_ml.training import train
from tests.builders import decided_items


def run(*arguments: object):
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.fixture(scope="module")
def model(tmp_path_factory) -> Path:
    return save_model(train(decided_items(60)), tmp_path_factory.mktemp("models") / "m")


@pytest.fixture(scope="module")
def letters(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("letters") / "new"
    assert run("simulate", "--letters", 4, "--out", folder).exit_code == 0
    return folder


@pytest.mark.parametrize("arguments", [["--help"], ["train", "--help"], ["--version"]])
def test_help_loads_no_heavy_library(arguments) -> None:
    code = (
        "import sys; from imr_ml.cli import main\n"
        f"try: main({arguments!r}, prog_name='imr-ml')\n"
        "except SystemExit: pass\n"
        "print(sorted({'pandas', 'sklearn', 'numpy', 'pypdfium2', 'matplotlib'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize("module", ["imr_ml", "imr_ml.cli"])
def test_modules_run_as_the_command(module: str) -> None:
    command = [sys.executable, "-m", module, "show", "--help"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.startswith("Usage: imr-ml show ")


def test_the_version_says_how_it_was_built() -> None:
    is_plain = cleaning.__file__.endswith(".py")
    assert run("--version").output == f"imr-ml, version 0.1.0, {'plain Python' if is_plain else 'compiled'}\n"


def test_letters_to_table_to_model_to_answers(tmp_path, letters) -> None:
    read = run("read", letters, "--out", tmp_path / "new.parquet", "--jobs", 1)
    assert read.exit_code == 0, read.output
    assert read.stdout.strip() == str(tmp_path / "new.parquet")
    assert (tmp_path / "new.failures.csv").read_text() == "source,error\n"
    assert read_items(tmp_path / "new.parquet")["letter_id"].nunique() == 4

    write_items(decided_items(60), tmp_path / "items.parquet")
    trained = run("train", tmp_path / "items.parquet", "--out", tmp_path / "m", "--no-evaluate")
    assert trained.exit_code == 0, trained.output
    answered = run("predict", tmp_path / "m", letters, tmp_path / "new.parquet", "--json")
    assert answered.exit_code == 0, answered.output
    rows = json.loads(answered.stdout)
    half = len(rows) // 2
    assert [row["p_overturned"] for row in rows[:half]] == [row["p_overturned"] for row in rows[half:]]


def test_a_model_is_saved_without_a_report_where_none_can_be_made(tmp_path) -> None:
    items = decided_items(20)
    in_few = items["letter_id"].isin(items["letter_id"].value_counts().index[:3])
    items["outcome"] = "upheld"
    items.loc[in_few, "outcome"] = "overturned"
    write_items(items, tmp_path / "items.csv")
    done = run("train", tmp_path / "items.csv", "--out", tmp_path / "m")
    assert done.exit_code == 0, done.output
    assert "items.csv: saved without a report, for too little can be held out: letter: " in done.stderr
    assert not (tmp_path / "m" / "report.html").exists()
    assert run("predict", tmp_path / "m", tmp_path / "items.csv").exit_code == 0


def test_a_model_is_saved_with_its_report(tmp_path) -> None:
    write_items(decided_items(60), tmp_path / "items.csv")
    done = run("train", tmp_path / "items.csv", "--out", tmp_path / "m")
    assert done.exit_code == 0, done.output
    metrics = json.loads((tmp_path / "m" / "metrics.json").read_text())
    assert set(metrics["splits"]["letter"]["baselines"]) >= {
        "always_upheld",
        "category_rate",
        "request_only",
        "tfidf",
    }
    # The worst split is not left out of the proof.
    assert list(metrics["splits"]) == ["letter", "time", "style"]
    card = json.loads((tmp_path / "m" / "card.json").read_text())
    assert card["scores"]["letter"]["roc_auc"] == metrics["splits"]["letter"]["model"]["roc_auc"]
    assert (tmp_path / "m" / "report.html").stat().st_size > 10_000
    assert list((tmp_path / "m" / "figures").glob("*.png"))


def test_a_model_is_scored_on_what_it_has_not_seen(tmp_path, model) -> None:
    new = decided_items(60, seed=5)
    new[["item_id", "letter_id"]] = "n" + new[["item_id", "letter_id"]]
    write_items(pd.concat([decided_items(5), new], ignore_index=True), tmp_path / "items.parquet")
    done = run("evaluate", tmp_path / "items.parquet", "--out", tmp_path / "report", "--model", model)
    assert done.exit_code == 0, done.output
    for option in (("--split", "time"), ("--ablations",), ("--stage", "assignment")):
        asked = ("--out", tmp_path / "other", "--model", model, *option)
        vain = run("evaluate", tmp_path / "items.parquet", *asked)
        assert vain.exit_code == 2
        assert f"{option[0]} is of teaching" in vain.output
    write_items(decided_items(60), tmp_path / "seen.parquet")
    refused = run("evaluate", tmp_path / "seen.parquet", "--out", tmp_path / "seen", "--model", model)
    assert refused.exit_code == 2
    assert not (tmp_path / "seen").exists()


def test_a_case_can_be_named_in_words_or_json(tmp_path, model) -> None:
    (tmp_path / "summary.txt").write_text("Functional gain was documented after therapy.")
    case = {"items": ["Norco #60"], "case_summary": "Functional gain was documented after therapy."}
    (tmp_path / "case.json").write_text(json.dumps(case))
    words = run("predict", model, "--summary", tmp_path / "summary.txt", "--item", "Norco #60", "--json")
    from_json = run("predict", model, tmp_path / "case.json", "--json")
    assert json.loads(words.stdout)[0]["p_overturned"] == json.loads(from_json.stdout)[0]["p_overturned"]
    table = run("predict", model, "--item", "Norco #60")
    assert "p_overturned" in table.stdout
    assert run("precedents", model, tmp_path / "case.json", "-k", "2").exit_code == 0


def test_answers_can_be_written(tmp_path, model) -> None:
    done = run("predict", model, "--item", "Norco #60", "--out", tmp_path / "answers.csv")
    assert done.exit_code == 0, done.output
    assert pd.read_csv(tmp_path / "answers.csv")["request"].tolist() == ["Norco #60"]


def test_one_bad_file_among_good_ones_is_listed(tmp_path, model, letters) -> None:
    (tmp_path / "broken.pdf").write_bytes(b"%PDF-1.4 broken")
    done = run("predict", model, letters, tmp_path / "broken.pdf", "--json")
    assert done.exit_code == 1
    assert "broken.pdf" in done.stderr
    assert len(json.loads(done.stdout)) >= 4


def test_one_bad_case_keeps_no_other_from_its_answer(tmp_path, model) -> None:
    (tmp_path / "good.json").write_text('{"items": ["Norco"]}')
    (tmp_path / "bad.json").write_text('{"items": ["Norco"], "age": 4}')
    (tmp_path / "two.json").write_text('[{"items": ["MRI"]}, {"items": []}]')
    (tmp_path / "table.csv").write_text("a,b\n1,2\n")
    names = ("bad.json", "nowhere.json", "good.json", "two.json", "table.csv")
    for command in (["predict", model], ["grounds"]):
        done = run(*command, *(tmp_path / name for name in names), "--item", "Norco", "--json")
        assert done.exit_code == 1
        items = list(dict.fromkeys(row["item_id"] for row in json.loads(done.stdout)))
        assert items == ["good#1", "two-1#1", "case#1"]
        told = [line.removeprefix(f"imr-ml: {tmp_path}/") for line in done.stderr.splitlines()]
        told = [line for line in told if "no criteria are known" not in line]
        assert [line.split(":")[0] for line in told] == ["bad.json", "nowhere.json", "two.json", "table.csv"]
        assert "bad: unknown key 'age'" in told[0]
        assert "cannot be read (No such file" in told[1]
        assert "two-2: no items" in told[2]
    vain = run("predict", model, tmp_path / "bad.json", tmp_path / "nowhere.json")
    assert (vain.exit_code, vain.stdout) == (2, "")
    assert "bad: unknown key 'age'" in vain.stderr and "nowhere.json: cannot be read" in vain.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["train", "nowhere.parquet", "--out", "{tmp}/m"], "nowhere.parquet: no such file"),
        (["train", "nowhere.parquet", "--out", "{tmp}"], "exists and is not empty"),
        (["evaluate", "nowhere.csv", "--out", "{tmp}/e"], "nowhere.csv: no such file"),
        (["predict", "{tmp}/none", "--item", "Norco"], "none: no such folder; make a model"),
        (["predict", "{model}"], "nothing is asked about"),
        (["predict", "{model}", "--summary", "{tmp}/note.txt"], "--summary needs at least one --item"),
        (["predict", "{model}", "{tmp}/bad.json"], "bad.json: not JSON"),
        (["predict", "{model}", "{tmp}/empty.json"], "empty.json: empty: no items"),
        (["predict", "{model}", "{tmp}/deep.json"], "deep.json: not JSON"),
        *(
            (
                [*command, "{tmp}/cases"],
                "/cases: no .pdf, .txt or .zip was found in it; name cases (.json) and",
            )
            for command in (["predict", "{model}"], ["precedents", "{model}"], ["grounds"])
        ),
        (
            ["predict", "{model}", "{tmp}/case.json", "--item", "Norco"],
            "2 cases are called 'case'; give each",
        ),
        (["predict", "{model}", "{tmp}/case.json", "{tmp}/case.json"], "2 cases are called 'case'"),
        (["predict", "{model}", "--item", "Norco", "--summary", "{tmp}/none.txt"], "none.txt: no such file"),
        (
            ["predict", "{model}", "--item", "Norco", "--summary", "{tmp}/blank.txt"],
            "blank.txt: holds no text",
        ),
        (
            ["predict", "{model}", "--item", "Norco", "--summary", "{tmp}/bad.pdf"],
            "bad.pdf: is a damaged PDF",
        ),
        (["predict", "{model}", "--item", "Norco", "--out", "{tmp}/a.xlsx"], "must end in .csv or .parquet"),
        (
            ["predict", "{model}", "--item", "Norco", "--out", "{tmp}/note.txt/a.csv"],
            "is a file, not a folder",
        ),
        (["read", "{tmp}/note.txt", "--out", "{tmp}/i.xlsx"], "must end in .parquet or .csv"),
        (["show", "{tmp}/note.txt"], "note.txt"),
        (
            ["read", "--program", "dmhc", "{tmp}", "--out", "{tmp}/i.parquet"],
            "is a folder; name the CSV file",
        ),
        (["read", "--program", "dmhc", "{tmp}/note.txt", "--out", "{tmp}/i.parquet"], "note.txt"),
    ],
)
def test_one_clear_error_and_nothing_written(tmp_path, model, arguments, message) -> None:
    (tmp_path / "note.txt").write_text("not a letter")
    (tmp_path / "bad.json").write_text("{")
    (tmp_path / "empty.json").write_text("{}")
    (tmp_path / "deep.json").write_text("[" * 100_000)
    (tmp_path / "case.json").write_text('{"items": ["Norco"]}')
    (tmp_path / "cases").mkdir()
    (tmp_path / "cases" / "1.json").write_text('{"items": ["Norco"]}')
    (tmp_path / "blank.txt").write_text(" \n")
    (tmp_path / "bad.pdf").write_bytes(b"%PDF-1.4 broken")
    before = sorted(tmp_path.rglob("*"))
    done = run(*(argument.format(tmp=tmp_path, model=model) for argument in arguments))
    assert done.exit_code == 2, done.output
    assert done.stdout == ""
    assert len(done.stderr.strip().splitlines()) == 1
    assert message in done.stderr
    assert "Traceback" not in done.output
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["train", "{few}", "--out", "{tmp}/m"], "{few}: 3 decided items"),
        (["evaluate", "{few}", "--out", "{tmp}/e"], "{few}: letter: "),
        (["evaluate", "{upheld}", "--out", "{tmp}/e"], "{upheld}: all 9 items with an outcome are upheld"),
        (["backtest", "{few}", "--refit-every", "2", "--delay", "0"], "{few}: known at the start, after"),
        (
            ["backtest", "{few}", "--refit-every", "2", "--delay", "0", "--order-by", "mood"],
            "--order-by: there is no column 'mood'",
        ),
        (
            ["backtest", "{few}", "--refit-every", "2", "--delay", "0", "--start", "soon"],
            "--start must be a year or a date as YYYY-MM-DD, not 'soon'",
        ),
        (["train", "{both}", "--out", "{tmp}/m"], "ask for both by name with --pool"),
        (["train", "{few}", "--out", "{tmp}/m", "--error-rate", "2"], "--error-rate must lie above 0 and"),
        (
            ["train", "{few}", "--out", "{tmp}/m", "--cost-missed-overturn", "0", "--cost-false-alarm", "1"],
            "--cost-missed-overturn must lie above 0, not 0",
        ),
        (["train", "{few}", "--out", "{tmp}/m", "--review-budget", "7"], "--review-budget must lie above 0"),
        (["train", "{few}", "--out", "{tmp}/m", "--seed", "-1"], "--seed must be 0 or more, not -1"),
        (["predict", "{model}", "--item", "Norco", "--prior-rate", "1"], "--prior-rate must lie above 0"),
        (["read", "{tmp}", "--out", "{tmp}/i.csv", "--jobs", "0"], "--jobs must be 1 or more, or -1 for"),
    ],
)
def test_errors_name_the_table_or_the_option(tmp_path, model, arguments, message) -> None:
    tables = {name: tmp_path / f"{name}.parquet" for name in ("few", "upheld", "both")}
    items = decided_items(60)
    write_items(items.iloc[:3], tables["few"])
    write_items(items[items["outcome"] == "upheld"].iloc[:9], tables["upheld"])
    write_items(
        items.assign(program=["dwc", "dmhc"] * (len(items) // 2) + ["dwc"] * (len(items) % 2)), tables["both"]
    )
    places = {**tables, "tmp": tmp_path, "model": model}
    done = run(*(argument.format(**places) for argument in arguments))
    assert done.exit_code == 2, done.output
    assert done.stderr.startswith("imr-ml: ") and len(done.stderr.splitlines()) == 1
    assert message.format(**places) in done.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["show", "letter.txt", "--json", "--html", "page.html"], "give --json or --html, not both"),
        (["grounds", "--item", "Norco", "--json", "--out", "a.csv"], "give --json, which prints, or --out"),
        (["simulate", "--letters", str(MOST_LETTERS + 1), "--out", "new"], "9999999"),
    ],
)
def test_what_a_command_cannot_do_is_refused(arguments, message) -> None:
    done = run(*arguments)
    assert done.exit_code == 2
    assert message in done.stderr


def test_a_folder_without_letters_gives_the_list_of_failures_only(tmp_path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "note.txt").write_text("not a letter")
    done = run("read", tmp_path / "folder", "--out", tmp_path / "items.parquet")
    assert done.exit_code == 2
    assert done.stdout == ""
    assert "note.txt" in (tmp_path / "items.failures.csv").read_text()
    assert not (tmp_path / "items.parquet").exists()


def test_a_folder_without_any_is_said_to_be_so(tmp_path, model) -> None:
    (tmp_path / "none").mkdir()
    done = run("read", tmp_path / "none", "--out", tmp_path / "items.parquet")
    assert done.exit_code == 2
    assert f'{tmp_path / "none"},"no .pdf, .txt or .zip was' in (tmp_path / "items.failures.csv").read_text()
    assert f"\n  {tmp_path / 'none'}: no .pdf, .txt or .zip was found in it\n" in done.stderr
    # Beside what can be answered it is told, too.
    part = run("predict", model, tmp_path / "none", "--item", "Norco", "--json")
    assert part.exit_code == 1
    assert len(json.loads(part.stdout)) == 1
    assert "none: no .pdf, .txt or .zip was found" in part.stderr


def test_a_letter_is_shown(letters) -> None:
    file = next(iter(sorted(letters.glob("*.txt"))))
    assert "synthetic" in run("show", file).stdout.lower()
    assert json.loads(run("show", file, "--json").stdout)["items"]


def test_nothing_is_written_over_unasked(tmp_path, letters, model) -> None:
    file = next(iter(sorted(letters.glob("*.txt"))))
    out = tmp_path / "a.csv"
    out.write_text("mine")
    for command in (
        ["read", letters, "--out", out],
        ["read", letters, "--out", out.with_suffix(".parquet")],
        ["predict", model, "--item", "Norco", "--out", out],
        ["precedents", model, "--item", "Norco", "--out", out],
    ):
        done = run(*command)
        assert done.exit_code == 2
        assert "add --replace" in done.stderr
        assert out.read_text() == "mine"
    assert run("predict", model, "--item", "Norco", "--out", out, "--replace").exit_code == 0
    assert "p_overturned" in out.read_text()
    page = tmp_path / "page.html"
    page.write_bytes(file.read_bytes())
    refused = run("show", page, "--html", page, "--replace")
    assert "is what is being read" in refused.stderr
    assert page.read_bytes() == file.read_bytes()


def test_grounds_are_told_item_by_item(tmp_path) -> None:
    (tmp_path / "note.txt").write_text("Norco lowers pain from 8/10 to 4/10. A urine test was inconsistent.")
    done = run(
        "grounds", "--summary", tmp_path / "note.txt", "--item", "Norco 10/325mg #60", "--item", "xyzzy"
    )
    assert done.exit_code == 0
    item, met, counted, not_met, *_ = done.stdout.replace("\n    ", " ").splitlines()
    assert item == "case#1: Norco 10/325mg #60"
    assert met == '  met: pain relieved by the drug; "Norco lowers pain from 8/10 to 4/10."'
    assert counted == "  met: quantity stated; the request tells how many units or visits"
    assert not_met == '  not met: urine tests agree with the prescription; "A urine test was inconsistent."'
    assert "no criteria are known for 1 of 2 items: case#2" in done.stderr
    unknown = run("grounds", "--item", "xyzzy")
    assert (unknown.exit_code, unknown.stdout) == (0, "")


def test_what_the_rules_leave_open_is_not_told_as_not_stated(tmp_path) -> None:
    (tmp_path / "note.txt").write_text("She had 4 visits of chiropractic care for the low back.")
    done = run(
        "grounds", "--summary", tmp_path / "note.txt", "--item", "Chiropractic care, 8 visits, low back"
    )
    lines = done.stdout.replace("\n    ", " ").splitlines()
    assert "  left open: visits of one course; visits asked for: 8" in lines
    (silent,) = (line for line in lines if line.startswith("  not stated: "))
    assert "acute flare" in silent and "course" not in silent
    # What joins what others ask is named neither here nor there.
    assert "first course of usual length" not in done.stdout


def test_a_table_is_replayed(tmp_path) -> None:
    table = tmp_path / "items.parquet"
    write_items(decided_items(120), table)
    asked = ["backtest", table, "--refit-every", "100", "--delay", "10"]
    assert set(json.loads(run(*asked).stdout)) == {"updated", "once", "category_rate"}
    done = run(*asked, "--out", tmp_path / "replay")
    assert done.stdout.strip() == str(tmp_path / "replay" / "report.html")
    again = run(*asked, "--out", tmp_path / "replay")
    assert again.exit_code == 2 and "exists and is not empty" in again.stderr


def test_precedents_are_told_in_paragraphs(model) -> None:
    told = run("precedents", model, "--item", "TENS unit", "-k", "2").stdout.splitlines()
    assert told[0] == "Like case#1:"
    assert max(map(len, told)) < 330
    assert "No decided item" in run("precedents", model, "--item", "xyzzy").stdout
