"""No file imports what `imports.toml` does not allow its room, and each rule catches a fault."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from tests.repository.walls import ANY, ROOT, Repository, Room, read_table

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DEPLOYED = ("doorbell", "filmmaker", "tracking", "websocket", "functions", "doorbell_client")


@pytest.fixture(scope="module")
def repository() -> Repository:
    """As it stands."""
    return Repository(ROOT)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The rooms that are deployed or installed, to spoil."""
    for room in DEPLOYED:
        shutil.copytree(ROOT / room, tmp_path / room, ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def spoil(folder: Path, file: str, *lines: str) -> int:
    """Append lines to a file; the number of the last one."""
    text = (folder / file).read_text("utf-8") + "\n".join(lines) + "\n"
    (folder / file).write_text(text, "utf-8")
    return len(text.splitlines())


@pytest.fixture(scope="module")
def known(repository: Repository) -> list[str]:
    """What is wrong anyway: the copies have that too."""
    return repository.faults()


def new_faults(spoiled: Path, known: list[str]) -> list[str]:
    """What is wrong with the copy and was not before."""
    return [fault for fault in Repository(spoiled).faults() if fault not in known]


def test_every_import_is_allowed_and_every_file_has_a_room(repository: Repository) -> None:
    assert repository.faults() == []


def test_nothing_imports_round_in_a_circle_not_even_for_types(repository: Repository) -> None:
    assert repository.circle() == []


def test_the_table_allows_nothing_that_nobody_imports(repository: Repository) -> None:
    allowed = {(room.name, each) for room in repository.table.values() for each in _named(room)}
    assert allowed - set(_used(repository)) == set()


def test_the_table_names_no_room_that_is_gone(repository: Repository) -> None:
    rooms = [repository.room(module) for module in repository.modules]
    assert set(repository.table) == {room.name for room in rooms if room}


@pytest.mark.parametrize(
    ("file", "line", "fault"),
    [
        ("doorbell/model.py", "import rich", "doorbell may not import rich"),
        ("websocket/ring.py", "import boto3", "websocket may not import boto3"),
        (
            "functions/ring_path/missed.py",
            "import httpx",
            "functions.ring_path may not import httpx",
        ),
        (
            "doorbell_client/clock.py",
            "from doorbell import events",
            "doorbell_client may not import doorbell.events",
        ),
        (
            "doorbell_client/link/line.py",
            "from doorbell.events import RingPressed",
            "doorbell_client.link may not import doorbell.events",
        ),
        (
            "functions/enrolment/photo.py",
            "import websocket.ring",
            "functions.enrolment may not import websocket.ring",
        ),
        (
            "websocket/ping.py",
            "from functions.shared import run",
            "websocket may not import functions.shared.run",
        ),
        (
            "doorbell/aws/build.py",
            "import operations.stacks",
            "doorbell.aws may not import operations.stacks",
        ),
        ("doorbell/rings.py", "import local.errors", "doorbell may not import local.errors"),
        (
            "doorbell/visitor.py",
            "import doorbell.liveness.judging",
            "doorbell may not import doorbell.liveness.judging",
        ),
        (
            "functions/ring_path/ring_through.py",
            "from doorbell.liveness import judging",
            "functions.ring_path may not import doorbell.liveness.judging",
        ),
        (
            "websocket/answer.py",
            "from tracking import tracker",
            "websocket may not import tracking.tracker",
        ),
    ],
)
def test_an_import_that_no_rule_names_is_told_with_file_and_line(
    copy: Path, known: list[str], file: str, line: str, fault: str
) -> None:
    number = spoil(copy, file, line)
    assert new_faults(copy, known) == [f"{file}:{number}: {fault}"]


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param(["def late() -> None:", "    import rich.console"], id="inside a function"),
        pytest.param(
            ["from typing import TYPE_CHECKING", "if TYPE_CHECKING:", "    import rich.console"],
            id="for types alone",
        ),
        pytest.param(["import importlib", "importlib.import_module('rich.console')"], id="dynamic"),
        pytest.param(["__import__('rich.console')"], id="by the builtin"),
        pytest.param(
            ["try:", "    from rich import console", "except ImportError:", "    console = None"],
            id="if it is there",
        ),
    ],
)
def test_no_way_of_importing_is_overlooked(copy: Path, known: list[str], lines: list[str]) -> None:
    first = spoil(copy, "doorbell/model.py") + 1
    spoil(copy, "doorbell/model.py", *lines)
    (fault,) = new_faults(copy, known)
    number = next(n for n, line in enumerate(lines) if "rich" in line) + first
    assert fault.startswith(f"doorbell/model.py:{number}: doorbell may not import rich")


def test_a_module_whose_name_is_made_up_at_run_time_is_refused(
    copy: Path, known: list[str]
) -> None:
    number = spoil(copy, "websocket/ring.py", "__import__('ri' + 'ch')")
    assert new_faults(copy, known) == [
        f"websocket/ring.py:{number}: websocket may not import a made-up name"
    ]


def test_a_package_for_types_may_not_be_imported_at_run_time(copy: Path, known: list[str]) -> None:
    number = spoil(copy, "doorbell/aws/sdk.py", "import mypy_boto3_s3")
    assert new_faults(copy, known) == [
        f"doorbell/aws/sdk.py:{number}: doorbell.aws.sdk may not import mypy_boto3_s3"
    ]


def test_a_circle_at_run_time_in_the_domain_is_told_twice(copy: Path, known: list[str]) -> None:
    """As an import that goes up, and as a circle."""
    number = spoil(copy, "doorbell/rings.py", "from doorbell.visitor import ring_through")
    spoiled = Repository(copy)
    assert new_faults(copy, known) == [
        f"doorbell/rings.py:{number}: doorbell may not import doorbell.visitor"
    ]
    assert {"doorbell.rings", "doorbell.visitor"} <= set(spoiled.circle())


def test_a_circle_of_types_in_a_room_without_layers_is_told(copy: Path, known: list[str]) -> None:
    guard = ["from typing import TYPE_CHECKING", "if TYPE_CHECKING:"]
    spoil(copy, "websocket/ping.py", *guard, "    from websocket import opened")
    spoil(copy, "websocket/opened.py", *guard, "    from websocket.ping import handle")
    assert set(Repository(copy).circle()) == {"websocket.ping", "websocket.opened"}


def test_the_device_rooms_import_downwards_alone(copy: Path, known: list[str]) -> None:
    number = spoil(copy, "doorbell_client/link/line.py", "import doorbell_client.outbox.spool")
    assert new_faults(copy, known) == [
        f"doorbell_client/link/line.py:{number}: "
        "doorbell_client.link may not import doorbell_client.outbox.spool"
    ]


def test_a_new_file_of_the_domain_needs_a_layer_and_a_new_folder_a_room(
    copy: Path, known: list[str]
) -> None:
    (copy / "doorbell/stranger.py").write_text("")
    (copy / "kitchen").mkdir()
    (copy / "kitchen/sink.py").write_text("import os\n")
    assert new_faults(copy, known) == [
        "doorbell/stranger.py: stands in no layer of doorbell",
        "kitchen/sink.py: stands in no room of imports.toml",
    ]


def test_a_row_with_a_key_that_does_not_exist_is_no_rule(tmp_path: Path) -> None:
    file = tmp_path / "imports.toml"
    file.write_text('[doorbell]\noutsides = ["rich"]\n')
    with pytest.raises(TypeError, match="outsides"):
        read_table(file)


def _named(room: Room) -> list[str]:
    return [each for each in [*room.rooms, *room.outside, *room.types] if each != ANY]


def _used(repository: Repository) -> Iterator[tuple[str, str]]:
    """Each room, and in every way in which the table may call it what the room imports."""
    for module, imports in repository.imports.items():
        room = repository.room(module)
        for each in imports:
            target = each.target(repository.modules.__contains__)
            there = repository.room(target)
            for name in (target, target.split(".")[0], there.name if there else ""):
                yield (room.name if room else "", name)
