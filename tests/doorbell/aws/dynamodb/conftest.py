"""A household's ports over a table in memory (moto), and over the fakes that other tests trust."""

from __future__ import annotations

import pytest

from tests.doorbell.aws.household_ports import HouseholdPorts, in_memory, on_dynamodb


@pytest.fixture(params=["dynamodb", "memory"])
def ports(request: pytest.FixtureRequest) -> HouseholdPorts:
    """The same claims hold for both, so that the fakes tell the truth."""
    if request.param == "memory":
        return in_memory()
    return on_dynamodb(request.getfixturevalue("table"))
