"""A model with its card in one folder: written whole, checked before it is loaded."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Mapping
from importlib.metadata import version
from io import BytesIO
from pathlib import Path
from typing import Any, Protocol

import joblib

from imr_ml import __version__
from imr_ml.arguments import check_kind
from imr_ml.errors import ModelError
from imr_ml.model import OutcomeModel, Precedents
from imr_ml.resources import template
from imr_ml.writing import whole_folder

FORMAT = 1
"""1: model.joblib (OutcomeModel without its precedents), precedents.parquet, card.json."""

_PACKAGES = ("scikit-learn", "numpy", "scipy", "pandas", "joblib", "crepes")
# Pickles of these do not survive a change of their minor version; the others are recorded only.
_SETS = ("letters", "fingerprints")
_FILES = ("model.joblib", "precedents.parquet")
_STRICT = ("scikit-learn", "numpy", "scipy", "pandas")


class Proof(Protocol):
    """What an `imr_ml.evaluation.Evaluation` offers a saved model."""

    @property
    def metrics(self) -> dict[str, Any]:
        """What ``metrics.json`` holds."""
        ...

    def save_into(self, folder: Path, *, record: Mapping[str, Any] | None = None) -> None:
        """Write metrics, report and figures into an existing folder, with the record of a training."""


def save_model(
    model: OutcomeModel,
    folder: str | Path,
    *,
    evaluation: Proof | None = None,
    replace: bool = False,
) -> Path:
    """Write a model and its proof into a new folder, whole or not at all.

    Parameters
    ----------
    model : OutcomeModel
    folder : str or Path
        A new or empty folder, usually ``models/NAME``.
    evaluation : Evaluation, default=None
        Adds ``metrics.json``, ``report.html``, ``figures/`` and the scores on the card.
    replace : bool, default=False
        Put it in place of what stands there.

    Returns
    -------
    Path
        The folder.

    Raises
    ------
    OutputError
        If the folder holds something, or cannot be written.
    """
    check_kind(model, "model", about="model")
    check_kind(folder, "path", about="folder")
    if evaluation is not None:
        check_kind(evaluation, "evaluation", about="evaluation")
    folder = Path(folder)
    with whole_folder(folder, replace=replace) as partial:
        joblib.dump(_without_precedents(model), partial / "model.joblib", compress=3)
        (partial / "precedents.parquet").write_bytes(model.precedents.packed())
        if evaluation is not None:
            evaluation.save_into(partial, record=model.record)
        card = _card(model, partial, evaluation.metrics if evaluation is not None else None)
        _write_text(
            partial / "card.json", json.dumps(card, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
        )
        _write_text(partial / "card.md", card_text(card))
    return folder


def load_model(folder: str | Path, *, check_versions: bool = True) -> OutcomeModel:
    """Load a model after checking that it is whole, untouched and made for this installation.

    Unpickling runs code: load models only from people you trust. The hash shows that the files are those
    that the card was written for, not that the card is honest.

    Parameters
    ----------
    folder : str or Path
    check_versions : bool, default=True
        Refuse a model made with another minor version of scikit-learn, numpy, scipy or pandas.

    Raises
    ------
    ModelError
        If a file is missing, damaged or foreign, or the versions differ; the message says what to do.
    """
    card = read_card(folder)
    folder = Path(folder)
    if check_versions:
        _check_versions(folder, card["versions"])
    # What is loaded is what was checked, whatever happens to the files.
    held = {name: _checked(folder / name, expected) for name, expected in card["sha256"].items()}
    try:
        model = joblib.load(BytesIO(held["model.joblib"]))
        precedents = Precedents(held["precedents.parquet"])
    except Exception as error:
        raise ModelError(
            f"{folder}: cannot be loaded ({type(error).__name__}: {error}); train anew"
        ) from error
    if not isinstance(model, OutcomeModel):
        raise ModelError(
            f"{folder}: model.joblib holds a {type(model).__name__}, not an imr-ml model; train anew"
        )
    model.__dict__.update(precedents=precedents, **{name: frozenset(getattr(model, name)) for name in _SETS})
    return model


def read_card(folder: str | Path) -> dict[str, Any]:
    """Read and check ``card.json`` without loading the model.

    Raises
    ------
    ModelError
        If there is no card, or it is not one that this version understands.
    """
    check_kind(folder, "path", about="folder")
    folder = Path(folder)
    if folder.is_file():
        raise ModelError(f"{folder}: is a file; name the model's folder")
    if not folder.is_dir():
        raise ModelError(f"{folder}: no such folder; make a model with imr-ml train")
    path = folder / "card.json"
    if not path.is_file():
        raise ModelError(f"{folder}: no card.json, so this is no imr-ml model; make one with imr-ml train")
    try:
        card = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise ModelError(f"{path}: cannot be read as JSON ({error}); copy the whole folder again") from None
    number = card.get("format") if isinstance(card, dict) else None
    if not isinstance(card, dict) or type(number) is not int or number < 1:
        raise ModelError(f"{path}: not a card of imr-ml; make a model with imr-ml train")
    hashes, versions = card.get("sha256"), card.get("versions")
    if number > FORMAT:
        made_with = versions.get("imr-ml") if isinstance(versions, dict) else None
        raise ModelError(
            f"{folder}: format {number} is newer than this imr-ml {__version__} reads ({FORMAT}); "
            f"install imr-ml {made_with or 'of that time'} or newer"
        )
    if isinstance(hashes, dict) and (bad := [name for name in hashes if name not in _FILES]):
        raise ModelError(f"{path}: names a file {bad[0]!r} that no model has; do not trust this folder")
    if not isinstance(versions, dict) or not isinstance(hashes, dict) or not {*_FILES} <= {*hashes}:
        raise ModelError(f"{path}: lacks its versions or hashes; copy the whole folder again, or train anew")
    return card


def _card(model: OutcomeModel, folder: Path, metrics: Mapping[str, Any] | None) -> dict[str, Any]:
    from imr_ml.evaluation.card import card_facts  # its figures take a second to import
    from imr_ml.evaluation.choosing import training_facts

    return {
        "format": FORMAT,
        "is_synthetic": model.is_synthetic,
        "stage": model.stage,
        "program": model.program,
        "seed": model.seed,
        "base_rate": model.base_rate,
        "threshold": model.threshold,
        "n_letters": model.record["n_letters"],
        "n_items": model.record["n_items"],
        "columns": list(model.pipeline["evidence"].get_feature_names_out()),
        "data_fingerprint": _data_fingerprint(model),
        "training": dict(model.record),
        "choice": training_facts(model.record),
        "scores": None if metrics is None else {k: v.get("model") for k, v in metrics["splits"].items()},
        "evaluation": None if metrics is None else card_facts(metrics),
        "versions": {
            "imr-ml": __version__,
            "python": platform.python_version(),
            **{name: version(name) for name in _PACKAGES},
        },
        "sha256": {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in _FILES},
    }


def card_text(card: Mapping[str, Any]) -> str:
    """Give the card as Markdown for people."""
    from imr_ml.evaluation.report import format_share
    from imr_ml.evaluation.speaking import sources_of

    unit = sources_of(card["program"])
    return template("card.md.jinja").render(card=card, unit=unit, share=format_share)


def _without_precedents(model: OutcomeModel) -> OutcomeModel:
    bare = object.__new__(OutcomeModel)
    # A set is written in another order each time; sorted, the same model gives the same bytes.
    ordered = {name: tuple(sorted(getattr(model, name))) for name in _SETS}
    bare.__dict__.update({**model.__dict__, **ordered, "precedents": None})
    return bare


def _data_fingerprint(model: OutcomeModel) -> str:
    known = [*sorted(model.fingerprints), *sorted(model.letters)]
    return hashlib.sha256("\n".join(known).encode()).hexdigest()


def _check_versions(folder: Path, versions: Mapping[str, str]) -> None:
    here = {"python": platform.python_version(), **{name: version(name) for name in _STRICT}}
    differing = [
        f"{name} {versions.get(name, 'unknown')} (here {number})"
        for name, number in here.items()
        if _minor(str(versions.get(name, ""))) != _minor(number)
    ]
    if differing:
        pins = " ".join(f"'{name}=={versions.get(name)}'" for name in _STRICT if versions.get(name))
        raise ModelError(
            f"{folder}: made with {', '.join(differing)}; train anew, or install what it was made with "
            f"(pip install {pins}, Python {versions.get('python', 'unknown')})"
        )


def _minor(number: str) -> tuple[str, ...]:
    return tuple(number.split(".")[:2])


def _checked(path: Path, expected: str) -> bytes:
    if not path.is_file():
        raise ModelError(f"{path.parent}: {path.name} is missing; copy the whole folder again, or train anew")
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ModelError(
            f"{path}: cannot be read ({error.strerror or error}); ask for access to it"
        ) from None
    if hashlib.sha256(content).hexdigest() != expected:
        raise ModelError(
            f"{path.parent}: {path.name} is not the file that card.json describes (its sha256 differs); "
            "it is damaged or was changed: copy the whole folder again, or train anew"
        )
    return content


def _write_text(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")
