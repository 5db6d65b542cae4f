"""A device of the demonstration says what it awaited and what came instead."""

import contextlib
import threading
from collections.abc import Iterator

import pytest
from websockets.sync.server import ServerConnection, serve

from demo.device import Device
from demo.errors import DemoFailed
from doorbell.protocol import Open, Pong, Ring, RingThrough


@contextlib.contextmanager
def _cloud(*frames: str) -> Iterator[str]:
    """A socket that answers whatever comes first with these frames; its URL."""

    def answer(connection: ServerConnection) -> None:
        connection.recv()
        for frame in frames:
            connection.send(frame)
        # Held open until the device hangs up.
        for _ in connection:
            pass

    with serve(answer, "127.0.0.1", 0) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"ws://127.0.0.1:{server.socket.getsockname()[1]}"
        server.shutdown()


def test_a_message_is_heard_though_others_come_first() -> None:
    frames = ('{"type":"pong"}', '{"type":"ring_through","ring":"r","reason":"late"}')
    with _cloud(*frames) as url, Device("door", url, "t") as door:
        door.send(Ring())
        assert door.hear(RingThrough).reason == "late"


def test_what_is_sent_and_heard_is_told() -> None:
    told: list[tuple[str, str]] = []

    def log(name: str, what: str) -> None:
        told.append((name, what))

    with _cloud('{"type":"pong"}') as url, Device("door", url, "t", log) as door:
        door.send(Ring())
        door.hear(Pong)
    assert told == [("door", "rings"), ("door", "← the cloud is there")]


def test_a_message_that_never_comes_is_named_beside_what_came() -> None:
    frame = '{"type":"ring_through","ring":"r","reason":"stranger"}'
    with _cloud(frame) as url, Device("door", url, "t") as door:
        door.send(Ring())
        with pytest.raises(DemoFailed) as failed:
            door.hear(Open, within=0.3)
    assert str(failed.value) == (
        "The door waited 0.3 s for `Open`, "
        "and was told instead: ring through: nobody who lives here."
    )


def test_silence_is_said_so() -> None:
    failed = pytest.raises(DemoFailed, match=r"^The phone waited 0\.1 s for `Open`, and nothing")
    with _cloud() as url, Device("phone", url, "t") as phone, failed:
        phone.hear(Open, within=0.1)


def test_nobody_at_the_other_end_is_said_so() -> None:
    nobody = Device("door", "ws://127.0.0.1:9", "t")
    with pytest.raises(DemoFailed, match="The door could not connect"), nobody:
        pass


def test_a_message_is_awaited_by_its_fields_and_each_is_heard_once() -> None:
    frames = [f'{{"type":"ring_through","ring":"{r}","reason":"late"}}' for r in ("a", "b", "a")]
    with _cloud(*frames) as url, Device("door", url, "t") as door:
        door.send(Ring())
        assert door.hear(RingThrough, ring="b").ring == "b"
        assert door.hear(RingThrough, ring="a").ring == "a"
        with pytest.raises(DemoFailed):
            door.hear(RingThrough, within=0.1)
