"""Makes docs/images/simulate.svg: a resident comes home, in a real run of `doorbell simulate`.

    python -m docs.images.draw_simulate

Starts a one-machine stack of its own, enrols a resident, rings, types the code that the phone got,
and takes the picture once the door is open.
"""

import asyncio
import io
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from rich.console import Console

from demo.device import Device
from docs.images.drawn_face import door_picture
from docs.images.terminal import save
from doorbell.protocol import Code, Enrolled
from doorbell_client.config.credentials import Credentials
from doorbell_client.hardware.stills import StillsCamera
from doorbell_client.link.line import Line
from doorbell_client.terminal import canvas, panel
from doorbell_client.terminal.simulation import Simulation
from doorbell_client.terminal.view import View
from local import stack

SVG = Path(__file__).with_name("simulate.svg")


def main() -> None:
    """The whole story once."""
    with tempfile.TemporaryDirectory() as folder:
        pictures = Path(folder) / "pictures"
        pictures.mkdir()
        (pictures / "anna.jpeg").write_bytes(door_picture())
        (pictures / "guest.jpeg").write_bytes(door_picture(face=120))
        with (
            stack.up(directory=Path(folder) / "aws") as home,
            Device("phone", home.websocket, home.tokens["phone"], shows_codes=True) as phone,
        ):
            _enrol(home, phone)
            asyncio.run(_come_home(home, phone, pictures, Path(folder) / "spool"))


def _enrol(home: stack.Stack, phone: Device) -> None:
    key = f"residents/{home.home}/Anna/portrait.jpeg"
    home.aws.client("s3").put_object(
        Bucket=home.bucket, Key=key, Body=door_picture(face=240), ContentType="image/jpeg"
    )
    phone.hear(Enrolled)


async def _come_home(home: stack.Stack, phone: Device, pictures: Path, spool: Path) -> None:
    credentials = Credentials(home.websocket, home.tokens["door"])
    door = Simulation(credentials, StillsCamera(pictures), spool)
    alive = asyncio.create_task(door.run())
    await _until(lambda: door.view.line is Line.UP)
    door.key(" ")
    code = await asyncio.to_thread(phone.hear, Code)
    await _until(lambda: "welcome" in " ".join(door.view.events))
    for key in f"{code.code}#":
        await asyncio.sleep(0.2)
        door.key(key)
    await _until(lambda: door.view.open_until > time.monotonic())
    await asyncio.sleep(0.1)
    _take_picture(door.view)
    door.quit.set()
    await alive


async def _until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(30):
        while not condition():  # noqa: ASYNC110 - a look at a screen, as a person takes it
            await asyncio.sleep(0.02)


def _take_picture(view: View) -> None:
    console = Console(
        record=True,
        width=canvas.WIDTH,
        height=canvas.HEIGHT,
        force_terminal=True,
        color_system="truecolor",
        file=io.StringIO(),
    )
    console.print(panel.draw(view, time.monotonic()), height=canvas.HEIGHT)
    save(console, SVG, "doorbell simulate")


if __name__ == "__main__":
    main()
