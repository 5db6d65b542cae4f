"""The functions over a household in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from functions.household import entry as household_entry
from functions.phone_api import entry as api_entry
from tests.household_fakes import make_household

if TYPE_CHECKING:
    from tests.household_fakes import FakeHousehold


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> FakeHousehold:
    """The household that PhoneApi and Household work with."""
    made = make_household()
    for entry in (api_entry, household_entry):
        monkeypatch.setattr(entry, "household", lambda: made.household)
    return made
