"""Where phones' notices go."""

from __future__ import annotations

from typing import TYPE_CHECKING

from doorbell.household.model import (
    Subscription,
)
from tests.fakes import ADA, BOB, FOREIGN_PHONE, NOON

if TYPE_CHECKING:
    from tests.doorbell.aws.household_ports import HouseholdPorts

PUSH = Subscription("home", BOB.id, "https://push.example.org/1", "key", "auth", True, NOON)


def test_a_phone_has_one_subscription_the_last_one(ports: HouseholdPorts) -> None:
    ports.subscriptions.add(PUSH._replace(endpoint="https://push.example.org/0"))
    ports.subscriptions.add(PUSH)
    ports.subscriptions.add(PUSH._replace(home="away", device=FOREIGN_PHONE.id))
    assert ports.subscriptions.find("home", BOB.id) == PUSH
    assert ports.subscriptions.of_home("home") == [PUSH]
    assert ports.subscriptions.find("home", ADA.id) is None


def test_a_subscription_is_forgotten_if_it_is_still_the_one_that_failed(
    ports: HouseholdPorts,
) -> None:
    ports.subscriptions.add(PUSH)
    ports.subscriptions.remove("home", BOB.id, "https://push.example.org/0")
    assert ports.subscriptions.find("home", BOB.id) == PUSH
    ports.subscriptions.remove("home", BOB.id, PUSH.endpoint)
    assert ports.subscriptions.find("home", BOB.id) is None
    ports.subscriptions.remove("home", BOB.id, PUSH.endpoint)
    ports.subscriptions.add(PUSH)
    for _ in range(2):
        ports.subscriptions.remove("home", BOB.id)
    assert ports.subscriptions.of_home("home") == []
