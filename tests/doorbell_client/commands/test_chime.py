"""The bell inside sounds once for each ring, and says who is there without giving a code away."""

import asyncio

import pytest

from doorbell.protocol import (
    Code,
    DoorOpened,
    Got,
    Message,
    Missed,
    NotOpened,
    Pressed,
    Request,
    Visitor,
)
from doorbell_client.commands.chime import REMEMBERED, IndoorBell, listen
from doorbell_client.errors import ConfigError
from doorbell_client.link.line import Line
from tests.doorbell_client.fake_cloud import FakeCloud
from tests.doorbell_client.living import SHORT_TIMEOUTS


class CountingBell:
    def __init__(self) -> None:
        self.rings = 0
        self.closed = False

    def ring(self) -> None:
        self.rings += 1

    def beep(self) -> None:
        raise AssertionError("nobody types here")

    def close(self) -> None:
        self.closed = True


class Hall:
    """An indoor bell and what it said."""

    def __init__(self, *, shows_codes: bool = False) -> None:
        self.bell = CountingBell()
        self.said: list[str | None] = []
        self.answers: list[Request] = []
        self.indoor = IndoorBell(self.bell, self.said.append, shows_codes=shows_codes)

    def hear(self, *messages: Message) -> None:
        for message in messages:
            if answer := self.indoor.hear(message):
                self.answers.append(answer)


PRESSED = Pressed("r1", "front")
VISITOR = Visitor("r1", "front", "stranger", 60)


def test_a_press_sounds_once_however_often_it_is_told() -> None:
    hall = Hall()
    hall.hear(PRESSED, VISITOR, PRESSED, VISITOR)
    assert hall.bell.rings == 1


def test_a_visitor_who_waits_since_before_the_line_came_up_is_heard() -> None:
    hall = Hall()
    hall.hear(VISITOR)
    assert hall.bell.rings == 1


@pytest.mark.parametrize(
    "message",
    [
        Code("r1", "042137", 120, "front", "Ada"),
        DoorOpened("r1", "code"),
        DoorOpened("r1", "Ada"),
        NotOpened("r1"),
        Missed("r1", "front", "late"),
    ],
)
def test_other_news_are_told_quietly_and_never_a_code(message: Message) -> None:
    hall = Hall()
    hall.hear(message)
    assert hall.bell.rings == 0
    assert hall.said[0]
    assert "042137" not in hall.said[0]


CODE = Code("r1", "042137", 120, "front", "Ada")


def test_a_bell_in_a_terminal_shows_the_code_and_says_that_it_has_arrived() -> None:
    hall = Hall(shows_codes=True)
    hall.hear(CODE)
    assert "042137" in str(hall.said)
    assert hall.answers == [Got("r1")]


def test_a_bell_on_a_wall_shows_no_code_and_so_does_not_keep_the_door_quiet() -> None:
    hall = Hall(shows_codes=False)
    hall.hear(CODE)
    assert hall.said == ["Ada got a code"]
    assert hall.answers == []


def test_a_bell_that_fails_does_not_keep_the_line_from_being_printed() -> None:
    hall = Hall()
    hall.indoor._bell = None  # type: ignore[assignment]
    hall.hear(PRESSED)
    assert hall.said == ["somebody pressed at front"]


def test_years_of_rings_are_not_remembered() -> None:
    hall = Hall()
    for number in range(REMEMBERED * 3):
        hall.hear(Pressed(f"r{number}", "front"))
    assert hall.bell.rings == REMEMBERED * 3
    assert len(hall.indoor._rung) == REMEMBERED


def test_it_sounds_for_a_real_line_and_lets_go_of_the_bell() -> None:
    async def told() -> None:
        cloud, bell, said = FakeCloud(role="phone"), CountingBell(), list[str | None]()
        async with cloud.running():
            listening = asyncio.create_task(
                listen(cloud.credentials, bell, said.append, timeouts=SHORT_TIMEOUTS.link)
            )
            async with asyncio.timeout(15):
                while "connected" not in said:
                    await asyncio.sleep(0.01)
                cloud.say(PRESSED)
                while not bell.rings:
                    await asyncio.sleep(0.01)
            listening.cancel()
            await asyncio.gather(listening, return_exceptions=True)
            assert bell.closed

    asyncio.run(told())


def test_a_code_is_acknowledged_over_a_real_line() -> None:
    async def scene() -> None:
        cloud, bell, said = FakeCloud(role="phone"), CountingBell(), list[str | None]()
        async with cloud.running():
            listening = asyncio.create_task(
                listen(
                    cloud.credentials, bell, said.append,
                    shows_codes=True, timeouts=SHORT_TIMEOUTS.link,
                )
            )  # fmt: skip
            async with asyncio.timeout(15):
                while "connected" not in said:
                    await asyncio.sleep(0.01)
                cloud.say(CODE)
                while Got("r1") not in cloud.requests:
                    await asyncio.sleep(0.01)
            listening.cancel()
            await asyncio.gather(listening, return_exceptions=True)

    asyncio.run(scene())


def test_a_doors_token_is_named_instead_of_hearing_nothing_for_ever() -> None:
    async def scene() -> None:
        cloud, bell, said = FakeCloud(role="door"), CountingBell(), list[str | None]()
        async with cloud.running(), asyncio.timeout(15):
            with pytest.raises(ConfigError, match="This token is a door's"):
                await listen(cloud.credentials, bell, said.append, timeouts=SHORT_TIMEOUTS.link)
        assert bell.closed

    asyncio.run(scene())


def test_a_lost_line_is_told() -> None:
    hall = Hall()
    hall.indoor.line(Line.DOWN)
    assert hall.said == ["the line is down; the bell works, presses are kept"]
