"""A party camera in a real terminal: keys, lights, and the film again and again."""

import asyncio
import io
import time
from pathlib import Path

import pytest
from rich.console import Console

from doorbell_client.camera.gifcam import Recorded, Step
from doorbell_client.camera.outbox import Progress
from doorbell_client.door.parts import Mood, Notice, Press
from doorbell_client.terminal.canvas import Canvas
from doorbell_client.terminal.party import MOODS, Party, draw_party
from doorbell_client.terminal.words import describe_party
from tests.doorbell_client.camera.fake_recipient import TOKEN, FakeRecipient
from tests.doorbell_client.terminal.test_screen import Terminal

SIMULATED = ("gifcam", "--simulated", "--frames", "4", "--between", "0.05")


@pytest.mark.parametrize(
    "environment",
    [{}, {"TERM": "dumb"}, {"PYTHONIOENCODING": "ascii"}, {"COLUMNS": "40", "LINES": "12"}],
    ids=str,
)
def test_a_press_on_space_is_a_film_in_the_cloud(
    tmp_path: Path, pictures: Path, environment: dict[str, str]
) -> None:
    async def scene() -> None:
        recipient = FakeRecipient()
        async with recipient.running():
            own = {"DOORBELL_SPOOL_FOLDER": str(tmp_path / "spool"), "DOORBELL_TOKEN": TOKEN}
            terminal = Terminal(recipient.url, pictures, *SIMULATED, **own, **environment)
            try:
                await terminal.shows("ready")
                terminal.type(" ")
                await terminal.shows("a film is delivered")
                assert len(recipient.objects) == 1
                terminal.type("q")
                assert await terminal.ends() == 0, terminal.shown[-2000:]
                assert "Traceback" not in terminal.shown
                if environment.get("TERM") != "dumb":
                    assert terminal.is_as_before()
            finally:
                terminal.close()

    asyncio.run(asyncio.wait_for(scene(), 60))


def drawn(party: Party, width: int = 80, height: int = 24) -> str:
    out = io.StringIO()
    console = Console(file=out, width=width, height=height)
    console.print(draw_party(party.view, time.monotonic(), Canvas(width, height, colours=False)))
    return out.getvalue()


def test_the_latest_film_plays_again_and_again(pictures: Path) -> None:
    async def scene() -> None:
        party = Party(between=0.1)
        frames = tuple((pictures / f"{name}.jpeg").read_bytes() for name in ("ann", "bob"))
        assert "no film yet" in drawn(party)
        party.watch(Recorded(frames))
        seen = []
        for now in (0.05, 0.15, 0.25, 0.35):
            party.tick(now)
            assert party.view.picture is not None
            seen.append(party.view.picture.name)
        assert seen == ["picture 1 of 2", "picture 2 of 2"] * 2
        assert "picture 2 of 2" in drawn(party)

    asyncio.run(scene())


def test_keys_are_the_button_and_the_way_out() -> None:
    async def scene() -> None:
        party, noticed = Party(0.1), list[Notice]()
        party.button.start(noticed.append)
        for key in " \nx5":
            party.key(key)
        assert [type(notice) for notice in noticed] == [Press, Press]
        assert not party.quit.is_set()
        party.key("q")
        assert party.quit.is_set()

    asyncio.run(scene())


def test_a_camera_that_ends_by_itself_ends_the_screen() -> None:
    async def scene() -> None:
        party = Party(0.1)
        ended = asyncio.Event()

        async def work() -> None:
            ended.set()

        party.work = work
        await party.run()
        assert ended.is_set()

    asyncio.run(asyncio.wait_for(scene(), 5))


@pytest.mark.parametrize("mood", MOODS)
def test_every_mood_of_a_party_camera_has_words(mood: Mood) -> None:
    async def scene() -> None:
        party = Party(0.1)
        party.lights.show(mood)
        assert MOODS[mood] in drawn(party)

    asyncio.run(scene())


def test_what_is_worth_a_line_has_one() -> None:
    assert describe_party(Recorded((b"1", b"2"))) == "2 pictures taken"
    assert describe_party(Recorded(())) == "the camera gave no picture"
    assert describe_party(Step.KEPT) == "the film is kept"
    assert describe_party(Progress.STUCK) == "the cloud is out of reach; pictures are kept"
    assert describe_party(Progress.SENDING) is None
