"""Each story has a home of its own: a door, a phone, and a resident whose face is known."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

import pytest

from demo.device import Device
from demo.people import Person, door_photo, portrait
from doorbell.protocol import Enrolled
from tests.stories.doorstep import Home, enrol

if TYPE_CHECKING:
    from collections.abc import Iterator

    from local.stack import Stack
    from tests.stories.doorstep import PhotoOf

_numbers = count(1)


@pytest.fixture
def home(stack: Stack) -> Home:
    """A new home with a front door and a household's phone."""
    return Home.new(stack, f"home-{next(_numbers)}")


@pytest.fixture
def door(home: Home) -> Iterator[Device]:
    """The front door, connected."""
    with Device("door", home.websocket, home.door) as device:
        yield device


@pytest.fixture
def phone(home: Home) -> Iterator[Device]:
    """The household's phone, connected."""
    with Device("phone", home.websocket, home.phone) as device:
        yield device


@pytest.fixture
def resident(home: Home) -> Person:
    """Eileen lives here."""
    with Device("phone", home.websocket, home.phone) as phone:
        enrol(home, "Eileen", "portrait.jpeg", portrait(Person.EILEEN))
        assert phone.hear(Enrolled) == Enrolled("Eileen", 1, "portrait")
    return Person.EILEEN


@pytest.fixture(scope="session")
def photo_of() -> PhotoOf:
    """What the door's camera sees of a person; drawn once each."""
    taken: dict[Person, bytes] = {}

    def take(person: Person) -> bytes:
        if person not in taken:
            taken[person] = door_photo(person)
        return taken[person]

    return take
