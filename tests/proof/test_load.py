"""Load in short, on the stack of all tests; `python -m proof load` does the whole of it."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from demo.people import Person
from doorbell.protocol import (
    Code,
    Declined,
    DoorOpened,
    Open,
    Pressed,
    RingThrough,
    Visitor,
    Welcome,
)
from proof import load
from proof.load import figures, machine
from proof.load.heard import Heard
from proof.load.judge import judge
from proof.load.knee import Step, is_bent, knee
from proof.load.machine import Point, Sample
from proof.load.press import Press, Rung
from proof.load.sizes import Accuracy, Seen, accuracy
from proof.load.town import Device, plan

if TYPE_CHECKING:
    from doorbell.protocol import Message
    from local.stack import Stack

# Where Eileen and Grace live, each with a phone of her own; and the next home.
HOME, NEIGHBOUR = plan("town", 25, 5)[3:5]
DOOR = HOME.doors[0]
HERS, OTHER = HOME.phones
PATIENCE = 120


@pytest.mark.timeout(PATIENCE)
def test_a_dozen_doors_that_ring_at_once_get_their_one_right_answer_each(stack: Stack) -> None:
    report = load.prove(short=True, stack=stack)
    assert [claim for claim in report.claims if not claim.holds] == []
    counted = {claim.what: claim.found for claim in report.claims}
    assert counted["doors connected at once"] == "12, and 6 phones"
    assert counted["of these, wrong, twice, none"] == "0, 0, 0"


# --- what is right, and what is not --------------------------------------------


def told(*messages: tuple[Device, Message]) -> list[Heard]:
    """All that was heard of a ring."""
    return [Heard(1.0, device, message) for device, message in messages]


def press(person: Person, *, lets_in: bool = False) -> Rung:
    """A press whose ring is `r`, and whose photo was shown."""
    shown = None if person in HOME.residents else True
    return Rung(Press(1, HOME, DOOR, person, lets_in), 0.0, "r", shown=shown)


EILEEN = press(Person.EILEEN)
CODE = Code("r", "042137", 120, "Door 0", "Eileen")
RESIDENT = told(
    (HERS, Pressed("r", "Door 0")),
    (OTHER, Pressed("r", "Door 0")),
    (HERS, CODE),
    (DOOR, Welcome("r")),
    (DOOR, Open("o", "r", 5, 15)),
    (DOOR, Open("o", "r", 5, 15)),
    (HERS, DoorOpened("r", "code")),
    (OTHER, DoorOpened("r", "code")),
)
SEEN = Visitor("r", "Door 0", "stranger", 60, "http://127.0.0.1/photo")
STRANGER = told(
    (HERS, Pressed("r", "Door 0")),
    (OTHER, Pressed("r", "Door 0")),
    (DOOR, RingThrough("r", "stranger", 60)),
    (HERS, SEEN),
    (OTHER, SEEN),
)
DECLINED = STRANGER + told(
    (DOOR, Declined("r")), (HERS, Declined("r", "Eileen")), (OTHER, Declined("r", "Eileen"))
)
LET_IN = STRANGER + told(
    (DOOR, Open("o", "r", 5, 15)),
    (HERS, DoorOpened("r", "Eileen")),
    (OTHER, DoorOpened("r", "Eileen")),
)


def without(heard: list[Heard], kind: type[Message]) -> list[Heard]:
    """All but this kind."""
    return [each for each in heard if not isinstance(each.message, kind)]


def test_a_code_on_her_phone_that_opens_her_door_is_right_though_the_order_comes_twice() -> None:
    assert judge(EILEEN, RESIDENT).kind == "right"


def test_a_bell_a_photo_and_an_answer_are_right_for_a_stranger() -> None:
    assert judge(press(Person.STRANGER), DECLINED).kind == "right"
    assert judge(press(Person.STRANGER, lets_in=True), LET_IN).kind == "right"


@pytest.mark.parametrize("kind", ["none", "wrong", "twice"])
def test_a_ring_is_none_if_nobody_answers_twice_if_somebody_does_so_twice(kind: str) -> None:
    heard = {
        "none": told((HERS, Pressed("r", "Door 0")), (OTHER, Pressed("r", "Door 0"))),
        "twice": RESIDENT + told((HERS, CODE)),
        "wrong": RESIDENT + told((OTHER, CODE)),
    }
    assert judge(EILEEN, heard[kind]).kind == kind


@pytest.mark.parametrize(
    ("device", "message"),
    [
        (NEIGHBOUR.phones[0], CODE),
        (NEIGHBOUR.phones[0], SEEN),
        (HOME.doors[1], Open("o", "r", 5, 15)),
        (NEIGHBOUR.doors[0], RingThrough("r", "stranger", 60)),
        (OTHER, CODE),
    ],
)
def test_what_another_hears_of_a_ring_is_wrong_whatever_else_is_right(
    device: Device, message: Message
) -> None:
    verdict = judge(EILEEN, RESIDENT + told((device, message)))
    assert (verdict.kind, verdict.stray) == ("wrong", True)
    assert device.home in verdict.why


@pytest.mark.parametrize(
    "heard",
    [
        RESIDENT + told((DOOR, RingThrough("r", "no_phone", 60))),
        RESIDENT + told((DOOR, Open("p", "r", 5, 15))),
        RESIDENT + told((HERS, DoorOpened("r", "code"))),
    ],
)
def test_a_bell_beside_the_code_and_a_second_order_to_open_are_twice(heard: list[Heard]) -> None:
    assert judge(EILEEN, heard).kind == "twice"


@pytest.mark.parametrize("kind", [Pressed, Welcome, Open, DoorOpened])
def test_a_resident_must_hear_all_of_it(kind: type[Message]) -> None:
    assert judge(EILEEN, without(RESIDENT, kind)).kind == "wrong"


@pytest.mark.parametrize("kind", [Pressed, Visitor, Declined])
def test_of_a_stranger_everybody_must_hear(kind: type[Message]) -> None:
    assert judge(press(Person.STRANGER), without(DECLINED, kind)).kind == "wrong"


def test_the_answers_of_two_rings_that_are_swapped_are_wrong() -> None:
    assert judge(press(Person.STRANGER), RESIDENT).why == "a code for a stranger"
    assert judge(EILEEN, DECLINED).why == "the bell for a resident (stranger)"
    grace = judge(press(Person.GRACE), [*without(RESIDENT, Code), *told((OTHER, CODE))])
    assert grace.stray, "Eileen's code on Grace's phone"


def test_another_photo_than_the_doors_own_and_another_reason_are_wrong() -> None:
    rung = press(Person.STRANGER)
    assert judge(rung._replace(shown=False), DECLINED).why == "another photo, or none"
    bell = told((DOOR, RingThrough("r", "unavailable", 60)))
    assert judge(rung, without(DECLINED, RingThrough) + bell).why == "the bell, but as unavailable"


def test_a_door_that_opens_for_a_declined_stranger_is_wrong() -> None:
    assert judge(press(Person.STRANGER), DECLINED + told((DOOR, Open("o", "r", 5, 15)))).why


def test_every_photo_is_a_file_of_its_own() -> None:
    photos = {press(Person.EILEEN).press._replace(number=number).photo for number in (1, 9, 17)}
    assert len(photos) == 3


# --- memory, processors, the knee -----------------------------------------------

RINGS = range(50, 1001, 50)


def test_a_leak_of_two_kb_a_ring_is_seen_through_the_noise_and_no_leak_is_none() -> None:
    noise = random.Random(1)

    def points(leak: float) -> list[Point]:
        return [Point(n, 80_000 + round(leak * n + noise.uniform(-50, 50))) for n in RINGS]

    assert machine.growth(points(2.0)) == pytest.approx(2.0, abs=0.15)
    assert machine.growth(points(0.0)) == pytest.approx(0.0, abs=0.15)


def test_only_processes_that_lasted_since_all_has_settled_are_compared() -> None:
    kind = machine.RING_PATH

    def sample(rings: int) -> Sample:
        lasting = {(1, kind): 40_000 + rings, (5, machine.FACES): 90_000}
        passing = {(2, kind): 41_000} if rings > 500 else {(3, kind): 42_000}
        return Sample(rings, 3, 20, lasting | passing)

    points = machine.lasting([sample(rings) for rings in RINGS], kind, 200)
    assert points[0] == Point(200, 40_200)
    assert points[-1] == Point(1000, 41_000)
    assert machine.growth(points) == pytest.approx(1.0)


def test_where_no_process_lasted_nothing_is_compared() -> None:
    kind = machine.RING_PATH
    samples = [Sample(200, 1, 9, {(1, kind): 4}), Sample(250, 1, 9, {(2, kind): 4})]
    assert machine.lasting(samples, kind, 200) == []
    assert machine.lasting(samples[:1], kind, 300) == []


def test_the_knee_is_the_last_rate_before_those_who_wait_longest_wait_three_times_as_long() -> None:
    waits = {1: 0.2, 2: 0.3, 4: 0.6, 8: 2.0}
    steps = [Step(rate, [], p95, {}) for rate, p95 in waits.items()]
    assert knee(steps).rate == 4
    assert [each.rate for each in steps if is_bent(each, steps)] == [8]


@pytest.mark.skipif(not machine.MEASURABLE, reason="Linux alone says it")
def test_this_process_is_one_of_those_that_are_counted() -> None:
    found = machine.processes()
    assert [each for each in found if each.kind == machine.PEOPLE]
    before = machine.clock()
    sum(range(3_000_000))
    used = machine.cores(before, machine.clock())
    assert used[machine.PEOPLE] > 0


@pytest.mark.skipif(not machine.MEASURABLE, reason="Linux alone says it")
@pytest.mark.parametrize(
    ("program", "least", "most"),
    [
        ("asyncio.run(asyncio.sleep(60))", 0.9, 1.0),
        ("while True: pass", 0.0, 0.1),
        ("threading.Event().wait(60)", 0.0, 0.1),
    ],
    ids=["waits for what comes", "works", "waits for a lock"],
)
def test_an_event_loop_rests_only_while_it_waits_for_what_comes(
    program: str, least: float, most: float
) -> None:
    """A thread that waits for Python's lock does not: somebody else keeps it from its work."""
    code = f"import asyncio, threading\nprint('begun', flush=True)\n{program}"
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as process:
        try:
            assert process.stdout is not None
            process.stdout.readline()
            with machine.resting([process.pid]) as rest:
                while rest.looks < 50:
                    time.sleep(0.01)
        finally:
            process.kill()
    assert least <= rest.share <= most


@pytest.mark.parametrize(
    ("rest", "cores", "words"),
    [
        (0.02, {machine.LOOP: 0.5}, "the one event loop of the emulator: it rests 2%"),
        (0.02, {machine.FACES: 100.0}, "the processors: 100.0 of"),
        (0.5, {machine.FACES: 0.1}, "no processor (0.1 of"),
    ],
)
def test_what_limits_is_what_is_used_up(rest: float, cores: dict[str, float], words: str) -> None:
    assert figures._limit(Step(10, [], 1.0, cores, rest)).startswith(words)


# --- who is found ----------------------------------------------------------------


def test_whom_a_search_finds_depends_on_how_alike_they_must_be() -> None:
    seen = [
        Seen("a", "a", 99.95, 0.1),
        Seen("b", "b", 97.0, 0.1),
        Seen("c", "a", 96.0, 0.1),
        Seen(None, "a", 95.5, 0.1),
        Seen(None, "b", 40.0, 0.1),
    ]
    assert accuracy(seen, 95) == Accuracy(residents=3, right=2, as_another=1, strangers=2, taken=1)
    assert accuracy(seen, 99) == Accuracy(residents=3, right=1, as_another=0, strangers=2, taken=0)
    assert accuracy(seen, 99).not_found == 2
