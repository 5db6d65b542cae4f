"""When a door is away for long the phones hear it, once; and that it is back, once."""

from __future__ import annotations

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from doorbell.events import DoorOffline, DoorOnline
from doorbell.household import presence
from tests.fakes import ADA, BACK_DOOR, DOOR, FOREIGN_DOOR, NOON
from tests.household_fakes import FakeHousehold, make_household

AWAY = 600
"""Seconds after which a door is told to be away."""


class BusIsDown(Exception):
    """What a bus that is down raises."""


def connects(made: FakeHousehold) -> str:
    """The front door connects, and the bus tells of it; its socket."""
    socket = made.made.connect(DOOR)
    presence.device_connected(made.household, "home", DOOR.id)
    return socket.id


def hangs_up(made: FakeHousehold, socket: str) -> None:
    """A socket of it closes."""
    made.made.connections.remove(made.made.connections.open[socket])
    presence.device_disconnected(made.household, "home", DOOR.id)


def check(made: FakeHousehold) -> None:
    """The state machine has waited."""
    presence.check_door(made.household, "home", DOOR.id)


def away(made: FakeHousehold) -> None:
    """The door goes, and the phones are told."""
    hangs_up(made, connects(made))
    made.clock.now += AWAY
    check(made)


def test_a_door_that_stays_away_is_told_once_with_the_time_it_went() -> None:
    made = make_household()
    away(made)
    check(made)
    assert made.made.bus.events == [DoorOffline("home", DOOR.id, NOON)]


def test_a_door_that_is_back_is_told_once_with_the_time_it_went() -> None:
    made = make_household()
    away(made)
    for _ in range(2):
        made.clock.now += 60
        connects(made)
    assert made.made.bus.events[1:] == [DoorOnline("home", DOOR.id, NOON)]


def test_a_door_that_comes_back_in_time_is_not_told() -> None:
    made = make_household()
    hangs_up(made, connects(made))
    made.clock.now += AWAY - 60
    connects(made)
    made.clock.now += 60
    check(made)
    assert made.made.bus.events == []


def test_a_door_that_came_and_went_meanwhile_has_a_check_of_its_own() -> None:
    made = make_household()
    hangs_up(made, connects(made))
    made.clock.now += 300
    hangs_up(made, connects(made))
    made.clock.now += 300
    check(made)
    assert made.made.bus.events == []
    made.clock.now += 300
    check(made)
    assert made.made.bus.events == [DoorOffline("home", DOOR.id, NOON + 300)]


def test_a_door_with_a_second_socket_is_not_away() -> None:
    made = make_household()
    first, _ = connects(made), connects(made)
    hangs_up(made, first)
    made.clock.now += AWAY
    check(made)
    assert made.made.bus.events == []


def test_an_old_socket_that_closes_after_the_notice_makes_no_second_one() -> None:
    """API Gateway finds a cut line after ten minutes, and each socket by itself."""
    made = make_household()
    away(made)
    presence.device_disconnected(made.household, "home", DOOR.id)
    made.clock.now += AWAY
    check(made)
    connects(made)
    assert made.made.bus.events == [
        DoorOffline("home", DOOR.id, NOON),
        DoorOnline("home", DOOR.id, NOON),
    ]


def test_what_the_bus_refused_is_told_when_the_job_is_repeated() -> None:
    made = make_household()
    hangs_up(made, connects(made))
    made.clock.now += AWAY
    made.made.bus.refuses = BusIsDown()
    with pytest.raises(BusIsDown):
        check(made)
    made.made.bus.refuses = None
    check(made)
    made.made.bus.refuses = BusIsDown()
    with pytest.raises(BusIsDown):
        presence.device_connected(made.household, "home", DOOR.id)
    made.made.bus.refuses = None
    presence.device_connected(made.household, "home", DOOR.id)
    assert [type(event) for event in made.made.bus.events] == [DoorOffline, DoorOnline]


def test_a_door_that_was_revoked_is_away_for_nobody_and_leaves_no_trace() -> None:
    made = make_household()
    hangs_up(made, connects(made))
    made.devices.remove("home", DOOR.id)
    presence.device_disconnected(made.household, "home", DOOR.id)
    made.clock.now += AWAY
    check(made)
    assert made.made.bus.events == []
    assert made.presences.of_home("home") == {}


def test_a_door_that_was_never_seen_is_not_told() -> None:
    made = make_household()
    check(made)
    assert made.made.bus.events == []


def test_each_device_of_each_home_is_seen_by_itself() -> None:
    """The same id in another home, and another door of this one."""
    made = make_household()
    away(made)
    presence.device_connected(made.household, "away", FOREIGN_DOOR.id)
    presence.device_connected(made.household, "home", BACK_DOOR.id)
    assert len(made.made.bus.events) == 1
    known = made.presences.find("home", DOOR.id)
    assert known
    assert known.told_offline


def test_a_phone_is_seen_when_it_comes_and_when_it_goes() -> None:
    made = make_household()
    presence.device_connected(made.household, "home", ADA.id)
    made.clock.now += 60
    presence.device_disconnected(made.household, "home", ADA.id)
    assert made.presences.of_home("home")[ADA.id].seen_at == NOON + 60


@pytest.mark.parametrize(("seconds", "told"), [(539, False), (540, True), (600, True)])
def test_a_wait_that_was_a_little_short_is_long_enough(seconds: float, told: bool) -> None:
    """It begins a moment after the door was seen."""
    made = make_household()
    hangs_up(made, connects(made))
    made.clock.now += seconds
    check(made)
    assert bool(made.made.bus.events) is told


class DoorRules(RuleBasedStateMachine):
    """A door with several sockets, lines that are cut, and checks that come when they come."""

    def __init__(self) -> None:
        super().__init__()
        self.made = make_household()
        self.open: list[str] = []
        self.due: list[float] = []

    @rule()
    def connect(self) -> None:
        self.open.append(connects(self.made))

    @rule(which=st.integers(0, 3))
    def hang_up(self, which: int) -> None:
        if self.open:
            hangs_up(self.made, self.open.pop(which % len(self.open)))
            self.due.append(self.made.clock() + AWAY)

    @rule(seconds=st.sampled_from([1, 60, 300, 600, 3600]))
    def wait(self, seconds: float) -> None:
        until = self.made.clock() + seconds
        for due in sorted(self.due):
            if due <= until:
                self.made.clock.now = due
                self.due.remove(due)
                check(self.made)
        self.made.clock.now = until

    @rule()
    def check_again(self) -> None:
        """A job that is repeated."""
        check(self.made)

    @invariant()
    def notices_alternate(self) -> None:
        kinds = [type(event) for event in self.made.made.bus.events]
        assert kinds == [DoorOffline, DoorOnline] * (len(kinds) // 2) + [DoorOffline] * (
            len(kinds) % 2
        )

    @invariant()
    def nobody_is_told_that_a_door_is_away_that_is_here(self) -> None:
        if self.open and self.made.made.bus.events:
            assert isinstance(self.made.made.bus.events[-1], DoorOnline)

    @invariant()
    def a_door_that_has_been_away_for_long_is_told(self) -> None:
        known = self.made.presences.find("home", DOOR.id)
        if known and not self.open and self.made.clock() > known.seen_at + AWAY:
            assert isinstance(self.made.made.bus.events[-1], DoorOffline)


TestDoorRules = DoorRules.TestCase
TestDoorRules.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
