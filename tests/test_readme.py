from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
import pytest

from imr_ml.cli import main

README = (Path(__file__).resolve().parents[1] / "README.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^(?:\.venv/bin/)?imr-ml (.+)$", README, re.MULTILINE)
# A paragraph, a line of a table, or a block of commands.
PARTS = re.split(r"\n\n|\n(?=\| )", README)
OF_MANY = 4


def options(command: click.Command) -> set[str]:
    return {name for option in command.params for name in (*option.opts, *option.secondary_opts)}


@pytest.mark.parametrize("written", COMMANDS)
def test_a_command_has_all_that_it_needs_and_nothing_else(written: str) -> None:
    name, *arguments = shlex.split(written, comments=True)
    assert main.commands[name].make_context(name, arguments).params


@pytest.mark.parametrize("part", [part for part in PARTS if re.search(r"(?<![\w-])--[a-z]", part)])
def test_an_option_stands_with_a_command_that_has_it(part: str) -> None:
    of = {name: options(command) for name, command in main.commands.items()}
    named = set(re.findall(r"(?:`(?:imr-ml )?|imr-ml )([a-z]+)\b", part)) & {*of}
    for option in re.findall(r"(?<![\w-])--[a-z][a-z-]*", part):
        having = {name for name in of if option in of[name]}
        assert having & named or len(having) >= OF_MANY or option == "--version", option
