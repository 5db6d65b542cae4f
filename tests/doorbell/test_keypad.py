"""The keypad as a door knows it: any sequence of rings, codes and waiting keeps its rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from doorbell import keypad
from doorbell.answer import answer
from doorbell.errors import Conflict, MessageError
from doorbell.model import HOUR, Passcode
from doorbell.protocol import Answer, Missed, Open, Refused
from doorbell.visitor import no_answer, recover, ring_through
from tests.fakes import (
    ADA,
    BACK_DOOR,
    DOOR,
    FOREIGN_DOOR,
    KITCHEN,
    FakeServices,
    a_code,
    keep_ring,
    make_services,
)
from tests.jobs import say_opened, type_code, type_overtaken

if TYPE_CHECKING:
    from collections.abc import Callable

    from doorbell.model import Connection, Device, Ring

JUDGED = ("wrong", "used", "expired")


def issue(made: FakeServices, code: str, ring: str, life: int = 120) -> Passcode:
    """A code at the front door, beside those that live."""
    issued = a_code(code, ring, made.clock(), life)
    made.passcodes.issue(issued, [])
    return issued


def verdicts(made: FakeServices, door: Connection) -> list[str]:
    """What the door was told, in short."""
    return [
        said.reason if isinstance(said, Refused) else type(said).__name__
        for said in made.heard(door)
    ]


def test_a_live_code_opens_once_and_is_used_the_second_time() -> None:
    made = make_services()
    door = made.connect(DOOR)
    issue(made, "042137", "r")
    type_code(made.services, DOOR, "042137")
    made.clock.now += made.settings.open_valid_for
    type_code(made.services, DOOR, "042137")
    assert verdicts(made, door) == ["Open", "used"]


def test_a_code_typed_again_while_its_order_is_on_its_way_sends_that_order_again() -> None:
    """The first `open` may have been lost; a door opens once for one order."""
    made = make_services()
    door = made.connect(DOOR)
    issue(made, "042137", "r")
    for _ in range(2):
        type_code(made.services, DOOR, "042137")
    first, second = made.heard(door)
    assert isinstance(first, Open)
    assert isinstance(second, Open)
    assert first.open == second.open
    assert made.passcodes.attempts("home", "front").tries == ()


def test_an_order_that_goes_out_again_goes_where_the_code_was_typed() -> None:
    """The other socket may be the one that died."""
    made = make_services()
    issue(made, "042137", "r")
    died = made.connect(DOOR)
    type_code(made.services, DOOR, "042137")
    made.sockets.gone.add(died.id)
    asker = made.connect(DOOR)
    tried = keypad.Tried(*made.services.records.read("home", *keypad.keys_of(DOOR.id)))
    keypad.enter_code(made.services, DOOR, "042137", tried, asker)
    assert verdicts(made, asker) == ["Open"]
    assert died.id in made.connections.open, "nobody tried to reach it"


def test_a_code_that_met_another_try_is_judged_by_what_is_written_by_then() -> None:
    """Two people at two keypads: the second try is read anew, with all before it, and opens."""
    made = make_services()
    door = made.connect(DOOR)
    issue(made, "042137", "r")
    for _ in range(3):
        type_code(made.services, DOOR, "000000")
    type_overtaken(made, DOOR, "042137", by=(DOOR, "000000"))
    assert verdicts(made, door) == ["wrong"] * 4 + ["Open"]


def test_a_code_typed_again_after_the_door_opened_is_used() -> None:
    made = make_services()
    door = made.connect(DOOR)
    issue(made, "042137", "r")
    type_code(made.services, DOOR, "042137")
    ((_, _, order),) = made.opens.kept
    say_opened(made.services, DOOR, order)
    type_code(made.services, DOOR, "042137")
    assert verdicts(made, door) == ["Open", "used"]


def test_a_fault_behind_a_code_does_not_burn_it() -> None:
    """Use and order are one step: typed again, the same order goes out."""
    made = make_services()
    door = made.connect(DOOR)
    issue(made, "042137", "r")
    made.sockets.broken[door.id] = RuntimeError()
    with pytest.raises(RuntimeError):
        type_code(made.services, DOOR, "042137")
    made.sockets.broken.clear()
    type_code(made.services, DOOR, "042137")
    assert verdicts(made, door) == ["Open"]


def test_a_bus_that_refuses_burns_no_code() -> None:
    made = make_services()
    door = made.connect(DOOR)
    issue(made, "042137", "r")
    made.bus.refuses = RuntimeError()
    type_code(made.services, DOOR, "042137")
    assert verdicts(made, door) == ["Open"]


def test_a_code_ends_the_question_of_its_ring() -> None:
    """The bell had rung although the phone has the code: nobody is missed afterwards."""
    made = make_services()
    keep_ring(made)
    phone = made.connect(KITCHEN)
    issue(made, "042137", "ring-1")
    ring_through(made.services, "home", "ring-1", "no_phone", "token")
    assert type_code(made.services, DOOR, "042137") == "ring-1"
    assert made.waits.resumed == [("token", {"answer": "already", "by": ""})]
    made.clock.now += 61
    no_answer(made.services, "home", "ring-1")
    assert not any(isinstance(said, Missed) for said in made.heard(phone))


def test_a_question_that_cannot_be_ended_opens_all_the_same() -> None:
    made = make_services()
    door = made.connect(DOOR)
    issue(made, "042137", "ring-1")

    asked: list[str] = []

    def broken(home: str, ring: str, *_: object) -> None:
        asked.append(ring)
        raise RuntimeError

    made.rings.answer = broken  # type: ignore[assignment,method-assign]
    type_code(made.services, DOOR, "042137")
    assert verdicts(made, door) == ["Open"]
    assert asked == ["ring-1"]


def asked_meanwhile() -> tuple[FakeServices, Connection]:
    """Nobody said `got` for Ada's code, so the bell rang and the residents are asked."""
    made = make_services()
    keep_ring(made)
    door = made.connect(DOOR)
    made.connect(ADA)
    made.clock.now += 3
    issue(made, "042137", "ring-1")
    ring_through(made.services, "home", "ring-1", "no_phone", "token")
    return made, door


def come_in(made: FakeServices) -> None:
    """The code is typed, and the door says that it opened."""
    type_code(made.services, DOOR, "042137")
    ((_, _, order),) = made.opens.kept
    say_opened(made.services, DOOR, order)


def _time_is_up(made: FakeServices) -> None:
    made.clock.now += 61
    no_answer(made.services, "home", "ring-1")


def _the_machine_fails(made: FakeServices) -> None:
    made.clock.now += 10
    recover(made.services, "home", "ring-1")


def _somebody_taps(made: FakeServices) -> None:
    with pytest.raises(MessageError, match="answered"):
        answer(made.services, ADA, Answer("ring-1", "let_in"))


@pytest.mark.parametrize("later", [_time_is_up, _the_machine_fails, _somebody_taps])
@pytest.mark.parametrize("lost", [False, True], ids=["not resumed", "an answer was lost"])
def test_a_code_that_has_opened_opens_once_whatever_comes_after_it(
    later: Callable[[FakeServices], None], lost: bool
) -> None:
    """The state machine was not told, or did not hear, that nobody need answer any more."""
    made, door = asked_meanwhile()
    made.waits.over.add("token")
    if lost:
        real = made.rings.answer

        def twice(*given: Any) -> Ring:
            real(*given)
            return real(*given)  # the client tries again, and meets its own write

        made.rings.answer = twice  # type: ignore[assignment,method-assign]
    come_in(made)
    later(made)
    orders = {said.open for said in made.heard(door) if isinstance(said, Open)}
    assert len(orders) == 1


@pytest.mark.parametrize("other", [BACK_DOOR, FOREIGN_DOOR])
def test_a_code_opens_no_other_door(other: Device) -> None:
    made = make_services()
    door = made.connect(other)
    issue(made, "042137", "r")
    type_code(made.services, other, "042137")
    assert verdicts(made, door) == ["none"]


def test_a_locked_keypad_does_not_keep_a_resident_from_letting_in() -> None:
    made = make_services()
    door = made.connect(DOOR)
    for ring in ("a", "b"):
        issue(made, "042137", ring)
        for _ in range(5):
            type_code(made.services, DOOR, "000000")
        made.clock.now += 120
    type_code(made.services, DOOR, "000000")
    assert verdicts(made, door)[-1] == "locked"
    waiting = keep_ring(made)
    ring_through(made.services, "home", waiting.id, "stranger")
    answer(made.services, KITCHEN, Answer(waiting.id, "let_in"))
    assert verdicts(made, door)[-1] == "Open"


def test_whoever_loses_every_race_is_asked_to_try_again_and_nothing_opens() -> None:
    made = make_services()
    door = made.connect(DOOR)
    issue(made, "042137", "r")

    def lose(*_: object, **__: object) -> None:
        raise Conflict

    made.passcodes.settle = lose  # type: ignore[method-assign]
    with pytest.raises(MessageError) as refused:
        type_code(made.services, DOOR, "042137")
    assert refused.value.name == "try_again"
    assert made.heard(door) == []


class Told(NamedTuple):
    """A code that the machine knows."""

    code: str
    ring: str
    expires_at: float


class KeypadRules(RuleBasedStateMachine):
    """Rings, right and wrong codes, and time, in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.made = make_services()
        self.door = self.made.connect(DOOR)
        self.told: list[Told] = []
        self.judged: list[tuple[float, tuple[str, ...]]] = []
        self.opened: list[str] = []

    @property
    def now(self) -> float:
        return self.made.clock()

    def alive(self) -> list[Told]:
        return [t for t in self.told if self.now < t.expires_at and t.ring not in self.opened]

    def tries(self, ring: str) -> int:
        return sum(ring in rings and self.now - at < HOUR for at, rings in self.judged)

    def within_the_hour(self) -> int:
        return sum(self.now - at < HOUR for at, _ in self.judged)

    @rule(life=st.sampled_from([1, 60, 120, 600]))
    def issue(self, life: int) -> None:
        """A new ring, beside those whose codes live."""
        number = len(self.told) + 1
        self.made.clock.now += 0.25
        issue(self.made, f"{number:06d}", f"ring-{number}", life)
        self.told.append(Told(f"{number:06d}", f"ring-{number}", self.now + life))

    @rule(seconds=st.sampled_from([1, 30, 60, 120, 600, 1800, 3600]))
    def wait(self, seconds: int) -> None:
        self.made.clock.now += seconds

    @rule(times=st.integers(1, 6))
    def guess(self, times: int) -> None:
        for _ in range(times):
            assert self.type("999999") != "Open"

    @rule(which=st.integers(0, 3))
    def type_known(self, which: int) -> None:
        """One of the last codes, live or dead."""
        if not self.told:
            return
        code = self.told[-1 - which % len(self.told)]
        may = code in self.alive() and self.tries(code.ring) < 5 and self.within_the_hour() < 10
        verdict = self.type(code.code)
        assert (verdict == "Open") is may
        if may:
            assert code.ring not in self.opened
            self.opened.append(code.ring)

    def type(self, code: str) -> str:
        alive = tuple({t.ring for t in self.alive()})
        matched = tuple(t.ring for t in self.told if t.code == code)
        # What was opened just before has opened: its order is not sent again.
        for key, order in self.made.opens.kept.items():
            self.made.opens.kept[key] = order._replace(opened_at=1.0)
        type_code(self.made.services, DOOR, code)
        verdict = verdicts(self.made, self.door)[-1]
        if verdict in JUDGED:
            self.judged.append((self.now, (*alive, *matched)))
        if verdict == "none":
            assert not alive
        return verdict

    @invariant()
    def at_most_ten_are_judged_an_hour(self) -> None:
        assert self.within_the_hour() <= 10

    @invariant()
    def attempts_left_is_never_negative(self) -> None:
        refused = [said for said in self.made.heard(self.door) if isinstance(said, Refused)]
        assert all(said.attempts_left >= 0 for said in refused)

    @invariant()
    def every_open_is_for_a_ring_of_its_own(self) -> None:
        opens = [said.ring for said in self.made.heard(self.door) if isinstance(said, Open)]
        assert opens == self.opened
        assert len(set(opens)) == len(opens)


TestKeypadRules = KeypadRules.TestCase
TestKeypadRules.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
