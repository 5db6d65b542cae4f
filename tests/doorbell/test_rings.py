"""Rings: which presses belong together, which are too many, which are too late."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorbell.errors import Conflict
from doorbell.model import MAX_RINGS_COUNTED, DoorState, Ring
from doorbell.protocol import Ring as Asked
from doorbell.rings import classify_press, find, keys_of, ring_id
from doorbell.settings import Settings
from tests.fakes import BACK_DOOR, DOOR, FOREIGN_DOOR, KITCHEN, NOON, a_ring, make_services
from tests.jobs import press

PRESS = "123e4567-e89b-42d3-a456-426614174000"


def judged(
    *, age: float = 0.0, state: DoorState | None = None, now: float = NOON
) -> tuple[Ring, DoorState]:
    """A press with the usual limits."""
    return classify_press(DOOR, Asked(None, age), state or DoorState(), now, Settings())


def test_the_first_press_of_a_door_is_a_new_ring() -> None:
    ring, state = judged()
    assert ring.kind == "new"
    assert ring.pressed_at == NOON
    assert (state.ring, state.rung_at) == (ring.id, (NOON,))


@pytest.mark.parametrize(
    ("since", "kind"), [(0.0, "repeat"), (4.999, "repeat"), (5.0, "new"), (5.001, "new")]
)
def test_a_press_within_the_gap_belongs_to_the_ring_under_way(since: float, kind: str) -> None:
    before = DoorState("under-way", NOON - since, (NOON - since,), 7)
    ring, state = judged(state=before)
    assert ring.kind == kind
    assert ring.part_of == ("under-way" if kind == "repeat" else None)
    assert (state == before) is (kind == "repeat")


@pytest.mark.parametrize(("age", "kind"), [(0, "new"), (60, "new"), (60.001, "late")])
def test_a_press_older_than_a_minute_is_only_missed(age: float, kind: str) -> None:
    ring, state = judged(age=age)
    assert ring.kind == kind
    assert ring.pressed_at == NOON - age
    assert (state == DoorState()) is (kind == "late")


def test_a_press_that_was_held_up_is_counted_and_does_not_stand_before_a_newer_one() -> None:
    before = DoorState("newer", NOON - 5, (NOON - 5,), 7)
    ring, state = judged(age=30, state=before)
    assert ring.kind == "new"
    assert state == before._replace(rung_at=(NOON - 5, NOON))


def test_an_old_press_is_late_even_beside_another() -> None:
    """What comes out of a door's spool is judged by its own time."""
    assert judged(age=61, state=DoorState("under-way", NOON - 61, (NOON - 61,)))[0].kind == "late"


@pytest.mark.parametrize(("rings", "kind"), [(18, "new"), (19, "new"), (20, "limited")])
def test_over_twenty_rings_an_hour_there_is_no_face_search(rings: int, kind: str) -> None:
    state = DoorState("before", NOON - 100, tuple(NOON - 3000 + n for n in range(rings)))
    assert judged(state=state)[0].kind == kind


@pytest.mark.parametrize(("age", "kind"), [(3599.9, "limited"), (3600.0, "new")])
def test_the_hour_slides_a_ring_counts_for_an_hour_and_no_longer(age: float, kind: str) -> None:
    rung = (NOON - age, *(NOON - 119 + n for n in range(19)))
    ring, after = judged(state=DoorState("before", NOON - 100, rung))
    assert ring.kind == kind
    assert len(after.rung_at) == (21 if kind == "limited" else 20)


def test_only_so_many_rings_are_remembered() -> None:
    """The record stays small however wildly a door rings."""
    rung = tuple(NOON - 3000 + n for n in range(MAX_RINGS_COUNTED))
    _, after = judged(state=DoorState("before", NOON - 100, rung))
    assert len(after.rung_at) == MAX_RINGS_COUNTED
    assert after.rung_at[-1] == NOON


@given(st.lists(st.floats(0.1, 1200), min_size=1, max_size=60))
def test_no_hour_of_a_door_has_more_than_its_rings(gaps: list[float]) -> None:
    """Any rhythm of presses: repeats are near the last ring, and the count is kept."""
    made = make_services()
    rung: list[float] = []
    last = float("-inf")
    for gap in gaps:
        made.clock.now += gap
        event = press(made.services, DOOR, Asked())
        now = made.clock()
        if event.kind == "repeat":
            assert now - last < 5
            continue
        assert now - last >= 5
        last = now
        rung = [*(at for at in rung if now - at < 3600), now]
        assert event.kind == ("limited" if len(rung) > 20 else "new")


def test_the_same_press_is_the_same_ring_whatever_came_between() -> None:
    """Also in other letters, as UUIDs may be written."""
    made = make_services()
    first = press(made.services, DOOR, Asked(PRESS))
    made.clock.now += 30
    assert press(made.services, DOOR, Asked()).ring != first.ring
    made.clock.now += 600
    assert press(made.services, DOOR, Asked(PRESS.upper(), age=630)) == first
    assert len(made.rings.kept) == 2


def test_the_same_press_of_another_door_or_home_is_another_ring() -> None:
    ids = {ring_id(device, PRESS) for device in (DOOR, BACK_DOOR, FOREIGN_DOOR)}
    assert len(ids) == 3


def test_presses_without_a_name_are_never_the_same_ring() -> None:
    assert ring_id(DOOR, None) != ring_id(DOOR, None)


def test_a_repeat_is_published_for_the_ring_it_is_part_of() -> None:
    made = make_services()
    first = press(made.services, DOOR, Asked())
    made.clock.now += 1
    again = press(made.services, DOOR, Asked(PRESS))
    assert (again.ring, again.kind, again.press) == (first.ring, "repeat", PRESS)
    part = find(made.services, "home", ring_id(DOOR, PRESS))
    assert part
    assert part.id == first.ring


def test_doors_do_not_count_for_one_another() -> None:
    made = make_services()
    assert press(made.services, DOOR, Asked()).kind == "new"
    assert press(made.services, BACK_DOOR, Asked()).kind == "new"
    assert press(made.services, FOREIGN_DOOR, Asked()).kind == "new"


def test_of_two_presses_at_once_the_second_sees_the_first() -> None:
    """Between reading and writing somebody else rang: read again, and it is a repeat."""
    made = make_services()
    record = made.rings.record

    def overtaken(ring: Ring, state: DoorState, was: int) -> None:
        made.rings.record = record  # type: ignore[method-assign]
        other = a_ring("other")
        record(other, DoorState("other", NOON, (NOON,)), was=was)
        record(ring, state, was)

    made.rings.record = overtaken  # type: ignore[method-assign]
    event = press(made.services, DOOR, Asked())
    assert (event.kind, event.ring) == ("repeat", "other")


def test_a_door_whose_record_cannot_be_written_says_so() -> None:
    """Never silently: the door hears `try_again`, and chimes."""
    made = make_services()

    def lose(*_: object, **__: object) -> None:
        raise Conflict

    made.rings.record = lose  # type: ignore[method-assign]
    with pytest.raises(Conflict, match="front"):
        press(made.services, DOOR, Asked())


def test_find_sees_no_ring_of_another_home() -> None:
    made = make_services()
    event = press(made.services, DOOR, Asked())
    assert find(made.services, "home", event.ring)
    assert find(made.services, KITCHEN.home, "unknown") is None
    assert find(made.services, "away", event.ring) is None


def test_a_press_without_an_id_looks_for_no_ring_of_before() -> None:
    assert len(keys_of(DOOR, Asked(None))) == 1
    assert len(keys_of(DOOR, Asked(PRESS))) == 2


def test_a_press_that_met_itself_says_what_was_recorded() -> None:
    """Sent twice through two sockets: the second one reads what the first one has written."""
    made = make_services()
    record = made.rings.record

    def overtaken(*given: Any, **named: Any) -> None:
        record(*given, **named)
        made.rings.record = record  # type: ignore[method-assign]
        raise Conflict

    made.rings.record = overtaken  # type: ignore[method-assign]
    event = press(made.services, DOOR, Asked(PRESS))
    assert event.kind == "new"
    assert len(made.rings.kept) == 1
