"""What doors, phones and people do, and how frames come to them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from doorbell import protocol
from proof.model.door import message_of
from proof.model.doors import Doors
from proof.model.world import Phone, World, among

if TYPE_CHECKING:
    from proof.model.door import Door


class Devices(Doors):
    """The doors and phones of a world."""

    def _shown(self, world: World, phone: Phone, message: protocol.Message) -> World:
        if phone.dead:
            return world
        match message:
            case protocol.Code(ring, code):
                shows = tuple(sorted([*(s for s in phone.shows if s[0] != ring), (ring, code)]))
                phone = phone._replace(shows=shows, told=among(phone.told, ring))
                world = world.seeing(shown=among(world.seen.shown, ring))
                return self._say(world.with_phone(phone), phone, protocol.Got(ring))
            case protocol.Visitor(ring):
                asks, told = among(phone.asks, ring), among(phone.told, ring)
                return world.with_phone(phone._replace(asks=asks, told=told))
            case protocol.Pressed(ring) | protocol.Missed(ring):
                return world.with_phone(phone._replace(told=among(phone.told, ring)))
            case protocol.DoorOpened(ring):
                return world.seeing(opened=among(world.seen.opened, ring or message.by))
        return world

    def answer(self, world: World, phone: Phone, ring: str, given: Any) -> World:
        """Somebody taps."""
        left = world.left._replace(answers=world.left.answers - 1)
        world = world._replace(left=left).seeing(shown=among(world.seen.shown, ring))
        if given == "let_in":
            rights = among(world.seen.rights, f"person {ring}")
            world = world.seeing(rights=rights, let_in_at=world.now)
        return self._say(world, phone, protocol.Answer(ring, given))

    # --- both -------------------------------------------------------------------------

    def deliver(self, world: World, line: str, frame: str) -> World:
        """A frame arrives at whoever has this line."""
        message = message_of(frame)
        for door in world.doors:
            if door.line == line:
                return self.hear(world, door, message)
        for phone in world.phones:
            if phone.line == line:
                return self._shown(world, phone, message)
        return world

    def type(self, world: World, door: Door, code: str, right: str) -> World:
        """Six digits at the keypad; `right` is what they give, if they may open."""
        left = world.left._replace(typed=world.left.typed - 1)
        world = world._replace(left=left)
        if right:
            world = world.seeing(rights=among(world.seen.rights, right))
        return self._say(world, door, protocol.EnterCode(code))


def sent(world: World, line: str, frame: str) -> World:
    """What an onlooker learns of a frame that is on its way, whether or not it arrives."""
    message = message_of(frame)
    if not isinstance(message, protocol.Code):
        return world
    code = (message.code, message.ring, world.now + message.expires_in)
    return world.seeing(codes=(*(c for c in world.seen.codes if c != code), code))
