"""What no test noticed but the type checker does: it stands in `make lint` and `make test`."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections import defaultdict
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from proof.mutation.explained import functions_in
from proof.mutation.rooms import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from proof.mutation.changes import Change, Source

CHECKED: Final = ("doorbell", "doorbell_client/door", "doorbell_client/outbox")
COPIED: Final = ("doorbell", "doorbell_client", "pyproject.toml")


def refused(changes: Sequence[Change], sources: Mapping[str, Source]) -> set[int]:
    """The indices of changes that mypy refuses. Each round spoils every function once."""
    by_function: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for index, change in enumerate(changes):
        by_function[change.file, change.function].append(index)
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        for name in COPIED:
            copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
            copy(ROOT / name, folder / name)
        return {
            index
            for spoiled in zip_longest(*by_function.values())
            for index in _round({i: changes[i] for i in spoiled if i is not None}, sources, folder)
        }


def _round(
    changes: Mapping[int, Change], sources: Mapping[str, Source], folder: Path
) -> Iterator[int]:
    places: dict[tuple[str, str], int] = {}
    texts: dict[str, str] = {}
    for file in {change.file for change in changes.values()}:
        here = {index: change for index, change in changes.items() if change.file == file}
        places |= {(file, change.function): index for index, change in here.items()}
        texts[file] = sources[file].changed(*here.values())
        (folder / file).write_text(texts[file], "utf-8")
    for file, line in _wrong(folder):
        for function in functions_at(texts.get(file, ""), line):
            if (file, function) in places:
                yield places[file, function]
    for file in texts:
        (folder / file).write_text(sources[file].module.code, "utf-8")


def functions_at(text: str, line: int) -> list[str]:
    """The functions in which this line is, as Python qualifies them."""
    return [
        name for name, node in functions_in(ast.parse(text)) if _begin(node) <= line <= _end(node)
    ]


def _begin(node: Any) -> int:
    lines: list[int] = [node.lineno, *(each.lineno for each in node.decorator_list)]
    return min(lines)


def _end(node: Any) -> int:
    return int(node.end_lineno)


def _wrong(folder: Path) -> list[tuple[str, int]]:
    """Where mypy finds something wrong."""
    cache = str(folder / "cache")
    asked = [sys.executable, "-m", "mypy", "--no-error-summary", "--cache-dir", cache]
    ended = subprocess.run(
        [*asked, *CHECKED], cwd=folder, capture_output=True, text=True, check=False, env=os.environ
    )
    if ended.returncode not in {0, 1}:
        raise RuntimeError(ended.stdout + ended.stderr)
    found = re.findall(r"^(.+?):(\d+): error", ended.stdout, re.MULTILINE)
    return [(file, int(line)) for file, line in found]
