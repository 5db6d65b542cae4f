"""Every file is brought to the cloud once, whatever fails on the way, and only then forgotten."""

from __future__ import annotations

import asyncio
import hashlib
import random
from typing import TYPE_CHECKING, Any

import pytest

from doorbell_client.relay import queue, sending
from doorbell_client.relay.events import Delivered, Refused, TokenUnknown, Waits
from doorbell_client.relay.parts import PART_SIZE
from doorbell_client.relay.room import Limits
from doorbell_client.relay.store import Store
from tests.doorbell_client.relay.camera import BEARER, JPEG, ask, request
from tests.doorbell_client.relay.fake_cloud import STEPS, Act, FakeCloud, Step
from tests.doorbell_client.relay.living import DRIVE, GARDEN, SHORT, Living, alive

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence
    from pathlib import Path

    from doorbell_client.relay.kept import Kept

CLIP = random.Random(2).randbytes(500_000)
"""Eight parts of the fake cloud's."""


def scene(
    cloud: FakeCloud, folder: Path, play: Callable[[Living], Awaitable[None]], **more: Any
) -> None:
    """Let it play with a relay that is alive."""

    async def played() -> None:
        async with cloud.running(), alive(cloud, folder / "relay", **more) as relay:
            await asyncio.wait_for(play(relay), 40)

    asyncio.run(played())
    assert cloud.wrongs == []


async def send(relay: Living, body: bytes, name: str = "", token: str = GARDEN.token) -> None:
    kind = "image/jpeg" if body is JPEG else "video/mp4"
    headers = {"Authorization": f"Bearer {token}"}
    if name:
        headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer = await ask(relay.port, request(body, kind=kind, headers=headers))
    assert answer.status == 201


async def all_sent(cloud: FakeCloud, relay: Living, bodies: Sequence[bytes]) -> None:
    await relay.until(lambda: len(relay.of(Delivered)) == len(bodies) and not relay.left())
    digests = [hashlib.sha256(body).hexdigest() for body in bodies]
    assert sorted(cloud.contents().elements()) == sorted(digests)


class Once:
    """A fault that comes once, at one step."""

    def __init__(self, step: Step, act: Act) -> None:
        self.step, self.act = step, act
        self.came = False

    def __call__(self, step: Step) -> Act | None:
        if step != self.step or self.came:
            return None
        self.came = True
        return self.act


FAULTS: list[tuple[Step, Act]] = [
    *((step, act) for step in STEPS if step != "trouble" for act in ("cut", "hang", "500", "403")),
    # Only where an upload is named can it be lost.
    *((step, "lost") for step in ("links", "put", "complete")),
]


@pytest.mark.parametrize(("step", "act"), FAULTS)
def test_a_fault_at_any_step_costs_time_and_nothing_else(
    cloud: FakeCloud, tmp_path: Path, step: Step, act: Act
) -> None:
    async def play(relay: Living) -> None:
        await send(relay, CLIP, "clip.mp4")
        await send(relay, JPEG, "picture.jpeg")
        await all_sent(cloud, relay, [CLIP, JPEG])

    cloud.fault = fault = Once(step, act)
    scene(cloud, tmp_path, play)
    assert fault.came


def test_an_upload_goes_on_where_it_was_after_a_restart(cloud: FakeCloud, tmp_path: Path) -> None:
    async def first(relay: Living) -> None:
        await send(relay, CLIP)
        # It begins the fourth part once it has written down that the third is there.
        await relay.until(lambda: cloud.steps["put"] > 3)

    async def second(relay: Living) -> None:
        await all_sent(cloud, relay, [CLIP])

    cloud.fault = lambda step: "cut" if step == "put" and cloud.steps["put"] > 3 else None
    scene(cloud, tmp_path, first)
    assert cloud.objects == {}
    cloud.fault = lambda step: None
    cloud.steps.clear()
    # The cloud is at another port now, as the real one is at another address.
    scene(cloud, tmp_path, second)
    assert cloud.steps["begin"] == 0
    assert cloud.steps["put"] == 5
    assert cloud.received == len(CLIP)


def test_a_clip_is_read_once_since_its_parts_were_hashed_as_it_came_in(
    cloud: FakeCloud, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cloud.part_size = PART_SIZE
    body = random.Random(3).randbytes(PART_SIZE + 5)
    read, count = Store.read, []

    def counted(store: Store, kept: Kept, offset: int, size: int) -> bytes:
        piece = read(store, kept, offset, size)
        count.append(len(piece))
        return piece

    monkeypatch.setattr(Store, "read", counted)

    async def play(relay: Living) -> None:
        await send(relay, body)
        await all_sent(cloud, relay, [body])

    scene(cloud, tmp_path, play)
    assert sum(count) == len(body)


def test_a_picture_does_not_wait_for_a_large_clip(
    cloud: FakeCloud, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue, "PART_SIZE", 100_000)

    put, going_on, began = cloud._put, asyncio.Event(), asyncio.Event()

    async def held_up(asked: Any) -> Any:
        if "clips" in asked.path:
            began.set()
            await going_on.wait()
        return await put(asked)

    monkeypatch.setattr(cloud, "_put", held_up)

    async def play(relay: Living) -> None:
        await send(relay, CLIP, "clip.mp4")
        await began.wait()
        for number in range(5):
            await send(relay, JPEG, f"{number}.jpeg")
        await relay.until(lambda: len(cloud.order) == 5)
        going_on.set()
        await all_sent(cloud, relay, [CLIP, *[JPEG] * 5])

    patient = SHORT._replace(cloud=SHORT.cloud._replace(silence=20))
    scene(cloud, tmp_path, play, timing=patient)
    assert cloud.order == [*(f"{number}.jpeg" for number in range(5)), "clip.mp4"]


def test_files_of_a_camera_arrive_in_the_order_in_which_it_sent_them(
    cloud: FakeCloud, tmp_path: Path
) -> None:
    names = [f"{number:02}.jpeg" for number in range(12)]

    async def play(relay: Living) -> None:
        for name in names:
            await send(relay, JPEG, name)
        await all_sent(cloud, relay, [JPEG] * len(names))

    draw = random.Random(4)
    cloud.fault = lambda step: "500" if draw.random() < 0.15 else None
    scene(cloud, tmp_path, play)
    assert cloud.order == names


def test_while_the_cloud_is_away_files_wait_and_are_told_once_and_all_go_when_it_is_back(
    cloud: FakeCloud, tmp_path: Path
) -> None:
    async def play(relay: Living) -> None:
        cloud.go_down()
        for number in range(4):
            await send(relay, JPEG, f"{number}.jpeg")
        await send(relay, CLIP)
        await asyncio.sleep(0.7)
        assert len(relay.of(Waits)) == 1
        assert relay.of(Delivered) == []
        cloud.come_back()
        await all_sent(cloud, relay, [*[JPEG] * 4, CLIP])

    scene(cloud, tmp_path, play)


def test_the_files_of_a_camera_whose_token_is_revoked_are_kept_and_others_go(
    cloud: FakeCloud, tmp_path: Path
) -> None:
    async def play(relay: Living) -> None:
        del cloud.tokens[GARDEN.token]
        await send(relay, JPEG)
        await send(relay, CLIP)
        await send(relay, JPEG, token=DRIVE.token)
        await relay.until(lambda: relay.of(Delivered))
        await asyncio.sleep(0.7)
        assert relay.of(TokenUnknown) == [TokenUnknown("garden")]
        assert relay.of(Waits) == []
        assert len([name for name in relay.left() if name.endswith(".data")]) == 2
        cloud.tokens[GARDEN.token] = "garden"
        await all_sent(cloud, relay, [JPEG, CLIP, JPEG])

    scene(cloud, tmp_path, play)


def test_an_upload_of_a_token_that_was_replaced_begins_again_with_the_new_one(
    cloud: FakeCloud, tmp_path: Path
) -> None:
    async def first(relay: Living) -> None:
        await send(relay, CLIP)
        await relay.until(lambda: cloud.steps["stored"] >= 2)

    async def second(relay: Living) -> None:
        await all_sent(cloud, relay, [CLIP])

    cloud.fault = lambda step: "cut" if step == "put" and cloud.steps["put"] > 2 else None
    scene(cloud, tmp_path, first)
    cloud.fault = lambda step: None
    cloud.tokens = {GARDEN.token: "other"}
    scene(cloud, tmp_path, second)
    assert {each.camera for each in cloud.objects.values()} == {"other"}


def test_a_file_that_the_cloud_does_not_take_is_kept_and_told_and_others_go(
    cloud: FakeCloud, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin = cloud._begin

    async def picky(camera: str, asked: dict[str, object]) -> object:
        return await begin(camera, asked if asked["name"] != "bad.jpeg" else "nothing")

    monkeypatch.setattr(cloud, "_begin", picky)

    async def play(relay: Living) -> None:
        await send(relay, JPEG, "bad.jpeg")
        await send(relay, JPEG, "good.jpeg")
        await relay.until(lambda: cloud.order == ["good.jpeg"])
        await relay.until(lambda: cloud.troubles)
        assert (cloud.troubles[0].camera, cloud.troubles[0].what) == ("garden", "refused")
        assert relay.of(Refused)[0].who == "garden"
        monkeypatch.setattr(cloud, "_begin", begin)
        await all_sent(cloud, relay, [JPEG, JPEG])

    scene(cloud, tmp_path, play)


def test_what_was_dropped_is_told_until_the_cloud_has_heard_it_also_after_a_restart(
    cloud: FakeCloud, tmp_path: Path
) -> None:
    none = Limits(most=1, spare=0)

    async def refused(relay: Living) -> None:
        for _ in range(3):
            answer = await ask(relay.port, request(headers=BEARER))
            assert answer.status == 507
        await relay.until(lambda: cloud.steps["trouble"] >= 2)
        await relay.until(lambda: (relay.folder / "troubles").read_bytes().count(b'"dropped":3'))

    async def told(relay: Living) -> None:
        await relay.until(lambda: cloud.troubles)
        await asyncio.sleep(0.2)

    cloud.fault = lambda step: "500" if step == "trouble" else None
    scene(cloud, tmp_path, refused, limits=none)
    assert cloud.troubles == []
    cloud.fault = Once("trouble", "cut")
    scene(cloud, tmp_path, told)
    (trouble,) = cloud.troubles
    assert (trouble.camera, trouble.what, trouble.dropped) == ("garden", "disk_full", 3)
    assert (tmp_path / "relay/troubles").read_bytes() == b"[]"


def test_a_hundred_dropped_files_are_told_in_a_few_words(cloud: FakeCloud, tmp_path: Path) -> None:
    async def play(relay: Living) -> None:
        for _ in range(100):
            assert (await ask(relay.port, request())).status == 507
        await relay.until(lambda: sum(each.dropped for each in cloud.troubles) == 100)

    scene(cloud, tmp_path, play, limits=Limits(most=1, spare=0))
    assert len(cloud.troubles) <= 4


def test_files_of_a_camera_that_is_not_configured_any_more_stay(
    cloud: FakeCloud, tmp_path: Path
) -> None:
    async def first(relay: Living) -> None:
        cloud.go_down()
        await send(relay, JPEG)
        cloud.come_back()

    async def second(relay: Living) -> None:
        await send(relay, CLIP, token=DRIVE.token)
        await relay.until(lambda: relay.of(Delivered))
        assert len([name for name in relay.left() if name.endswith(".json")]) == 1

    cloud.fault = lambda step: "500"
    scene(cloud, tmp_path, first)
    cloud.fault = lambda step: None
    scene(cloud, tmp_path, second, cameras=[DRIVE])


def test_the_pause_grows_and_is_spread_out_and_a_success_ends_it() -> None:
    async def told() -> None:
        made = sending.Sending(
            None, {}, None, timeouts=sending.SendTimeouts(1, 60), draw=lambda: 1.0  # type: ignore[arg-type]
        )  # fmt: skip
        pauses = []
        for failures in (0, 4, 8, 1000):
            made._failures = failures
            pauses.append(made._pause())
        assert pauses == [1, 2, 4, 60]
        made._draw = lambda: 0.0
        assert made._pause() == 30

    asyncio.run(told())
