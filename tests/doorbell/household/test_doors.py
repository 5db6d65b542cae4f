"""All doors are looked at every few minutes: one that is quiet is found, whatever happened."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from doorbell.events import DoorOffline, DoorOnline
from doorbell.household import presence
from doorbell.household.doors import HEARTBEAT, Looked, look_at_doors
from doorbell_client.link.line import LinkTimeouts
from tests.fakes import BACK_DOOR, DOOR, FOREIGN_DOOR, NOON
from tests.household_fakes import FakeHousehold, make_household

if TYPE_CHECKING:
    from doorbell.model import Device

EVERY: Final = 240.0
"""Seconds between two looks (template.yaml, LookAtDoors)."""
HANGS_UP_AFTER: Final = 600.0
"""API Gateway closes a socket that has been idle for so long (its quotas, "Idle timeout")."""
FOUND_WITHIN: Final = 15 * 60.0


def look(made: FakeHousehold, within: float = 180) -> Looked:
    """The job that comes every few minutes, in an order that a test can know."""
    return look_at_doors(made.household, within, shuffle=lambda doors: None)


def connects(made: FakeHousehold, door: Device = DOOR) -> str:
    """A door connects; its socket."""
    socket = made.made.connect(door)
    made.activity.at[socket.id] = made.clock()
    presence.device_connected(made.household, door.home, door.id, "door")
    return socket.id


def closes(made: FakeHousehold, socket: str, *, told: bool = True) -> None:
    """A socket closes, and `$disconnect` tells of it, or never comes."""
    del made.activity.at[socket]
    if told:
        gone = made.made.connections.open[socket]
        made.made.connections.remove(gone)
        presence.device_disconnected(made.household, gone.home, gone.device, "door")


def pass_time(made: FakeHousehold, seconds: float) -> None:
    """Time passes, and somebody looks every few minutes."""
    until = made.clock() + seconds
    while made.clock() + EVERY <= until:
        made.clock.now += EVERY
        look(made)
    made.clock.now = until


def test_a_door_that_lives_is_looked_at_and_nothing_is_written() -> None:
    made = make_household()
    socket = connects(made)
    before = made.presences.find("home", DOOR.id)
    for _ in range(5):
        made.clock.now += EVERY
        made.activity.at[socket] = made.clock() - LinkTimeouts().ping
        assert look(made) == Looked(doors=1, offline=0, failed=0)
    assert made.presences.find("home", DOOR.id) == before
    assert made.made.bus.events == []


def test_a_ping_comes_before_a_door_counts_as_silent() -> None:
    """With time to spare for the way, and two looks lie closer together than the hanging up."""
    assert LinkTimeouts().ping + 15 <= HEARTBEAT
    assert HEARTBEAT + EVERY <= HANGS_UP_AFTER - 30


@pytest.mark.parametrize("told", [True, False], ids=["$disconnect came", "it never came"])
@pytest.mark.parametrize("first_look", [1.0, 61.0, 120.0, 200.0, 239.0])
@pytest.mark.parametrize("cut", [0.0, 100.0, 289.0])
def test_a_cut_line_is_found_within_a_quarter_of_an_hour(
    told: bool, first_look: float, cut: float
) -> None:
    """It says nothing; API Gateway finds out ten minutes after its last word, `cut` ago."""
    made = make_household()
    socket = connects(made)
    last_word = NOON
    made.clock.now = NOON + cut
    hangs_up_at, next_look = last_word + HANGS_UP_AFTER, made.clock() + first_look
    while not made.made.bus.events and made.clock() < NOON + 3600:
        made.clock.now = min(each for each in (hangs_up_at, next_look) if each > made.clock())
        if made.clock() == hangs_up_at:
            closes(made, socket, told=told)
        if made.clock() == next_look:
            look(made)
            next_look += EVERY
    assert made.made.bus.events == [DoorOffline("home", DOOR.id, last_word)]
    assert made.clock() - last_word <= FOUND_WITHIN


def test_a_door_that_said_goodbye_has_its_ten_minutes_from_then() -> None:
    """A restart is no failure."""
    made = make_household()
    socket = connects(made)
    made.clock.now += EVERY
    made.activity.at[socket] = made.clock()
    look(made)
    made.clock.now += 200
    gone_at = made.clock()
    closes(made, socket)
    pass_time(made, 599)
    assert made.made.bus.events == []
    pass_time(made, EVERY)
    assert made.made.bus.events == [DoorOffline("home", DOOR.id, gone_at)]
    assert made.clock() - gone_at <= FOUND_WITHIN


def test_a_door_is_told_once_and_taken_back_once() -> None:
    made = make_household()
    closes(made, connects(made), told=False)
    pass_time(made, 3600)
    assert look(made) == Looked(doors=1, offline=1, failed=0)
    connects(made)
    pass_time(made, 200)
    assert look(made) == Looked(doors=1, offline=0, failed=0)
    assert [type(event) for event in made.made.bus.events] == [DoorOffline, DoorOnline]


def test_a_door_whose_coming_was_told_to_nobody_is_back_all_the_same() -> None:
    """The bus lost DeviceConnected."""
    made = make_household()
    closes(made, connects(made))
    pass_time(made, 900)
    made.activity.at[made.made.connect(DOOR).id] = made.clock()
    assert look(made).offline == 0
    assert [type(event) for event in made.made.bus.events] == [DoorOffline, DoorOnline]


def test_a_socket_that_nobody_closed_is_forgotten() -> None:
    made = make_household()
    closes(made, connects(made), told=False)
    lives = connects(made)
    look(made)
    assert list(made.made.connections.open) == [lives]


def test_a_silent_door_that_speaks_again_is_silent_no_more() -> None:
    made = make_household()
    socket = connects(made)
    made.clock.now += HEARTBEAT + 1
    look(made)
    known = made.presences.find("home", DOOR.id)
    assert known
    assert (known.silent, known.seen_at) == (True, NOON)
    made.activity.at[socket] = made.clock()
    look(made)
    closes(made, socket)
    known = made.presences.find("home", DOOR.id)
    assert known
    assert (known.silent, known.seen_at) == (False, made.clock())


def test_a_door_that_comes_while_somebody_looks_is_not_told() -> None:
    """The list of doors was a moment old."""
    made = make_household()
    closes(made, connects(made))
    made.clock.now += 700
    old = made.presences.doors()
    connects(made)
    made.presences.doors = lambda: old  # type: ignore[method-assign]
    assert look(made).offline == 0
    assert made.made.bus.events == []


def test_one_door_that_cannot_be_looked_at_does_not_hide_the_others() -> None:
    made = make_household()
    made.activity.breaks = connects(made)
    closes(made, connects(made, FOREIGN_DOOR))
    connects(made, BACK_DOOR)
    made.clock.now += 700
    made.activity.at = dict.fromkeys(made.activity.at, made.clock())
    assert look(made) == Looked(doors=3, offline=1, failed=1)
    assert made.made.bus.events == [DoorOffline("away", FOREIGN_DOOR.id, NOON)]


def test_who_is_not_looked_at_in_time_is_counted_and_is_another_one_the_next_time() -> None:
    made = make_household()
    for door in (DOOR, BACK_DOOR, FOREIGN_DOOR):
        connects(made, door)
    assert look(made, within=-1) == Looked(doors=3, offline=0, failed=3)
    assert made.activity.asked == []
    first = set()
    for _ in range(100):
        made.activity.asked.clear()
        look_at_doors(made.household, 180)
        first.add(made.activity.asked[0])
    assert len(first) == 3


class DoorRules(RuleBasedStateMachine):
    """A door with several sockets, cut lines and pings, while somebody looks now and then."""

    def __init__(self) -> None:
        super().__init__()
        self.made = make_household()
        self.open: list[str] = []
        self.here_until = 0.0

    @rule()
    def connect(self) -> None:
        self.open.append(connects(self.made))

    @rule(which=st.integers(0, 3), told=st.booleans())
    def hang_up(self, which: int, told: bool) -> None:
        if self.open:
            self.here_until = self.made.clock()
            closes(self.made, self.open.pop(which % len(self.open)), told=told)

    @rule(seconds=st.sampled_from([1, 60, 300, 600, 3600]), pings=st.booleans())
    def wait(self, seconds: float, pings: bool) -> None:
        """A door whose sockets do not ping loses them after ten minutes."""
        until = self.made.clock() + seconds
        while (left := until - self.made.clock()) > 0:
            self.made.clock.now += min(EVERY, left)
            for socket in tuple(self.open):
                if pings:
                    self.made.activity.at[socket] = self.made.clock()
                elif self.made.clock() - self.made.activity.at[socket] >= HANGS_UP_AFTER:
                    self.open.remove(socket)
                    closes(self.made, socket)
            look(self.made)

    @rule()
    def look_again(self) -> None:
        """A job that is repeated."""
        look(self.made)

    @invariant()
    def notices_alternate(self) -> None:
        kinds = [type(event) for event in self.made.made.bus.events]
        assert kinds == ([DoorOffline, DoorOnline] * len(kinds))[: len(kinds)]

    @invariant()
    def nobody_is_told_that_a_door_is_away_that_is_here(self) -> None:
        if self.open and self.made.made.bus.events:
            assert isinstance(self.made.made.bus.events[-1], DoorOnline)

    @invariant()
    def a_door_that_has_been_away_for_long_is_told(self) -> None:
        known = self.made.presences.find("home", DOOR.id)
        since = max(known.seen_at, self.here_until) if known else math.inf
        if not self.open and self.made.clock() > since + FOUND_WITHIN:
            assert isinstance(self.made.made.bus.events[-1], DoorOffline)


TestDoorRules = DoorRules.TestCase
TestDoorRules.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
