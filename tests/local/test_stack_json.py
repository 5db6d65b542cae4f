"""`.local/stack.json` holds what others rely on, and only its owner may read it."""

import json
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from local.aws import Aws
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
            "HouseholdTable": "h",
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
            "household_table": "h",
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


def test_what_another_stack_had_there_comes_back_while_that_serves(
    aws: Aws, stack: Stack, tmp_path: Path
) -> None:
    file = tmp_path / "stack.json"
    other = replace(stack, aws=aws)
    with announced(other, file):
        theirs = file.read_text()
        with announced(stack, file):
            assert file.read_text() != theirs
        assert file.read_text() == theirs
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "former",
    [
        "old",
        "[]",
        "{}",
        '{"endpoint": null}',
        '{"endpoint": "http://127.0.0.1:9"}',
        '{"endpoint": "http://example.com:80"}',
    ],
)
def test_what_nobody_serves_any_more_does_not_come_back(
    stack: Stack, tmp_path: Path, former: str
) -> None:
    file = tmp_path / "stack.json"
    file.write_text(former)
    with announced(stack, file):
        pass
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_stack_left_of_the_same_port_does_not_come_back(
    aws: Aws, stack: Stack, tmp_path: Path
) -> None:
    file = tmp_path / "stack.json"
    file.write_text(json.dumps({"endpoint": aws.endpoint}))
    with announced(replace(stack, aws=aws), file):
        pass
    assert list(tmp_path.iterdir()) == []


def test_no_secret_shows_in_a_traceback(stack: Stack) -> None:
    assert "hidden" not in repr(stack)
    assert "home.door.x" not in repr(stack)
