"""`sam build` needs no account, and packs what each function imports and nothing else."""

from __future__ import annotations

import compileall
import re
import shutil
import subprocess
import sys
from py_compile import PycInvalidationMode
from typing import TYPE_CHECKING, Final

import pytest

from packing.sizes import size
from tests.template.sources import ROOT, functions, template
from tests.template.tools import run

if TYPE_CHECKING:
    from pathlib import Path

PACKED: Final = {
    "RingPath": {"doorbell", "functions", "websocket"},
    "Enrolment": {
        "doorbell", "functions",
        "botocore", "dateutil", "jmespath", "six.py", "urllib3",
    },
}  # fmt: skip
"""What stands at the top of each package: our rooms, and what requirements/functions.txt brings."""

OURS: Final = ("doorbell", "functions", "websocket")

IMPORT: Final = """
import importlib, sys
sys.path.insert(0, sys.argv[2])
module, _, name = sys.argv[1].rpartition(".")
assert callable(getattr(importlib.import_module(module), name))
"""
USE: Final = """
import os, sys
sys.path.insert(0, sys.argv[1])
os.environ.update(
    AWS_DEFAULT_REGION="eu-central-1", AWS_ACCESS_KEY_ID="key", AWS_SECRET_ACCESS_KEY="secret",
    AWS_ENDPOINT_URL="http://127.0.0.1:9", AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI="http://127.0.0.1:9",
)
from botocore.exceptions import EndpointConnectionError
from doorbell.aws.sdk import Sdk
sdk = Sdk()
for call, arguments in [
    (sdk.s3.head_object, dict(Bucket="b", Key="k")),
    (sdk.rekognition.delete_faces, dict(CollectionId="c", FaceIds=["f" * 36])),
]:
    try:
        call(**arguments)
    except EndpointConnectionError:
        print("reached the network")
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
    assert set(functions()) == set(PACKED)
    assert {folder.name for folder in built.iterdir() if folder.is_dir()} == set(PACKED)


@pytest.mark.parametrize("function", PACKED)
def test_a_function_holds_its_code_and_its_pinned_packages(built: Path, function: str) -> None:
    """No tests, no local/, no tools; and the ring's function no package at all."""
    assert {path.name for path in (built / function).iterdir()} == PACKED[function]


@pytest.mark.parametrize("function", PACKED)
def test_our_rooms_hold_our_modules_alone(built: Path, function: str) -> None:
    """Every packed file of ours is the repository's, byte for byte, or compiled from it."""
    for room in PACKED[function] & set(OURS):
        for path in (built / function / room).rglob("*.*"):
            if path.suffix != ".pyc":
                assert path.suffix == ".py"
                assert path.read_bytes() == (ROOT / path.relative_to(built / function)).read_bytes()


def test_what_packages_bring_beside_is_left_behind(built: Path) -> None:
    """The models of services that are never called, examples, records of pip."""
    package = built / "Enrolment"
    names = {str(path.relative_to(package)) for path in package.rglob("*")}
    assert not [name for name in names if "dist-info" in name]
    assert not [name for name in names if "examples-1" in name or "waiters-2" in name]
    models = {path.name for path in (package / "botocore/data").iterdir() if path.is_dir()}
    assert models == {"rekognition", "s3"}


@pytest.mark.parametrize("function", PACKED)
def test_a_handler_is_imported_from_its_package_alone(built: Path, function: str) -> None:
    """With the folder and Python itself; not even the boto3 of Lambda's runtime."""
    isolated(built, IMPORT, functions()[function]["Handler"], built / function)


def test_every_service_is_called_with_what_is_packed(built: Path) -> None:
    """As far as the network: models, endpoints, signatures and retries are all there."""
    assert isolated(built, USE, built / "Enrolment").splitlines() == ["reached the network"] * 2


def test_the_ring_s_package_stays_under_half_a_megabyte(built: Path, tmp_path: Path) -> None:
    """Compiled, as it is uploaded; here by the Python of the tests, where Lambda's is missing."""
    package = shutil.copytree(built / "RingPath", tmp_path / "RingPath")
    if not size(package).compiled:
        mode = PycInvalidationMode.UNCHECKED_HASH
        assert compileall.compile_dir(package, quiet=1, invalidation_mode=mode)
    assert 100_000 < size(package).zipped < 500_000


def test_the_packages_are_compiled_for_the_python_that_lambda_runs() -> None:
    """The Makefile and the table of sizes name the template's runtime."""
    version = template()["Globals"]["Function"]["Runtime"].removeprefix("python")
    makefile = (ROOT / "Makefile").read_text("utf-8")
    assert re.findall(r"^LAMBDA_VERSION := (.+)$", makefile, re.MULTILINE) == [version]
    assert f"uv python install {version}`" in (ROOT / "packing/sizes.py").read_text("utf-8")


def isolated(folder: Path, code: str, *arguments: str | Path) -> str:
    """What the code prints in an interpreter that has no packages but what it puts on its path."""
    program = [sys.executable, "-I", "-S", "-B", "-c", code, *arguments]
    ended = subprocess.run(program, cwd=folder, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout
