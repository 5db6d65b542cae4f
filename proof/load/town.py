"""Homes that ring: who lives in them, which doors and phones they have, and how they move in."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Final, NamedTuple

from demo.people import Person, portrait
from doorbell.auth import new_device
from doorbell.aws.dynamodb.devices import DeviceTable
from doorbell.aws.dynamodb.table import Table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from doorbell.protocol import Role
    from local.stack import Stack

AT_ONCE: Final = 8
"""Writers of rows and photos."""


class Device(NamedTuple):
    """A door or a phone. A phone gets the codes of `resident`, or everybody's without one."""

    home: str
    role: Role
    name: str
    resident: str | None = None

    def gets_code_of(self, resident: str) -> bool:
        """Whether a code of this resident belongs on its screen."""
        return self.role == "phone" and self.resident in (None, resident)


class Home(NamedTuple):
    """Who lives in a home, and what it has."""

    id: str
    residents: tuple[Person, ...]
    doors: tuple[Device, ...]
    phones: tuple[Device, ...]

    @property
    def devices(self) -> tuple[Device, ...]:
        """All of them."""
        return self.doors + self.phones


KINDS: Final[Sequence[tuple[tuple[Person, ...], tuple[Person | None, ...]]]] = (
    ((Person.EILEEN,), (None,)),
    ((Person.GRACE,), (None,)),
    ((Person.EILEEN,), (None, Person.EILEEN)),
    ((Person.EILEEN, Person.GRACE), (Person.EILEEN, Person.GRACE)),
)
"""By turns: who lives there, and whose the phones are; None is the household's. Who is known in
one home is a stranger in the next, and where two live each has a phone of her own.
"""


def home_of_many(name: str) -> Home:
    """Where the first of all residents rings; the others are written beside her."""
    door, phone = Device(name, "door", "Door"), Device(name, "phone", "Phone", Person.EILEEN.value)
    return Home(name, (Person.EILEEN,), (door,), (phone,))


def plan(name: str, doors: int, in_each: int) -> list[Home]:
    """So many doors, so many of them in each home; the last one has what is left."""
    return [
        _home(f"{name}-{number}", number, min(in_each, doors - first))
        for number, first in enumerate(range(0, doors, in_each))
    ]


def add(stack: Stack, homes: Sequence[Home]) -> dict[Device, str]:
    """Write the rows of their devices, as `make add-door` does; each one's token."""
    table = DeviceTable(Table(stack.deployed.client, stack.table))
    made = {each: new_device(*each) for home in homes for each in home.devices}
    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(table.add, [row for row, _ in made.values()]))
    return {device: str(token) for device, (_, token) in made.items()}


def move_in(stack: Stack, homes: Sequence[Home]) -> None:
    """Put everybody's portrait; their phones hear it when they are known."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(lambda each: stack.deployed.put(*each), _portraits(homes)))


def _home(id_: str, number: int, doors: int) -> Home:
    residents, owners = KINDS[number % len(KINDS)]
    return Home(
        id_,
        residents,
        tuple(Device(id_, "door", f"Door {n}") for n in range(doors)),
        tuple(
            Device(id_, "phone", f"Phone {n}", owner and owner.value)
            for n, owner in enumerate(owners)
        ),
    )


def _portraits(homes: Sequence[Home]) -> Iterator[tuple[str, bytes]]:
    for home in homes:
        for person in home.residents:
            yield f"residents/{home.id}/{person.value}/portrait.jpeg", portrait(person)
