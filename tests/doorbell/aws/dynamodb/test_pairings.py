"""Codes that let phones join: the phone and the used code are written together or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from doorbell.auth import digest
from doorbell.errors import Conflict
from doorbell.household.model import (
    Pairing,
    PhoneSettings,
    Quiet,
    QuietHours,
)
from doorbell.model import Device
from tests.fakes import BOB, NOON

if TYPE_CHECKING:
    from tests.doorbell.aws.household_ports import HouseholdPorts

NIGHT = QuietHours("22:00", "07:00", "Europe/Berlin")
TABLET = Device("home", "tablet-0001", "phone", "Tablet", digest("secret"))


PAIRING = Pairing("home", digest("home.code"), "Tablet", manager=False, expires_at=NOON + 600)


@pytest.mark.parametrize("pairing", [PAIRING, PAIRING._replace(resident="Ada", device="bob")])
def test_a_pairing_is_found_by_its_hash_in_its_home(
    ports: HouseholdPorts, pairing: Pairing
) -> None:
    ports.pairings.add(pairing)
    assert ports.pairings.find("home", pairing.code_hash) == pairing
    assert ports.pairings.find("away", pairing.code_hash) is None
    assert ports.pairings.find("home", digest("home.other")) is None


@pytest.mark.parametrize("manager", [True, False])
def test_with_a_pairing_a_phone_joins_once(ports: HouseholdPorts, manager: bool) -> None:
    ports.pairings.add(PAIRING)
    ports.pairings.use(PAIRING, TABLET, manager=manager, now=NOON)
    assert ports.devices.find("home", TABLET.id) == TABLET
    assert ports.settings.phone("home", TABLET.id).manager is manager
    assert ports.pairings.find("home", PAIRING.code_hash) is None
    with pytest.raises(Conflict):
        ports.pairings.use(PAIRING, TABLET._replace(id="other"), manager=manager, now=NOON)
    assert ports.devices.find("home", "other") is None


def test_whoever_joins_takes_no_other_device_s_place_and_the_pairing_stays(
    ports: HouseholdPorts,
) -> None:
    ports.pairings.add(PAIRING)
    with pytest.raises(Conflict):
        ports.pairings.use(PAIRING, TABLET._replace(id=BOB.id), manager=True, now=NOON)
    assert ports.devices.find("home", BOB.id) == BOB
    assert not ports.settings.phone("home", BOB.id).manager
    assert ports.pairings.find("home", PAIRING.code_hash) == PAIRING


@pytest.mark.parametrize(("now", "joins"), [(NOON + 599.9, True), (NOON + 600, False)])
def test_a_pairing_serves_until_it_expires(ports: HouseholdPorts, now: float, joins: bool) -> None:
    """It is found all the same, so that whoever looks says so."""
    ports.pairings.add(PAIRING)
    if joins:
        ports.pairings.use(PAIRING, TABLET, manager=False, now=now)
    else:
        with pytest.raises(Conflict):
            ports.pairings.use(PAIRING, TABLET, manager=False, now=now)
        with pytest.raises(Conflict):
            ports.pairings.renew(PAIRING, BOB._replace(token_hash="new"), now)
        assert ports.pairings.find("home", PAIRING.code_hash) == PAIRING
    assert bool(ports.devices.find("home", TABLET.id)) is joins
    assert ports.devices.find("home", BOB.id) == BOB


@pytest.mark.parametrize("manager", [True, False])
def test_with_a_pairing_a_phone_that_is_there_gets_another_token_once(
    ports: HouseholdPorts, manager: bool
) -> None:
    ports.settings.set_phone_quiet("home", BOB.id, Quiet(NIGHT))
    pairing = PAIRING._replace(device=BOB.id, manager=manager)
    ports.pairings.add(pairing)
    renewed = BOB._replace(token_hash=digest("new"))
    ports.pairings.renew(pairing, renewed, NOON)
    assert ports.devices.find("home", BOB.id) == renewed
    assert ports.settings.phone("home", BOB.id) == PhoneSettings(
        "home", BOB.id, manager, Quiet(NIGHT)
    )
    with pytest.raises(Conflict):
        ports.pairings.renew(pairing, BOB._replace(token_hash="newer"), NOON)
    assert ports.devices.find("home", BOB.id) == renewed


def test_a_phone_that_was_revoked_does_not_come_back_by_a_pairing(ports: HouseholdPorts) -> None:
    pairing = PAIRING._replace(device=BOB.id, manager=True)
    ports.pairings.add(pairing)
    ports.devices.remove_member("home", BOB.id)
    with pytest.raises(Conflict):
        ports.pairings.renew(pairing, BOB, NOON)
    assert ports.devices.find("home", BOB.id) is None
    assert ports.settings.phones("home") == []
