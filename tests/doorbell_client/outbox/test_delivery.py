"""One press and one try: its ticket, its photo, and when it gives up for now."""

import asyncio

from doorbell.protocol import Request, Ring, Ticket, Upload
from doorbell_client.clock import Moment
from doorbell_client.outbox.delivery import Delivery, Route
from doorbell_client.outbox.line_gate import LineGate
from doorbell_client.outbox.record import Record
from doorbell_client.outbox.upload import Sent
from tests.doorbell_client.outbox.houses import a_few_turns, run
from tests.doorbell_client.outbox.spools import at, record

JPEG = b"\xff\xd8face\xff\xd9"
TICKET = Ticket("ring", Upload("PUT", "https://x.example/", {}), 300, None)


class Cloud:
    """Hears what is asked, and takes each photo."""

    def __init__(self, *, home: str = "", ticket_timeout: float = 60.0) -> None:
        self.asked: list[Request] = []
        self.photos: list[bytes] = []
        self.line = LineGate()
        self.line.set(up=True)
        self.time = at(100.0)
        self.route = Route(
            self._hear, self, self.line, self._read, lambda: home, self._now, ticket_timeout
        )

    async def send(self, ticket: Upload, jpeg: bytes) -> Sent:
        del ticket
        self.photos.append(jpeg)
        return Sent.DELIVERED

    def _now(self) -> Moment:
        return self.time

    def _hear(self, request: Request) -> bool:
        self.asked.append(request)
        return True

    async def _read(self, press: str) -> bytes:
        return b"from the disk: " + press.encode()


def pictured(press: Record, cloud: Cloud) -> Delivery:
    delivery = Delivery(press, cloud.route)
    delivery.set_photo(JPEG)
    return delivery


async def begun(delivery: Delivery) -> asyncio.Task[bool]:
    """A try, as far as it comes by itself."""
    task = asyncio.ensure_future(delivery.attempt())
    await a_few_turns()
    return task


def test_the_photo_goes_out_as_soon_as_its_ticket_comes() -> None:
    """However long a ticket may take: who has it waits no longer."""

    async def scene() -> None:
        cloud = Cloud(ticket_timeout=3600)
        delivery = pictured(record(), cloud)
        before = asyncio.all_tasks()
        attempt = await begun(delivery)
        assert not attempt.done()
        delivery.set_ticket(TICKET)
        assert await attempt
        assert cloud.photos == [JPEG]
        assert delivery.record.ring == "ring"
        await asyncio.sleep(0)
        assert asyncio.all_tasks() == before, "nobody waits for the line now"

    run(scene)


def test_without_a_line_a_try_waits_for_it() -> None:
    async def scene() -> None:
        cloud = Cloud()
        cloud.line.set(up=False)
        delivery = pictured(record(), cloud)
        attempt = await begun(delivery)
        assert not attempt.done()
        assert cloud.asked == []
        cloud.line.set(up=True)
        await a_few_turns()
        assert cloud.asked == [Ring(delivery.press, 0.0)]
        delivery.set_ticket(TICKET)
        assert await attempt

    run(scene)


def test_a_try_ends_with_the_line() -> None:
    async def scene() -> None:
        cloud = Cloud(ticket_timeout=3600)
        attempt = await begun(pictured(record(), cloud))
        cloud.line.set(up=False)
        assert await attempt is False

    run(scene)


def test_a_press_that_was_told_already_is_not_told_again_by_its_first_try() -> None:
    async def scene() -> None:
        cloud = Cloud(ticket_timeout=0.02)
        delivery = pictured(record(), cloud)
        delivery.ask()
        assert await delivery.attempt() is False
        assert len(cloud.asked) == 1
        assert await delivery.attempt() is False
        assert len(cloud.asked) == 2, "the first was not answered"

    run(scene)


def test_a_press_s_age_is_told_to_the_millisecond() -> None:
    async def scene() -> None:
        cloud = Cloud()
        delivery = Delivery(record(98.1234567), cloud.route)
        assert delivery.age == 1.877
        cloud.time = at(101.0)
        delivery.ask()
        assert cloud.asked == [Ring(delivery.press, 2.877)]

    run(scene)


def test_a_press_whose_home_is_not_known_goes_to_whoever_has_the_door() -> None:
    async def scene() -> None:
        cloud = Cloud(home="second")
        delivery = pictured(record(), cloud)
        attempt = await begun(delivery)
        delivery.set_ticket(TICKET)
        assert await attempt

    run(scene)


def test_a_press_of_another_home_is_not_told() -> None:
    async def scene() -> None:
        cloud = Cloud(home="second")
        assert await pictured(record()._replace(home="first"), cloud).attempt() is False
        assert cloud.asked == []

    run(scene)


def test_a_picture_on_the_disk_is_read_when_it_is_sent() -> None:
    async def scene() -> None:
        cloud = Cloud()
        delivery = pictured(record(), cloud)
        delivery.on_disk = True
        delivery.forget_photo()
        attempt = await begun(delivery)
        delivery.set_ticket(TICKET)
        assert await attempt
        assert cloud.photos == [b"from the disk: " + delivery.press.encode()]

    run(scene)


def test_only_what_the_disk_refused_counts_as_memory() -> None:
    async def scene() -> None:
        cloud = Cloud()
        writing, refused, stored, blind = (Delivery(record(), cloud.route) for _ in range(4))
        assert not writing.only_in_memory, "the camera and the disk are still at it"
        writing.set_photo(JPEG)
        assert not writing.only_in_memory
        refused.written.set()
        assert refused.only_in_memory, "its picture will find no room"
        refused.set_photo(JPEG)
        assert refused.only_in_memory
        stored.forget_photo()
        stored.written.set()
        assert not stored.only_in_memory
        blind.set_photo(None)
        blind.written.set()
        assert not blind.only_in_memory

    run(scene)
