"""A person can be told where the stack and the token were found."""

import json
from pathlib import Path

import pytest

from doorbell_client.config.profile import Profile
from doorbell_client.config.schema import Config

STACK = {"websocket": "ws://127.0.0.1:1/prod", "tokens": {"door": "d.d.d", "phone": "p.p.p"}}
FILE = Path("/etc/doorbell/doorbell.toml")


@pytest.mark.parametrize(
    ("profile", "source"),
    [
        (Profile(Config(), FILE, False, {}, url="wss://x", token="t"), "the command line"),
        (Profile(Config(), FILE, False, {"DOORBELL_CLOUD_URL": "wss://x"}), "the environment"),
        (Profile(Config(), FILE, True, {}), str(FILE)),
        (Profile(Config(), FILE, False, {}), ".local/stack.json (door)"),
    ],
)
def test_the_source_that_counts_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, profile: Profile, source: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path(".local").mkdir()
    Path(".local/stack.json").write_text(json.dumps(STACK))
    assert profile.source("door") == source


def test_without_a_stack_in_this_folder_it_is_the_configuration(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert Profile(Config(), FILE, False, {}).source("door") == str(FILE)


def in_environment(**environment: str) -> Profile:
    return Profile(Config(), FILE, False, environment)


def test_the_folder_in_memory_is_the_service_s_else_one_for_each_spool_of_the_user(
    tmp_path: Path,
) -> None:
    service = in_environment(RUNTIME_DIRECTORY="/run/doorbell:/run/other")
    assert service.runtime_folder() == Path("/run/doorbell")
    doors = [
        in_environment(XDG_RUNTIME_DIR=str(tmp_path), STATE_DIRECTORY=state)
        for state in ("/var/lib/a", "/var/lib/b", "/var/lib/a")
    ]
    first, second, again = (door.runtime_folder() for door in doors)
    assert first is not None
    assert first.is_dir()
    assert first.is_relative_to(tmp_path)
    assert first == again != second


def test_without_a_folder_in_memory_there_is_none(tmp_path: Path) -> None:
    assert in_environment().runtime_folder() is None
    (tmp_path / "doorbell").touch()
    assert in_environment(XDG_RUNTIME_DIR=str(tmp_path)).runtime_folder() is None
