"""The one loader of the data that the package carries: tables, texts and page templates."""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import jinja2


@cache
def read_resource(name: str) -> str:
    """Read a text file of this folder by its path, such as ``layouts/headings.csv``."""
    return files(__name__).joinpath(*name.split("/")).read_text(encoding="utf-8")


@cache
def read_rows(name: str) -> tuple[dict[str, str], ...]:
    """Read a CSV table of this folder, one dict per row; every cell is text without outer spaces."""
    names, *rows = csv.reader(read_resource(name).splitlines())
    return tuple(dict(zip(names, map(str.strip, row), strict=True)) for row in rows)


@cache
def lexicon_phrases() -> frozenset[str]:
    """Give what names treatments, drugs and parts of the body, as the tables write it."""
    tables = (
        ("taxonomies/treatments.csv", "phrase"),
        ("lexicons/drugs.csv", "name"),
        ("lexicons/body_parts.csv", "phrase"),
    )
    return frozenset(row[column] for table, column in tables for row in read_rows(table))


@cache
def template(name: str) -> jinja2.Template:
    """Compile a page template of this folder; every value is escaped, for letters come from strangers.

    A name that ends in ``.md.jinja`` makes Markdown, where HTML escapes would stand as they are.
    """
    import jinja2

    environment = jinja2.Environment(
        autoescape=not name.endswith(".md.jinja"),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    return environment.from_string(read_resource(name))
