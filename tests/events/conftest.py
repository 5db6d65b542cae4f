"""The real entry points over houses in memory."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from functions.cameras import entry as cameras
from functions.enrolment import entry as enrolment
from functions.film import entry as film
from functions.household import entry as household
from functions.notify import entry as notify
from functions.phone_api import entry as phone_api
from functions.publish import entry as publish
from functions.push import entry as push
from functions.ring_path import entry as ring_path
from tests.doorbell.cameras.fakes import FakeReception
from tests.doorbell.films.fakes import Studio
from tests.doorbell.publishing.fakes import World
from tests.fakes import ADA, DOOR, KITCHEN, FakeServices, keep_ring, make_services
from tests.household_fakes import FakeHousehold, make_household
from tests.push_fakes import Pockets, pockets

if TYPE_CHECKING:
    from doorbell.model import Connection


class House:
    """A ring path whose front door has rung, and who listens."""

    def __init__(self) -> None:
        self.made: FakeServices = make_services()
        keep_ring(self.made)
        self.phone: Connection = self.made.connect(ADA)
        self.kitchen: Connection = self.made.connect(KITCHEN)
        self.door: Connection = self.made.connect(DOOR)


@pytest.fixture
def house(monkeypatch: pytest.MonkeyPatch) -> House:
    """RingPath's."""
    made = House()
    monkeypatch.setattr(ring_path, "services", lambda: made.made.services)
    monkeypatch.setattr(ring_path, "client", lambda: SimpleNamespace(calls=0))
    return made


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch) -> FakeServices:
    """Enrolment's."""
    made = make_services()
    monkeypatch.setattr(enrolment, "registry", lambda: made.registry)
    monkeypatch.setenv("DEFAULT_HOME", "home")
    monkeypatch.setenv("OWNER", "Owner")
    return made


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch) -> FakeHousehold:
    """PhoneApi's and Household's."""
    made = make_household()
    for entry in (phone_api, household):
        monkeypatch.setattr(entry, "household", lambda: made.household)
    return made


@pytest.fixture
def reception(monkeypatch: pytest.MonkeyPatch) -> FakeReception:
    """Cameras'."""
    made = FakeReception()
    monkeypatch.setattr(cameras, "reception", lambda: made.reception)
    return made


@pytest.fixture
def studio(monkeypatch: pytest.MonkeyPatch) -> Studio:
    """Film's."""
    made = Studio()
    keep_ring(made.house)
    monkeypatch.setattr(film, "films", lambda: made.films)
    return made


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Pockets:
    """Push's and Notify's."""
    made = pockets()
    keep_ring(made.made)
    monkeypatch.setattr(push, "pushing", lambda: made.pushing)
    monkeypatch.setattr(notify, "notifying", lambda: made.notifying)
    return made


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    """Publish's."""
    made = World()
    monkeypatch.setattr(publish, "publishing", lambda: made.publishing)
    return made
