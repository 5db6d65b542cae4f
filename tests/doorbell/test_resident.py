"""A resident's ring: a code for the phone, a welcome at the door."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from doorbell.events import RingDecided
from doorbell.protocol import Code, Open, Refused, Welcome
from doorbell.resident import resend_codes
from doorbell.settings import Settings
from doorbell.visitor import ring_through
from tests.fakes import (
    ADA,
    BACK_DOOR,
    BOB,
    DOOR,
    FOREIGN_PHONE,
    KITCHEN,
    FakeServices,
    a_code,
    a_ring,
    enrol_face,
    keep_ring,
    make_services,
)
from tests.jobs import issue_code, say_got, type_code

if TYPE_CHECKING:
    from doorbell.model import Connection, Device, Passcode


def with_ada() -> FakeServices:
    """A house with a ring, and a face that is Ada's."""
    made = make_services()
    keep_ring(made)
    enrol_face(made, "Ada", "face-a")
    return made


def issue(
    made: FakeServices, ring: str = "ring-1", face: str = "face-a", home: str = "home"
) -> None:
    """The state machine asks for a code, and waits."""
    issue_code(made.services, home, ring, face, f"token of {ring}")


NO_PHONE = [("token of ring-1", "no_phone")]
GOT = [("token of ring-1", {"answer": "got", "by": ""})]


def test_a_resident_gets_a_code_on_own_and_household_phones_and_nowhere_else() -> None:
    made = with_ada()
    door = made.connect(DOOR)
    mine = [made.connect(ADA), made.connect(KITCHEN)]
    others = [made.connect(BOB), made.connect(FOREIGN_PHONE)]
    issue(made)
    told = Code("ring-1", "042137", 120, "Front", "Ada")
    assert all(made.heard(phone) == [told] for phone in mine)
    assert not any(made.heard(phone) for phone in others)
    assert made.heard(door) == [Welcome("ring-1")]
    assert made.bus.events == [RingDecided("home", "front", "ring-1", "resident")]
    assert (made.waits.resumed, made.waits.failed) == ([], [])


@pytest.mark.parametrize("phone", [ADA, KITCHEN])
def test_the_bell_stays_quiet_once_a_phone_says_that_the_code_has_arrived(phone: Device) -> None:
    made = with_ada()
    socket = made.connect(phone)
    issue(made)
    say_got(made.services, socket, "ring-1")
    assert made.waits.resumed == GOT
    assert made.rings.kept["home", "ring-1"].decision == "resident"


@pytest.mark.parametrize("device", [BOB, FOREIGN_PHONE, DOOR])
def test_nobody_else_can_say_that_the_code_has_arrived(device: Device) -> None:
    made = with_ada()
    made.connect(ADA)
    issue(made)
    say_got(made.services, made.connect(device), "ring-1")
    assert made.waits.resumed == []
    assert made.rings.kept["home", "ring-1"].decision is None


def test_a_phone_that_says_it_late_or_twice_changes_nothing() -> None:
    made = with_ada()
    phone = made.connect(ADA)
    issue(made)
    made.waits.over.add("token of ring-1")
    ring_through(made.services, "home", "ring-1", "no_phone", "next token")
    for _ in range(2):
        say_got(made.services, phone, "ring-1")
    kept = made.rings.kept["home", "ring-1"]
    assert (kept.decision, kept.token) == ("no_phone", "next token")
    assert made.waits.resumed == []


@pytest.mark.parametrize("ring", ["ring-1", "unknown"])
def test_a_word_about_a_ring_without_a_code_changes_nothing(ring: str) -> None:
    made = with_ada()
    say_got(made.services, made.connect(ADA), ring)
    assert made.waits.resumed == []


def test_what_is_kept_of_a_code_is_its_digest() -> None:
    made = with_ada()
    made.connect(ADA)
    issue(made)
    (kept,) = made.passcodes.kept.values()
    assert kept == a_code("042137", at=made.clock())
    for trace in (made.passcodes.kept, made.bus.events, made.rings.kept, made.opens.kept):
        assert "042137" not in repr(trace)


def test_a_code_that_no_socket_of_the_residents_takes_is_taken_back_and_then_pushed() -> None:
    made = with_ada()
    for phone in (BOB, FOREIGN_PHONE):
        made.connect(phone)
    door = made.connect(DOOR)
    gone = made.connect(ADA)
    made.sockets.gone.add(gone.id)
    issue(made)
    assert made.waits.failed == [("token of ring-1", "no_socket")]
    assert made.passcodes.kept == {}
    assert made.heard(door) == []


def test_a_code_that_a_phone_was_given_meanwhile_is_not_taken_back() -> None:
    """The socket that is known is dead, and the app that was opened anew has said `hello`."""
    made = with_ada()
    door, gone = made.connect(DOOR), made.connect(ADA, age=1)
    made.sockets.gone.add(gone.id)
    phones: list[Connection] = []
    sleep = made.clock.sleep

    def opens_the_app(seconds: float) -> None:
        sleep(seconds)
        if not phones:
            phones.append(made.connect(ADA))
            resend_codes(made.services, phones[0])

    made.clock.sleep = opens_the_app  # type: ignore[method-assign]
    issue(made)
    (shown,) = made.heard(phones[0])
    assert isinstance(shown, Code)
    assert made.waits.failed == [], "the machine waits until the phone says that it shows the code"
    assert made.heard(door) == [Welcome("ring-1")]
    type_code(made.services, DOOR, shown.code)
    assert isinstance(made.heard(door)[-1], Open)


def test_a_state_machine_that_cannot_be_told_rings_by_itself() -> None:
    """Its own wait ends in a few seconds; the job must not fail for it."""
    made = with_ada()
    made.waits.over.add("token of ring-1")
    issue(made)
    assert made.waits.failed == []


@pytest.mark.parametrize(("home", "face"), [("home", "face-b"), ("away", "face-a")])
def test_a_face_that_is_nobodys_here_makes_no_code(home: str, face: str) -> None:
    made = with_ada()
    keep_ring(made, a_ring()._replace(home="away", id="ring-1"))
    made.connect(ADA)
    issue(made, face=face, home=home)
    assert made.waits.failed == [("token of ring-1", "stranger")]
    assert made.passcodes.kept == {}


@pytest.mark.parametrize("name", [True, False])
@pytest.mark.parametrize("code", [True, False])
def test_the_door_learns_name_and_code_only_where_that_is_wanted(name: bool, code: bool) -> None:
    made = with_ada()
    made.settings = Settings(show_name_at_door=name, show_code_at_door=code)
    door = made.connect(DOOR)
    made.connect(ADA)
    issue(made)
    shown = [Code("ring-1", "042137", 120)] if code else []
    assert made.heard(door) == [Welcome("ring-1", "Ada" if name else None), *shown]


@pytest.mark.parametrize("later", [30, 125, 3599])
def test_a_second_press_rings_while_the_first_code_is_unused_dead_or_alive(later: float) -> None:
    """Somebody who presses again does not see the first code: the phone is asleep, say."""
    made = with_ada()
    door, phone = made.connect(DOOR), made.connect(ADA)
    issue(made)
    made.clock.now += later
    keep_ring(made, a_ring("ring-2", pressed_at=made.clock()))
    issue(made, "ring-2")
    assert made.waits.failed == [("token of ring-2", "no_phone")]
    assert [type(said) for said in made.heard(phone)] == [Code, Code]
    assert made.heard(door) == [Welcome("ring-1"), Welcome("ring-2")]


def test_a_second_press_rings_however_fast_a_phone_says_that_it_shows_the_code() -> None:
    """The app is open in another room, and answers before the state machine hears `no_phone`."""
    made = with_ada()
    phone = made.connect(ADA)
    issue(made)
    made.clock.now += 30
    keep_ring(made, a_ring("ring-2", pressed_at=made.clock()))
    post = made.sockets.post

    def answers(connection: str, frame: str, within: float | None = None) -> None:
        post(connection, frame, within)
        if connection == phone.id:
            say_got(made.services, phone, "ring-2")

    made.sockets.post = answers  # type: ignore[method-assign]
    issue(made, "ring-2")
    assert made.waits.failed == [("token of ring-2", "no_phone")]
    assert made.waits.resumed == []
    kept = made.rings.kept["home", "ring-2"]
    assert (kept.decision, kept.code_for) == (None, "Ada")


def test_once_the_first_code_is_used_or_an_hour_old_a_press_is_a_first_one_again() -> None:
    for used in (True, False):
        made = with_ada()
        made.connect(ADA)
        issue(made)
        if used:
            type_code(made.services, DOOR, "042137")
        made.clock.now += 30 if used else 3600.5
        keep_ring(made, a_ring("ring-2", pressed_at=made.clock()))
        issue(made, "ring-2")
        assert made.waits.failed == []


def test_a_new_ring_ends_the_older_codes_of_its_door() -> None:
    """Fewer live codes are harder to guess."""
    made = with_ada()
    door = made.connect(DOOR)
    made.connect(ADA)
    issue(made)
    made.clock.now += 30
    keep_ring(made, a_ring("ring-2", pressed_at=made.clock()))
    issue(made, "ring-2")
    type_code(made.services, DOOR, "042137")
    refused, *_ = [said for said in made.heard(door) if isinstance(said, Refused)]
    assert refused.reason == "expired"
    type_code(made.services, DOOR, "042138")
    assert any(isinstance(said, Open) for said in made.heard(door))


def test_a_code_of_another_door_lives_on() -> None:
    made = with_ada()
    made.connect(ADA)
    kept = a_code("271828", "other", made.clock(), door=BACK_DOOR)
    made.passcodes.issue(kept, [])
    issue(made)
    assert kept in made.passcodes.kept.values()


def test_a_code_that_is_used_while_another_is_issued_is_read_anew() -> None:
    made = with_ada()
    made.connect(ADA)
    issue(made)
    real = made.passcodes.issue
    made.clock.now += 30
    keep_ring(made, a_ring("ring-2", pressed_at=made.clock()))

    def overtaken(passcode: Passcode, former: list[Passcode], token: str | None = None) -> None:
        made.passcodes.issue = real  # type: ignore[method-assign]
        type_code(made.services, DOOR, "042137")
        real(passcode, former, token)

    made.passcodes.issue = overtaken  # type: ignore[method-assign]
    issue(made, "ring-2")
    assert made.waits.failed == []
    assert [kept.used_at > 0 for kept in made.passcodes.kept.values()] == [True, False]


@pytest.mark.parametrize("stored", [False, True], ids=["before", "after"])
def test_a_phone_that_connects_while_the_code_is_stored_has_it(stored: bool) -> None:
    made = with_ada()
    made.connect(KITCHEN)
    real = made.passcodes.issue
    late: list[Connection] = []

    def slowly(*given: Any) -> None:
        if stored:
            real(*given)
        late.append(made.connect(ADA))
        resend_codes(made.services, late[0])  # what it hears by its `hello`
        if not stored:
            real(*given)

    made.passcodes.issue = slowly  # type: ignore[assignment,method-assign]
    issue(made)
    assert any(isinstance(said, Code) for said in made.heard(late[0]))


def test_a_job_that_is_repeated_after_the_phone_has_answered_lets_the_machine_go_on() -> None:
    made = with_ada()
    phone = made.connect(ADA)
    issue(made)
    say_got(made.services, phone, "ring-1")
    issue_code(made.services, "home", "ring-1", "face-a", "second token")
    assert made.waits.resumed[1:] == [("second token", {"answer": "got", "by": ""})]
    assert len(made.heard(phone)) == 1


def test_a_bus_that_refuses_takes_no_code_back() -> None:
    made = with_ada()
    made.connect(ADA)
    made.bus.refuses = RuntimeError()
    issue(made)
    assert len(made.passcodes.kept) == 1


def test_a_residents_ring_ends_no_guests_pin() -> None:
    made = with_ada()
    made.connect(ADA)
    pin = a_code(ring="plumber", life=3600)._replace(kind="guest", whom="Plumber")
    made.passcodes.issue(pin, [])
    issue(made)
    assert made.waits.failed == [], "a PIN that nobody has typed yet is no code that nobody saw"
    assert made.passcodes.guests("home") == [pin]


def test_a_code_that_meets_the_use_of_an_older_one_ends_the_others_all_the_same() -> None:
    """What is written by then is read anew: two older codes, of which one is used just now."""
    made = with_ada()
    made.connect(ADA)
    used, left = (a_code(f"{n}11111", f"older-{n}", made.clock() - n) for n in (2, 1))
    for each in (used, left):
        made.passcodes.issue(each, [])
    keep = made.passcodes.issue

    def overtaken(*given: Any) -> None:
        made.passcodes.issue = keep  # type: ignore[method-assign]
        type_code(made.services, DOOR, "211111")
        keep(*given)

    made.passcodes.issue = overtaken  # type: ignore[method-assign,assignment]
    issue(made)
    alive = [each.id for each in made.passcodes.kept.values() if each.is_live(made.clock())]
    assert alive == ["ring-1"]
    assert made.waits.failed == NO_PHONE, "the last code before this one was never typed"


@pytest.mark.parametrize("ids", [("a", "b"), ("b", "a")])
def test_whether_the_latest_code_was_typed_decides_whatever_rings_are_called(
    ids: tuple[str, str],
) -> None:
    made = with_ada()
    made.connect(ADA)
    earlier, latest = ids
    made.passcodes.issue(a_code("111111", earlier, made.clock() - 20), [])
    made.passcodes.issue(a_code("222222", latest, made.clock() - 10), [])
    type_code(made.services, DOOR, "222222")
    issue(made)
    assert made.waits.failed == []


def test_a_photo_without_a_face_rings_at_once() -> None:
    made = with_ada()
    made.connect(ADA)
    issue(made, face="")
    assert made.waits.failed == [("token of ring-1", "stranger")]
    assert made.passcodes.kept == {}
