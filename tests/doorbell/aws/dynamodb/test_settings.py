"""What phones and homes have chosen, and who manages."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from doorbell.aws.dynamodb.settings import SettingsTable
from doorbell.aws.dynamodb.table import Table, TableNames
from doorbell.errors import Conflict
from doorbell.household.model import (
    HomeSettings,
    PhoneSettings,
    Quiet,
    QuietHours,
)
from tests.doorbell.aws.pools import ScriptedPool, some_client
from tests.fakes import ADA, BOB, FOREIGN_PHONE, NOON

if TYPE_CHECKING:
    from tests.doorbell.aws.household_ports import HouseholdPorts

NIGHT = QuietHours("22:00", "07:00", "Europe/Berlin")


def test_a_phone_that_has_chosen_nothing_has_the_defaults(ports: HouseholdPorts) -> None:
    assert ports.settings.phone("home", ADA.id) == PhoneSettings("home", ADA.id)
    assert ports.settings.of_home("home") == HomeSettings("home")
    assert ports.settings.phones("home") == []


@pytest.mark.parametrize(
    "quiet", [Quiet(NIGHT, NOON), Quiet(NIGHT), Quiet(None, NOON), Quiet(None, 0.0), Quiet()]
)
def test_a_phone_s_quiet_hours_are_kept_as_they_are_whatever_was_before(
    ports: HouseholdPorts, quiet: Quiet
) -> None:
    ports.settings.make_manager("home", ADA.id)
    for before in (Quiet(NIGHT._replace(start="20:00"), NOON + 1), quiet):
        ports.settings.set_phone_quiet("home", ADA.id, before)
    expected = PhoneSettings("home", ADA.id, manager=True, quiet=quiet)
    assert ports.settings.phone("home", ADA.id) == expected
    assert ports.settings.phones("home") == [expected]
    assert ports.settings.phones("away") == []


def test_choosing_quiet_hours_makes_nobody_a_manager(ports: HouseholdPorts) -> None:
    ports.settings.set_phone_quiet("home", ADA.id, Quiet(NIGHT))
    assert not ports.settings.phone("home", ADA.id).manager
    ports.settings.make_manager("home", ADA.id)
    assert ports.settings.phone("home", ADA.id).quiet == Quiet(NIGHT)


def test_a_home_s_quiet_hours_change_from_the_version_that_was_shown(
    ports: HouseholdPorts,
) -> None:
    assert ports.settings.set_home_quiet("home", Quiet(NIGHT, NOON), 0) == 1
    assert ports.settings.set_home_quiet("home", Quiet(), 1) == 2
    assert ports.settings.of_home("home") == HomeSettings("home", Quiet(), 2)
    assert ports.settings.of_home("away") == HomeSettings("away")


@pytest.mark.parametrize("changes", [0, 1, 3])
@pytest.mark.parametrize("off", [-1, 1, 7])
def test_no_other_version_changes_them(ports: HouseholdPorts, changes: int, off: int) -> None:
    """Also while the home has chosen nothing."""
    for version in range(changes):
        ports.settings.set_home_quiet("home", Quiet(NIGHT), version)
    before = ports.settings.of_home("home")
    with pytest.raises(Conflict):
        ports.settings.set_home_quiet("home", Quiet(None, NOON), changes + off)
    assert ports.settings.of_home("home") == before


def test_a_manager_is_unmade_by_another_one_alone(ports: HouseholdPorts) -> None:
    ports.settings.make_manager("home", ADA.id)
    ports.settings.make_manager("home", ADA.id)
    ports.settings.make_manager("away", FOREIGN_PHONE.id)
    for other in (ADA.id, BOB.id, "unknown", FOREIGN_PHONE.id):
        with pytest.raises(Conflict):
            ports.settings.unmake_manager("home", ADA.id, other)
    with pytest.raises(Conflict):
        ports.settings.unmake_manager("home", BOB.id, ADA.id)  # who is none
    assert [p.device for p in ports.settings.phones("home") if p.manager] == [ADA.id]
    ports.settings.make_manager("home", BOB.id)
    ports.settings.unmake_manager("home", ADA.id, BOB.id)
    assert [p.device for p in ports.settings.phones("home") if p.manager] == [BOB.id]


def test_hours_that_are_given_up_leave_nothing_in_the_row(table: Table) -> None:
    settings = SettingsTable(table)
    table.put({"home": "home", "sk": "device#ada"})
    settings.set_phone_quiet("home", "ada", Quiet(NIGHT, NOON))
    settings.set_phone_quiet("home", "ada", Quiet())
    assert table.get("home", "phone#ada") == {"home": "home", "sk": "phone#ada"}


def test_dynamodb_is_given_no_value_that_its_condition_does_not_name() -> None:
    """It refuses the whole request; the tables in memory do not."""
    pool = ScriptedPool()
    settings = SettingsTable(Table(some_client(pool), TableNames("rings", "household")))
    settings.set_home_quiet("home", Quiet(NIGHT), 0)
    settings.set_home_quiet("home", Quiet(NIGHT), 3)
    first, later = (request.given for request in pool.requests)
    assert "ExpressionAttributeValues" not in first
    assert later["ExpressionAttributeValues"] == {":was": {"N": "3"}}
