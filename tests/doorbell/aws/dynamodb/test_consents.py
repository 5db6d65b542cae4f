"""Who said that a resident agrees."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from doorbell.household.model import (
    Consent,
)
from tests.fakes import NOON

if TYPE_CHECKING:
    from tests.doorbell.aws.household_ports import HouseholdPorts


@pytest.mark.parametrize("name", ["Ada", "Łukasz", "👩‍👩‍👧", "a#b", "שלום"])
def test_the_first_consent_of_a_resident_stays_until_the_resident_goes(
    ports: HouseholdPorts, name: str
) -> None:
    first = Consent("home", name, "Bob", NOON)
    for consent in (first, first._replace(by="Eve", at=NOON + 9), first._replace(home="away")):
        ports.consents.add(consent)
    assert ports.consents.of_home("home") == {name: first}
    for _ in range(2):
        ports.consents.remove("home", name)
    assert ports.consents.of_home("home") == {}
    assert name in ports.consents.of_home("away")
