"""Devices as a household changes them: what there is not is not made, and nothing is left."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from doorbell.errors import Conflict
from doorbell.household.model import (
    PhoneSettings,
    Quiet,
    QuietHours,
    Subscription,
)
from tests.fakes import ADA, BOB, CAMERA, FOREIGN_PHONE, KITCHEN, NOON

if TYPE_CHECKING:
    from doorbell.model import Device
    from tests.doorbell.aws.household_ports import HouseholdPorts

NIGHT = QuietHours("22:00", "07:00", "Europe/Berlin")
PUSH = Subscription("home", BOB.id, "https://push.example.org/1", "key", "auth", True, NOON)


def test_all_devices_of_a_home_are_listed_and_none_of_another(ports: HouseholdPorts) -> None:
    assert {d.id for d in ports.devices.all("home")} == {
        "front", "front-2", "kitchen", "ada", "bob", "camera"
    }  # fmt: skip
    assert FOREIGN_PHONE in ports.devices.all("away")
    assert ports.devices.all("nowhere") == []


def test_a_device_is_renamed_and_given_to_a_resident_and_keeps_the_rest(
    ports: HouseholdPorts,
) -> None:
    ports.devices.rename("home", KITCHEN.id, "Küche <b>")
    ports.devices.give_to("home", KITCHEN.id, "Eve")
    assert ports.devices.find("home", KITCHEN.id) == KITCHEN._replace(
        name="Küche <b>", resident="Eve"
    )
    assert ports.devices.find("away", FOREIGN_PHONE.id) == FOREIGN_PHONE


def test_what_there_is_not_is_not_made_by_changing_it(ports: HouseholdPorts) -> None:
    for change in (ports.devices.rename, ports.devices.give_to):
        with pytest.raises(Conflict):
            change("home", "unknown", "x")
    with pytest.raises(Conflict):
        ports.settings.make_manager("home", "unknown")
    with pytest.raises(Conflict):
        ports.settings.set_phone_quiet("home", "unknown", Quiet(None, NOON))
    with pytest.raises(Conflict):
        ports.subscriptions.add(PUSH._replace(device="unknown"))
    ports.presences.seen("home", "unknown", NOON)
    assert ports.devices.find("home", "unknown") is None
    assert ports.settings.phones("home") == []
    assert ports.presences.find("home", "unknown") is None


def with_rows(ports: HouseholdPorts, device: Device) -> None:
    """A phone that has chosen, is seen and gets notices."""
    ports.settings.set_phone_quiet(device.home, device.id, Quiet(NIGHT))
    ports.presences.seen(device.home, device.id, NOON)
    ports.subscriptions.add(PUSH._replace(home=device.home, device=device.id))


def has_rows(ports: HouseholdPorts, device: Device) -> bool:
    """Whether anything of it is kept."""
    at = device.home, device.id
    return bool(
        ports.devices.find(*at)
        or ports.presences.find(*at)
        or ports.subscriptions.find(*at)
        or ports.settings.phone(*at) != PhoneSettings(*at)
    )


def test_nothing_of_a_member_is_kept_when_it_goes(ports: HouseholdPorts) -> None:
    for phone in (KITCHEN, FOREIGN_PHONE):
        with_rows(ports, phone)
    ports.devices.remove_member("home", KITCHEN.id)
    assert not has_rows(ports, KITCHEN)
    assert has_rows(ports, FOREIGN_PHONE)
    ports.devices.remove_member("home", KITCHEN.id)  # a job that is repeated
    ports.devices.remove_member("home", CAMERA.id)
    assert ports.devices.find("home", CAMERA.id) is None


def test_a_device_that_is_revoked_goes_whatever_it_manages(ports: HouseholdPorts) -> None:
    ports.settings.make_manager("home", BOB.id)
    for phone in (BOB, FOREIGN_PHONE):
        with_rows(ports, phone)
    for _ in range(2):  # a job that is repeated
        ports.devices.remove("home", BOB.id)
    assert not has_rows(ports, BOB)
    assert has_rows(ports, FOREIGN_PHONE)
    assert ports.devices.find("home", ADA.id) == ADA


def test_a_manager_goes_only_while_another_one_is_there(ports: HouseholdPorts) -> None:
    for phone in (ADA, BOB):
        ports.settings.make_manager("home", phone.id)
    with_rows(ports, BOB)
    with pytest.raises(Conflict):
        ports.devices.remove_member("home", BOB.id)
    for other in (KITCHEN.id, "unknown", FOREIGN_PHONE.id):
        with pytest.raises(Conflict):
            ports.devices.remove_manager("home", BOB.id, other)
    assert has_rows(ports, BOB)
    ports.devices.remove_manager("home", BOB.id, ADA.id)
    assert not has_rows(ports, BOB)
    with pytest.raises(Conflict):
        ports.devices.remove_manager("home", ADA.id, BOB.id)
    assert ports.devices.find("home", ADA.id) == ADA


def test_a_manager_who_was_unmade_is_a_member(ports: HouseholdPorts) -> None:
    for phone in (ADA, BOB):
        ports.settings.make_manager("home", phone.id)
    ports.settings.unmake_manager("home", BOB.id, ADA.id)
    ports.devices.remove_member("home", BOB.id)
    assert ports.devices.find("home", BOB.id) is None
