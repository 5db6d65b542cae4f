"""Two stacks beside the session's own: one waits long for an answer, the other hardly at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from demo.people import Person, portrait
from doorbell.protocol import Enrolled
from local import stack as local_stack
from tests.statemachines.scene import Scene
from tests.statemachines.works import Works

if TYPE_CHECKING:
    from collections.abc import Iterator

    from demo.device import Device
    from local.stack import Stack

HASTY = {"AnswerSeconds": "2", "PhotoSeconds": "2", "OpenValidFor": "2"}


@pytest.fixture(scope="session")
def patient(stack: Stack) -> Scene:
    """A home where Eileen lives, whose phone it is, and Grace, who has none."""
    scene = Scene(Works(local_stack.add(stack.aws, name="patient")), "house", phone_of="Eileen")
    with scene.connected("phone") as phone:
        for person in (Person.EILEEN, Person.GRACE):
            name = person.value
            scene.put(f"residents/{scene.home}/{name}/portrait.jpeg", portrait(person))
            phone.hear(Enrolled, resident=name, faces=1)
    return scene


@pytest.fixture(scope="session")
def hasty(stack: Stack) -> Scene:
    """A home where nobody is enrolled: answers, openings and photos are awaited for 2 s."""
    return Scene(Works(local_stack.add(stack.aws, name="hasty", parameters=HASTY)), "cottage")


@pytest.fixture(scope="session")
def door(patient: Scene) -> Iterator[Device]:
    """The door of `patient`."""
    with patient.connected("door") as device:
        yield device


@pytest.fixture(scope="session")
def phone(patient: Scene) -> Iterator[Device]:
    """The phone of `patient`."""
    with patient.connected("phone") as device:
        yield device


@pytest.fixture(scope="session")
def hasty_door(hasty: Scene) -> Iterator[Device]:
    """The door of `hasty`."""
    with hasty.connected("door") as device:
        yield device


@pytest.fixture(scope="session")
def hasty_phone(hasty: Scene) -> Iterator[Device]:
    """The phone of `hasty`."""
    with hasty.connected("phone") as device:
        yield device
