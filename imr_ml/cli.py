"""The command line: read arguments, call one public function, print, set the exit code."""

from __future__ import annotations

import json
import sys
import textwrap
from collections.abc import Callable, Mapping
from functools import wraps
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

import imr_ml
from imr_ml.collecting import rare_collection
from imr_ml.errors import ImrError, SplitError

if TYPE_CHECKING:
    import pandas as pd

    from imr_ml.reading import Failure

_PATH = click.Path(path_type=Path)


def _given(*names: str) -> str | None:
    """Give the first of some options that stands on the command line, as it is written there."""
    context = click.get_current_context()
    options = {option.name: option.opts[0] for option in context.command.params}
    stated = (
        options[name] for name in names if context.get_parameter_source(name) is ParameterSource.COMMANDLINE
    )
    return next(stated, None)


def _plain_errors(command: Callable[..., Any]) -> Callable[..., Any]:
    """Turn the package's own errors into one line on standard error and exit code 2.

    Arguments of a command bear the names of the parameters that they become, so that an error of the Python
    function about a parameter can be told in the command's words.
    """

    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except ImrError as error:
            click.echo(f"imr-ml: {error.told_as(_command_names(kwargs))}", err=True)
            sys.exit(2)
        except KeyboardInterrupt:
            click.echo("imr-ml: stopped; nothing was written", err=True)
            sys.exit(130)

    return run


def _command_names(given: Mapping[str, Any]) -> dict[str, str]:
    """Tell what a command calls its parameters: an option by its name, a file by its path."""
    names = {}
    for parameter in click.get_current_context().command.params:
        name = str(parameter.name)
        if isinstance(parameter, click.Option):
            names[name] = max(parameter.opts, key=len)
        elif isinstance(given[name], Path):
            names[name] = str(given[name])
    return names


def _how_built() -> str:
    """Tell what an installer keeps to itself: whether it could compile what reads letters and facts."""
    found = find_spec("imr_ml.cleaning")
    return "plain Python" if found and str(found.origin).endswith(".py") else "compiled"


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(
    imr_ml.__version__, prog_name="imr-ml", message=f"%(prog)s, version %(version)s, {_how_built()}"
)
def main() -> None:
    """Read California Independent Medical Review letters and predict their outcomes, item by item.

    Results go to standard output, everything else to standard error. Exit code 0: done; 1: done in part; 2:
    nothing could be done; 130: stopped.
    """
    rare_collection()


@main.command()
@click.argument("sources", nargs=-1, required=True, type=_PATH)
@click.option("--out", required=True, type=_PATH, help="The items table to write: .parquet or .csv.")
@click.option(
    "--program",
    type=click.Choice(["dwc", "dmhc"]),
    default="dwc",
    show_default=True,
    help="dwc: letters (files, folders, .zip archives). dmhc: the health plans' table as CSV.",
)
@click.option(
    "--jobs", "n_jobs", type=int, default=-1, show_default=True, help="Processes; -1 is one per core."
)
@click.option("--replace", is_flag=True, help="Write over an existing file.")
@_plain_errors
def read(sources: tuple[Path, ...], out: Path, program: str, n_jobs: int, replace: bool) -> None:
    """Read letters, or the DMHC table, into an items table.

    Beside the table, NAME.failures.csv lists every file that could not be read, and why.
    """
    from imr_ml.writing import check_new_file

    # Both forms of a table share the name of the list of failures beside it.
    for form in (out, out.with_suffix(".parquet"), out.with_suffix(".csv")):
        check_new_file(form, replace=replace, inputs=sources)
    if program == "dmhc":
        from imr_ml.dmhc import read_dmhc_to_table

        summary = read_dmhc_to_table(sources, out)
    else:
        from imr_ml.reading import read_to_table

        try:
            summary = read_to_table(sources, out, n_jobs=n_jobs, progress=sys.stderr.isatty())
        except KeyboardInterrupt:
            click.echo("imr-ml: stopped; the same command goes on where this one ended", err=True)
            sys.exit(130)
    click.echo(str(summary), err=True)
    if summary.items_path is None:
        sys.exit(2)
    click.echo(str(out))
    sys.exit(1 if summary.n_failures else 0)


@main.command()
@click.argument("file", type=_PATH)
@click.option("--json", "as_json", is_flag=True, help="The letter as JSON.")
@click.option("--html", "page", type=_PATH, help="Write a page with the letter's parts and facts marked.")
@click.option("--replace", is_flag=True, help="Write over an existing file.")
@_plain_errors
def show(file: Path, as_json: bool, page: Path | None, replace: bool) -> None:
    """Show one letter as it was understood."""
    if page is not None and as_json:
        raise click.UsageError("give --json or --html, not both")
    letter = imr_ml.read_letter(file)
    if as_json and page is None:
        click.echo(json.dumps(letter.to_dict(), indent=2, ensure_ascii=False))
        return
    from imr_ml.extracting.marking import (
        letter_answers,
        letter_contradictions,
        letter_marks,
        letter_readings,
        letter_reviews,
    )
    from imr_ml.showing import render_html, render_text

    told: dict[str, Any] = {
        "readings": letter_readings(letter),
        "grounds": letter_answers(letter),
        "reviews": letter_reviews(letter),
        "contradictions": letter_contradictions(letter),
    }
    if page is not None:
        from imr_ml.writing import check_new_file, check_suffix, whole_file

        check_suffix(page, (".html", ".htm"))
        check_new_file(page, replace=replace, inputs=[file])
        with whole_file(page) as partial:
            partial.write_text(render_html(letter, marks=letter_marks(letter), **told), encoding="utf-8")
        click.echo(str(page))
    else:
        click.echo(render_text(letter, **told), nl=False)


@main.command()
@click.argument("items", type=_PATH)
@click.option("--out", required=True, type=_PATH, help="The model's folder, such as models/NAME.")
@click.option("--stage", type=click.Choice(["filing", "assignment"]), default="filing", show_default=True)
@click.option("--seed", type=int, default=0, show_default=True)
@click.option("--evaluate/--no-evaluate", "with_evaluation", default=True, help="Whether to add the report.")
@click.option("--pool", is_flag=True, help="Let items of both programs teach one model.")
@click.option("--error-rate", type=float, default=0.1, show_default=True, help="What 'certain' may err at.")
@click.option("--cost-missed-overturn", type=float, help="Cost of calling an overturned item upheld.")
@click.option("--cost-false-alarm", type=float, help="Cost of calling an upheld item overturned.")
@click.option("--review-budget", type=float, help="Instead of costs: share of items to call overturned.")
@click.option("--update", type=_PATH, help="Fit this model anew on ITEMS, keeping what it chose.")
@_plain_errors
def train(
    items: Path,
    out: Path,
    stage: str,
    seed: int,
    with_evaluation: bool,
    pool: bool,
    error_rate: float,
    cost_missed_overturn: float | None,
    cost_false_alarm: float | None,
    review_budget: float | None,
    update: Path | None,
) -> None:
    """Evaluate by cross-validation, fit on every decided item, save the model with its report."""
    from imr_ml.writing import check_free_folder

    check_free_folder(out)
    table = imr_ml.read_items(items)
    model = imr_ml.train(
        table,
        stage=stage,
        seed=seed,
        pool=pool,
        error_rate=error_rate,
        cost_missed_overturn=cost_missed_overturn,
        cost_false_alarm=cost_false_alarm,
        review_budget=review_budget,
        update=imr_ml.load_model(update) if update is not None else None,
    )
    stage, seed = model.stage, model.seed
    evaluation = None
    if with_evaluation:
        try:
            evaluation = imr_ml.evaluate(
                table,
                splits=("letter", "time", "style"),
                stage=stage,
                seed=seed,
                pool=pool,
                n_jobs=-1,
                progress=True,
            )
        except SplitError as error:
            # The model stands; that it was not scored is on its card.
            why = f"saved without a report, for too little can be held out: {error.reason}"
            click.echo(f"{items}: {why}", err=True)
    imr_ml.save_model(model, out, evaluation=evaluation)
    click.echo(str(out))


@main.command()
@click.argument("items", type=_PATH)
@click.option("--out", required=True, type=_PATH, help="The folder for report.html, metrics.json, figures/.")
@click.option("--model", "model_folder", type=_PATH, help="Score this model on items it has not seen.")
@click.option("--stage", type=click.Choice(["filing", "assignment"]), default="filing", show_default=True)
@click.option("--seed", type=int, default=0, show_default=True)
@click.option("--pool", is_flag=True, help="Let items of both programs teach one model.")
@click.option(
    "--split",
    "splits",
    type=click.Choice(["letter", "time", "style"]),
    multiple=True,
    default=("letter", "time", "style"),
    show_default=True,
    help="How letters are held out; may be given several times.",
)
@click.option(
    "--ablations/--no-ablations",
    default=None,
    help="Train again with parts taken away or put in; by default up to 1,000 items.",
)
@click.option("--strict", is_flag=True, help="Stop where the audit finds traces of the answer.")
@_plain_errors
def evaluate(
    items: Path,
    out: Path,
    model_folder: Path | None,
    stage: str,
    seed: int,
    pool: bool,
    splits: tuple[str, ...],
    ablations: bool | None,
    strict: bool,
) -> None:
    """Report how good predictions are, against plain baselines, with intervals."""
    from imr_ml.writing import check_free_folder

    check_free_folder(out)
    if model_folder is not None and (asked := _given("stage", "splits", "ablations")):
        raise click.UsageError(f"{asked} is of teaching; with --model nothing is taught, so leave it out")
    table = imr_ml.read_items(items)
    model = imr_ml.load_model(model_folder) if model_folder is not None else None
    evaluation = imr_ml.evaluate(
        table,
        stage=stage,
        seed=seed,
        pool=pool,
        model=model,
        splits=splits,
        ablations=ablations,
        strict=strict,
        n_jobs=-1,
        progress=True,
    )
    evaluation.save(out)
    click.echo(str(out / "report.html"))


@main.command()
@click.argument("items", type=_PATH)
@click.option("--refit-every", type=click.IntRange(min=1), required=True, help="Items between two fits.")
@click.option("--delay", type=click.IntRange(min=0), required=True, help="Items until an outcome is known.")
@click.option("--order-by", help="Column that sorts items in time; by default the time of the decision.")
@click.option("--start", help="Year or date from which items are scored; by default the second half.")
@click.option("--out", type=_PATH, help="The folder for report.html, metrics.json and the predictions.")
@click.option("--stage", type=click.Choice(["filing", "assignment"]), default="filing", show_default=True)
@click.option("--seed", type=int, default=0, show_default=True)
@click.option("--pool", is_flag=True, help="Let items of both programs teach one model.")
@_plain_errors
def backtest(
    items: Path,
    refit_every: int,
    delay: int,
    order_by: str | None,
    start: str | None,
    out: Path | None,
    stage: str,
    seed: int,
    pool: bool,
) -> None:
    """Replay a table in time order: a model kept up to date beside one fitted once."""
    from tqdm import tqdm

    from imr_ml.writing import check_free_folder

    if out is not None:
        check_free_folder(out)
    table = imr_ml.read_items(items)
    with tqdm(unit="refit", disable=not sys.stderr.isatty()) as bar:

        def step(done: int, steps: int) -> None:
            bar.total = steps
            bar.update(done - bar.n)

        found = imr_ml.backtest(
            table,
            refit_every=refit_every,
            delay=delay,
            order_by=order_by,
            start=start,
            stage=stage,
            seed=seed,
            pool=pool,
            step=step,
        )
    if out is None:
        click.echo(json.dumps(found.metrics["scores"], indent=2))
    else:
        found.save(out)
        click.echo(str(out / "report.html"))


@main.command()
@click.argument("model_folder", metavar="MODEL", type=_PATH)
@click.argument("inputs", nargs=-1, type=_PATH)
@click.option("--summary", type=_PATH, help="A text file or PDF with the case summary, for --item.")
@click.option("--item", "requests", multiple=True, help="A request; may be given several times.")
@click.option("--prior-rate", type=float, help="The overturn rate to expect where the model is used.")
@click.option("--out", type=_PATH, help="Write a table (.csv or .parquet) instead of printing.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, one object per item.")
@click.option("--replace", is_flag=True, help="Write over an existing file.")
@_plain_errors
def predict(
    model_folder: Path,
    inputs: tuple[Path, ...],
    summary: Path | None,
    requests: tuple[str, ...],
    prior_rate: float | None,
    out: Path | None,
    as_json: bool,
    replace: bool,
) -> None:
    """Give each disputed item its probability of being overturned.

    INPUTS are letters, folders of letters, cases (.json) and items tables (.parquet, .csv); or name a case by
    --summary and --item.
    """
    asked, failures = _asked(inputs, summary, requests, out, replace)
    model = imr_ml.load_model(model_folder)
    answers = [imr_ml.predict(model, one, prior_rate=prior_rate) for one in asked]
    _deliver(answers, out, as_json, _as_columns)
    _tell_failures(failures)


@main.command()
@click.argument("model_folder", metavar="MODEL", type=_PATH)
@click.argument("inputs", nargs=-1, type=_PATH)
@click.option("--summary", type=_PATH, help="A text file or PDF with the case summary, for --item.")
@click.option("--item", "requests", multiple=True, help="A request; may be given several times.")
@click.option("-k", type=click.IntRange(min=1), default=5, show_default=True, help="Precedents per item.")
@click.option("--out", type=_PATH, help="Write a table (.csv or .parquet) instead of printing.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, one object per precedent.")
@click.option("--replace", is_flag=True, help="Write over an existing file.")
@_plain_errors
def precedents(
    model_folder: Path,
    inputs: tuple[Path, ...],
    summary: Path | None,
    requests: tuple[str, ...],
    k: int,
    out: Path | None,
    as_json: bool,
    replace: bool,
) -> None:
    """Show similar decided items, decided before the case, with outcome and grounds."""
    asked, failures = _asked(inputs, summary, requests, out, replace)
    model = imr_ml.load_model(model_folder)
    _deliver([imr_ml.find_precedents(model, one, k=k) for one in asked], out, as_json, _as_paragraphs)
    _tell_failures(failures)


@main.command()
@click.argument("inputs", nargs=-1, type=_PATH)
@click.option("--summary", type=_PATH, help="A text file or PDF with the case summary, for --item.")
@click.option("--item", "requests", multiple=True, help="A request; may be given several times.")
@click.option("--out", type=_PATH, help="Write a table (.csv or .parquet) instead of printing.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, one object per item and criterion.")
@click.option("--replace", is_flag=True, help="Write over an existing file.")
@_plain_errors
def grounds(
    inputs: tuple[Path, ...],
    summary: Path | None,
    requests: tuple[str, ...],
    out: Path | None,
    as_json: bool,
    replace: bool,
) -> None:
    """Show what guidelines ask of each item, and what request and summary state of it. No model is needed."""
    from imr_ml.predicting import asked_items

    asked, failures = _asked(inputs, summary, requests, out, replace)
    found = [imr_ml.find_grounds(one) for one in asked]
    _deliver(found, out, as_json, _as_grounds)
    item_ids = [name for one in asked for name in asked_items(one)["item_id"]]
    known = {name for table in found for name in table["item_id"]}
    if without := [name for name in item_ids if name not in known]:
        told = _shortened(", ".join(without), 90)
        click.echo(
            f"imr-ml: no criteria are known for {len(without)} of {len(item_ids)} items: {told}", err=True
        )
    _tell_failures(failures)


@main.command()
@click.option("--letters", type=click.IntRange(1, 9_999_999), required=True, help="How many letters.")
@click.option("--seed", type=int, default=0, show_default=True)
@click.option("--out", required=True, type=_PATH, help="A new folder.")
@click.option("--pdf", is_flag=True, help="Write PDFs instead of text.")
@_plain_errors
def simulate(letters: int, seed: int, out: Path, pdf: bool) -> None:
    """Make synthetic letters, marked as such, with the true probability of every item beside them."""
    from imr_ml.simulating import simulate as make

    make(out, n_letters=letters, seed=seed, pdf=pdf, progress=sys.stderr.isatty())
    click.echo(str(out))


@main.command()
@click.option("--out", type=_PATH, default=Path("imr-ml-demo"), show_default=True, help="A new folder.")
@_plain_errors
def demo(out: Path) -> None:
    """Run the whole path on synthetic letters in about a minute."""
    from imr_ml.demonstrating import demonstrate

    click.echo(demonstrate(out, say=lambda line: click.echo(line, err=True)))


def _asked(
    inputs: tuple[Path, ...], summary: Path | None, requests: tuple[str, ...], out: Path | None, replace: bool
) -> tuple[list[Any], list[Failure]]:
    from imr_ml.asking import ask
    from imr_ml.writing import check_new_file, check_suffix

    if out is not None:
        if click.get_current_context().params["as_json"]:
            raise click.UsageError("give --json, which prints, or --out, not both")
        check_suffix(out, (".csv", ".parquet"))
        check_new_file(out, replace=replace, inputs=[*inputs, *([summary] if summary else [])])
    return ask(inputs, summary=summary, requests=requests)


def _deliver(
    tables: list[pd.DataFrame], out: Path | None, as_json: bool, show_text: Callable[[pd.DataFrame], str]
) -> None:
    import pandas as pd

    table = pd.concat(tables, ignore_index=True)
    if out is not None:
        from imr_ml.writing import write_table

        write_table(table, out)
        click.echo(str(out))
    elif as_json:
        rows = json.loads(table.to_json(orient="records", date_format="iso"))
        click.echo(json.dumps(rows, indent=2, ensure_ascii=False))
    elif told := show_text(table):
        click.echo(told)


def _as_columns(table: pd.DataFrame) -> str:
    shown = table.assign(request=[_shortened(request, 60) for request in table["request"]])
    return shown.to_string(index=False, float_format=lambda number: f"{number:.3f}")


def _as_paragraphs(precedents: pd.DataFrame) -> str:
    if precedents.empty:
        return "No decided item before the case shares a telling word of its requests."
    lines = []
    days = precedents["decided_date"].dt.strftime("%Y-%m-%d").fillna("day not stated")
    for day, row in zip(days, precedents.astype(object).to_dict(orient="records"), strict=True):
        if row["rank"] == 1:
            lines.append(f"Like {row['item_id']}:")
        request = _shortened(row["request"], 80)
        lines += [
            f"  {row['rank']}. {row['outcome']}, {day}, {row['precedent_item_id']}: {request}",
            f"     alike in {row['alike_in']}",
        ]
        if isinstance(row["grounds"], str):
            lines.append(f"     grounds: {_shortened(row['grounds'], 300)}")
    return "\n".join(lines)


def _as_grounds(grounds: pd.DataFrame) -> str:
    from imr_ml.extracting.items.criteria import joining

    lines = []
    for (item_id, request), rows in grounds.groupby(["item_id", "request"], sort=False):
        lines.append(f"{item_id}: {_shortened(str(request), 90)}")
        told = []
        is_met = rows["is_met"]
        # What joins several criteria is left open or silent where they are: those are enough.
        is_own = is_met.isna() & ~rows["criterion"].isin(joining())
        is_open = is_own & rows["because"].notna()
        standings = {"met": is_met.fillna(False), "not met": ~is_met.fillna(True), "left open": is_open}
        for name, chosen in standings.items():
            for criterion, quote, because in rows.loc[chosen, ["criterion", "quote", "because"]].itertuples(
                index=False
            ):
                said = f'; "{_shortened(quote, 160)}"' if isinstance(quote, str) else ""
                also = f"; {because}" if isinstance(because, str) else ""
                told.append(f"{name}: {criterion}{said}{also}")
        if silent := rows.loc[is_own & ~is_open, "criterion"].tolist():
            told.append(f"not stated: {'; '.join(silent)}")
        review = rows["utilization_review"].iloc[0]
        if isinstance(review, str):
            told.append(f'utilization review: "{_shortened(review, 320)}"')
        for line in told:
            lines += textwrap.wrap(line, 100, initial_indent="  ", subsequent_indent="    ")
    return "\n".join(lines)


def _shortened(text: str, width: int) -> str:
    return textwrap.shorten(text, width, placeholder=" ...")


def _tell_failures(failures: list[Failure]) -> None:
    for failure in failures:
        click.echo(f"imr-ml: {failure.source}: {failure.error}", err=True)
    # A copy was read under its other name, so nothing is missing.
    sys.exit(1 if any(failure.copy_of is None for failure in failures) else 0)


if __name__ == "__main__":
    main(prog_name="imr-ml")
