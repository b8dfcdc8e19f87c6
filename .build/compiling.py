"""Compile the modules that read letters and facts when a wheel is built, where the machine can.

An editable install stays uncompiled, so that an edit counts at once. So does the source tree: a copy of it is
compiled, and what comes of that goes into the wheel alone.
"""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

COMPILE = (sys.executable, "-m", "mypyc", "--ignore-missing-imports", "--follow-imports=silent")
# No function can be replaced from outside: the compiler may put it where it is called. The others are those
# of Python itself, which some setuptools drop where flags are given: then each macro of Python is asserted.
_FLAGS = "-fvisibility=hidden -DNDEBUG -fwrapv"


def with_finals(source: str) -> str:
    """Declare the constants of a module final: compiled code then reaches them without a dictionary.

    Constants are names in capitals that are assigned once, at the module's top level, annotated or not.
    """
    tree = ast.parse(source)
    stored = Counter(
        node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    )
    lines = source.splitlines(keepends=True)
    for node in tree.body:
        if isinstance(node, ast.Assign) and len(node.targets) == 1:
            target: ast.expr = node.targets[0]
        elif isinstance(node, ast.AnnAssign) and node.value is not None:
            target = node.target
        else:
            continue
        if isinstance(target, ast.Name) and target.id.isupper() and stored[target.id] == 1:
            kind = f"[{ast.unparse(node.annotation)}]" if isinstance(node, ast.AnnAssign) else ""
            value = lines[node.lineno - 1].partition(" =")[2]
            lines[node.lineno - 1] = f"{target.id}: Final{kind} ={value}"
    return "".join(lines).replace(_FUTURE, f"{_FUTURE}from typing import Final\n", 1)


_FUTURE = "from __future__ import annotations\n"


class Compiling(BuildHookInterface):
    """Adds compiled modules beside their sources; where that fails the wheel is plain Python, and says so."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile, unless the install is editable or ``IMR_ML_COMPILE`` is 0."""
        if version == "editable" or os.environ.get("IMR_ML_COMPILE") == "0":
            return
        self._folder = TemporaryDirectory()
        copy = Path(self._folder.name)
        shutil.copytree(Path(self.root, "imr_ml"), copy / "imr_ml")
        found = (path for pattern in self.config["compiled"] for path in copy.glob(pattern))
        sources = sorted(str(path.relative_to(copy)) for path in found)
        for path in (path for pattern in self.config["final"] for path in copy.glob(pattern)):
            path.write_text(with_finals(path.read_text(encoding="utf-8")), encoding="utf-8")
        environment = {**os.environ, "CFLAGS": f"{os.environ.get('CFLAGS', '')} {_FLAGS}"}
        done = subprocess.run([*COMPILE, *sources], cwd=copy, env=environment, capture_output=True, text=True)
        if done.returncode:
            self.app.display_warning(f"{done.stdout}{done.stderr}")
            self.app.display_warning("imr-ml is installed as plain Python, which reads more slowly")
            return
        for path in copy.rglob("*"):
            if path.suffix in (".so", ".pyd") and "build" not in path.relative_to(copy).parts:
                build_data["force_include"][str(path)] = str(path.relative_to(copy))
        build_data["pure_python"] = False
        build_data["infer_tag"] = True

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Remove the copy."""
        if hasattr(self, "_folder"):
            self._folder.cleanup()
