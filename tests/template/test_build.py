"""`sam build` needs no account, and packs what each function imports and nothing else."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Final

import boto3
import pytest

from tests.template.sources import ROOT, functions
from tests.template.tools import run

PINNED: Final = {"aws_lambda_powertools", "jmespath", "typing_extensions.py"}
"""What requirements/functions.txt brings."""

OURS: Final = {
    "RingPath": {"doorbell", "functions", "websocket"},
    "Enrolment": {"doorbell", "functions"},
}
OFF_THE_PATH: Final = {"enrolment.py", "record_faces.py", "forget_photo.py", "photo.py"}
ENROLMENTS: Final = OFF_THE_PATH | {"__init__.py", "run.py"}

IMPORT: Final = """
import importlib, sys
sys.path[:0] = sys.argv[2:]
module, _, name = sys.argv[1].rpartition(".")
handler = getattr(importlib.import_module(module), name)
assert callable(handler)
ours = [m for n, m in sys.modules.items() if n.split(".")[0] in ("doorbell", "functions")]
assert all(m.__file__.startswith(sys.argv[2]) for m in ours)
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Both functions, built as `make build` does."""
    folder = tmp_path_factory.mktemp("built")
    arguments: list[str | Path] = [
        "build",
        "--template",
        ROOT / "template.yaml",
        "--build-dir",
        folder,
    ]
    # Without the network where uv has all it needs, which it has after `make test` set itself up.
    status, said = run("sam", *arguments, UV_OFFLINE="1")
    if status:
        status, said = run("sam", *arguments)
    assert status == 0, said
    return folder


def test_every_function_is_built(built: Path) -> None:
    """The built template names the same functions as the source, and each has its folder."""
    assert set(functions()) == set(OURS)
    assert {folder.name for folder in built.iterdir() if folder.is_dir()} == set(OURS)


@pytest.mark.parametrize("function", OURS)
def test_a_function_holds_its_code_and_its_pinned_packages(built: Path, function: str) -> None:
    """No tests, no local/, no tools: what stands at the top is ours or pinned."""
    top = {path.name for path in (built / function).iterdir() if path.suffix != ".dist-info"}
    assert top == OURS[function] | PINNED


@pytest.mark.parametrize("function", OURS)
def test_our_rooms_hold_our_modules_alone(built: Path, function: str) -> None:
    """Every packed file of ours is the repository's; administration and caches stay here."""
    for room in OURS[function]:
        for path in (built / function / room).rglob("*"):
            if path.is_file():
                source = ROOT / path.relative_to(built / function)
                assert path.suffix == ".py"
                assert path.read_bytes() == source.read_bytes()
    assert not (built / function / "operations/admin.py").exists()


def test_jobs_are_packed_where_they_run(built: Path) -> None:
    """Enrolment's jobs are off the ring path, and no ring's job is in Enrolment."""
    assert {path.name for path in (built / "Enrolment/functions").iterdir()} == ENROLMENTS
    on_the_path = {path.name for path in (built / "RingPath/functions").iterdir()}
    assert on_the_path.isdisjoint(OFF_THE_PATH)
    assert "ring_path.py" in on_the_path


@pytest.mark.parametrize("function", OURS)
def test_a_handler_is_imported_from_its_folder_alone(built: Path, function: str) -> None:
    """With the folder, and the boto3 that Lambda's runtime has, the handler imports."""
    handler = functions()[function]["Handler"]
    runtime = Path(boto3.__file__).parents[1]
    isolated = [sys.executable, "-I", "-S", "-B", "-c", IMPORT, handler, built / function, runtime]
    ended = subprocess.run(isolated, cwd=built, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
