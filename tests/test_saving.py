from __future__ import annotations

import hashlib
import json
import os
import pickle
import subprocess
import sys
from pathlib import Path

import joblib
import pandas as pd
import pytest

from imr_ml.errors import ModelError, OutputError
from imr_ml.evaluation import evaluate
from imr_ml.evaluation.baselines import fit_category_rate
from imr_ml.precedents import find_precedents
from imr_ml.predicting import predict
from imr_ml.saving import FORMAT, load_model, read_card, save_model
from imr_ml.training import train
from tests.builders import decided_items


@pytest.fixture(scope="module")
def model():
    return train(decided_items(60))


@pytest.fixture
def folder(model, tmp_path: Path) -> Path:
    return save_model(model, tmp_path / "model")


def test_a_loaded_model_answers_as_before(model, folder) -> None:
    loaded, asked = load_model(folder), decided_items(10, seed=1)
    pd.testing.assert_frame_equal(predict(model, asked), predict(loaded, asked))
    pd.testing.assert_frame_equal(find_precedents(model, asked), find_precedents(loaded, asked))


def test_the_card_says_what_the_model_is(model, folder) -> None:
    card = read_card(folder)
    assert card["format"] == FORMAT
    assert card["n_items"] == model.record["n_items"]
    assert card["stage"] == "filing"
    assert "wrong in at most 10% of the items of each outcome" in (folder / "card.md").read_text()
    assert "rationale" not in card["columns"]
    assert "case_summary" in card["columns"]
    assert card["data_fingerprint"] in (folder / "card.md").read_text()
    assert set(card["versions"]) >= {"python", "imr-ml", "scikit-learn", "numpy", "pandas"}


def test_the_card_of_an_update_says_on_what_its_threshold_was_learned(model, tmp_path) -> None:
    more = train(decided_items(66), update=model)
    assert more.record["calibrated_on"] == model.record["n_items"] < more.record["n_items"]
    folder = save_model(more, tmp_path / "more")
    assert read_card(folder)["training"]["calibrated_on"] == model.record["n_items"]
    told = " ".join((folder / "card.md").read_text().split())
    learned_on = f"learned on {model.record['n_items']} items, before the model was updated"
    assert f"Threshold and certainty were {learned_on}" in told


def test_an_updated_model_does_not_wear_the_proof_of_another(model, tmp_path) -> None:
    items = decided_items(66)
    found = evaluate(
        items, splits=["letter"], fit=fit_category_rate, n_bootstrap=10, n_folds=2, n_repeats=1, audit=False
    )
    for name, one, is_update in (("old", model, False), ("new", train(items, update=model), True)):
        folder = save_model(one, tmp_path / name, evaluation=found)
        told = json.loads((folder / "metrics.json").read_text())["training"]
        assert told["is_update"] == is_update
        assert told["chosen"] == one.record["chosen"]["name"]
        for file in ("card.md", "report.html"):
            text = (folder / file).read_text().replace("&#39;", "'")
            assert ("These scores are not this model's own" in text) == is_update
            assert one.record["chosen"]["name"] in text
            assert all(row["name"] in text for row in told["candidates"])
    assert found.metrics["training"] is None


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"format": True}, "not a card of imr-ml"),
        ({"format": 0}, "not a card of imr-ml"),
        ({"format": FORMAT + 1, "versions": []}, "install imr-ml of that time or newer"),
        (
            {"sha256": {"model.joblib": "0"}},
            "lacks its versions or hashes",
        ),  # what has no hash goes unchecked
    ],
)
def test_a_card_that_vouches_for_less_is_refused(folder, tmp_path, changes, message) -> None:
    (tmp_path / "card.json").write_text(json.dumps(read_card(folder) | changes))
    with pytest.raises(ModelError, match=message):
        read_card(tmp_path)


def test_the_fingerprint_follows_the_data(model, tmp_path) -> None:
    other = save_model(train(decided_items(61)), tmp_path / "other")
    again = save_model(train(decided_items(60)), tmp_path / "again")
    mine = read_card(save_model(model, tmp_path / "mine"))["data_fingerprint"]
    assert read_card(again)["data_fingerprint"] == mine
    assert read_card(other)["data_fingerprint"] != mine


def test_an_existing_model_is_not_overwritten_unasked(model, folder) -> None:
    before = (folder / "model.joblib").read_bytes()
    with pytest.raises(OutputError, match="exists and is not empty"):
        save_model(model, folder)
    assert (folder / "model.joblib").read_bytes() == before
    save_model(model, folder, replace=True)
    assert load_model(folder).seed == model.seed


@pytest.mark.parametrize("name", ["model.joblib", "precedents.parquet"])
def test_a_missing_or_damaged_file_is_named(folder, name) -> None:
    content = (folder / name).read_bytes()
    (folder / name).write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    with pytest.raises(ModelError, match=rf"{name} is not the file that card\.json describes"):
        load_model(folder)
    (folder / name).unlink()
    with pytest.raises(ModelError, match=rf"{name} is missing; copy the whole folder again"):
        load_model(folder)


def test_precedents_are_unpacked_when_asked_for_from_the_file_that_was_checked(model, folder) -> None:
    loaded = load_model(folder)
    packed = loaded.precedents.packed()
    assert packed == (folder / "precedents.parquet").read_bytes()
    (folder / "precedents.parquet").unlink()
    pd.testing.assert_frame_equal(loaded.decided, model.decided)
    assert loaded.precedents.packed() == packed


def test_precedents_of_another_shape_are_refused_before_they_are_asked_for(model, folder) -> None:
    model.decided.drop(columns=["rationale", "request"]).to_parquet(folder / "precedents.parquet")
    content = (folder / "precedents.parquet").read_bytes()
    hashes = read_card(folder)["sha256"] | {"precedents.parquet": hashlib.sha256(content).hexdigest()}
    _change_card(folder, sha256=hashes)
    with pytest.raises(ModelError, match=r"column missing: rationale, request\); train anew"):
        load_model(folder)


def _change_card(folder: Path, **changes) -> None:
    card = json.loads((folder / "card.json").read_text())
    (folder / "card.json").write_text(json.dumps({**card, **changes}))


def test_a_payload_is_not_unpickled(folder, tmp_path) -> None:
    class Payload:
        def __reduce__(self):
            return Path.touch, (tmp_path / "ran",)

    (folder / "model.joblib").write_bytes(pickle.dumps(Payload()))
    with pytest.raises(ModelError, match="its sha256 differs"):
        load_model(folder)
    assert not (tmp_path / "ran").exists()


def test_a_newer_format_is_refused(folder) -> None:
    _change_card(folder, format=FORMAT + 1)
    with pytest.raises(ModelError, match=rf"format {FORMAT + 1} is newer than this imr-ml.*install imr-ml"):
        load_model(folder)


def test_other_versions_are_refused_with_what_to_install(folder) -> None:
    _change_card(folder, versions={**read_card(folder)["versions"], "scikit-learn": "1.2.0"})
    with pytest.raises(
        ModelError, match=r"made with scikit-learn 1\.2\.0.*pip install 'scikit-learn==1\.2\.0'"
    ):
        load_model(folder)
    assert load_model(folder, check_versions=False).stage == "filing"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "no card.json, so this is no imr-ml model"),
        ("{", "cannot be read as JSON"),
        ("[]", "not a card of imr-ml"),
        ('{"format": 1}', "lacks its versions or hashes"),
        (
            '{"format": 1, "versions": {}, "sha256": {"model.joblib": "", "../x": ""}}',
            r"names a file '\.\./x' that no model has",
        ),
    ],
)
def test_a_foreign_folder_is_refused(folder, content, message) -> None:
    (folder / "card.json").unlink()
    if content is not None:
        (folder / "card.json").write_text(content)
    with pytest.raises(ModelError, match=message):
        load_model(folder)


def test_a_folder_that_is_not_there_is_named(tmp_path) -> None:
    with pytest.raises(ModelError, match="nowhere: no such folder"):
        load_model(tmp_path / "nowhere")


def test_something_else_in_a_good_envelope_is_refused(folder) -> None:
    import hashlib

    joblib.dump({"not": "a model"}, folder / "model.joblib")
    digest = hashlib.sha256((folder / "model.joblib").read_bytes()).hexdigest()
    _change_card(folder, sha256={**read_card(folder)["sha256"], "model.joblib": digest})
    with pytest.raises(ModelError, match="holds a dict, not an imr-ml model"):
        load_model(folder)


def test_the_same_training_gives_the_same_bytes(tmp_path) -> None:
    # Last on the path: the package that is installed is the one to test.
    code = (
        f"import sys; sys.path.append({str(Path(__file__).parents[1])!r}); "
        "from tests.builders import decided_items; from imr_ml.training import train; "
        "from imr_ml.saving import save_model; save_model(train(decided_items(40)), sys.argv[1])"
    )
    for name, seed in (("a", "1"), ("b", "2")):
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        subprocess.run([sys.executable, "-c", code, str(tmp_path / name)], check=True, env=environment)
    assert (tmp_path / "a" / "model.joblib").read_bytes() == (tmp_path / "b" / "model.joblib").read_bytes()
