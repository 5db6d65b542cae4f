"""`sam build` needs no account, and packs what each function imports and nothing else."""

from __future__ import annotations

import compileall
import re
import shutil
from py_compile import PycInvalidationMode
from typing import TYPE_CHECKING, Final

import pytest

from packing.sizes import size
from tests.template import elf
from tests.template.lambda_python import isolated, packed_for_it
from tests.template.sources import ROOT, functions, template
from tests.template.tools import run

if TYPE_CHECKING:
    from pathlib import Path

BOTOCORE: Final = {
    "botocore", "certifi", "dateutil", "idna", "jmespath", "six.py", "urllib3",
}  # fmt: skip
CRYPTOGRAPHY: Final = {"_cffi_backend.so", "cryptography"}
PACKED: Final = {
    "RingPath": {"doorbell", "functions", "websocket"},
    "Enrolment": {"doorbell", "functions", *BOTOCORE},
    "Household": {"doorbell", "functions", *BOTOCORE},
    "PhoneApi": {
        "doorbell", "functions", *BOTOCORE, "msgspec", "segno", "yaml",
    },
    "Cameras": {"doorbell", "functions", *BOTOCORE, "PIL", "msgspec", "pillow.libs", "yaml"},
    "Film": {
        "doorbell", "filmmaker", "functions", *BOTOCORE, "PIL", "av", "av.libs", "pillow.libs",
        "tracking",
    },
    "Push": {"doorbell", "functions", *CRYPTOGRAPHY, "http_ece", "idna", "py_vapid", "urllib3"},
    "Notify": {
        "doorbell", "functions", *BOTOCORE, *CRYPTOGRAPHY,
        "apprise", "charset_normalizer", "click", "markdown", "oauthlib",
        "requests", "requests_oauthlib", "yaml",
    },
    "Publish": {
        "doorbell", "functions", *BOTOCORE, *CRYPTOGRAPHY,
        "apprise", "charset_normalizer", "click", "markdown", "oauthlib",
        "requests", "requests_oauthlib", "yaml",
    },
}  # fmt: skip
"""What stands at the top of each package: our rooms, and what requirements/functions.txt brings."""

COMPILED: Final = {"Cameras", "Film", "Notify", "PhoneApi", "Publish", "Push"}
"""Packages with compiled modules: for Lambda's processor and Python, not for this machine's."""

OURS: Final = ("doorbell", "filmmaker", "functions", "tracking", "websocket")

IMPORT: Final = """
import importlib, sys
sys.path.insert(0, sys.argv[2])
module, _, name = sys.argv[1].rpartition(".")
assert callable(getattr(importlib.import_module(module), name))
"""
MESSENGERS: Final = """
import sys
sys.path.insert(0, sys.argv[1])
import apprise
assert apprise.Apprise().add("ntfy://topic")
print(len(apprise.Apprise().details()["schemas"]))
"""
FILMS: Final = """
import io, pathlib, sys
sys.path.insert(0, sys.argv[1])
from PIL import Image
from doorbell.liveness.judging import moves_like_a_print
from filmmaker.films import make_gif, make_mp4
from tracking import tracker
written = io.BytesIO()
Image.new("RGB", (64, 64), "red").save(written, "JPEG")
for make in (make_gif, make_mp4):
    print(make([written.getvalue()] * 3, pathlib.Path(sys.argv[2]), fps=5).frames)
wide = io.BytesIO()
Image.effect_noise((320, 240), 90).save(wide, "JPEG")
print(moves_like_a_print(tracker, [wide.getvalue()] * 3))
"""
LARGEST: Final = 250_000_000
"""Bytes that Lambda unpacks at most."""
TAGS: Final = {"cpython-313-aarch64-linux-gnu", "abi3"}
"""What a compiled module is named after: this Python on this processor, or any Python 3 (PEP 3149,
PEP 384)."""
LIBRARY: Final = re.compile(r"lib[\w+-]+\.so[\d.]*")
"""A library that a wheel brings, not a module."""
IN_LAMBDA: Final = {
    "ld-linux-aarch64.so.1", "libc.so.6", "libdl.so.2", "libgcc_s.so.1", "libm.so.6",
    "libpthread.so.0", "librt.so.1", "libstdc++.so.6", "libz.so.1",
}  # fmt: skip
"""What Amazon Linux 2023 has, which Lambda's Python runs on and is itself linked with."""
GLIBC: Final = 34
"""Its C library is 2.34 (Amazon Linux 2023 User Guide, "Comparing AL2 and AL2023")."""
NOBODY: Final = """
import importlib.util, sys
assert not [each for each in sys.path if "site-packages" in each], sys.path
print(*(name for name in sys.argv[1:] if importlib.util.find_spec(name)))
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
    (sdk.scheduler.delete_schedule, dict(Name="n", GroupName="g")),
    (sdk.sns.publish, dict(TopicArn="arn:aws:sns:eu-central-1:1:t", Message="m")),
]:
    try:
        call(**arguments)
    except EndpointConnectionError:
        print("reached the network")
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All functions, built as `make build` does."""
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
    assert {_plain(path) for path in (built / function).iterdir()} == PACKED[function]


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
    assert models == {"rekognition", "s3", "scheduler", "sns"}


def test_what_is_compiled_is_for_lambda(built: Path) -> None:
    """Of the packages that have compiled modules, all are for its processor and its Python."""
    compiled = _compiled(built)
    assert {path.relative_to(built).parts[0] for path in compiled} == COMPILED
    for path in compiled:
        assert elf.read(path).machine == elf.AARCH64, path
        assert LIBRARY.fullmatch(path.name) or path.name.split(".", 1)[1][:-3] in TAGS, path


def test_what_is_compiled_finds_its_libraries_in_lambda(built: Path) -> None:
    """Each library is in the package or in Amazon Linux, and asks for no newer C library."""
    for function in COMPILED:
        files = _compiled(built / function)
        there = IN_LAMBDA | {path.name for path in files}
        for path in files:
            needs = elf.read(path)
            assert set(needs.needed) <= there, path
            assert needs.glibc <= GLIBC, path


@pytest.fixture(scope="module")
def here(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same packages with compiled modules that this machine's processor can load."""
    folder = tmp_path_factory.mktemp("here")
    packed_for_it(sorted(COMPILED), folder)
    for function in set(PACKED) - COMPILED:
        (folder / function).symlink_to(built / function)
    return folder


@pytest.mark.parametrize("function", sorted(COMPILED))
def test_no_compiled_module_is_missing_for_lambda(built: Path, here: Path, function: str) -> None:
    """What runs below on this machine's processor is there for Lambda's, module by module. For
    another version of Python a package may have fewer.
    """
    for_lambda, for_this = (
        {_module(path.relative_to(folder)) for path in _compiled(folder) if not _is_library(path)}
        for folder in (built / function, here / function)
    )
    assert for_this <= for_lambda


def test_the_interpreter_has_nothing_but_itself(tmp_path: Path) -> None:
    """No module of ours and no package, neither the packed ones nor those of the tests."""
    names = {name.removesuffix(".py") for names in PACKED.values() for name in names}
    modules = [*filter(str.isidentifier, sorted(names)), "boto3", "pytest"]
    assert isolated(tmp_path, NOBODY, "json", *modules).split() == ["json"]


@pytest.mark.parametrize("function", PACKED)
def test_a_handler_is_imported_from_its_package_alone(here: Path, function: str) -> None:
    """With the folder and Python itself; not even the boto3 of Lambda's runtime."""
    isolated(here, IMPORT, functions()[function]["Handler"], here / function)


def test_messengers_find_their_parts_in_the_package(here: Path) -> None:
    """Apprise looks for them while it runs: over a hundred services, one of which is taken."""
    said = isolated(here, MESSENGERS, here / "Notify")
    assert int(said) > 100


def test_films_are_made_with_what_is_packed(here: Path, tmp_path: Path) -> None:
    """And judged. The libraries that Pillow and PyAV load are there; nothing else is needed."""
    assert isolated(here, FILMS, here / "Film", tmp_path / "film").split() == ["3", "3", "False"]


@pytest.mark.parametrize("function", PACKED)
def test_lambda_has_room_for_a_package(built: Path, function: str) -> None:
    assert size(built / function).unpacked < LARGEST / 2


def test_every_service_is_called_with_what_is_packed(built: Path) -> None:
    """As far as the network: models, endpoints, signatures and retries are all there."""
    assert isolated(built, USE, built / "Enrolment").splitlines() == ["reached the network"] * 4


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


def _compiled(folder: Path) -> list[Path]:
    """Every compiled module and library in a folder."""
    return [path for path in folder.rglob("*.so*") if path.is_file()]


def _is_library(path: Path) -> bool:
    return LIBRARY.fullmatch(path.name) is not None


def _module(path: Path) -> Path:
    return path.with_name(path.name.partition(".")[0])


def _plain(path: Path) -> str:
    """A compiled module's name without what it was compiled for."""
    return f"{path.name.split('.')[0]}.so" if path.suffix == ".so" else path.name
