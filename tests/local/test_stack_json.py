"""`.local/stack.json` is the contract of design.md, and only its owner's to read."""

import json
import stat
from pathlib import Path

import pytest

from local.server import Aws
from local.stack import Stack, announced


@pytest.fixture
def stack(tmp_path: Path) -> Stack:
    """A stack that is nowhere."""
    return Stack(
        aws=Aws("http://127.0.0.1:1", "us-east-1", "key", "hidden", tmp_path / "log"),
        name="doorbell",
        outputs={
            "Bucket": "b",
            "Table": "t",
            "WebSocket": "http://127.0.0.1:1/prod",
            "DefaultHome": "home",
        },
        tokens={"door": "home.door.x", "phone": "home.phone.y", "camera": "home.camera.z"},
    )


def test_it_holds_exactly_the_contracts_keys(stack: Stack, tmp_path: Path) -> None:
    file = tmp_path / "stack.json"
    with announced(stack, file):
        assert json.loads(file.read_text()) == {
            "endpoint": "http://127.0.0.1:1",
            "region": "us-east-1",
            "access_key": "key",
            "secret_key": "hidden",
            "bucket": "b",
            "table": "t",
            "home": "home",
            "websocket": "ws://127.0.0.1:1/prod",
            "cameras": None,
            "phone": None,
            "tokens": {"door": "home.door.x", "phone": "home.phone.y", "camera": "home.camera.z"},
        }
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_another_stack_has_put_there_is_left(stack: Stack, tmp_path: Path) -> None:
    file = tmp_path / "stack.json"
    with announced(stack, file):
        file.write_text("another's")
    assert file.read_text() == "another's"


def test_what_a_killed_stack_left_is_replaced(stack: Stack, tmp_path: Path) -> None:
    file = tmp_path / "stack.json"
    file.write_text("old")
    file.with_suffix(".new").write_text("half")
    with announced(stack, file):
        assert json.loads(file.read_text())["bucket"] == "b"
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_no_secret_shows_in_a_traceback(stack: Stack) -> None:
    assert "hidden" not in repr(stack)
    assert "home.door.x" not in repr(stack)
