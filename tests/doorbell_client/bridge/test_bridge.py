"""The bridge between a cloud and a real broker, each of which goes away and comes back."""

from __future__ import annotations

import asyncio
import contextlib
import json
from typing import TYPE_CHECKING

import pytest

from doorbell.protocol import (
    Answer,
    Code,
    Declined,
    DoorOpened,
    Error,
    Got,
    Hello,
    Message,
    Missed,
    Pressed,
    Visitor,
)
from doorbell_client.bridge.address import Address
from doorbell_client.bridge.bridge import Bridge, Settings
from doorbell_client.bridge.discovery import Described
from doorbell_client.bridge.topics import BIRTH, Topics, door_id
from doorbell_client.errors import ConfigError, DownloadFailed
from tests.doorbell_client.fake_cloud import FakeCloud
from tests.doorbell_client.living import SHORT_TIMEOUTS
from tests.mosquitto import Listener, Mosquitto, listening

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path

FRONT = door_id("Front door")
TOPICS = Topics("home")
PRESSED = Pressed("r1", "Front door")
LINK = "https://bucket.example/guest/home/r1/photo.jpeg?X-Amz-Signature=5ecre7"
VISITOR = Visitor("r1", "Front door", "stranger", 60, LINK)
JPEG = b"\xff\xd8\xff" + b"face" * 10_000


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Mosquitto]:
    with Mosquitto(tmp_path) as running:
        yield running


async def fetch(url: str) -> bytes | None:
    assert url == LINK
    return JPEG


class House:
    """A bridge that runs between a fake cloud and a real broker."""

    def __init__(self, cloud: FakeCloud, listener: Listener, running: asyncio.Task[None]) -> None:
        self.cloud = cloud
        self.heard = listener
        self.running = running

    async def says(self, *messages: Message) -> None:
        """The cloud says these."""
        self.cloud.say(*messages)

    async def visit(self, state: str) -> None:
        """Wait until the front door's visit is so."""
        await self.heard.until(lambda: self._visit() == state)

    async def button(self, part: str, payload: str = "", *, retain: bool = False) -> None:
        """Home Assistant presses a button of the front door: it names the ring that is shown."""
        said = payload or str(self.detail("ring"))
        await self.heard.publish(TOPICS.of(FRONT, part), said, retain=retain)

    async def status(self, word: str) -> None:
        """Wait until the bridge is said to be so."""
        await self.heard.until(lambda: self._last(TOPICS.status) == word.encode())

    async def answers(self, count: int) -> list[Answer]:
        """What the cloud was answered; at least so many."""
        await self.heard.until(lambda: len(self._answers()) >= count)
        return self._answers()

    def detail(self, key: str) -> object:
        """Of what is told of the last visit."""
        last = self.heard.last("/visit")
        return last.content.get(key) if last else None

    def _answers(self) -> list[Answer]:
        return [each for each in self.cloud.requests if isinstance(each, Answer)]

    def _visit(self) -> object:
        return self.detail("visit")

    def _last(self, topic: str) -> bytes | None:
        last = self.heard.last(topic)
        return last.payload if last else None


def settings(port: int, **described: bool) -> Settings:
    return Settings(Address("127.0.0.1", port), Described(TOPICS, "1", **described), 0.3, 0.05)


@contextlib.asynccontextmanager
async def bridged(
    cloud: FakeCloud, broker: Mosquitto, *, buttons: bool = True
) -> AsyncIterator[House]:
    """A bridge that has found both sides."""
    async with cloud.running(), listening(broker.port) as listener:
        bridge = Bridge(
            cloud.credentials, settings(broker.port, buttons=buttons),
            timeouts=SHORT_TIMEOUTS.link, fetch_photo=fetch,
        )  # fmt: skip
        running = asyncio.create_task(bridge.run())
        house = House(cloud, listener, running)
        try:
            await house.status("online")
            yield house
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)


def phone_cloud() -> FakeCloud:
    return FakeCloud(role="phone")


def test_a_press_is_an_event_and_the_photo_follows(broker: Mosquitto) -> None:
    async def scene() -> None:
        async with bridged(phone_cloud(), broker) as house:
            await house.says(PRESSED, VISITOR)
            await house.heard.until(lambda: house.detail("photo"))
            events = house.heard.of(f"{FRONT}/ring")
            assert [each.content for each in events] == [
                {"event_type": "ring", "ring": "r1", "door": "Front door"}
            ]
            assert not events[0].retained
            photos = [each.payload for each in house.heard.of(f"{FRONT}/photo")]
            assert photos[-1] == JPEG
            assert photos[0] != JPEG, "until then nobody is shown"
            assert house.detail("reason") == "stranger"
            said = json.dumps([str(each) for each in house.heard.heard])
            assert "5ecre7" not in said, "the link stays here"

    asyncio.run(scene())


def test_entities_are_there_before_the_event_of_a_new_door(broker: Mosquitto) -> None:
    async def scene() -> None:
        async with bridged(phone_cloud(), broker) as house:
            await house.says(PRESSED)
            await house.heard.until(lambda: house.heard.of(f"{FRONT}/ring"))
            topics = [each.topic for each in house.heard.heard]
            assert topics.index(TOPICS.config("event", FRONT, "ring")) < topics.index(
                TOPICS.of(FRONT, "ring")
            )

    asyncio.run(scene())


@pytest.mark.parametrize("answer", ["let_in", "decline"])
def test_a_button_answers_the_ring_that_waits(broker: Mosquitto, answer: str) -> None:
    async def scene() -> None:
        async with bridged(phone_cloud(), broker) as house:
            await house.says(PRESSED, VISITOR)
            await house.visit("waiting")
            await house.button(answer)
            assert await house.answers(1) == [Answer("r1", answer)]  # type: ignore[arg-type]
            await house.says(
                DoorOpened("r1", "Bridge") if answer == "let_in" else Declined("r1", "Bridge")
            )
            await house.visit("opened" if answer == "let_in" else "declined")
            assert house.detail("by") == "Bridge"

    asyncio.run(scene())


def test_an_opened_door_is_shown_as_unlocked_for_its_seconds(broker: Mosquitto) -> None:
    async def scene() -> None:
        async with bridged(phone_cloud(), broker) as house:
            await house.says(PRESSED, DoorOpened("r1", "code"))
            await house.heard.until(lambda: len(house.heard.of("/lock")) == 3)
            assert [each.payload for each in house.heard.of("/lock")] == [b"OFF", b"ON", b"OFF"]

    asyncio.run(scene())


def test_a_press_that_the_broker_kept_never_opens(tmp_path: Path) -> None:
    """Somebody waits already when the broker comes back and repeats it."""

    async def scene() -> None:
        with Mosquitto(tmp_path, keeps=True) as broker:
            async with bridged(phone_cloud(), broker) as house:
                await house.button("let_in", retain=True)
                await house.button("let_in", "r1", retain=True)
                await house.says(PRESSED)
                await house.visit("ringing")
                broker.shut_down()
                await house.says(VISITOR)
                await asyncio.sleep(0.2)
                broker.start()
                async with listening(broker.port) as after:
                    await after.until(lambda: _waits(after))
                    await after.until(lambda: after.last(TOPICS.status) is not None)
                    await after.publish(TOPICS.of(FRONT, "decline"), "PRESS")
                    assert await house.answers(1) == [Answer("r1", "decline")], "the only one"
                    kept = [each for each in after.of("/let_in") if each.retained]
                    assert [each.payload for each in kept] == [b"r1"]

    asyncio.run(scene())


def _waits(listener: Listener) -> bool:
    last = listener.last("/visit")
    return last is not None and last.content["visit"] == "waiting"


def test_a_press_while_nobody_waits_or_for_another_ring_does_nothing(broker: Mosquitto) -> None:
    async def scene() -> None:
        async with bridged(phone_cloud(), broker) as house:
            await house.says(PRESSED)
            await house.visit("ringing")
            await house.button("let_in")
            await house.heard.until(lambda: house.detail("answer") == "nobody_waits")
            await house.says(VISITOR)
            await house.visit("waiting")
            for payload in ("r0", "PRESS", "press", "\x00", "P" * 100_000, '{"ring": "r1"}'):
                await house.button("let_in", payload)
            await house.button("decline", "r1")
            assert await house.answers(1) == [Answer("r1", "decline")], "the only one"

    asyncio.run(scene())


def test_without_buttons_nobody_on_the_broker_can_answer(broker: Mosquitto) -> None:
    async def scene() -> None:
        async with bridged(phone_cloud(), broker, buttons=False) as house:
            await house.says(PRESSED, VISITOR)
            await house.visit("waiting")
            await house.button("let_in")
            await house.says(Declined("r1", "Anna"))
            await house.visit("declined")
            announced = [each for each in house.heard.heard if "/button/" in each.topic]
            assert not any(each.payload for each in announced)
            assert not await house.answers(0)

    asyncio.run(scene())


def test_an_answer_that_came_too_late_says_so(broker: Mosquitto) -> None:
    async def scene() -> None:
        async with bridged(phone_cloud(), broker) as house:
            await house.says(PRESSED, VISITOR)
            await house.visit("waiting")
            await house.button("let_in")
            await house.answers(1)
            await house.says(Error("too_late", "The ring waits no longer."))
            await house.heard.until(lambda: house.detail("answer") == "too_late")
            assert house.detail("visit") == "none"

    asyncio.run(scene())


def test_a_code_is_neither_told_nor_acknowledged(broker: Mosquitto) -> None:
    async def scene() -> None:
        cloud = phone_cloud()
        async with bridged(cloud, broker) as house:
            code = Code("r1", "042137", 120, "Front door", "Ada")
            await house.says(PRESSED, code, Missed("r1", "Front door", "late"))
            await house.visit("missed")
            assert not any(b"042137" in each.payload for each in house.heard.heard)
            assert Got("r1") not in cloud.requests

    asyncio.run(scene())


def test_who_waits_is_known_again_after_the_cloud_was_away(broker: Mosquitto) -> None:
    async def scene() -> None:
        cloud = phone_cloud()
        async with bridged(cloud, broker) as house:
            await house.says(PRESSED, VISITOR)
            await house.visit("waiting")
            cloud.cut()
            await house.status("offline")
            await house.visit("none")
            await house.status("online")
            await house.heard.until(lambda: cloud.requests.count(Hello()) == 2)
            await house.says(VISITOR)
            await house.visit("waiting")
            await house.button("let_in")
            assert await house.answers(1) == [Answer("r1", "let_in")]
            assert len(house.heard.of(f"{FRONT}/ring")) == 1, "it rang once"

    asyncio.run(scene())


def test_everything_is_told_again_to_a_broker_that_forgot_it(broker: Mosquitto) -> None:
    async def scene() -> None:
        async with bridged(phone_cloud(), broker) as house:
            await house.says(PRESSED, VISITOR)
            await house.heard.until(lambda: house.detail("photo"))
            broker.stop()
            await house.says(Declined("r1", "Anna"), Pressed("r2", "Front door"))
            await asyncio.sleep(0.2)
            broker.start()
            async with listening(broker.port) as after:
                await after.until(lambda: after.of(f"{FRONT}/ring"))
                assert after.of(f"{FRONT}/ring")[-1].content["ring"] == "r2"
                assert after.of(TOPICS.config("event", FRONT, "ring"))
                last = after.last("/visit")
                assert last is not None
                assert last.content["visit"] == "ringing"
                await after.until(lambda: after.of(TOPICS.status))
                assert after.of(TOPICS.status)[-1].payload == b"online"

    asyncio.run(scene())


def test_home_assistant_that_comes_is_told_everything_again(broker: Mosquitto) -> None:
    async def scene() -> None:
        async with bridged(phone_cloud(), broker) as house:
            await house.says(PRESSED, VISITOR)
            await house.heard.until(lambda: house.detail("photo"))
            house.heard.heard.clear()
            await house.heard.publish(BIRTH, "offline")
            await house.heard.publish(BIRTH, "online")
            await house.status("online")
            parts = {each.topic.rsplit("/", 1)[1] for each in house.heard.heard}
            assert parts == {"config", "photo", "lock", "visit", "status"}
            assert house.heard.of("/photo")[-1].payload == JPEG

    asyncio.run(scene())


def test_a_bridge_that_ends_says_so(broker: Mosquitto) -> None:
    async def scene() -> None:
        async with bridged(phone_cloud(), broker) as house:
            house.running.cancel()
            await house.status("offline")

    asyncio.run(scene())


def test_it_stops_at_whatever_moment_it_is_asked(broker: Mosquitto) -> None:
    """Before Python 3.12 a request to stop can be lost while the broker answers."""

    async def scene() -> None:
        async with phone_cloud().running() as cloud:
            for milliseconds in range(30):
                bridge = Bridge(
                    cloud.credentials, settings(broker.port), timeouts=SHORT_TIMEOUTS.link
                )
                running = asyncio.create_task(bridge.run())
                await asyncio.sleep(milliseconds / 1000)
                running.cancel()
                ended, _ = await asyncio.wait([running], timeout=5)
                assert ended, f"after {milliseconds} ms"

    asyncio.run(scene())


def test_doors_of_an_earlier_run_are_known_and_a_deleted_one_is_forgotten(
    broker: Mosquitto,
) -> None:
    async def scene() -> None:
        async with bridged(phone_cloud(), broker) as house:
            await house.says(PRESSED, Pressed("r2", "Back door"), DoorOpened("r1", "code"))
            await house.heard.until(lambda: len(house.heard.of("/ring")) == 2)
        async with listening(broker.port) as owner:
            back = door_id("Back door")
            await owner.publish(TOPICS.config("event", back, "ring"), b"", retain=True)
        async with bridged(phone_cloud(), broker) as house:
            house.heard.heard.clear()
            await house.heard.publish(BIRTH, "online")
            await house.heard.until(lambda: house.heard.of("ring/config"))
            await house.status("online")
            doors = {each.content["door"] for each in house.heard.of("ring/config")}
            assert doors == {"Front door"}
            lock = house.heard.last(f"{FRONT}/lock")
            assert lock is not None
            assert lock.payload == b"OFF"

    asyncio.run(scene())


def test_what_others_say_on_the_broker_is_passed_over(broker: Mosquitto) -> None:
    async def scene() -> None:
        async with bridged(phone_cloud(), broker) as house:
            config = TOPICS.config("event", FRONT, "ring")
            for payload in (b"no json", b"[]", b'{"door": 1}', b'{"door": "Back"}', b"\xff\xfe"):
                await house.heard.publish(config, payload)
            await house.heard.publish(BIRTH, b"\x00\xff")
            await house.heard.publish(TOPICS.of("nobody", "let_in"), "PRESS")
            await house.says(PRESSED)
            await house.visit("ringing")

    asyncio.run(scene())


def test_a_photo_that_does_not_come_leaves_the_rest_as_it_is(broker: Mosquitto) -> None:
    async def never(url: str) -> bytes | None:
        raise DownloadFailed("The photo did not come: ReadTimeout.")

    async def scene() -> None:
        cloud = phone_cloud()
        async with cloud.running(), listening(broker.port) as listener:
            bridge = Bridge(
                cloud.credentials, settings(broker.port),
                timeouts=SHORT_TIMEOUTS.link, fetch_photo=never,
            )  # fmt: skip
            house = House(cloud, listener, asyncio.create_task(bridge.run()))
            await house.status("online")
            await house.says(VISITOR)
            await house.visit("waiting")
            assert house.detail("photo") is False
            house.running.cancel()
            await asyncio.gather(house.running, return_exceptions=True)

    asyncio.run(scene())


def test_a_doors_token_is_named_instead_of_hearing_nothing_for_ever(broker: Mosquitto) -> None:
    async def scene() -> None:
        cloud = FakeCloud(role="door")
        async with cloud.running(), asyncio.timeout(15):
            bridge = Bridge(cloud.credentials, settings(broker.port), timeouts=SHORT_TIMEOUTS.link)
            with pytest.raises(ConfigError, match="This token is a door's"):
                await bridge.run()

    asyncio.run(scene())
