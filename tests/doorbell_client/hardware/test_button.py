"""One finger, one press."""

import asyncio
import threading
import time

import pytest
from gpiozero.pins.mock import MockFactory

from doorbell_client.door.parts import Notice, Press
from doorbell_client.errors import HardwareError
from doorbell_client.hardware.button import PushButton

PIN = 17


async def noticed(queue: "asyncio.Queue[Notice]") -> list[Notice]:
    await asyncio.sleep(0.02)
    return [queue.get_nowait() for _ in range(queue.qsize())]


class Listener:
    """A started button whose notices cross from gpiozero's thread into the event loop."""

    def __init__(self, pins: MockFactory, bounce: float = 0.05) -> None:
        self.button = PushButton(PIN, bounce=bounce)
        self.queue: asyncio.Queue[Notice] = asyncio.Queue()
        loop = asyncio.get_running_loop()

        def notify(notice: Notice) -> None:
            loop.call_soon_threadsafe(self.queue.put_nowait, notice)

        self.button.start(notify)
        self.pin = pins.pin(PIN)


def test_a_press_is_told_at_the_edge_with_its_time(pins: MockFactory) -> None:
    async def scene() -> None:
        door = Listener(pins)
        before = time.monotonic()
        await asyncio.to_thread(door.pin.drive_low)
        notice = await asyncio.wait_for(door.queue.get(), 5)
        assert isinstance(notice, Press)
        assert before <= notice.at <= time.monotonic()
        assert time.monotonic() - before < 2

    asyncio.run(scene())


def test_bouncing_contacts_are_one_press(pins: MockFactory) -> None:
    async def scene() -> None:
        door = Listener(pins)
        for _ in range(8):
            door.pin.drive_low()
            await asyncio.sleep(0.001)
            door.pin.drive_high()
        door.pin.drive_low()
        assert len(await noticed(door.queue)) == 1
        await asyncio.sleep(0.06)
        for _ in range(8):  # contacts bounce on the way back too
            door.pin.drive_high()
            await asyncio.sleep(0.001)
            door.pin.drive_low()
        door.pin.drive_high()
        assert await noticed(door.queue) == []

    asyncio.run(scene())


def test_spikes_of_microseconds_do_not_ring_and_do_not_hide_a_finger(pins: MockFactory) -> None:
    async def scene() -> None:
        door = Listener(pins)

        def spike() -> None:
            threading.Timer(0.0005, door.pin.drive_high).start()
            door.pin.drive_low()

        for _ in range(3):
            await asyncio.to_thread(spike)
            await asyncio.sleep(0.005)
        assert await noticed(door.queue) == []
        await asyncio.to_thread(spike)
        await asyncio.sleep(0.005)
        await asyncio.to_thread(door.pin.drive_low)
        assert len(await noticed(door.queue)) == 1

    asyncio.run(scene())


def test_a_long_press_rings_once_and_the_next_one_rings_again(pins: MockFactory) -> None:
    async def scene() -> None:
        door = Listener(pins)
        door.pin.drive_low()
        await asyncio.sleep(1.2)  # beyond gpiozero's hold time
        door.pin.drive_high()
        assert len(await noticed(door.queue)) == 1
        await asyncio.sleep(0.06)
        door.pin.drive_low()
        assert len(await noticed(door.queue)) == 1

    asyncio.run(scene())


def test_a_button_that_is_stuck_at_the_start_does_not_ring(pins: MockFactory) -> None:
    async def scene() -> None:
        pins.pin(PIN).drive_low()
        door = Listener(pins)
        assert await noticed(door.queue) == []

    pins.pin(PIN)
    asyncio.run(scene())


def test_an_error_in_whoever_is_told_does_not_end_the_button(pins: MockFactory) -> None:
    heard: list[Notice] = []

    def notify(notice: Notice) -> None:
        heard.append(notice)
        raise RuntimeError("Event loop is closed")

    button = PushButton(PIN, bounce=0)
    button.start(notify)
    pin = pins.pin(PIN)
    for _ in range(2):
        pin.drive_low()
        pin.drive_high()
    assert len(heard) == 2


def test_after_closing_nothing_is_told_and_the_pin_is_free(pins: MockFactory) -> None:
    heard: list[Notice] = []
    button = PushButton(PIN)
    button.start(heard.append)
    button.close()
    pins.pin(PIN).drive_low()
    assert heard == []
    PushButton(PIN).close()


def test_a_pin_that_is_taken_is_named(pins: MockFactory) -> None:
    first = PushButton(PIN)
    with pytest.raises(HardwareError, match=r"GPIO 17.*used twice"):
        PushButton(PIN)
    first.close()
