"""Whatever single call of a job fails, and whether it took effect or not: the press rings, the
answer counts, the code is not burnt, and the door opens once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from doorbell import opening, rings
from doorbell.announcing import announce_press
from doorbell.answer import answer, apply_answer
from doorbell.events import RingPressed
from doorbell.protocol import (
    Answer,
    Code,
    DoorOpened,
    NotOpened,
    Open,
    Pressed,
    RingThrough,
    Ticket,
    Visitor,
)
from doorbell.protocol import Ring as Asked
from doorbell.resident import resend_codes
from doorbell.visitor import no_answer, recover, ring_through
from tests.doorbell.single_faults import each_fault
from tests.fakes import (
    ADA,
    DOOR,
    FakeServices,
    a_code,
    enrol_face,
    keep_ring,
    make_services,
)
from tests.jobs import issue_code, press, say_got, say_opened, type_code
from tests.websocket.frames import event
from websocket import frame

if TYPE_CHECKING:
    from doorbell.services import Services

PRESS = "123e4567-e89b-42d3-a456-426614174000"
LET_IN = Answer("ring-1", "let_in")


def start() -> FakeServices:
    """A ring of the front door, and Ada's face; her phone and the door are connected."""
    made = make_services()
    keep_ring(made)
    enrol_face(made, "Ada", "face-a")
    made.connect(DOOR)
    made.connect(ADA)
    return made


def told(made: FakeServices, role: str, kind: type) -> int:
    """How many messages of this kind the door or the phone got."""
    (connection,) = made.connections.of("home", role)  # type: ignore[arg-type]
    return sum(isinstance(said, kind) for said in made.heard(connection))


def opens(made: FakeServices) -> set[str]:
    """The orders that the door has got."""
    (door,) = made.connections.of("home", "door")
    return {said.open for said in made.heard(door) if isinstance(said, Open)}


def let_the_machine_go_on(made: FakeServices) -> None:
    """What the state machine does with each answer that it was told."""
    for _, output in made.waits.resumed:
        apply_answer(made.services, "home", "ring-1", output["answer"], output["by"])


def asked() -> FakeServices:
    """A stranger waits; the residents are asked."""
    made = start()
    ring_through(made.services, "home", "ring-1", "stranger", "token")
    return made


def test_a_bell_rings_when_its_job_is_repeated_or_the_machine_recovers() -> None:
    def job(services: Services) -> None:
        ring_through(services, "home", "ring-1", "stranger", "token")

    for repeated in (True, False):
        for fault, made, failed in each_fault(start, job):
            if failed and repeated:
                ring_through(made.services, "home", "ring-1", "stranger", "second token")
            elif failed:
                recover(made.services, "home", "ring-1")
            assert told(made, "door", RingThrough), fault
            assert told(made, "phone", Visitor), fault
            answer(made.services, ADA, LET_IN)
            assert made.waits.resumed or opens(made), fault


def test_a_resident_is_rung_for_or_has_a_code_and_the_code_still_opens() -> None:
    """The job failed: the state machine catches that and rings."""

    def job(services: Services) -> None:
        issue_code(services, "home", "ring-1", "face-a", "token")

    for fault, made, failed in each_fault(start, job):
        if failed or made.waits.failed:
            ring_through(made.services, "home", "ring-1", "unavailable", "second token")
            assert told(made, "door", RingThrough), fault
        else:
            assert told(made, "phone", Code), fault
        (phone,) = made.connections.of("home", "phone")
        for said in made.heard(phone):
            if isinstance(said, Code):
                type_code(made.services, DOOR, said.code)
                assert len(opens(made)) == 1, fault


def test_a_phone_s_word_about_a_code_is_heard_or_the_bell_rings() -> None:
    def with_code() -> FakeServices:
        made = start()
        issue_code(made.services, "home", "ring-1", "face-a", "token")
        return made

    def job(services: Services) -> None:
        (phone,) = services.connections.of("home", "phone")
        say_got(services, phone, "ring-1")

    for fault, made, _ in each_fault(with_code, job):
        if not made.waits.resumed:  # the machine's wait ends, and it rings
            ring_through(made.services, "home", "ring-1", "no_phone", "second token")
            assert told(made, "door", RingThrough), fault
            assert made.rings.kept["home", "ring-1"].decision == "no_phone", fault


def test_an_answer_counts_with_the_next_tap() -> None:
    def job(services: Services) -> None:
        answer(services, ADA, LET_IN)

    for fault, made, failed in each_fault(asked, job):
        if failed:
            answer(made.services, ADA, LET_IN)
        let_the_machine_go_on(made)
        assert len(opens(made)) == 1, fault


def test_an_answer_that_was_written_counts_when_the_wait_ends() -> None:
    """Soon after it, that is: a `let_in` of long ago opens nothing."""

    def asked_a_while_ago() -> FakeServices:
        made = asked()
        made.clock.now += 50
        return made

    def job(services: Services) -> None:
        answer(services, ADA, LET_IN)

    for fault, made, failed in each_fault(asked_a_while_ago, job):
        written = made.rings.kept["home", "ring-1"].answer is not None
        if failed and not made.waits.resumed:
            made.waits.over.add("token")
            made.clock.now += 10
            no_answer(made.services, "home", "ring-1")
        let_the_machine_go_on(made)
        assert len(opens(made)) == written, fault


def test_letting_in_opens_once_when_its_job_is_repeated() -> None:
    def job(services: Services) -> None:
        apply_answer(services, "home", "ring-1", "let_in", "Ada")

    for fault, made, failed in each_fault(asked, job):
        if failed:
            apply_answer(made.services, "home", "ring-1", "let_in", "Ada")
        assert len(opens(made)) == 1, fault


def test_a_code_typed_again_after_a_fault_opens_once() -> None:
    def with_code() -> FakeServices:
        made = start()
        made.passcodes.issue(a_code(at=made.clock()), [])
        return made

    def job(services: Services) -> None:
        type_code(services, DOOR, "042137")

    for fault, made, failed in each_fault(with_code, job):
        if failed:
            type_code(made.services, DOOR, "042137")
        assert len(opens(made)) == 1, fault
        assert len(made.opens.kept) == 1, fault
        (used,) = made.passcodes.kept.values()
        assert used.uses_left == 0, fault


def test_a_press_sent_again_after_a_fault_is_one_ring_on_the_bus() -> None:
    """The door hears `try_again`, or nothing, and sends the same press again."""

    def empty() -> FakeServices:
        made = make_services()
        made.connect(DOOR)
        return made

    def job(services: Services) -> None:
        services.bus.publish(press(services, DOOR, Asked(PRESS)))

    for fault, made, failed in each_fault(empty, job):
        if failed:
            job(made.services)
        assert {getattr(event, "ring", "") for event in made.bus.events} == {
            rings.ring_id(DOOR, PRESS)
        }, fault
        assert len(made.rings.kept) == 1, fault


def connected() -> FakeServices:
    """Nobody has rung; a phone and the door are there."""
    made = make_services()
    made.connect(DOOR)
    made.connect(ADA)
    return made


@pytest.mark.parametrize("fatal", [False, True])
def test_a_press_rings_whatever_call_of_its_run_fails_or_is_its_last(fatal: bool) -> None:
    """The ticket went out and the bus refused; the run died between the two; or before both."""

    def job(services: Services) -> None:
        (door,) = services.connections.of("home", "door")
        frame.handle(services, event(DOOR, door, body=f'{{"action":"ring","press":"{PRESS}"}}'))

    for fault, made, failed in each_fault(connected, job, fatal=fatal):
        if failed and not told(made, "door", Ticket):
            job(made.services)  # a door without a ticket says it again
        for pressed in made.bus.events:
            assert isinstance(pressed, RingPressed)
            announce_press(made.services, pressed)
        assert told(made, "door", Ticket), fault
        # With a ticket the photo comes, and the state machine begins with it.
        ring_through(made.services, "home", rings.ring_id(DOOR, PRESS), "stranger", "token")
        assert told(made, "door", RingThrough), fault
        assert told(made, "phone", Visitor), fault
        assert len(made.rings.kept) == 1, fault


def test_a_ticket_and_the_notice_come_when_their_job_is_repeated() -> None:
    def job(services: Services) -> None:
        announce_press(services, press(services, DOOR, Asked(PRESS)))

    for fault, made, failed in each_fault(connected, job):
        if failed:
            job(made.services)
        assert told(made, "door", Ticket), fault
        assert told(made, "phone", Pressed), fault


def test_the_door_s_word_that_it_opened_arrives_when_it_is_said_again() -> None:
    def ordered() -> FakeServices:
        made = asked()
        apply_answer(made.services, "home", "ring-1", "let_in", "Ada")
        return made

    def job(services: Services) -> None:
        (order,) = services.opens.pending("home", "front", services.clock())
        say_opened(services, DOOR, order.id)

    for fault, made, failed in each_fault(ordered, job):
        ((_, _, order),) = made.opens.kept
        if failed:
            say_opened(made.services, DOOR, order)
        opening.check(made.services, "home", "front", order)
        assert told(made, "phone", DoorOpened), fault
        assert not told(made, "phone", NotOpened), fault


def test_a_guesser_with_a_resident_s_picture_hits_fewer_codes_than_promised() -> None:
    """Twenty rings in an hour, a phone that comes back four times for each, ten guesses: measured
    over the rules, all codes that were alive at the guesses are less than one in 10,000.
    """
    made = start()
    (phone,) = made.connections.of("home", "phone")
    guesses = alive = 0
    for number in range(20):
        made.clock.now += 170
        ring = keep_ring(made, made.rings.kept["home", "ring-1"]._replace(id=f"r{number}"))
        issue_code(made.services, "home", ring.id, "face-a", f"token {number}")
        for _ in range(4):
            resend_codes(made.services, phone)
        now = made.clock()
        codes = sum(len(p.hashes) for p in made.passcodes.kept.values() if p.is_live(now))
        before = len(made.passcodes.attempts("home", "front").within_the_hour(now).tries)
        type_code(made.services, DOOR, "999999")
        after = len(made.passcodes.attempts("home", "front").tries)
        if after > before:
            guesses, alive = guesses + 1, alive + codes
    assert guesses == 10
    assert alive / 1_000_000 < 1e-4
