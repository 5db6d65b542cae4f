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
