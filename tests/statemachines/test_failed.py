"""An execution failed or was aborted: it rings from outside, and an answer still opens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from doorbell.protocol import Answer, NotOpened, Open, RingThrough, Visitor
from tests.statemachines.scene import STRANGER, seen

if TYPE_CHECKING:
    from demo.device import Device
    from tests.statemachines.scene import Scene


def _opens(door: Device, phone: Device, ring: str) -> None:
    """Without any machine, an answer opens the door."""
    phone.send(Answer(ring, "let_in"))
    assert door.hear(Open, ring=ring).ring == ring


def test_an_aborted_execution_rings(patient: Scene, door: Device, phone: Device) -> None:
    """Stopped while it waits for an answer: the phones are asked anew, and their answer opens."""
    ring = patient.pressed()
    visit = patient.photographed(ring, seen(STRANGER))
    phone.hear(Visitor, ring=ring, reason="stranger")
    patient.works.stop(visit)
    assert patient.works.ended(visit) == "ABORTED"
    assert phone.hear(Visitor, ring=ring, reason="unavailable").photo
    assert door.hear(RingThrough, ring=ring, reason="unavailable")
    _opens(door, phone, ring)


def test_an_execution_that_fails_rings(patient: Scene, door: Device, phone: Device) -> None:
    """An event that is not what it should be: the choice after the claim can catch nothing."""
    ring = patient.pressed()
    visit = patient.works.start("Visitor", {**patient.came(ring), "size": "many"})
    assert patient.works.ended(visit) == "FAILED"
    assert phone.hear(Visitor, ring=ring).reason == "unavailable"
    assert door.hear(RingThrough, ring=ring).reason == "unavailable"
    _opens(door, phone, ring)


def test_ringing_that_fails_rings(patient: Scene, door: Device, phone: Device) -> None:
    """The very task that rings fails with what nobody foresaw: it rings without waiting."""
    ring = patient.pressed()
    visit = patient.photographed(ring, seen(STRANGER))
    phone.hear(Visitor, ring=ring, reason="stranger")
    found = patient.rings.find(patient.home, ring)
    assert found
    assert found.token
    patient.works.fail_task(found.token, "Broken")
    assert patient.works.ended(visit) == "SUCCEEDED"
    phone.hear(Visitor, ring=ring, reason="unavailable")
    _opens(door, phone, ring)


def test_ringing_whose_job_fails_is_repeated(patient: Scene, door: Device, phone: Device) -> None:
    """The job that rings may be repeated: it rings once more, and the answer is still awaited."""
    ring = patient.pressed()
    visit = patient.photographed(ring, seen(STRANGER))
    phone.hear(Visitor, ring=ring)
    found = patient.rings.find(patient.home, ring)
    assert found
    assert found.token
    patient.works.fail_task(found.token, "JobFailed")
    assert phone.hear(Visitor, ring=ring).reason == "stranger"
    _opens(door, phone, ring)
    assert patient.works.ended(visit) == "SUCCEEDED"
    assert patient.works.read(visit).states()[-2:] == ["RingThrough", "Do"]


def test_an_answer_that_could_not_be_carried_out_is_told(patient: Scene, phone: Device) -> None:
    """Let in, and then the execution fails: the phones hear that the door did not open."""
    ring = patient.pressed(answer="let_in", answered_by="Eileen")
    visit = patient.works.start("Visitor", {**patient.came(ring), "size": "many"})
    assert patient.works.ended(visit) == "FAILED"
    phone.hear(NotOpened, ring=ring)


def test_a_failure_of_no_ring_is_passed_over(patient: Scene, phone: Device) -> None:
    """An execution that speaks of no ring rings nobody, and the rule's job does not fail."""
    visit = patient.works.start("Visitor", patient.in_vain("0" * 26))
    assert patient.works.ended(visit) == "SUCCEEDED"
    assert patient.works.ended(patient.works.start("Visitor", {"nothing": 0})) == "FAILED"
    assert phone.all_about("0" * 26) == []
