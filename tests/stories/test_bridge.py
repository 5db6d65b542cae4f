"""A home with Home Assistant's broker: a real stack on one side, a real Mosquitto on the other."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING

from demo.people import Person
from doorbell.protocol import Code, Declined, Open, Opened, RingThrough
from doorbell_client.bridge.address import Address
from doorbell_client.bridge.bridge import Bridge, Settings
from doorbell_client.bridge.discovery import Described
from doorbell_client.bridge.topics import Topics, door_id
from doorbell_client.config.credentials import Credentials
from tests.mosquitto import Heard, Listener, Mosquitto, listening
from tests.stories.doorstep import Home, PhotoOf, ring

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable
    from pathlib import Path

    from demo.device import Device

FRONT = door_id("Front door")


@contextlib.asynccontextmanager
async def bridged(home: Home, broker: Mosquitto) -> AsyncIterator[Listener]:
    """A bridge with a token of its own, as `doorbell bridge` runs one."""
    token = home.add("phone", "Home Assistant")
    address = Address("127.0.0.1", broker.port)
    bridge = Bridge(
        Credentials(home.websocket, token), Settings(address, Described(Topics(home.id), "1"), 1)
    )
    running = asyncio.create_task(bridge.run())
    try:
        async with listening(broker.port) as listener:
            await listener.until(lambda: said(listener, "status") == b"online")
            yield listener
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


def said(listener: Listener, part: str) -> bytes | None:
    """The last word on one topic."""
    last = listener.last(f"/{part}")
    return last.payload if last else None


async def visit(listener: Listener, state: str) -> None:
    """Until the visit at the front door is so."""
    await listener.until(
        lambda: (last := listener.last("/visit")) is not None and last.content["visit"] == state
    )


def story(home: Home, folder: Path, tell: Callable[[Listener], Awaitable[None]]) -> None:
    """Run one with a broker of its own."""

    async def scene(broker: Mosquitto) -> None:
        async with bridged(home, broker) as listener:
            await tell(listener)

    with Mosquitto(folder) as broker:
        asyncio.run(scene(broker))


def test_a_visitor_is_shown_and_let_in_by_the_button(
    home: Home, door: Device, photo_of: PhotoOf, tmp_path: Path, resident: Person
) -> None:
    photo = photo_of(Person.GRACE)

    async def tell(broker: Listener) -> None:
        ticket = await asyncio.to_thread(ring, door, photo)
        await visit(broker, "waiting")
        assert [each.content for each in broker.of(f"{FRONT}/ring")] == [
            {"event_type": "ring", "ring": ticket.ring, "door": "Front door"}
        ]
        await broker.until(lambda: said(broker, "photo") == photo)
        await broker.publish(f"doorbell/{home.id}/{FRONT}/let_in", ticket.ring)
        order = await asyncio.to_thread(door.hear, Open)
        assert order.ring == ticket.ring
        door.send(Opened(order.open))
        await visit(broker, "opened")
        last = broker.last("/visit")
        assert last is not None
        assert last.content["by"] == "Home Assistant"
        await broker.until(lambda: said(broker, "lock") == b"OFF")
        assert [each.payload for each in broker.of("/lock")] == [b"OFF", b"ON", b"OFF"]

    story(home, tmp_path, tell)


def test_a_visitor_is_declined_by_the_button_and_nobody_is_let_in_afterwards(
    home: Home, door: Device, photo_of: PhotoOf, tmp_path: Path, resident: Person
) -> None:
    async def tell(broker: Listener) -> None:
        ticket = await asyncio.to_thread(ring, door, photo_of(Person.GRACE))
        await visit(broker, "waiting")
        await broker.publish(f"doorbell/{home.id}/{FRONT}/decline", ticket.ring)
        assert await asyncio.to_thread(door.hear, Declined) == Declined(ticket.ring)
        await visit(broker, "declined")
        await broker.publish(f"doorbell/{home.id}/{FRONT}/let_in", "PRESS")
        await broker.until(
            lambda: (last := broker.last("/visit")) and last.content.get("answer") == "nobody_waits"
        )

    story(home, tmp_path, tell)


def test_a_residents_code_stays_off_the_broker_and_does_not_keep_the_bell_quiet(
    home: Home, door: Device, phone: Device, photo_of: PhotoOf, tmp_path: Path, resident: Person
) -> None:
    async def tell(broker: Listener) -> None:
        ticket = await asyncio.to_thread(ring, door, photo_of(resident))
        code = await asyncio.to_thread(phone.hear, Code)
        # Nobody says `got`: neither this phone nor the bridge.
        through = await asyncio.to_thread(door.hear, RingThrough)
        assert (through.ring, through.reason) == (ticket.ring, "no_phone")
        await visit(broker, "waiting")
        assert not any(code.code.encode() in each.payload for each in _words(broker))

    story(home, tmp_path, tell)


def _words(broker: Listener) -> list[Heard]:
    """All but photos, in whose bytes six digits may stand by chance."""
    return [each for each in broker.heard if not each.topic.endswith("/photo")]
