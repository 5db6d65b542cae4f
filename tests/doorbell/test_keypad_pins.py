"""A guest's PIN at the keypad: in its time, so often, at its doors, under the same locks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorbell.model import HOUR, Passcode
from doorbell.passcode import digest
from doorbell.protocol import DoorOpened, Open, Refused
from tests.fakes import BACK_DOOR, DOOR, FOREIGN_DOOR, KEY, KITCHEN, a_code, make_services
from tests.jobs import say_opened, type_code, type_overtaken

if TYPE_CHECKING:
    from doorbell.model import Connection
    from tests.fakes import FakeServices

TODAY = 24 * HOUR


def invite(made: FakeServices, pin: str = "271828", **more: Any) -> Passcode:
    """The plumber may come from now on, all day, once, by the front door."""
    now = made.clock()
    bare = Passcode(
        "home", "plumber", "guest", "Plumber", (DOOR.id,), now, now + TODAY, ()
    )._replace(**more)
    issued = bare._replace(hashes=(digest(pin, KEY, bare),))
    made.passcodes.issue(issued, [])
    return issued


def verdicts(made: FakeServices, door: Connection) -> list[str]:
    """What the door was told, in short."""
    return [
        said.reason if isinstance(said, Refused) else type(said).__name__
        for said in made.heard(door)
    ]


def issue(made: FakeServices, code: str, ring: str) -> None:
    """A resident's code at the front door."""
    made.passcodes.issue(a_code(code, ring, made.clock()), [])


def opened(made: FakeServices) -> None:
    """The door has opened for every order, so none is sent again; a moment passes."""
    made.clock.now += 1
    for key, order in made.opens.kept.items():
        made.opens.kept[key] = order._replace(opened_at=made.clock())


@pytest.mark.parametrize(
    ("seconds", "verdict"),
    [(-0.25, "none"), (0, "Open"), (TODAY - 0.25, "Open"), (TODAY, "expired")],
)
def test_a_pin_opens_within_its_window_and_neither_before_nor_after(
    seconds: float, verdict: str
) -> None:
    made = make_services()
    door = made.connect(DOOR)
    now = made.clock()
    invite(made, valid_from=now, valid_until=now + TODAY)
    made.clock.now = now + seconds
    type_code(made.services, DOOR, "271828")
    assert verdicts(made, door) == [verdict]


def test_a_pin_opens_without_a_ring_and_the_order_says_for_whom() -> None:
    made = make_services()
    door = made.connect(DOOR)
    phone = made.connect(KITCHEN)
    invite(made)
    assert type_code(made.services, DOOR, "271828") is None
    (order,) = made.opens.kept.values()
    assert (order.ring, order.by, order.cause, order.passcode) == (
        None, "Plumber", "guest", "plumber"
    )  # fmt: skip
    (said,) = made.heard(door)
    assert isinstance(said, Open)
    assert said.ring is None
    say_opened(made.services, DOOR, order.id)
    assert made.heard(phone) == [DoorOpened(None, "Plumber", DOOR.name)]


@given(st.integers(1, 6))
def test_a_pin_opens_as_often_as_it_has_uses_and_not_once_more(uses: int) -> None:
    made = make_services()
    door = made.connect(DOOR)
    invite(made, uses_left=uses)
    for _ in range(uses + 1):
        type_code(made.services, DOOR, "271828")
        opened(made)
    assert verdicts(made, door) == ["Open"] * uses + ["used"]
    assert len(made.opens.kept) == uses, "each use has an order of its own"


def test_a_pin_typed_twice_before_the_door_has_opened_is_one_use() -> None:
    made = make_services()
    door = made.connect(DOOR)
    invite(made)
    for _ in range(2):
        type_code(made.services, DOOR, "271828")
    first, second = made.heard(door)
    assert isinstance(first, Open)
    assert isinstance(second, Open)
    assert first.open == second.open


def test_a_pin_opens_each_of_its_doors_and_no_other() -> None:
    made = make_services()
    doors = {door: made.connect(door) for door in (DOOR, BACK_DOOR, FOREIGN_DOOR)}
    invite(made, doors=(DOOR.id,), uses_left=9)
    for door in doors:
        type_code(made.services, door, "271828")
    assert [verdicts(made, socket) for socket in doors.values()] == [["Open"], ["none"], ["none"]]
    made.passcodes.kept.clear()
    invite(made, doors=(DOOR.id, BACK_DOOR.id), uses_left=9)
    for door in (DOOR, BACK_DOOR):
        opened(made)
        type_code(made.services, door, "271828")
        assert verdicts(made, doors[door])[-1] == "Open"


def test_a_pin_that_was_withdrawn_is_no_code_at_all() -> None:
    made = make_services()
    door = made.connect(DOOR)
    made.passcodes.withdraw(invite(made))
    type_code(made.services, DOOR, "271828")
    assert verdicts(made, door) == ["none"]


def test_wrong_codes_count_against_a_pin_until_an_hour_has_passed() -> None:
    """Five lock it, also for whoever knows it; after the hour it serves again."""
    made = make_services()
    door = made.connect(DOOR)
    invite(made)
    for _ in range(5):
        type_code(made.services, DOOR, "000000")
    type_code(made.services, DOOR, "271828")
    made.clock.now += HOUR
    type_code(made.services, DOOR, "271828")
    assert verdicts(made, door) == ["wrong"] * 5 + ["locked", "Open"]


def test_wrong_codes_lock_the_door_for_codes_and_pins_alike() -> None:
    """Five against a code, five against a PIN: the door has had its ten."""
    made = make_services()
    door = made.connect(DOOR)
    issue(made, "042137", "ring-1")
    for _ in range(5):
        type_code(made.services, DOOR, "000000")
    made.clock.now += 120
    invite(made)
    for _ in range(5):
        type_code(made.services, DOOR, "000000")
    issue(made, "112233", "ring-2")
    for typed in ("271828", "112233"):
        type_code(made.services, DOOR, typed)
    assert verdicts(made, door) == ["wrong"] * 10 + ["locked"] * 2


def test_a_code_and_a_pin_serve_beside_each_other() -> None:
    made = make_services()
    door = made.connect(DOOR)
    invite(made)
    issue(made, "042137", "ring-1")
    for typed in ("271828", "042137"):
        type_code(made.services, DOOR, typed)
    assert verdicts(made, door) == ["Open", "Open"]
    assert [order.ring for order in made.opens.kept.values()] == [None, "ring-1"]


def test_many_pins_make_fewer_guesses() -> None:
    """With twenty PINs a guess could hit twenty: the fifth within the hour is not judged."""
    made = make_services()
    door = made.connect(DOOR)
    for number in range(20):
        invite(made, f"{number:06d}", id=f"guest-{number}")
    for _ in range(5):
        type_code(made.services, DOOR, "999999")
    assert verdicts(made, door) == ["wrong"] * 4 + ["locked"]


def test_all_doors_of_a_home_together_allow_no_more_guesses_than_one() -> None:
    """Whoever goes round the house finds the second keypad as locked as the first one."""
    made = make_services()
    front, back = made.connect(DOOR), made.connect(BACK_DOOR)
    for number in range(20):
        pin = f"{number:06d}"
        invite(made, pin, id=f"guest-{number}", doors=(DOOR.id, BACK_DOOR.id), uses_left=2)
    for _ in range(3):
        type_code(made.services, DOOR, "999999")
    for _ in range(2):
        type_code(made.services, BACK_DOOR, "999999")
    assert verdicts(made, front) == ["wrong"] * 3
    assert verdicts(made, back) == ["wrong", "locked"]
    (locked,) = (s for s in made.heard(back) if isinstance(s, Refused) and s.reason == "locked")
    made.clock.now += locked.retry_after or 0
    type_code(made.services, BACK_DOOR, "000007")
    assert verdicts(made, back)[-1] == "Open"


def test_another_home_s_doors_do_not_count() -> None:
    made = make_services()
    made.connect(DOOR)
    away = made.connect(FOREIGN_DOOR)
    for number in range(20):
        invite(made, f"{number:06d}", id=f"guest-{number}")
    invite(made, home="away")
    for _ in range(5):
        type_code(made.services, DOOR, "999999")
    type_code(made.services, FOREIGN_DOOR, "271828")
    assert verdicts(made, away) == ["Open"]


def test_of_two_who_type_a_pin_of_one_use_at_once_one_comes_in() -> None:
    """At the two doors that it is for: the second one reads it before the first one uses it."""
    made = make_services()
    sockets = [made.connect(door) for door in (DOOR, BACK_DOOR)]
    invite(made, doors=(DOOR.id, BACK_DOOR.id))
    type_overtaken(made, DOOR, "271828", by=(BACK_DOOR, "271828"))
    assert [verdicts(made, socket) for socket in sockets] == [["used"], ["Open"]]
    assert len(made.opens.kept) == 1
