"""The machine `watch` on the one machine: it waits for what may never come."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from doorbell.protocol import (
    Answer,
    DoorOpened,
    Missed,
    NotOpened,
    Open,
    Opened,
    Pressed,
    Ring,
    RingThrough,
    Ticket,
    Visitor,
)
from tests.statemachines.scene import STRANGER, seen

if TYPE_CHECKING:
    from demo.device import Device
    from tests.statemachines.scene import Scene
    from tests.template.sources import Tree

PHOTO = ["Read", "WaitForDecision", "LookForDecision", "IsItDecided"]
OPEN = ["Read", "WaitForOpen", "LookForOpened", "HasItOpened"]


def test_a_photo_that_never_comes_rings(
    hasty: Scene, hasty_door: Device, hasty_phone: Device
) -> None:
    """A real press, and then nothing: after PhotoSeconds it rings through without a picture."""
    ring = _press(hasty_door).ring
    hasty_phone.hear(Pressed, ring=ring)
    assert hasty_door.hear(RingThrough, ring=ring).reason == "no_photo"
    assert hasty_phone.hear(Visitor, ring=ring).photo is None
    (watch,) = hasty.works.started_for("Watch", ring)
    assert hasty.works.ended(watch) == "SUCCEEDED"
    assert hasty.works.read(watch).states() == [*PHOTO, "RingThrough", "Done"]


def test_a_ring_that_is_decided_is_left_alone(hasty: Scene, hasty_phone: Device) -> None:
    """The photo came and the bell has rung when `watch` looks: it says nothing."""
    ring = hasty.pressed()
    hasty.photographed(ring, seen(STRANGER))
    hasty_phone.hear(Visitor, ring=ring)
    watch = hasty.works.start("Watch", _pressed(hasty, ring))
    assert hasty.works.ended(watch) == "SUCCEEDED"
    assert hasty.works.read(watch).states() == [*PHOTO, "Done"]
    assert hasty_phone.all_about(ring).count("Visitor") == 1
    assert len(hasty.works.started_for("Visitor", ring)) == 1


def test_a_question_of_a_door_that_hung_up_is_asked_anew_and_ends(
    hasty: Scene, hasty_phone: Device
) -> None:
    """No machine waits for the answer: without `watch` the phones would never hear `missed`."""
    asked = {"reason": "no_photo", "decision": "no_photo", "answer_until": time.time() + 2}
    ring = hasty.pressed(**asked)
    watch = hasty.works.start("Watch", _pressed(hasty, ring))
    assert hasty_phone.hear(Visitor, ring=ring).reason == "no_photo"
    assert hasty.works.ended(watch) == "SUCCEEDED"
    assert hasty.works.read(watch).states() == [*PHOTO, "RingThrough", "Done"]
    assert hasty_phone.hear(Missed, ring=ring).reason == "no_photo"


@pytest.mark.parametrize("more", [{"answer": "decline"}, {"token": "where another waits"}])
def test_a_question_that_was_answered_or_has_its_machine_is_left_alone(
    hasty: Scene, more: Tree
) -> None:
    """Its photo may be on the phones: asked anew by `watch`, it would be gone there."""
    ring = hasty.pressed(reason="unavailable", decision="unavailable", **more)
    watch = hasty.works.start("Watch", _pressed(hasty, ring))
    assert hasty.works.ended(watch) == "SUCCEEDED"
    assert hasty.works.read(watch).states() == [*PHOTO, "Done"]


def test_a_table_that_cannot_be_read_rings(hasty: Scene, hasty_phone: Device) -> None:
    """Not known whether the ring is decided: then it shall ring."""

    def lose(states: Tree) -> None:
        states["LookForDecision"]["Arguments"]["TableName"] = "no-such-table"
        _at_once(states["LookForDecision"])

    ring = hasty.pressed()
    watch = hasty.works.start(hasty.works.broken("Watch", lose), _pressed(hasty, ring))
    assert hasty_phone.hear(Visitor, ring=ring).reason == "no_photo"
    assert hasty.works.ended(watch) == "SUCCEEDED"


def test_without_a_machine_to_start_it_rings(
    hasty: Scene, hasty_door: Device, hasty_phone: Device
) -> None:
    """No visitor can be started: the bell rings all the same, and an answer opens by itself."""

    def lose(states: Tree) -> None:
        states["RingThrough"]["Arguments"]["StateMachineArn"] += "-gone"
        _at_once(states["RingThrough"])

    ring = hasty.pressed()
    watch = hasty.works.start(hasty.works.broken("Watch", lose), _pressed(hasty, ring))
    assert hasty_door.hear(RingThrough, ring=ring).reason == "unavailable"
    hasty_phone.hear(Visitor, ring=ring)
    assert hasty.works.ended(watch) == "SUCCEEDED"
    assert hasty.works.read(watch).states() == [*PHOTO, "RingThrough", "Recover"]
    hasty_phone.send(Answer(ring, "let_in"))
    hasty_door.hear(Open, ring=ring)


def test_a_visitor_that_died_after_its_claim_rings(
    hasty: Scene, hasty_door: Device, hasty_phone: Device
) -> None:
    """It is stopped once it has claimed the ring, and nobody hears of it: the rule on failed
    executions does not know this copy.
    """

    def linger(states: Tree) -> None:
        states["SearchFaces"] = {"Type": "Wait", "Seconds": 60, "Next": "IssueCode"}

    ring = hasty.pressed()
    visit = hasty.works.start(hasty.works.broken("Visitor", linger), hasty.came(ring))
    hasty.works.came_to(visit, "SearchFaces")
    hasty.works.stop(visit)
    assert hasty.works.ended(visit) == "ABORTED"
    watch = hasty.works.start("Watch", _pressed(hasty, ring))
    assert hasty_door.hear(RingThrough, ring=ring).reason == "unavailable"
    hasty_phone.hear(Visitor, ring=ring)
    assert hasty.works.ended(watch) == "SUCCEEDED"


def test_an_event_that_comes_twice_rings_once(hasty: Scene, hasty_phone: Device) -> None:
    """EventBridge delivers at least once: two watches for one ring, and one visitor is shown."""
    ring = hasty.pressed()
    watches = [hasty.works.start("Watch", _pressed(hasty, ring)) for _ in range(2)]
    assert [hasty.works.ended(watch) for watch in watches] == ["SUCCEEDED"] * 2
    for visit in hasty.works.started_for("Visitor", ring):
        hasty.works.ended(visit)
    assert hasty_phone.all_about(ring).count("Visitor") == 1


def test_a_door_that_never_opens_is_told(
    hasty: Scene, hasty_door: Device, hasty_phone: Device
) -> None:
    """It was told to open and stayed silent: the phones hear that it did not."""
    ring = _let_in(hasty, hasty_phone)
    hasty_door.hear(Open, ring=ring)
    hasty_phone.hear(NotOpened, ring=ring)
    (watch,) = hasty.works.started_for("Watch", ring)
    assert hasty.works.ended(watch) == "SUCCEEDED"
    assert hasty.works.read(watch).states() == [*OPEN, "CheckOpen"]


def test_a_door_that_opened_is_left_alone(
    hasty: Scene, hasty_door: Device, hasty_phone: Device
) -> None:
    """The door said so: nobody is told otherwise, and no function runs for it."""
    ring = _let_in(hasty, hasty_phone)
    hasty_door.send(Opened(hasty_door.hear(Open, ring=ring).open))
    hasty_phone.hear(DoorOpened, ring=ring)
    (watch,) = hasty.works.started_for("Watch", ring)
    assert hasty.works.ended(watch) == "SUCCEEDED"
    assert hasty.works.read(watch).states() == [*OPEN, "Done"]
    assert "NotOpened" not in hasty_phone.all_about(ring)


def test_a_table_that_cannot_be_read_has_the_function_look_whether_a_door_opened(
    hasty: Scene, hasty_door: Device, hasty_phone: Device
) -> None:
    def lose(states: Tree) -> None:
        states["LookForOpened"]["Arguments"]["TableName"] = "no-such-table"
        _at_once(states["LookForOpened"])

    ring = _let_in(hasty, hasty_phone)
    order = hasty_door.hear(Open, ring=ring).open
    detail = {"home": hasty.home, "door": "front-door", "ring": ring, "open": order}
    sent = {"detail-type": "OpenSent", "detail": detail}
    watch = hasty.works.start(hasty.works.broken("Watch", lose), sent)
    assert hasty.works.ended(watch) == "SUCCEEDED"
    assert hasty.works.read(watch).states() == [*OPEN, "CheckOpen"]
    hasty_phone.hear(NotOpened, ring=ring)


def _pressed(scene: Scene, ring: str) -> Tree:
    """What EventBridge tells `watch` of a press."""
    return {"detail-type": "RingPressed", "detail": {"home": scene.home, "ring": ring}}


def _at_once(state: Tree) -> None:
    for retry in state["Retry"]:
        retry["IntervalSeconds"] = 0


def _press(door: Device) -> Ticket:
    press = str(uuid4())
    door.send(Ring(press))
    return door.hear(Ticket, press=press)


def _let_in(hasty: Scene, phone: Device) -> str:
    """A ring that waits for an answer, and no machine with it: a resident opens."""
    ring = hasty.pressed(reason="no_photo", answer_until=time.time() + 60)
    phone.send(Answer(ring, "let_in"))
    return ring
