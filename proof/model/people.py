"""What people may do, whenever they like: press, type, tap."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from proof.model.world import Move, World

if TYPE_CHECKING:
    from collections.abc import Iterator

    from proof.model.devices import Devices

PINS: Final = {"314159": "sitter"}
"""PINs of guests, and whose they are."""


class People:
    """Visitors and residents."""

    def __init__(self, devices: Devices, answers: tuple[str, ...]) -> None:
        """`answers`: what residents may tap."""
        self._devices = devices
        self._answers = answers

    def of(self, world: World) -> Iterator[Move]:
        """All that somebody may do now."""
        if world.left.presses:
            yield from self._press(world)
        if world.left.typed:
            yield from self._type(world)
        if world.left.answers:
            yield from self._tap(world)

    def _press(self, world: World) -> Iterator[Move]:
        left = world.left._replace(presses=world.left.presses - 1)
        for door in world.doors:
            pressed = self._devices.press(world._replace(left=left), door)
            yield Move(f"somebody presses at {door.id}", pressed)

    def _type(self, world: World) -> Iterator[Move]:
        for door in world.doors:
            for code, right in _codes(world) if door.line else ():
                said = f"somebody types {code} at {door.id}"
                yield Move(said, self._devices.type(world, door, code, right))

    def _tap(self, world: World) -> Iterator[Move]:
        for phone in world.phones:
            for ring in phone.asks if phone.line else ():
                for answer in self._answers:
                    said = f"somebody taps {answer} on {phone.id}"
                    yield Move(said, self._devices.answer(world, phone, ring, answer))


def _codes(world: World) -> Iterator[tuple[str, str]]:
    """What somebody may type, and the right it gives: none if it was ended or is too old."""
    newest = world.seen.codes[-1][1] if world.seen.codes else ""
    for code, ring, until in world.seen.codes:
        if any((ring, code) in phone.shows for phone in world.phones):
            live = world.now < until and ring == newest
            yield code, f"code {ring}" if live else ""
    for pin, guest in PINS.items():
        if any(f"code#guest#{guest}" in key for key, _ in world.table):
            yield pin, f"guest {guest}"
