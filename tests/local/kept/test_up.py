"""`make up KEEP=yes` as somebody lives with it: restarts, kills, and a phone that stays paired."""

import contextlib
import time
from collections.abc import Iterator

import pytest

from demo.device import Device
from demo.people import Person, door_photo, portrait
from doorbell.protocol import Enrolled, EnterCode, Hello, Open, Ring, Ticket, Visitor, Welcome
from local.kept.keeper import PERIOD
from tests.local.kept.clone import Clone, Up
from tests.stories.doorstep import let_in, ring, shown_code

PHOTO = "residents/home/Anna/1.jpeg"


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Clone:
    """A clone of the repository, as a newcomer has it."""
    return Clone(tmp_path_factory.mktemp("clone"))


@pytest.mark.timeout(240)
def test_a_home_stays_over_kills_and_restarts(clone: Clone) -> None:
    with clone.up(KEEP="yes", PORT="0") as first:
        annas = first.add_phone("Anna's phone", "Anna")
        with Device("phone", first.websocket, annas) as phone:
            first.deployed.put(PHOTO, portrait(Person.EILEEN))
            assert phone.hear(Enrolled).faces == 1
        assert "Another `make up KEEP=yes` has .local/kept" in clone.refused(KEEP="yes", PORT="0")
        with Device("door", first.websocket, first.tokens["door"]) as door:
            door.send(Ring())
            under_way = door.hear(Ticket).ring
            time.sleep(2 * PERIOD)
            first.kill()

    with clone.up(KEEP="yes") as second, _devices(second, annas) as (door, phone):
        assert second.stack == first.stack
        assert second.objects("residents/") == {PHOTO: portrait(Person.EILEEN)}
        # Its state machine is gone, and its photo never came.
        phone.send(Hello())
        assert phone.hear(Visitor, ring=under_way).reason == "unavailable"
        assert let_in(door, phone, under_way) == "Anna"
        asked = ring(door, door_photo(Person.EILEEN))
        code = shown_code(phone, asked.ring)
        assert code.resident == "Anna"
        door.hear(Welcome, ring=asked.ring)
        # Written at the end, without waiting for the next look.
        second.deployed.put("guest/home/x/frame.jpeg", b"\xff\xd8 somebody")
        told = second.stop()
    assert "  Kept in        .local/kept\n" in told

    with clone.up(KEEP="yes") as third, _devices(third, annas) as (door, _):
        assert third.stack == first.stack
        assert third.objects("guest/home/x/") == {"guest/home/x/frame.jpeg": b"\xff\xd8 somebody"}
        # Its hash was kept, and the key of all hashes.
        door.send(EnterCode(code.code))
        assert door.hear(Open).ring == asked.ring
        third.stop()


@pytest.mark.timeout(240)
def test_a_damaged_home_is_told_and_left_alone_and_another_may_start_clean(clone: Clone) -> None:
    clone.kept.mkdir(parents=True, exist_ok=True)
    file = clone.kept / "home.sqlite"
    file.write_bytes(b"no database " * 1000)
    assert clone.refused(KEEP="yes") == (
        "doorbell: .local/kept/home.sqlite is damaged, and cannot be read. Nothing was changed: "
        "move .local/kept away to begin anew, or start with KEEP=no.\n"
    )
    with clone.up(KEEP="no", PORT="0") as clean:
        assert clean.objects("") == {}
        told = clean.stop()
    assert "  Kept in        nothing: " in told
    assert file.read_bytes() == b"no database " * 1000


def test_keep_is_yes_or_no(clone: Clone) -> None:
    assert clone.refused(KEEP="maybe") == "doorbell: KEEP must be yes or no, not 'maybe'.\n"


@contextlib.contextmanager
def _devices(up: Up, annas: str) -> Iterator[tuple[Device, Device]]:
    """The front door and Anna's phone, connected."""
    with (
        Device("door", up.websocket, up.tokens["door"]) as door,
        Device("phone", up.websocket, annas) as phone,
    ):
        yield door, phone
