"""The devices of a home: what the phones see of them, who manages, who is revoked."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from doorbell.auth import authenticate, read_token
from doorbell.errors import BadName, TokenError
from doorbell.household import devices
from doorbell.household.model import Subscription
from doorbell.household.problems import Problem
from tests.fakes import (
    ADA,
    BACK_DOOR,
    BOB,
    CAMERA,
    DOOR,
    FOREIGN_PHONE,
    KITCHEN,
    NOON,
    token_of,
)
from tests.household_fakes import FakeHousehold, make_household

if TYPE_CHECKING:
    from collections.abc import Callable

    from doorbell.model import Device

NO_DEVICES = ["unknown", "", "garage", "ADA", "x" * 33, "x" * 5000, "a#b", "\ud800", "../ada"]


def refusal(ask: Callable[[], object]) -> str:
    """By which name this is refused."""
    with pytest.raises(Problem) as refused:
        ask()
    return refused.value.name


def managers(made: FakeHousehold) -> set[str]:
    return {phone.device for phone in made.settings.phones("home") if phone.manager}


def change(made: FakeHousehold, device: str, **what: object) -> devices.ShownDevice:
    """Change a device of the home."""
    asked = {"name": None, "manager": None, **what}
    return devices.change(made.household, "home", device, **asked)  # type: ignore[arg-type]


# --- what is shown ----------------------------------------------------------------------


def test_doors_come_first_then_phones_then_cameras_by_name() -> None:
    made = make_household()
    shown = devices.show_all(made.household, "home")
    assert [each.device for each in shown] == [DOOR, BACK_DOOR, ADA, BOB, KITCHEN, CAMERA]
    assert [each.device.id for each in shown if each.manager] == [ADA.id]


def test_a_device_is_online_while_it_has_a_socket() -> None:
    made = make_household()
    socket = made.made.connect(DOOR)
    made.made.connect(ADA)
    online = {s.device.id for s in devices.show_all(made.household, "home") if s.online}
    assert online == {DOOR.id, ADA.id}
    made.made.connections.remove(socket)
    assert not devices.find(made.household, "home", DOOR.id).online


def test_a_door_that_is_away_says_since_when_and_a_phone_may_be_away() -> None:
    made = make_household()
    for device in (DOOR, ADA):
        made.presences.seen("home", device.id, NOON - 60)
    door, phone = (devices.find(made.household, "home", each.id) for each in (DOOR, ADA))
    assert (door.last_seen, door.offline_since) == (NOON - 60, NOON - 60)
    assert (phone.last_seen, phone.offline_since) == (NOON - 60, None)
    made.made.connect(DOOR)
    assert devices.find(made.household, "home", DOOR.id).offline_since is None


def test_a_device_that_was_never_seen_has_no_time() -> None:
    shown = devices.find(make_household().household, "home", DOOR.id)
    assert (shown.online, shown.last_seen, shown.offline_since) == (False, None, None)


@pytest.mark.parametrize("device", ["unknown", FOREIGN_PHONE.id])
def test_a_home_finds_no_device_of_another(device: str) -> None:
    made = make_household()
    made.devices.remove("home", FOREIGN_PHONE.id)
    assert refusal(lambda: devices.find(made.household, "home", device)) == "not_found"


# --- changing ---------------------------------------------------------------------------


def test_any_device_is_renamed_and_keeps_its_id_and_token() -> None:
    made = make_household()
    for device in (DOOR, BOB, CAMERA):
        assert change(made, device.id, name=" Neu ").device == device._replace(name="Neu")
        authenticate(read_token(token_of(device)), made.devices, (device.role,))


@pytest.mark.parametrize("name", ["", "two\nlines", "x" * 65, "code"])
def test_a_device_is_not_given_a_name_that_cannot_be_kept(name: str) -> None:
    made = make_household()
    with pytest.raises(BadName):
        change(made, BOB.id, name=name, manager=True)
    assert managers(made) == {ADA.id}, "nothing is changed by half"


@pytest.mark.parametrize("device", NO_DEVICES)
def test_whom_there_is_not_in_this_home_can_be_neither_changed_nor_revoked(device: str) -> None:
    made = make_household()
    made.devices.add(FOREIGN_PHONE._replace(id="garage"))
    before = dict(made.devices.known)
    assert refusal(lambda: change(made, device, name="x")) == "not_found"
    assert refusal(lambda: change(made, device, manager=True)) == "not_found"
    assert refusal(lambda: devices.revoke(made.household, "home", device)) == "not_found"
    assert made.devices.known == before


@pytest.mark.parametrize("device", [DOOR, CAMERA])
@pytest.mark.parametrize("manager", [True, False])
def test_only_a_phone_can_manage_a_home(device: Device, manager: bool) -> None:
    made = make_household()
    assert refusal(partial(change, made, device.id, manager=manager)) == "bad_field"


def test_managers_make_and_unmake_managers() -> None:
    made = make_household()
    assert change(made, BOB.id, manager=True).manager
    assert managers(made) == {ADA.id, BOB.id}
    assert not change(made, ADA.id, manager=False).manager
    assert managers(made) == {BOB.id}


def test_unmaking_one_who_is_none_changes_nothing() -> None:
    made = make_household()
    assert not change(made, BOB.id, manager=False).manager
    assert managers(made) == {ADA.id}


def test_the_last_manager_is_neither_unmade_nor_revoked_and_is_not_even_renamed() -> None:
    made = make_household()
    assert refusal(lambda: change(made, ADA.id, manager=False, name="x")) == "last_manager"
    assert refusal(lambda: devices.revoke(made.household, "home", ADA.id)) == "last_manager"
    assert made.devices.find("home", ADA.id) == ADA
    assert managers(made) == {ADA.id}


def test_a_manager_whose_device_is_gone_is_none() -> None:
    """Its settings may outlive it where an older release revoked it."""
    made = make_household()
    change(made, BOB.id, manager=True)
    del made.devices.known["home", BOB.id]
    assert refusal(lambda: change(made, ADA.id, manager=False)) == "last_manager"


# --- revoking ---------------------------------------------------------------------------


def test_a_revoked_device_is_nobody_s_hears_nothing_and_leaves_nothing() -> None:
    made = make_household()
    sockets = [made.made.connect(BOB) for _ in range(2)]
    kept = made.made.connect(ADA)
    made.presences.seen("home", BOB.id, NOON)
    push = Subscription("home", BOB.id, "https://push.example.org/", "p", "a", False, NOON)
    made.subscriptions.add(push)
    devices.revoke(made.household, "home", BOB.id)
    with pytest.raises(TokenError):
        authenticate(read_token(token_of(BOB)), made.devices, ("phone",))
    assert made.made.sockets.closed == [socket.id for socket in sockets]
    assert made.made.connections.of("home", "phone") == [kept]
    assert (made.devices.pushes, made.devices.seen) == ({}, {})


def test_a_device_of_the_same_id_in_another_home_stays() -> None:
    made = make_household()
    other = made.made.connect(FOREIGN_PHONE)
    devices.revoke(made.household, "home", KITCHEN.id)
    assert made.devices.find("away", FOREIGN_PHONE.id) == FOREIGN_PHONE
    assert made.made.connections.of("away", "phone") == [other]


def test_all_sockets_are_let_go_before_the_first_that_cannot_be_closed_is_told() -> None:
    made = make_household()
    sockets = [made.made.connect(BOB) for _ in range(3)]
    real = made.made.sockets.close

    def close(connection: str) -> None:
        if connection == sockets[0].id:
            raise RuntimeError("cannot")
        real(connection)

    made.made.sockets.close = close  # type: ignore[method-assign]
    with pytest.raises(RuntimeError, match="cannot"):
        devices.revoke(made.household, "home", BOB.id)
    assert made.made.sockets.closed == [socket.id for socket in sockets[1:]]
    assert made.made.connections.of("home", "phone") == []


# --- at the same moment -----------------------------------------------------------------


def once_before(
    made: FakeHousehold, owner: object, name: str, happens: Callable[[], object]
) -> None:
    """Something else happens in the moment before a port is used."""
    real = getattr(owner, name)

    def interrupted(*given: object) -> object:
        setattr(owner, name, real)
        happens()
        return real(*given)

    setattr(owner, name, interrupted)


def test_of_two_managers_who_unmake_each_other_at_once_one_stays() -> None:
    made = make_household()
    change(made, BOB.id, manager=True)
    once_before(made, made.settings, "unmake_manager", lambda: change(made, ADA.id, manager=False))
    assert refusal(lambda: change(made, BOB.id, manager=False)) == "last_manager"
    assert managers(made) == {BOB.id}


def test_a_manager_is_unmade_beside_any_other_that_is_left() -> None:
    """Of three, the first one that could stand for the home is unmade in this moment."""
    made = make_household()
    for device in (BOB.id, KITCHEN.id):
        change(made, device, manager=True)
    first = next(p.device for p in made.settings.phones("home") if p.manager)
    mine, other = (each for each in (ADA.id, BOB.id, KITCHEN.id) if each != first)
    once_before(made, made.settings, "unmake_manager", lambda: change(made, first, manager=False))
    change(made, mine, manager=False)
    assert managers(made) == {other}


def test_a_manager_is_revoked_beside_any_other_that_is_left() -> None:
    made = make_household()
    for device in (BOB.id, KITCHEN.id):
        change(made, device, manager=True)
    first = next(p.device for p in made.settings.phones("home") if p.manager)
    mine, other = (each for each in (ADA.id, BOB.id, KITCHEN.id) if each != first)
    once_before(made, made.devices, "remove_manager", lambda: change(made, first, manager=False))
    devices.revoke(made.household, "home", mine)
    assert managers(made) == {other}


def test_of_two_managers_who_revoke_each_other_at_once_one_stays() -> None:
    made = make_household()
    change(made, BOB.id, manager=True)
    once_before(
        made, made.devices, "remove_manager",
        lambda: devices.revoke(made.household, "home", ADA.id),
    )  # fmt: skip
    assert refusal(lambda: devices.revoke(made.household, "home", BOB.id)) == "last_manager"
    assert managers(made) == {BOB.id}


def test_a_phone_that_becomes_the_only_manager_in_the_moment_it_is_revoked_stays() -> None:
    made = make_household()

    def takes_over() -> None:
        change(made, BOB.id, manager=True)
        change(made, ADA.id, manager=False)

    once_before(made, made.devices, "remove_member", takes_over)
    assert refusal(lambda: devices.revoke(made.household, "home", BOB.id)) == "last_manager"
    assert managers(made) == {BOB.id}


def test_a_manager_who_is_unmade_by_two_at_once_is_unmade_for_both() -> None:
    made = make_household()
    change(made, BOB.id, manager=True)
    once_before(made, made.settings, "unmake_manager", lambda: change(made, BOB.id, manager=False))
    assert not change(made, BOB.id, manager=False).manager
    assert managers(made) == {ADA.id}


def test_a_device_that_is_revoked_while_it_is_changed_is_not_found() -> None:
    made = make_household()
    for owner, name, what in (
        (made.devices, "rename", {"name": "x"}),
        (made.settings, "make_manager", {"manager": True}),
    ):
        made.devices.known["home", BOB.id] = BOB
        once_before(made, owner, name, lambda: devices.revoke(made.household, "home", BOB.id))
        assert refusal(partial(change, made, BOB.id, **what)) == "not_found"
    assert made.devices.find("home", BOB.id) is None
    assert managers(made) == {ADA.id}


class Managing(RuleBasedStateMachine):
    """Phones make, unmake and revoke one another, also while another one is at it."""

    def __init__(self) -> None:
        super().__init__()
        self.made = make_household()

    phones = st.sampled_from([ADA.id, BOB.id, KITCHEN.id])
    ports = st.sampled_from(["unmake_manager", "make_manager", "remove_member", "remove_manager"])

    def act(self, device: str, what: str) -> None:
        with suppress(Problem):
            if what == "revoke":
                devices.revoke(self.made.household, "home", device)
            else:
                change(self.made, device, manager=what == "make")

    @rule(device=phones, what=st.sampled_from(["make", "unmake", "revoke"]))
    def alone(self, device: str, what: str) -> None:
        self.act(device, what)

    @rule(
        first=phones, what=st.sampled_from(["make", "unmake", "revoke"]),
        other=phones, does=st.sampled_from(["make", "unmake", "revoke"]), port=ports,
    )  # fmt: skip
    def together(self, first: str, what: str, other: str, does: str, port: str) -> None:
        owner = self.made.settings if port.endswith("make_manager") else self.made.devices
        real = getattr(owner, port)

        def interrupted(*given: object) -> object:
            setattr(owner, port, real)
            self.act(other, does)
            return real(*given)

        setattr(owner, port, interrupted)
        self.act(first, what)
        setattr(owner, port, real)

    @rule(device=st.sampled_from([BOB, KITCHEN]))
    def comes_back(self, device: Device) -> None:
        if self.made.devices.find("home", device.id) is None:
            self.made.devices.add(device)

    @invariant()
    def somebody_manages_the_home(self) -> None:
        assert {each for each in managers(self.made) if self.made.devices.find("home", each)}


TestManaging = Managing.TestCase
