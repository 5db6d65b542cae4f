"""`doorbell gifcam` and `timelapse`: what they need, what they do, and what they leave behind."""

import argparse
import asyncio
import io
import sys
import threading
from pathlib import Path

import pytest
from gpiozero.pins.mock import MockFactory
from PIL import Image

from doorbell_client.camera.schedule import Schedule
from doorbell_client.camera.shot import home_mark, new_shot
from doorbell_client.camera.shots import ShotSpool
from doorbell_client.commands import gifcam, spool, status, timelapse
from doorbell_client.commands.arguments import duration, frames
from doorbell_client.config.profile import Profile
from doorbell_client.config.schema import Button, Camera, Config, Gifcam, Lights, Timelapse
from doorbell_client.config.schema import Spool as SpoolSettings
from doorbell_client.door.burst import BurstPlan
from doorbell_client.door.parts import Photo, Shape
from doorbell_client.errors import CameraError, ConfigError
from doorbell_client.hardware.camera_worker import CameraWorker
from tests.doorbell_client.camera.fake_recipient import TOKEN, FakeRecipient, until

BUTTON, STATUS = 17, 22


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """With pictures to take."""
    (tmp_path / "stills").mkdir()
    for number in range(3):
        picture = Image.new("RGB", (640, 480), (80 * number, 0, 0))
        picture.save(tmp_path / "stills" / f"{number}.jpeg")
    return tmp_path


def camera(folder: Path, url: str, config: Config | None = None) -> Profile:
    """A configured camera."""
    found = config or Config(button=Button(BUTTON), lights=Lights(STATUS))
    changed = Config(
        button=found.button, lights=found.lights, gifcam=found.gifcam, timelapse=found.timelapse,
        camera=Camera(folder=folder / "stills"), spool=SpoolSettings(folder=folder / "spool"),
    )  # fmt: skip
    return Profile(changed, None, True, {}, url, TOKEN)


def asked(**given: int | float | None) -> argparse.Namespace:
    return argparse.Namespace(**{"every": None, "offset": None, **given})


# --- gifcam -----------------------------------------------------------------------


def test_a_press_on_a_pin_is_a_film_in_the_cloud(folder: Path, pins: MockFactory) -> None:
    recipient = FakeRecipient()

    async def scene() -> None:
        async with recipient.running():
            plan = BurstPlan(3, 0.01, Shape(54, 40, exact=True))
            party = asyncio.create_task(gifcam.serve(camera(folder, recipient.url), plan))
            await until(lambda: pins.pin(STATUS).state)
            pins.pin(BUTTON).drive_low()
            await until(lambda: bool(recipient.objects))
            # It leaves the disk once the answer has come.
            await until(lambda: {file.name for file in (folder / "spool").iterdir()} == {"lock"})
            pins.pin(BUTTON).drive_high()
            party.cancel()
            await asyncio.gather(party, return_exceptions=True)

    asyncio.run(asyncio.wait_for(scene(), 30))
    [film] = recipient.objects.values()
    assert film.count(b"\xff\xd8\xff") == 3
    assert [question["kind"] for question in recipient.asked] == ["burst"]
    assert {file.name for file in (folder / "spool").iterdir()} == {"lock"}


def test_a_party_camera_needs_a_button(folder: Path) -> None:
    profile = camera(folder, "http://127.0.0.1:9/", Config())
    with pytest.raises(ConfigError, match="No button"):
        asyncio.run(gifcam.serve(profile, BurstPlan()))


def test_a_film_is_as_configured_unless_it_is_asked_for_otherwise() -> None:
    config = Config(gifcam=Gifcam(frames=10, between=0.2))
    shape = Shape(540, 405, exact=True)
    assert gifcam.burst_plan(Config()) == BurstPlan(20, 0.1, shape)
    assert gifcam.burst_plan(config) == BurstPlan(10, 0.2, shape)
    assert gifcam.burst_plan(config, 8, 0.15) == BurstPlan(8, 0.15, shape)


def test_on_the_screen_it_needs_a_terminal_and_pictures(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    config = Config(camera=Camera(folder=folder / "absent"))
    with pytest.raises(CameraError, match=r"me\.jpeg"):
        gifcam.find_stills(config, None)
    with pytest.raises(CameraError, match="absent"):
        gifcam.find_stills(config, folder / "absent")
    assert gifcam.find_stills(config, folder / "stills").upcoming.name == "0.jpeg"
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    simulated = argparse.Namespace(
        simulated=True, frames=None, between=None, photos=None,
        config=None, url="http://127.0.0.1:9/", token=TOKEN,
    )  # fmt: skip
    with pytest.raises(ConfigError, match="no terminal"):
        gifcam.run(simulated)


@pytest.mark.parametrize("text", ["1", "33", "-2", "many", "2.5"])
def test_a_number_of_frames_that_makes_no_film_is_refused(text: str) -> None:
    assert frames("8") == 8
    with pytest.raises(argparse.ArgumentTypeError, match="from 2 to 32"):
        frames(text)


# --- timelapse ---------------------------------------------------------------------


def test_pictures_of_a_schedule_go_to_the_cloud(folder: Path) -> None:
    recipient = FakeRecipient()

    async def scene() -> None:
        async with recipient.running():
            profile = camera(folder, recipient.url)
            working = asyncio.create_task(timelapse.serve(profile, Schedule(1)))
            await until(lambda: len(recipient.objects) == 2)
            working.cancel()
            await asyncio.gather(working, return_exceptions=True)

    asyncio.run(asyncio.wait_for(scene(), 30))
    assert {question["kind"] for question in recipient.asked} == {"picture"}
    first, second = recipient.objects.values()
    assert first == (folder / "stills" / "0.jpeg").read_bytes()
    assert second == (folder / "stills" / "1.jpeg").read_bytes()


@pytest.mark.parametrize(
    ("given", "schedule"),
    [
        ({}, Schedule(6 * 3600)),
        ({"every": 900}, Schedule(900)),
        ({"every": 86400, "offset": 43200}, Schedule(86400, 43200)),
        ({"every": 3600, "offset": 5400}, Schedule(3600, 1800)),
    ],
)
def test_when_is_as_configured_unless_it_is_asked_for_otherwise(
    given: dict[str, int], schedule: Schedule
) -> None:
    assert timelapse.schedule_of(Config(), asked(**given)) == schedule


def test_a_schedule_that_would_be_a_film_is_refused() -> None:
    assert timelapse.schedule_of(Config(timelapse=Timelapse("1d", "12h")), asked()).offset == 43200
    with pytest.raises(ConfigError, match="less than 5s"):
        timelapse.schedule_of(Config(), asked(every=1))


@pytest.mark.parametrize(
    ("text", "seconds"), [("90s", 90), ("15m", 900), ("6h", 21600), ("1d", 86400), ("0s", 0)]
)
def test_durations_are_read_as_people_write_them(text: str, seconds: int) -> None:
    assert duration(text) == seconds


@pytest.mark.parametrize(
    "text", ["", "6", "h", "6 h", "-6h", "6H", "06h", "1.5h", "\u0666h", "6h\n"]
)
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match="no duration"):
        duration(text)


def test_a_camera_that_is_none_is_named(folder: Path) -> None:
    profile = Profile(Config(camera=Camera("none")), None, True, {}, "http://127.0.0.1:9/", TOKEN)
    with pytest.raises(ConfigError, match="No camera"):
        asyncio.run(timelapse.serve(profile, Schedule(60)))


class HangingDevice:
    """A camera that gives its pictures only once it is let loose."""

    def __init__(self) -> None:
        self.loose = threading.Event()
        self.opened = 0
        self.closed = 0

    def open(self) -> "HangingDevice":
        self.opened += 1
        return self

    def take(self) -> Photo:
        self.loose.wait(30)
        return Photo(b"a picture", "x.jpeg")

    def frame(self, shape: Shape) -> bytes:
        return b""

    def close(self) -> None:
        self.closed += 1


@pytest.mark.parametrize("stays_open", [True, False])
def test_a_camera_that_hangs_costs_one_thread_and_is_tried_again(
    monkeypatch: pytest.MonkeyPatch, *, stays_open: bool
) -> None:
    device = HangingDevice()
    monkeypatch.setattr(timelapse, "build_camera", lambda config: CameraWorker(device.open))
    monkeypatch.setattr(timelapse, "SETTLE_SECONDS", 0.01)
    monkeypatch.setattr("doorbell_client.hardware.camera_worker.CLOSE_SECONDS", 0.01)

    def threads() -> int:
        return sum(thread.name == "camera" for thread in threading.enumerate())

    async def scene() -> None:
        before = threads()
        config = Config(camera=Camera("webcam", timeout=0.5))
        taker = timelapse.Taker(config, stays_open=stays_open)
        with pytest.raises(CameraError, match="in time"):
            await taker.take()
        for _ in range(3):
            with pytest.raises(CameraError, match="busy"):
                await taker.take()
        assert threads() == before + 1
        device.loose.set()
        await until(lambda: device_is_back(taker))
        assert await taker.take() == b"a picture"
        await taker.close()
        await until(lambda: device.closed == device.opened)
        await until(lambda: threads() == before)

    asyncio.run(scene())


def device_is_back(taker: timelapse.Taker) -> bool:
    """The thread is done with what hung."""
    worker = taker._camera
    assert isinstance(worker, CameraWorker)
    return not worker._doing


# --- what waits ------------------------------------------------------------------------


def kept(profile: Profile, second: int) -> str:
    """A picture that a former run left."""
    waiting = ShotSpool(profile.pictures_folder(), 1_000_000)
    waiting.open()
    mark = home_mark(profile.credentials("camera"))
    shot = new_shot("picture", 1_700_000_000.0 + second, mark)
    waiting.add(shot, b"picture")
    waiting.close()
    return shot.id


def test_pictures_that_wait_are_listed_counted_and_sent(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    recipient = FakeRecipient()

    async def scene() -> None:
        async with recipient.running():
            profile = camera(folder, recipient.url)
            ids = [kept(profile, second) for second in range(2)]
            assert spool.pictures(profile, "list", 5) == 0
            told = capsys.readouterr().out
            assert all(shot_id in told for shot_id in ids)
            assert "2 pictures wait" in told
            out = io.StringIO()
            status.show(profile, None, out=out)
            assert "pictures       2 pictures wait in" in out.getvalue()
            assert await asyncio.to_thread(spool.pictures, profile, "flush", 10) == 0
            assert len(recipient.objects) == 2
            recipient.token = "another"
            kept(profile, 3)
            assert await asyncio.to_thread(spool.pictures, profile, "flush", 0.3) == 1
            assert "1 picture waits still" in capsys.readouterr().out

    asyncio.run(asyncio.wait_for(scene(), 30))
