"""Look for what a model could cheat by, and for what makes its scores doubtful in other ways."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from imr_ml.columns import COLUMNS
from imr_ml.errors import SplitError, TrainingError, counted
from imr_ml.evaluation.baselines import Fit, fit_text
from imr_ml.evaluation.duplicates import near_duplicates, words_of
from imr_ml.evaluation.luck import out_of_fold_aucs, shuffled_outcomes
from imr_ml.evaluation.metrics import auc_error, rank_within, roc_auc
from imr_ml.resources import read_rows
from imr_ml.splitting import Split, letter_families, letter_split, without_answers

Severity = Literal["finding", "note"]

TEXT_COLUMNS = (
    "request",
    "original_request",
    "authorized_request",
    "case_summary",
    "claims_administrator_guideline",
)
_ANSWERS = ("outcome", "rationale", "reviewer_guideline")
SUSPECT_AUC = 0.85
"""A single column that ranks outcomes better than this is taken for a trace of the answer."""

SUSPECT_BALANCED_ACCURACY = 0.8
"""The same for the presence of a single word."""

_SUSPECT_MODEL_AUC = 0.95
_MAX_PLACES = 20
_N_SHUFFLES = 200
_SAMPLE_ITEMS = 1000


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that an audit found.

    Parameters
    ----------
    check : str
        A key of `CHECKS`.
    severity : {"finding", "note"}
        A finding makes the scores doubtful; a note is for the reader to judge.
    text : str
        What was found, in words with numbers.
    places : tuple of dict
        Where: ``item_id``, ``column`` and what else helps to find it; at most 20.
    is_read : bool
        Whether it stands in what the model may read.
    """

    check: str
    severity: Severity
    text: str
    places: tuple[Mapping[str, Any], ...] = ()
    is_read: bool = True

    @property
    def doubt(self) -> str:
        """A key of `DOUBTS`: what the finding makes of the scores."""
        return _DOUBT_OF.get(self.check, "read") if self.is_read else "gathered"

    def to_dict(self) -> dict[str, Any]:
        """Give the finding as ``metrics.json`` holds it."""
        return {
            "check": self.check,
            "severity": self.severity,
            "text": self.text,
            "is_read": self.is_read,
            "places": [dict(place) for place in self.places],
        }


@dataclass(slots=True)
class Audit:
    """Everything that an audit looked at.

    Parameters
    ----------
    findings : list of Finding
    left_out : dict of str to str
        Checks that could not be done, with the reason.
    figures : dict
        Numbers of single checks, plain values.
    tables : dict of str to DataFrame
    """

    findings: list[Finding] = field(default_factory=list)
    left_out: dict[str, str] = field(default_factory=dict)
    figures: dict[str, Any] = field(default_factory=dict)
    tables: dict[str, pd.DataFrame] = field(default_factory=dict)

    @property
    def serious(self) -> list[Finding]:
        """The findings that make scores doubtful."""
        return [found for found in self.findings if found.severity == "finding"]

    def doubts(self) -> list[str]:
        """Say why the scores are doubtful, findings of a kind together."""
        n_of = {kind: sum(found.doubt == kind for found in self.serious) for kind in DOUBTS}
        return [f"{counted(n_of[kind], thing)} {why}" for kind, (thing, why) in DOUBTS.items() if n_of[kind]]

    def to_dict(self) -> dict[str, Any]:
        """Give the audit as ``metrics.json`` holds it."""
        by_check = {name: [f for f in self.findings if f.check == name] for name in CHECKS}
        return {
            "n_findings": len(self.serious),
            "doubts": self.doubts(),
            "checks": {
                name: {
                    "title": title,
                    "status": "left out"
                    if name in self.left_out
                    else "finding"
                    if any(f.severity == "finding" for f in by_check[name])
                    else "note"
                    if by_check[name]
                    else "for scale"
                    if name == "rationale_leaked" and name in self.figures
                    else "clean"
                    if name in self.figures
                    else "not asked for",
                    **({"reason": self.left_out[name]} if name in self.left_out else {}),
                    **({"figures": self.figures[name]} if self.figures.get(name) else {}),
                }
                for name, title in CHECKS.items()
            },
            "findings": [found.to_dict() for found in self.findings],
            **{
                name: self.tables[f"audit_{name}"].to_dict("records")
                if f"audit_{name}" in self.tables
                else []
                for name in ("columns", "words")
            },
        }


CHECKS: dict[str, str] = {
    "verdict_words": "Verdict words in what the model reads",
    "rationale_sentences": "Sentences of the rationale in what the model reads",
    "columns": "What each column alone can predict",
    "words": "What single words alone can predict",
    "near_duplicates": "Letters that are copies of each other",
    "decided_twice": "The same item decided twice",
    "model": "A score too good to be true",
    "permutation": "Shuffled outcomes: nothing may be predictable",
    "rationale_leaked": "For scale: a plain model that reads the rationale alone",
}
TAUGHT_CHECKS = ("permutation", "rationale_leaked")
"""Those for which models are taught."""

DOUBTS: dict[str, tuple[str, str]] = {
    "read": ("trace", "of the answer in what the model may read: the scores are likely too good"),
    "gathered": (
        "sign",
        "that items of the two outcomes were gathered differently: no model sees it, but the scores may "
        "rest on that difference",
    ),
    "copies": ("finding", "of letters that are copies: what is asked may have taught, or counts twice"),
    "score": ("score", "too good to be true"),
}
"""What findings make of the scores: what is counted, and why it matters."""
_DOUBT_OF = {"near_duplicates": "copies", "model": "score", "permutation": "score"}


def audit_table(
    items: pd.DataFrame, *, splits: Sequence[Split] = (), stage: str = "filing", seed: int = 0
) -> Audit:
    """Do every check that needs the table only.

    Parameters
    ----------
    items : DataFrame of shape (n_items, n_columns)
        Checked items, every one with an outcome.
    splits : sequence of Split
        The splits whose folds copies of a letter must not cross.
    stage : {"filing", "assignment"}
        What the model may know.
    seed : int
        Of the folds in which a column's power is measured.

    Returns
    -------
    Audit
    """
    audit = Audit()
    _check(audit, "verdict_words", lambda: verdict_words(items))
    _check(audit, "rationale_sentences", lambda: rationale_sentences(items))
    _check(audit, "columns", lambda: column_power(items, stage=stage, seed=seed))
    _check(audit, "words", lambda: word_power(items))
    _check(audit, "near_duplicates", lambda: copied_letters(items, splits))
    _check(audit, "decided_twice", lambda: decided_twice(items))
    return audit


_Result = tuple[list[Finding], dict[str, Any], pd.DataFrame | None]


def _check(audit: Audit, name: str, do: Callable[[], _Result]) -> None:
    try:
        findings, figures, table = do()
    except SplitError as error:
        audit.left_out[name] = error.reason
        return
    except TrainingError as error:
        audit.left_out[name] = f"a fold's teaching part has too little: {error.reason}"
        return
    audit.findings += findings
    audit.figures[name] = figures
    if table is not None and len(table):
        audit.tables[f"audit_{name}"] = table


# Words --------------------------------------------------------------------------------------------


@cache
def _verdict_phrases() -> list[tuple[re.Pattern[str], str, dict[str, str], frozenset[str]]]:
    found = []
    for row in read_rows("lexicons/verdict_words.csv"):
        pattern = re.compile(r"\b" + r"\W{1,3}".join(map(re.escape, row["phrase"].split())) + r"\b", re.I)
        severity = {name: row[kind] for name, kind in _READ_AS.items()}
        found.append(
            (pattern, row["phrase"], severity, frozenset(filter(None, row["unless_near"].split("|"))))
        )
    return found


def verdict_words(items: pd.DataFrame) -> _Result:
    """Find words of a verdict in requests and summaries, with their places.

    A word near one of its excuses ("the truck overturned") does not count.
    """
    hits: dict[str, dict[str, list[dict[str, Any]]]] = {"finding": {}, "note": {}}
    for column in _READ_AS:
        distinct = items.drop_duplicates(["letter_id" if column == "case_summary" else "item_id", column])
        texts = distinct[["item_id", column]].dropna()
        for item_id, text in zip(texts["item_id"], texts[column], strict=True):
            for pattern, phrase, severities, excuses in _verdict_phrases():
                severity = severities[column]
                if not severity or phrase.split()[0] not in text.casefold():
                    continue
                for match in pattern.finditer(text):
                    around = set(words_of(text[max(0, match.start() - 60) : match.end() + 60]))
                    if not around & excuses:
                        place = {
                            "item_id": item_id,
                            "column": column,
                            "start": match.start(),
                            "end": match.end(),
                            "words": match.group(),
                        }
                        hits[severity].setdefault(f"{phrase}\0{column}", []).append(place)
    findings = []
    for severity, by_phrase in hits.items():
        for key, places in by_phrase.items():
            phrase, column = key.split("\0")
            n_items = len({place["item_id"] for place in places})
            text = (
                f'"{phrase}" stands in the {COLUMN_NAMES[column]} of '
                f"{counted(n_items, 'letter' if column == 'case_summary' else 'item')}"
            )
            if severity == "note":
                text += "; utilization review's words may be quoted there"
            findings.append(Finding("verdict_words", severity, text, tuple(places[:_MAX_PLACES])))  # type: ignore[arg-type]
    n_places = {severity: sum(map(len, found.values())) for severity, found in hits.items()}
    return findings, {"n_places": n_places["finding"], "n_places_to_judge": n_places["note"]}, None


_READ_AS = {
    "request": "request",
    "original_request": "request",
    "authorized_request": "request",
    "case_summary": "summary",
    "claims_administrator_guideline": "summary",
}
COLUMN_NAMES = {
    "request": "request",
    "original_request": "original request",
    "authorized_request": "authorized request",
    "case_summary": "case summary",
    "claims_administrator_guideline": "claims administrator's guideline",
}


def _holds_verdict(words: str) -> bool:
    return any(pattern.search(words) for pattern, *_ in _verdict_phrases())


def rationale_sentences(items: pd.DataFrame, *, min_words: int = 8) -> _Result:
    """Find sentences of an item's own rationale in its requests, summary or guideline.

    A reviewer may repeat the summary's facts in the rationale, so that a sentence shared with the summary
    is a note, unless every tenth item shares one with a verdict in it, and so is one shared with the
    guideline; one shared with a request is a finding.
    """
    if not items["rationale"].notna().any():
        raise SplitError("no item has a rationale")
    places: dict[str, list[dict[str, Any]]] = {name: [] for name in TEXT_COLUMNS}
    for row in items[["item_id", "rationale", *TEXT_COLUMNS]].to_dict("records"):
        if not isinstance(row["rationale"], str):
            continue
        inputs = {
            name: f" {' '.join(words_of(row[name]))} " for name in TEXT_COLUMNS if isinstance(row[name], str)
        }
        for number, sentence in enumerate(re.split(r"(?<=[.!?])\s+|\n+", row["rationale"])):
            plain = words_of(sentence)
            if len(plain) < min_words:
                continue
            for name, text in inputs.items():
                # A rationale may begin with the request, as its title; whatever else is shared betrays it.
                repeated = number == 0 and _READ_AS[name] == "request" and len(plain) == len(text.split())
                if f" {' '.join(plain)} " in text and not repeated:
                    places[name].append({"item_id": row["item_id"], "column": name, "words": sentence[:200]})
    findings = []
    n_decided = max(1, int(items["rationale"].notna().sum()))
    for name, found in places.items():
        if not found:
            continue
        n_items = len({place["item_id"] for place in found})
        judged = {place["item_id"] for place in found if _holds_verdict(place["words"])}
        serious = _READ_AS[name] == "request" or len(judged) > 0.1 * n_decided
        findings.append(
            Finding(
                "rationale_sentences",
                "finding" if serious else "note",
                f"whole sentences of the rationale stand in the {COLUMN_NAMES[name]} of "
                f"{counted(n_items, 'item')}",
                tuple(found[:_MAX_PLACES]),
            )
        )
    return findings, {name: len({p["item_id"] for p in found}) for name, found in places.items()}, None


def word_power(items: pd.DataFrame, *, max_letters: int = 5000, n_shown: int = 20) -> _Result:
    """Measure how well the presence of each single word or pair of words tells the outcomes apart.

    A text that items of a letter share is counted once, as overturned where any of these items is.

    Returns
    -------
    findings, figures, table
        The table has ``column``, ``word``, ``n``, ``n_overturned``, ``rate``, ``z`` (of the difference from
        the base rate) and ``balanced_accuracy`` (of calling overturned what has, or lacks, the word; 0.5 is
        chance), the strongest first.
    """
    from sklearn.feature_extraction.text import CountVectorizer

    tables, findings = [], []
    for column in TEXT_COLUMNS:
        rows = items[items[column].notna()]
        overturned = rows["outcome"] == "overturned"
        rows = rows.assign(_any=overturned.groupby([rows["letter_id"], rows[column]]).transform("any"))
        rows = rows.drop_duplicates(["letter_id", column])
        overturned = rows.pop("_any")
        if len(rows) > max_letters:
            rows = rows.sort_values("item_id").iloc[:: -(-len(rows) // max_letters)]
            overturned = overturned[rows.index]
        y = overturned.to_numpy(dtype=float)
        if len(rows) < 10 or not 0 < y.sum() < len(y):
            continue
        counter = CountVectorizer(ngram_range=(1, 2), binary=True, min_df=max(3, len(rows) // 200))
        try:
            seen = counter.fit_transform(rows[column])
        except ValueError:  # no word stands in enough rows
            continue
        n = np.asarray(seen.sum(axis=0)).ravel().astype(float)
        hits = np.asarray(seen.T @ y).ravel()
        base = y.mean()
        spread = np.sqrt(base * (1 - base) * n * (1 - n / len(y)) * len(y) / (len(y) - 1))
        table = pd.DataFrame(
            {
                "column": column,
                "word": counter.get_feature_names_out(),
                "n": n.astype(int),
                "n_overturned": hits.astype(int),
                "rate": hits / n,
                "z": np.divide(hits - base * n, spread, out=np.zeros_like(n), where=spread > 0),
                "balanced_accuracy": 0.5 + np.abs(hits / y.sum() - (n - hits) / (len(y) - y.sum())) / 2,
            }
        )
        suspects = table[(table["balanced_accuracy"] > SUSPECT_BALANCED_ACCURACY) & (table["z"].abs() > 5)]
        suspects = suspects.sort_values(["balanced_accuracy", "z"], ascending=False)[:5]
        if len(suspects):
            row = suspects.iloc[0]
            others = ", ".join(f'"{word}"' for word in suspects["word"][1:])
            findings.append(
                Finding(
                    "words",
                    "finding",
                    f'"{row["word"]}" in the {COLUMN_NAMES[column]} alone tells outcomes apart with a '
                    f"balanced accuracy of {row['balanced_accuracy']:.2f} ({row['n_overturned']:,} of "
                    f"{row['n']:,} overturned){'; so do ' if others else ''}{others}",
                    tuple({"column": column, "words": word} for word in suspects["word"]),
                )
            )
        tables.append(table.loc[table["z"].abs().nlargest(n_shown).index])
    if not tables:
        raise SplitError("too few texts, or of one outcome only, to count words in")
    shown = pd.concat(tables, ignore_index=True)
    top = shown.nlargest(1, "balanced_accuracy").iloc[0]
    figures = {"strongest": {"word": top["word"], "balanced_accuracy": float(top["balanced_accuracy"])}}
    return findings, figures, shown


# Columns ------------------------------------------------------------------------------------------


def column_power(items: pd.DataFrame, *, stage: str = "filing", seed: int = 0) -> _Result:
    """Measure how well each column alone ranks outcomes, out of fold.

    Each value (numbers and dates: each tenth of them, or each value where these are few; dates also as
    the days between each two; texts: their words, and whether there is one) gets the share overturned among
    the other folds' items. Columns that no model may see are measured too: where a file name or a decision
    date tells the outcomes apart, items of the two outcomes were gathered differently.

    Returns
    -------
    findings, figures, table
        The table has ``column``, ``stage``, ``n_values``, ``n_missing``, ``rate_missing``, ``roc_auc``,
        ``luck_low`` and ``luck_high`` (between which 95 of 100 such columns would lie if the letters'
        outcomes were dealt out anew), the strongest first.
    """
    split = letter_split(items, n_folds=5, seed=seed)
    fold_of = np.empty(len(items), dtype=np.intp)
    for number, fold in enumerate(split.folds):
        fold_of[fold.test] = number
    overturned = (items["outcome"] == "overturned").to_numpy()
    letters = np.asarray(pd.factorize(items["letter_id"], sort=True)[0], dtype=np.intp)
    n_positive, n_negative = len(np.unique(letters[overturned])), len(np.unique(letters[~overturned]))
    shuffled = shuffled_outcomes(overturned, letters, fold_of, n_ways=_N_SHUFFLES, seed=seed)
    ways = np.concatenate([overturned[None], shuffled])
    known = {"filing"} if stage == "filing" else {"filing", "assignment"}
    rows, suspects, notes = [], [], []
    for told in _columns_of(items):
        missing = told.values.isna().to_numpy()
        if missing.all():
            continue
        aucs = np.max([out_of_fold_aucs(codes, ways, fold_of) for codes in _codings(told.values)], axis=0)
        auc, (luck_low, luck_high) = float(aucs[0]), np.quantile(aucs[1:], [0.025, 0.975])
        rate_missing = float(overturned[missing].mean()) if missing.any() else None
        rows.append(
            {
                "column": told.name,
                "stage": told.stage,
                "n_values": int(told.values.nunique()),
                "n_missing": int(missing.sum()),
                "rate_missing": rate_missing,
                "roc_auc": auc,
                "luck_low": float(luck_low),
                "luck_high": float(luck_high),
            }
        )
        error = auc_error(auc, n_positive, n_negative)
        if auc > max(SUSPECT_AUC, luck_high) and auc - 1.96 * error > 0.75:
            suspects.append((auc, told))
        elif rate_missing is not None and told.stage in known:
            n, base = len(np.unique(letters[missing])), float(overturned.mean())
            z = (rate_missing - base) / np.sqrt(base * (1 - base) / n)
            if missing.sum() >= 30 and abs(z) > 5 and abs(rate_missing - base) > 0.15:
                notes.append(
                    Finding(
                        "columns",
                        "note",
                        f"{told.name} ({told.stage}) is missing in {int(missing.sum()):,} items, of which "
                        f"{100 * rate_missing:.0f}% were overturned against {100 * base:.0f}% of all: its "
                        "absence tells something",
                        ({"column": told.name},),
                    )
                )
    table = pd.DataFrame(rows).sort_values("roc_auc", ascending=False, ignore_index=True)
    best = table.iloc[0]
    strongest = {"column": best["column"], "roc_auc": float(best["roc_auc"])}
    return [*_column_findings(suspects, known), *notes], {"strongest": strongest}, table


def _column_findings(suspects: list[tuple[float, _Told]], known: set[str]) -> list[Finding]:
    """Tell one cause once: a date, its year and the days since another date are one finding."""
    causes: list[list[tuple[float, _Told]]] = []
    for auc, told in sorted(suspects, key=lambda suspect: (len(suspect[1].made_of), -suspect[0])):
        same = [cause for cause in causes if any(told.made_of & other.made_of for _, other in cause)]
        if same:
            same[0].append((auc, told))
        else:
            causes.append([(auc, told)])
    findings = []
    for cause in causes:
        is_read = any(told.stage in known for _, told in cause)
        why = (
            "a column so strong is likely to hold the answer"
            if is_read
            else "no model sees it, but items of the two outcomes were gathered differently"
        )
        (auc, first), *others = cause
        likewise = ", ".join(f"{told.name} ({auc:.2f})" for auc, told in others)
        findings.append(
            Finding(
                "columns",
                "finding",
                f"{first.name} ({first.stage}) alone reaches ROC AUC {auc:.2f}: {why}"
                f"{'; with it ' if likewise else ''}{likewise}",
                tuple({"column": told.name} for _, told in cause),
                is_read,
            )
        )
    return findings


@dataclass(frozen=True, slots=True)
class _Told:
    """A column, or what can be told from one or two: its name, stage, values and what it is made of."""

    name: str
    stage: str
    values: pd.Series[Any]
    made_of: frozenset[str]


_SAME = {"decided_year": "decided_date", "letter_id": "source"}


def _columns_of(items: pd.DataFrame) -> list[_Told]:
    found: list[_Told] = []
    dates = []
    for column in COLUMNS:
        name, stage = column.name, column.stage
        if name in (*_ANSWERS, "item_id", "letter_id", "source", "case_number"):
            continue
        values, made_of = items[name], frozenset([_SAME.get(name, name)])
        if name in TEXT_COLUMNS:
            if 0 < values.isna().sum() < len(values):
                found.append(
                    _Told(f"whether there is a {COLUMN_NAMES[name]}", stage, values.notna(), made_of)
                )
            values = values.astype(object).map(lambda text: " ".join(words_of(text)), na_action="ignore")
        if column.kind == "list":
            values = values.map(lambda value: "; ".join(value) if isinstance(value, list) else None)
        if column.kind == "date":
            dates.append((name, stage, values))
        found.append(_Told(name, stage, values, made_of))
    order = {"filing": 0, "assignment": 1, "decision": 2}
    for place, (name, stage, values) in enumerate(dates):
        for other, other_stage, others in dates[place + 1 :]:
            days = (others - values).dt.days
            if days.notna().any():
                later = max(stage, other_stage, key=order.__getitem__)
                found.append(_Told(f"days from {name} to {other}", later, days, frozenset([name, other])))
    for name in ("letter_id", "source"):
        # "CM16-0221706" is of the kind "CM16" and the number 221706; a folder may be named after an outcome.
        text, made_of = items[name].astype(object), frozenset([_SAME.get(name, name)])
        kinds = text.map(lambda value: re.sub(r"\d{3,}.*$", "", value) if isinstance(value, str) else None)
        numbers = text.map(lambda value: _last_number(value) if isinstance(value, str) else None)
        found.append(_Told(f"beginning of {name}", "key", kinds, made_of))
        found.append(_Told(f"number in {name}", "key", numbers.astype(float), made_of))
    return found


def _last_number(text: str) -> float | None:
    numbers = re.findall(r"\d{1,15}", text)
    return float(numbers[-1]) if numbers else None


def _codings(values: pd.Series[Any]) -> list[NDArray[np.intp]]:
    """Give the ways to see a column as groups; a missing value is a group of its own."""
    exact = np.asarray(pd.factorize(values, use_na_sentinel=True)[0], dtype=np.intp)
    numeric = pd.api.types.is_numeric_dtype(values) or pd.api.types.is_datetime64_any_dtype(values)
    if not numeric or pd.api.types.is_bool_dtype(values):
        return [exact]
    ranks = values.rank(method="average", pct=True).astype(float)
    tenths = np.where(values.notna(), np.minimum((ranks.fillna(0) * 10).astype(int), 9), -1)
    return [tenths, exact] if values.nunique() <= len(values) / 5 else [tenths]


# Copies -------------------------------------------------------------------------------------------


def copied_letters(items: pd.DataFrame, splits: Sequence[Split] = ()) -> _Result:
    """Find letters whose summaries are nearly the same, and say whether folds keep them together."""
    letters = items.drop_duplicates("letter_id")[["letter_id", "case_summary"]].dropna()
    if letters.empty:
        raise SplitError("no letter has a summary")
    letters = letters.sort_values("letter_id")
    pairs = near_duplicates(letters["case_summary"].tolist())
    names = letters["letter_id"].to_numpy()
    table = pd.DataFrame(
        {
            "letter": names[pairs["first"].to_numpy(dtype=int)],
            "copy": names[pairs["second"].to_numpy(dtype=int)],
            "similarity": pairs["similarity"].to_numpy(),
        }
    )
    if table.empty:
        return [], {"n_pairs": 0, "n_across_folds": 0}, None
    across = np.zeros(len(table), dtype=bool)
    for split in splits:
        for fold in split.folds:
            taught = table.isin(set(items["letter_id"].iloc[fold.train]))
            held_out = table.isin(set(items["letter_id"].iloc[fold.test]))
            across |= (taught["letter"] & held_out["copy"] | held_out["letter"] & taught["copy"]).to_numpy()
    table["crosses_folds"] = across
    n_across = int(across.sum())
    where = (
        f"{n_across:,} of them on both sides of a fold"
        if n_across
        else "none of them on both sides of a fold, but a copy counts twice"
    )
    finding = Finding(
        "near_duplicates",
        "finding",
        f"{counted(len(table), 'pair')} of letters with nearly the same summary, {where}",
        tuple(table.sort_values("crosses_folds", ascending=False)[:_MAX_PLACES].to_dict("records")),  # type: ignore[arg-type]
    )
    return [finding], {"n_pairs": len(table), "n_across_folds": n_across}, table


def decided_twice(items: pd.DataFrame) -> _Result:
    """Compare items that say the same: the same request with the same evidence, decided more than once.

    Where they disagree, nothing known at filing could have told them apart: the share of disagreeing pairs
    bounds what any model can reach.
    """
    known = [
        column.name
        for column in COLUMNS
        if column.stage == "filing"
        and column.kind != "date"
        and column.kind != "list"
        and column.name not in ("position", "n_items", "case_summary")
    ]
    keys = items[known].astype(object).where(items[known].notna(), "")
    keys["request"] = [" ".join(words_of(text)) for text in keys["request"]]
    keys["case_summary"] = letter_families(items) if items["case_summary"].notna().any() else 0
    hashed = pd.util.hash_pandas_object(keys.astype(str), index=False)
    groups = (items["outcome"] == "overturned").groupby(hashed.to_numpy())
    sizes = groups.size()
    n = sizes[sizes > 1].to_numpy(dtype=float)
    hits = groups.sum()[sizes > 1].to_numpy(dtype=float)
    if not len(n):
        return [], {"n_items": 0, "n_groups": 0, "share_disagreeing": None}, None
    pairs, differing = (n * (n - 1) / 2).sum(), (hits * (n - hits)).sum()
    share = float(differing / pairs)
    figures = {"n_items": int(n.sum()), "n_groups": len(n), "share_disagreeing": share}
    text = (
        f"{figures['n_items']:,} items say the same as another one ({len(n):,} groups); pairs of them "
        f"were decided differently in {100 * share:.0f}% of cases"
    )
    return [Finding("decided_twice", "note", text)], figures, None


# Checks that teach models -------------------------------------------------------------------------


def audit_model(audit: Audit, items: pd.DataFrame, fit: Fit, *, seed: int = 0) -> None:
    """Add the checks that need models: shuffled outcomes, and the rationale as if it were known.

    About 1,000 items at most, of letters drawn at random, are used.
    """
    sample = _sample_letters(items, seed)
    _check(audit, "permutation", lambda: permutation(sample, fit, seed=seed))
    _check(audit, "rationale_leaked", lambda: rationale_leaked(sample, seed=seed))


def audit_score(audit: Audit, estimate: Mapping[str, Any]) -> None:
    """Add a finding where the model's own ROC AUC is higher than the field allows."""
    audit.figures["model"] = {"roc_auc": estimate["value"]}
    if estimate["low"] is not None and estimate["low"] > _SUSPECT_MODEL_AUC:
        text = (
            f"the model reaches ROC AUC {estimate['value']:.2f}; two reviews of like disputes differ too "
            "often for that, so that it must have seen the answer"
        )
        audit.findings.append(Finding("model", "finding", text))


def permutation(items: pd.DataFrame, fit: Fit, *, seed: int = 0) -> _Result:
    """Teach on outcomes that were dealt out anew: what is then predicted better than by chance is a leak."""
    rng = np.random.default_rng(seed)
    shuffled = items.assign(outcome=rng.permutation(items["outcome"].to_numpy()))
    auc, error = _held_out_auc(shuffled, fit, seed)
    figures = {"roc_auc": auc, "low": auc - 1.96 * error, "high": auc + 1.96 * error}
    if auc - 0.5 > 3.3 * error:
        text = f"with shuffled outcomes the model still reaches ROC AUC {auc:.2f}: the answer gets around"
        return [Finding("permutation", "finding", text)], figures, None
    return [], figures, None


def rationale_leaked(items: pd.DataFrame, *, seed: int = 0) -> _Result:
    """Score a plain model that reads the rationale and nothing else: the figure of a leak."""
    if items["rationale"].isna().mean() > 0.5:
        raise SplitError("most items have no rationale")
    auc, error = _held_out_auc(items, _fit_with_rationale, seed, blind=False)
    return [], {"roc_auc": auc, "low": auc - 1.96 * error, "high": min(1.0, auc + 1.96 * error)}, None


def _fit_with_rationale(items: pd.DataFrame, seed: int) -> Any:
    return fit_text(items, ("rationale",), seed)


def _held_out_auc(items: pd.DataFrame, fit: Fit, seed: int, *, blind: bool = True) -> tuple[float, float]:
    split = letter_split(items, n_folds=3, seed=seed)
    chance, fold_of = np.empty(len(items)), np.empty(len(items), dtype=np.intp)
    asked = without_answers(items) if blind else items
    for number, fold in enumerate(split.folds):
        scorer = fit(items.iloc[fold.train].reset_index(drop=True), seed)
        chance[fold.test] = scorer.predict_proba(asked.iloc[fold.test].reset_index(drop=True))
        fold_of[fold.test] = number
    overturned = (items["outcome"] == "overturned").to_numpy()
    n_positive = items.loc[overturned, "letter_id"].nunique()
    n_negative = items.loc[~overturned, "letter_id"].nunique()
    return roc_auc(overturned, rank_within(chance, fold_of)), auc_error(0.5, n_positive, n_negative)


def _sample_letters(items: pd.DataFrame, seed: int) -> pd.DataFrame:
    if len(items) <= _SAMPLE_ITEMS:
        return items
    letters = np.sort(items["letter_id"].unique())
    share = _SAMPLE_ITEMS / len(items)
    drawn = np.random.default_rng(seed).choice(letters, size=int(share * len(letters)), replace=False)
    return items[items["letter_id"].isin(drawn)].reset_index(drop=True)
