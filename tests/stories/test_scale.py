"""The scaling benchmark: a ring without its code is no figure, and a leak is told from noise."""

from __future__ import annotations

import random
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

from benchmarks import crowd, households, memory
from benchmarks.households import Outcome, RingLost
from benchmarks.memory import Point, Sample
from demo.people import Person, door_photo
from doorbell.aws.dynamodb.devices import DeviceTable
from doorbell.aws.dynamodb.records import RecordTable
from doorbell.aws.dynamodb.table import Table
from doorbell.homes import collection_id
from doorbell.model import Key, KnownFace

if TYPE_CHECKING:
    from local.stack import Stack

RINGS = range(50, 1001, 50)


def test_three_doors_that_ring_at_once_twice_have_six_codes(stack: Stack) -> None:
    with ExitStack() as closing:
        homes = households.move_in(stack, [f"scale-{number}" for number in range(3)], closing)
        seconds = households.seconds_of(households.ring_at_once(homes, 2))
    assert len(seconds) == 6
    assert all(0 < each < households.PATIENCE for each in seconds)


def test_a_stranger_has_no_code_and_the_error_says_what_came_instead(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(households, "door_photo", lambda _: door_photo(Person.GRACE))
    with ExitStack() as closing:
        homes = households.move_in(stack, ["scale-stranger"], closing)
        monkeypatch.setattr(households, "PATIENCE", 5.0)
        outcomes = households.ring_at_once(homes, 1)
    with pytest.raises(RingLost, match=r"1 of 1 rings .* scale-stranger: .*waited 5 s for `Code`"):
        households.seconds_of(outcomes)


def test_all_rings_that_did_not_end_in_their_code_alone_are_named() -> None:
    good, silent = Outcome("a", 0.5, bell=False), Outcome("b", None, bell=False, why="nothing came")
    both = Outcome("c", 0.7, bell=True)
    assert households.seconds_of([good, good]) == [0.5, 0.5]
    with pytest.raises(RingLost, match="2 of 3 rings") as raised:
        households.seconds_of([good, silent, both])
    assert "b: nothing came" in str(raised.value)
    assert "c: a code came, and the bell rang too" in str(raised.value)
    assert "a:" not in str(raised.value)


def test_a_home_is_filled_with_as_many_residents_and_devices_as_were_asked_for(
    stack: Stack,
) -> None:
    with ExitStack() as closing:
        (household,) = households.move_in(stack, ["scale-crowd"], closing)
        crowd.fill(stack, household.home, 8)
        # Among the others' faces she is still known.
        households.seconds_of(households.ring_at_once([household], 1))
    table = Table(stack.deployed.client, stack.table)
    assert len(DeviceTable(table).all(household.home)) == 2 + 7
    made = [Key(KnownFace, f"made-{number}") for number in (6, 7)]
    known_faces = RecordTable(table).read(household.home, *made)
    assert known_faces == (KnownFace("made-6", "Resident 6"), None)
    collection = collection_id(stack.name, household.home)
    known = stack.aws.client("rekognition").list_faces(CollectionId=collection)["Faces"]
    assert len(known) == 1 + crowd.SIDE**2


def test_a_leak_of_two_kb_a_ring_is_seen_through_the_noise_and_no_leak_is_none() -> None:
    noise = random.Random(1)

    def points(leak: float) -> list[Point]:
        return [Point(n, 80_000 + round(leak * n + noise.uniform(-50, 50))) for n in RINGS]

    assert memory.growth(points(2.0)) == pytest.approx(2.0, abs=0.15)
    assert memory.growth(points(0.0)) == pytest.approx(0.0, abs=0.15)


def test_only_processes_that_lasted_since_all_has_settled_are_compared() -> None:
    def sample(rings: int) -> Sample:
        lasting, later, ended = {1: 40_000 + rings}, {2: 41_000}, {3: 42_000}
        return Sample(rings, lasting | (later if rings > 500 else ended))

    points = memory.settled([sample(rings) for rings in RINGS])
    assert points[0] == Point(200, 40_200)
    assert points[-1] == Point(1000, 41_000)
    assert memory.growth(points) == pytest.approx(1.0)


def test_where_no_process_lasted_nothing_is_compared() -> None:
    with pytest.raises(memory.NoneLasted):
        memory.settled([Sample(200, {1: 40_000}), Sample(250, {2: 40_000})])
    with pytest.raises(memory.NoneLasted):
        memory.settled([Sample(50, {1: 40_000})])
