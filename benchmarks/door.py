"""How quick the door is: from the button's edge to the cloud, and what it costs when idle.

    python -m benchmarks.door

The whole client runs: gpiozero on mock pins, spool with fsync, session, upload. The cloud is a
process of its own on loopback, so that it takes no time from the door; both read one monotonic
clock. What a Raspberry Pi and a real network add is not in these figures.
"""

import asyncio
import multiprocessing
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing.connection import Connection
from pathlib import Path
from typing import NamedTuple

from gpiozero import Device
from gpiozero.pins.mock import MockFactory, MockPWMPin
from PIL import Image

from benchmarks import report
from doorbell.protocol import Ping, Pong, Ring, Ticket, Upload, message_frame, read_request
from doorbell_client.config.credentials import Credentials
from doorbell_client.config.schema import Button, Camera, Chime, Config, Keypad, Lights, Strike
from doorbell_client.door.controller import Controller
from doorbell_client.door.replay_guard import ReplayGuard
from doorbell_client.hardware import build, wiring
from doorbell_client.link.line import Line
from doorbell_client.outbox.spool import Spool

PRESSES = 100
BETWEEN = 0.12
"""Seconds from press to press."""

IDLE_SECONDS = 10.0
Seen = tuple[str, str, float]
"""What arrived, of which press, when."""


class Measured(NamedTuple):
    """All in seconds."""

    rings: list[float]
    """From the button's edge to `ring` in the cloud's hands."""
    photos: list[float]
    """From the button's edge to the photo stored."""
    idle_cpu: float
    """CPU time that `IDLE_SECONDS` of waiting took."""


def main() -> None:
    """Measure, print a table, write JSON."""
    measured = measure()
    cpu = measured.idle_cpu
    report.show(
        "Door: loopback, mock pins",
        [
            report.figure("button's edge to `ring` on the wire", measured.rings),
            report.figure("button's edge to photo stored", measured.photos),
            report.figure(
                f"CPU in {IDLE_SECONDS:g} s, connected and idle",
                [cpu],
                f"{100 * cpu / IDLE_SECONDS:.2f} % of a core",
            ),
        ],
    )


def measure() -> Measured:
    """Press, then be idle."""
    with cloud() as (url, seen), tempfile.TemporaryDirectory() as folder:
        Device.pin_factory = MockFactory(pin_class=MockPWMPin)
        return asyncio.run(_live(Path(folder), url, seen))


# --- the door ---------------------------------------------------------------------------------


async def _live(folder: Path, url: str, seen: Connection) -> Measured:
    config = _config(folder)
    spool = Spool(folder / "spool")
    spool.open()
    up = asyncio.Event()

    def watch(event: object) -> None:
        if event is Line.UP:
            up.set()

    controller = Controller(
        build(config).parts,
        lambda: Credentials(url, "home.front.secret"),
        spool,
        ReplayGuard([folder / "opened"]),
        watch=watch,
    )
    alive = asyncio.create_task(controller.run())
    await asyncio.wait_for(up.wait(), 20)
    await asyncio.sleep(0.5)
    edges = await asyncio.to_thread(_press)
    arrivals = await asyncio.to_thread(_collect, seen)
    await asyncio.sleep(1)
    before = time.process_time()
    await asyncio.sleep(IDLE_SECONDS)
    cpu = time.process_time() - before
    alive.cancel()
    await asyncio.gather(alive, return_exceptions=True)
    spool.close()
    return _measured(edges, arrivals, cpu)


def _config(folder: Path) -> Config:
    picture = folder / "visitor.jpeg"
    Image.effect_noise((1280, 720), 40).convert("RGB").save(picture, quality=80)
    return Config(
        button=Button(wiring.bcm("Button")),
        lights=Lights(wiring.bcm("Status light"), wiring.bcm("Button's light")),
        chime=Chime("none"),
        keypad=Keypad(
            tuple(wiring.bcm("Keypad", f"row {key}") for key in "147*"),
            tuple(wiring.bcm("Keypad", f"column {key}") for key in "123"),
        ),
        strike=Strike(wiring.bcm("Relay board", "IN2")),
        camera=Camera(folder=picture),
    )


def _press() -> list[float]:
    """Press from another thread, as gpiozero's does; returns when each edge was."""
    pin = Device.pin_factory.pin(wiring.bcm("Button"))
    edges = []
    for _ in range(PRESSES):
        edges.append(time.monotonic())
        pin.drive_low()
        time.sleep(BETWEEN / 3)
        pin.drive_high()
        time.sleep(BETWEEN * 2 / 3)
    return edges


def _collect(seen: Connection) -> list[Seen]:
    arrivals: list[Seen] = []
    while sum(kind == "photo" for kind, _, _ in arrivals) < PRESSES:
        if not seen.poll(30):
            raise TimeoutError("a press did not arrive within 30 s")
        arrivals.append(seen.recv())
    return arrivals


def _measured(edges: list[float], arrivals: list[Seen], cpu: float) -> Measured:
    rings: dict[str, float] = {}
    photos: dict[str, float] = {}
    for kind, press, at in arrivals:
        (rings if kind == "ring" else photos).setdefault(press, at)
    ordered = sorted(rings, key=lambda press: rings[press])
    return Measured(
        [rings[press] - edge for press, edge in zip(ordered, edges, strict=True)],
        [photos[press] - edge for press, edge in zip(ordered, edges, strict=True)],
        cpu,
    )


# --- the cloud --------------------------------------------------------------------------------


@contextmanager
def cloud() -> Iterator[tuple[str, Connection]]:
    """A cloud in a process of its own: its URL, and a pipe that tells what arrived and when."""
    mine, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_be_cloud, args=(theirs,))
    process.start()
    try:
        if not mine.poll(30):
            raise TimeoutError("the cloud on loopback does not start")
        yield mine.recv(), mine
    finally:
        process.terminate()
        process.join(10)


def _be_cloud(told: Connection) -> None:
    asyncio.run(_serve(told))


async def _serve(told: Connection) -> None:
    from websockets.asyncio.server import ServerConnection, serve

    storage = _storage(told)

    async def handle(socket: ServerConnection) -> None:
        async for frame in socket:
            at = time.monotonic()
            match read_request(str(frame)):
                case Ring(str() as press):
                    told.send(("ring", press, at))
                    await socket.send(message_frame(_ticket(press, storage)))
                case Ping():
                    await socket.send(message_frame(Pong()))

    async with serve(handle, "127.0.0.1", 0, compression=None) as server:
        told.send(f"ws://127.0.0.1:{next(iter(server.sockets)).getsockname()[1]}/prod")
        await asyncio.Future()


def _ticket(press: str, storage: str) -> Ticket:
    upload = Upload("PUT", f"{storage}/{press}", {"Content-Type": "image/jpeg"})
    return Ticket(press, upload, 300, press)


def _storage(told: Connection) -> str:
    """Takes photos by PUT; returns its URL."""

    class Storage(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_PUT(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            told.send(("photo", self.path.strip("/"), time.monotonic()))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """A photo a line would be no news."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Storage)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}"


if __name__ == "__main__":
    main()
