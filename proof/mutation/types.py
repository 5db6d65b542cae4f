"""What no test noticed but the type checker does: it stands in `make lint` and `make test`."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections import defaultdict
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Final

from proof.mutation.rooms import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from proof.mutation.changes import Change, Source

CHECKED: Final = ("doorbell", "doorbell_client/door", "doorbell_client/outbox")
COPIED: Final = ("doorbell", "doorbell_client", "pyproject.toml")


def refused(changes: Sequence[Change], sources: Mapping[str, Source]) -> set[int]:
    """The indices of changes that mypy refuses. Each round spoils every file in one place."""
    by_file: defaultdict[str, list[int]] = defaultdict(list)
    for index, change in enumerate(changes):
        by_file[change.file].append(index)
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        for name in COPIED:
            copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
            copy(ROOT / name, folder / name)
        return {
            index
            for spoiled in zip_longest(*by_file.values())
            for index in _round(
                [changes[i] for i in spoiled if i is not None],
                [i for i in spoiled if i is not None],
                sources,
                folder,
            )
        }


def _round(
    changes: Sequence[Change], indices: Sequence[int], sources: Mapping[str, Source], folder: Path
) -> Iterator[int]:
    for change in changes:
        (folder / change.file).write_text(sources[change.file].changed(change), "utf-8")
    wrong = _check(folder)
    for change, index in zip(changes, indices, strict=True):
        (folder / change.file).write_text(sources[change.file].module.code, "utf-8")
        if change.file in wrong:
            yield index


def _check(folder: Path) -> set[str]:
    """The files in which mypy finds something wrong."""
    asked = [
        sys.executable,
        "-m",
        "mypy",
        "--no-error-summary",
        "--cache-dir",
        str(folder / "cache"),
    ]
    ended = subprocess.run(
        [*asked, *CHECKED], cwd=folder, capture_output=True, text=True, check=False, env=os.environ
    )
    if ended.returncode not in {0, 1}:
        raise RuntimeError(ended.stdout + ended.stderr)
    return set(re.findall(r"^(.+?):\d+: error", ended.stdout, re.M))
