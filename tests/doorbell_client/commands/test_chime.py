"""The bell inside sounds once for each ring, and says who is there without giving a code away."""

import asyncio

import pytest

from doorbell.protocol import Code, DoorOpened, Message, Missed, NotOpened, Pressed, Visitor
from doorbell_client.commands.chime import REMEMBERED, IndoorBell, listen
from doorbell_client.link.line import Line
from tests.doorbell_client.fake_cloud import FakeCloud
from tests.doorbell_client.living import TEMPO


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

    def __init__(self) -> None:
        self.bell = CountingBell()
        self.said: list[str | None] = []
        self.indoor = IndoorBell(self.bell, self.said.append)

    def hear(self, *messages: Message) -> None:
        for message in messages:
            self.indoor.hear(message)


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


def test_a_bell_that_fails_does_not_silence_the_story() -> None:
    hall = Hall()
    hall.indoor = IndoorBell(None, hall.said.append)  # type: ignore[arg-type]
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
        cloud, bell, said = FakeCloud(), CountingBell(), list[str | None]()
        async with cloud.running():
            listening = asyncio.create_task(
                listen(cloud.credentials, bell, said.append, timeouts=TEMPO.line)
            )
            async with asyncio.timeout(5):
                while "connected" not in said:
                    await asyncio.sleep(0.01)
                cloud.say(PRESSED)
                while not bell.rings:
                    await asyncio.sleep(0.01)
            listening.cancel()
            await asyncio.gather(listening, return_exceptions=True)
            assert bell.closed

    asyncio.run(told())


def test_a_lost_line_is_told() -> None:
    hall = Hall()
    hall.indoor.line(Line.DOWN)
    assert hall.said == ["the line is down; the bell works, presses are kept"]
