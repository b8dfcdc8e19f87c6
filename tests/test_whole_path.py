"""From files to probabilities, on synthetic letters and, where they are at hand, on real ones."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import imr_ml
from imr_ml.simulating import simulate


def _with_other_decision(letter: imr_ml.Letter) -> str:
    """Turn every outcome, and replace every reviewer's guideline and rationale and the decision's date."""
    changes = [(span, "12/31/2019") for name, span in letter.spans.items() if name == "decided_date"]
    for item in letter.items:
        turned = "Upheld" if item.outcome == "overturned" else "Overturned"
        changes += [
            (item.spans["outcome"], turned),
            (item.spans["reviewer_guideline"], "Decision based on MTUS."),
            (item.spans["rationale"], "Decided as stated above."),
        ]
    text = letter.text
    for span, words in sorted(changes, key=lambda change: change[0].start, reverse=True):
        text = text[: span.start] + words + text[span.end :]
    return text


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("letters") / "synthetic"
    simulate(folder, n_letters=120, seed=3)
    return folder


@pytest.fixture(scope="module")
def letters(folder):
    letters, failures = imr_ml.read_letters([folder])
    assert not failures
    return letters


@pytest.fixture(scope="module")
def model(letters):
    return imr_ml.train(imr_ml.items_table(letters))


def test_what_the_simulator_wrote_is_what_is_read(folder, letters) -> None:
    truth = pd.read_csv(folder / "truth.csv").set_index("item_id")
    items = imr_ml.items_table(letters).set_index("item_id")
    assert sorted(truth.index) == sorted(items.index)
    assert items["outcome"].to_dict() == truth["outcome"].to_dict()
    assert items["is_synthetic"].all()
    assert not items["case_summary"].str.contains("SYNTHETIC").any()


def test_the_decision_in_a_letter_moves_no_prediction(tmp_path, letters, model) -> None:
    for letter in letters:
        (tmp_path / f"{letter.letter_id}.txt").write_text(_with_other_decision(letter), encoding="utf-8")
    others, failures = imr_ml.read_letters([tmp_path])
    assert not failures
    before, after = imr_ml.items_table(letters), imr_ml.items_table(others)
    assert (before["outcome"] != after["outcome"]).all()
    assert (before["rationale"] != after["rationale"]).all()
    pd.testing.assert_frame_equal(imr_ml.predict(model, letters), imr_ml.predict(model, others))


def test_everything_made_from_synthetic_letters_says_so(tmp_path, letters, model) -> None:
    imr_ml.save_model(model, tmp_path / "m")
    assert "ynthetic" in (tmp_path / "m" / "card.md").read_text()
    assert imr_ml.predict(model, letters)["warnings"].str.contains("synthetic").all()


def test_letters_as_pdf_give_the_same_predictions(tmp_path, letters, model) -> None:
    simulate(tmp_path / "pdf", n_letters=20, seed=3, pdf=True)
    as_pdf, failures = imr_ml.read_letters([tmp_path / "pdf"])
    assert not failures
    ids = {letter.letter_id for letter in as_pdf}
    as_text = [letter for letter in letters if letter.letter_id in ids]
    assert len(as_text) == 20
    pd.testing.assert_frame_equal(imr_ml.predict(model, as_pdf), imr_ml.predict(model, as_text))


def test_real_letters_from_end_to_end(tmp_path, real_data) -> None:
    letters, failures = imr_ml.read_letters([real_data / "letters"])
    assert not failures
    items = imr_ml.items_table(letters)
    model = imr_ml.train(items)
    imr_ml.save_model(model, tmp_path / "m")
    answer = imr_ml.predict(imr_ml.load_model(tmp_path / "m"), letters)
    assert len(answer) == 263
    assert answer["p_overturned"].between(0.005, 0.9).all()
    assert answer["p_overturned"].mean() == pytest.approx(35 / 263, abs=0.03)
