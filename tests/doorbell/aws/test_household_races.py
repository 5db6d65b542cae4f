"""Races of a household over the real table: all have read before anybody writes."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from doorbell.auth import authenticate
from doorbell.aws.dynamodb.home_devices import HomeDeviceTable
from doorbell.aws.dynamodb.pairings import PairingTable
from doorbell.aws.dynamodb.settings import SettingsTable
from doorbell.aws.dynamodb.table import Table
from doorbell.errors import Conflict, TokenError
from doorbell.household import devices
from doorbell.household.model import Quiet
from doorbell.household.pairing import Joined, invite, join
from doorbell.household.problems import Problem
from tests.doorbell.aws.household_ports import household_on
from tests.doorbell.aws.pools import some_client
from tests.doorbell.aws.table_ports import Meeting, together
from tests.fakes import ADA, BOB, KITCHEN, NOON
from tests.household_fakes import make_household

if TYPE_CHECKING:
    from doorbell.household.services import Household
    from tests.doorbell.aws.pools import MotoPool


@pytest.fixture
def household(moto: MotoPool, table: Table) -> Household:
    """A household over one client: it is what keeps moto from mixing two requests."""
    made = make_household()
    chance = iter(range(10**6))
    return household_on(Table(some_client(moto), table.names), made)._replace(
        randbelow=lambda below: next(chance) % below
    )


class Met:
    """A port whose users wait for one another when they have read."""

    def __init__(self, port: Any, method: str, meeting: Meeting) -> None:
        self._port, self._method, self._meeting = port, method, meeting

    def __getattr__(self, name: str) -> Any:
        real = getattr(self._port, name)
        if name != self._method:
            return real

        def read(*given: Any) -> Any:
            found = real(*given)
            self._meeting.wait()
            return found

        return read


def managers(household: Household) -> set[str]:
    return {phone.device for phone in household.settings.phones("home") if phone.manager}


def names(errors: list[Exception]) -> list[str]:
    """The problems that were raised, and nothing else was."""
    assert all(isinstance(error, Problem) for error in errors), errors
    return [error.name for error in errors if isinstance(error, Problem)]


def test_of_phones_that_show_one_code_at_once_one_joins(household: Household) -> None:
    code, _ = invite(household.pairings, "home", "Tablet", None, household.clock(), manager=True)
    meeting = Meeting(3)
    met = household._replace(pairings=Met(household.pairings, "find", meeting))
    joined: list[Joined] = []
    errors = together([partial(_join, met, code, joined)] * 3)
    assert names(errors) == ["no_such_pairing"] * 2
    (one,) = joined
    assert {d.id for d in household.devices.all("home") if d.name == "Tablet"} == {one.phone.id}
    assert managers(household) == {one.phone.id}


def test_of_phones_that_take_over_one_device_at_once_one_has_its_token(
    household: Household,
) -> None:
    code, _ = invite(household.pairings, "home", "Bob", None, household.clock(), device=BOB.id)
    met = household._replace(pairings=Met(household.pairings, "find", Meeting(3)))
    joined: list[Joined] = []
    errors = together([partial(_join, met, code, joined)] * 3)
    assert names(errors) == ["no_such_pairing"] * 2
    (one,) = joined
    assert authenticate(one.token, household.devices, ("phone",)).id == BOB.id


def test_a_code_and_the_revocation_of_its_phone_leave_the_phone_or_nothing_at_all(
    household: Household,
) -> None:
    household.settings.make_manager("home", ADA.id)
    for _ in range(5):
        if household.devices.find("home", BOB.id) is None:
            HomeDeviceTable(_table(household)).add(BOB)
        code, _ = invite(household.pairings, "home", "Bob", None, NOON, manager=True, device=BOB.id)
        joined: list[Joined] = []
        errors = together(
            [
                partial(_join, household, code, joined),
                partial(devices.revoke, household, "home", BOB.id),
            ]
        )
        assert set(names(errors)) <= {"no_such_pairing"}
        assert household.devices.find("home", BOB.id) is None
        assert managers(household) == {ADA.id}
        for each in joined:
            with pytest.raises(TokenError):
                authenticate(each.token, household.devices, ("phone",))


def _join(household: Household, code: str, joined: list[Joined]) -> None:
    joined.append(join(household, code))


def _table(household: Household) -> Table:
    assert isinstance(household.settings, SettingsTable)
    return household.settings._table


def test_managers_who_all_unmake_one_another_leave_one(household: Household) -> None:
    phones = [ADA.id, BOB.id, KITCHEN.id]
    for phone in phones:
        household.settings.make_manager("home", phone)
    met = household._replace(settings=Met(household.settings, "phones", Meeting(3)))
    jobs = [partial(devices.change, met, "home", phone, None, False) for phone in phones]
    errors = together(jobs)
    assert names(errors) == ["last_manager"] * len(errors)
    assert managers(household)
    assert len(managers(household)) == len(errors)


def test_managers_who_all_revoke_one_another_leave_one(household: Household) -> None:
    phones = [ADA.id, BOB.id]
    for phone in phones:
        household.settings.make_manager("home", phone)
    met = household._replace(settings=Met(household.settings, "phones", Meeting(2)))
    errors = together([partial(devices.revoke, met, "home", phone) for phone in phones])
    assert names(errors) == ["last_manager"]
    (left,) = managers(household)
    assert household.devices.find("home", left)


def test_of_phones_that_change_the_home_s_quiet_hours_at_once_one_does(
    household: Household,
) -> None:
    """From the first version on, when nobody has chosen anything yet."""
    for version in range(2):
        jobs = [
            partial(household.settings.set_home_quiet, "home", Quiet(None, NOON + n), version)
            for n in range(3)
        ]
        errors = together(jobs)
        assert [type(error) for error in errors] == [Conflict] * 2
        assert household.settings.of_home("home").version == version + 1


def test_the_first_phones_of_a_home_that_join_at_once_leave_it_managed(
    household: Household,
) -> None:
    codes = [invite(PairingTable(_table(household)), "new", "Phone", None, NOON)[0] for _ in "ab"]
    met = household._replace(settings=Met(household.settings, "phones", Meeting(2)))
    assert together([partial(join, met, code) for code in codes]) == []
    assert any(phone.manager for phone in household.settings.phones("new"))
