"""`doorbell ring`: one press, told in plain lines, with a sensible exit status."""

import asyncio
import io
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest

from doorbell.protocol import (
    Declined,
    EnterCode,
    Error,
    Message,
    NoAnswer,
    Open,
    Opened,
    Refused,
    RingThrough,
    Welcome,
)
from doorbell_client.commands import ring as ring_module
from doorbell_client.commands.ring import RingOrder, ring
from doorbell_client.commands.ring_follower import Outcome
from doorbell_client.config.credentials import Credentials
from doorbell_client.errors import CameraError, LineError
from doorbell_client.terminal.lines import Lines, TypedLines
from tests.doorbell_client.fake_cloud import FakeCloud, stack_json
from tests.doorbell_client.living import SHORT_TIMEOUTS

OPEN = Open("o1", "r", 5, 15)


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    file = tmp_path / "face.jpeg"
    file.write_bytes(b"\xff\xd8\xfface\xff\xd9")
    return file


class Told:
    """How a ring ended, and what was printed."""

    def __init__(self, outcome: Outcome, printed: str, cloud: FakeCloud) -> None:
        self.outcome = outcome
        self.printed = printed
        self.cloud = cloud


def rings(
    photo: Path,
    decide: Callable[[str], list[Message]],
    answer_code: list[Message] | None = None,
    code: str | None = None,
    typed: Iterable[str] = (),
    wait: float = 1.0,
) -> Told:
    async def told() -> Told:
        cloud, out = FakeCloud(decide=decide), io.StringIO()

        def after_the_photo(cloud: FakeCloud) -> Iterator[str]:
            while not cloud.photos:
                time.sleep(0.01)
            yield from typed

        async def at_the_keypad() -> None:
            while not any(isinstance(request, EnterCode) for request in cloud.requests):
                await asyncio.sleep(0.01)
            cloud.say(*(answer_code or []))

        async with cloud.running():
            keypad = asyncio.create_task(at_the_keypad())
            outcome = await ring(
                cloud.credentials,
                RingOrder(photo, code, wait),
                lines=Lines(out),
                typed=TypedLines(after_the_photo(cloud), button=False) if typed else None,
                timeouts=SHORT_TIMEOUTS,
            )
            keypad.cancel()
        return Told(outcome, out.getvalue(), cloud)

    return asyncio.run(told())


def test_a_resident_comes_in_with_the_code_that_was_given(photo: Path) -> None:
    told = rings(photo, lambda r: [Welcome(r)], [OPEN], code="042137")
    assert told.outcome == Outcome(0)
    assert EnterCode("042137") in told.cloud.requests
    assert Opened("o1") in told.cloud.requests
    for words in ("connected", "ticket", "delivered", "welcome", "open", "strike"):
        assert words in told.printed


def test_a_code_that_does_not_open_ends_it_with_a_sentence(photo: Path) -> None:
    told = rings(photo, lambda r: [Welcome(r)], [Refused("wrong", 4)], code="000000")
    assert told.outcome == Outcome(1, "The door stays shut: this code is wrong.")
    assert "4 tries left" in told.printed


def test_a_typed_code_may_be_wrong_once(photo: Path) -> None:
    told = rings(photo, lambda r: [], [Refused("wrong", 4), OPEN], typed=["999999\n", "042137\n"])
    assert told.outcome == Outcome(0)


@pytest.mark.parametrize("answer", [Declined, NoAnswer])
def test_a_stranger_who_is_not_let_in_was_delivered(
    photo: Path, answer: Callable[[str], Message]
) -> None:
    told = rings(photo, lambda r: [RingThrough(r, "stranger"), answer(r)])
    assert told.outcome == Outcome(0)
    assert "ding-dong" in told.printed


def test_a_stranger_who_is_let_in_comes_in(photo: Path) -> None:
    told = rings(photo, lambda r: [RingThrough(r, "stranger"), OPEN])
    assert told.outcome == Outcome(0)
    assert Opened("o1") in told.cloud.requests


def test_a_welcome_where_nobody_can_type_ends_it(photo: Path) -> None:
    told = rings(photo, lambda r: [Welcome(r)])
    assert told.outcome.status == 0
    assert "--code" in told.outcome.sentence


def test_a_token_that_is_no_doors_ends_it_with_the_clouds_word(photo: Path) -> None:
    refusal = Error("not_allowed", "A phone may not send this.")
    told = rings(photo, lambda ring: [refusal])
    assert told.outcome.status == 1
    assert "A phone may not send this." in told.outcome.sentence


def test_silence_ends_it_in_time(photo: Path) -> None:
    told = rings(photo, lambda r: [], wait=0.3)
    assert told.outcome.status == 0
    assert "nothing more was heard" in told.outcome.sentence


def test_a_cloud_out_of_reach_is_named(photo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ring_module, "CONNECT_SECONDS", 0.2)
    with pytest.raises(LineError, match="cannot be reached"):
        asyncio.run(
            ring(Credentials("ws://127.0.0.1:9/", "t"), RingOrder(photo), timeouts=SHORT_TIMEOUTS)
        )


def test_a_missing_photo_is_named_before_anybody_is_disturbed(tmp_path: Path) -> None:
    with pytest.raises(CameraError, match="cannot be read"):
        asyncio.run(ring(Credentials("ws://127.0.0.1:9/", "t"), RingOrder(tmp_path / "none.jpeg")))


def test_the_command_rings_at_the_stack_of_this_folder(photo: Path, tmp_path: Path) -> None:
    async def told() -> tuple[int, str]:
        cloud = FakeCloud(decide=lambda r: [RingThrough(r, "stranger"), Declined(r)])
        async with cloud.running():
            (tmp_path / ".local").mkdir()
            (tmp_path / ".local" / "stack.json").write_text(stack_json(cloud))
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "doorbell_client", "ring", "--photo", str(photo),
                cwd=tmp_path, env={"PYTHONPATH": str(Path.cwd()), "HOME": str(tmp_path)},
                stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE,
            )  # fmt: skip
            printed, _ = await process.communicate()
            assert process.returncode is not None
            return process.returncode, printed.decode()

    status, printed = asyncio.run(told())
    assert status == 0
    assert "declined" in printed
