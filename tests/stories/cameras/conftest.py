"""A camera without a door, one that rings at the front door, and somebody who listens."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from demo.people import Person
from tests.stories.cameras.camera import Camera, Listener

if TYPE_CHECKING:
    from tests.stories.doorstep import Home, PhotoOf


@pytest.fixture
def camera(home: Home) -> Camera:
    """Its pictures are kept."""
    return Camera.new(home, "Axis")


@pytest.fixture
def gate(home: Home) -> Camera:
    """Its pictures ring."""
    return Camera.new(home, "Gate", door="Front door")


@pytest.fixture
def bus(home: Home) -> Listener:
    """What is told of this home from now on."""
    return Listener(home.stack, home.id)


@pytest.fixture
def photo(photo_of: PhotoOf) -> bytes:
    """Somebody whom nobody here has enrolled."""
    return photo_of(Person.GRACE)
