"""A package holds what its function imports, and nothing else."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from packing.package import handler_module, pack
from packing.reach import NothingToPack
from tests.template.sources import ROOT, functions

OURS: Final = ("doorbell", "functions", "websocket")
IMPORTED: Final = """
import importlib, sys
sys.path.insert(0, sys.argv[2])
importlib.import_module(sys.argv[1])
for module in sys.modules.values():
    print(getattr(module, "__file__", None))
"""


def packed(folder: Path) -> set[Path]:
    """The files of a package, relative to it."""
    return {file.relative_to(folder) for file in folder.rglob("*") if file.is_file()}


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """What is packed, and where the template says that it begins."""
    root = tmp_path / "root"
    for room in OURS:
        shutil.copytree(ROOT / room, root / room, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "template.yaml", root)
    return root


@pytest.mark.parametrize("function", functions())
def test_our_files_are_those_that_the_handler_imports_when_it_runs(
    tmp_path: Path, function: str
) -> None:
    """Asked of the interpreter itself, with nothing of ours but the package."""
    pack(function, ROOT, tmp_path)
    module = handler_module(function, ROOT)
    program = [sys.executable, "-P", "-B", "-c", IMPORTED, module, str(tmp_path)]
    ended = subprocess.run(program, cwd="/", capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    loaded = {Path(line) for line in ended.stdout.splitlines() if line.startswith(str(tmp_path))}
    assert packed(tmp_path) == {file.relative_to(tmp_path) for file in loaded}


@pytest.mark.parametrize("function", functions())
def test_a_stranger_beside_is_in_no_package(copy: Path, tmp_path: Path, function: str) -> None:
    """Next to every file that is packed, in a folder of its own, and named for types alone."""
    pack(function, copy, tmp_path / "before")
    for folder in {file.parent for file in copy.rglob("*.py")}:
        (folder / "stranger.py").write_text("import boto3\n")
    (copy / "functions/stranger").mkdir()
    (copy / "functions/stranger/__init__.py").touch()
    with (copy / "doorbell/model.py").open("a") as model:
        model.write("\nif TYPE_CHECKING:\n    from doorbell import stranger\n")
    pack(function, copy, tmp_path / "after")
    assert packed(tmp_path / "after") == packed(tmp_path / "before")


def test_the_functions_share_the_domain_and_not_their_jobs(tmp_path: Path) -> None:
    for function in ("RingPath", "Enrolment"):
        pack(function, ROOT, tmp_path / function)
    ring, enrolment = (packed(tmp_path / function) for function in ("RingPath", "Enrolment"))
    assert not [file for file in ring if file.is_relative_to("functions/enrolment")]
    assert not [file for file in enrolment if file.is_relative_to("functions/ring_path")]
    assert not [file for file in enrolment if file.is_relative_to("websocket")]
    assert Path("functions/shared/run.py") in ring & enrolment


def test_a_function_that_the_template_does_not_name_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NothingToPack, match="no function Stranger"):
        pack("Stranger", ROOT, tmp_path)
