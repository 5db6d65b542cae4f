"""What doors do with what they are told, and how their strikes move."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from doorbell import protocol
from doorbell.settings import Settings
from doorbell_client.door.effects import Acknowledge, Begin, Energise, OpenedKnown, Settle, Sound
from doorbell_client.door.replay_guard import Progress
from doorbell_client.link.line import Line
from proof.model.door import TIMEOUTS, Behaviours, Door, Press, message_of
from proof.model.home import HOME
from proof.model.world import Phone, World, among

if TYPE_CHECKING:
    from collections.abc import Callable

    from doorbell_client.door.effects import Effect

OLDEST: Final = 2.0 * Settings().open_valid_for
"""Seconds after a tap in which a door may open: the order is made while the tap is fresh, and is
valid for as long again.
"""


class Doors:
    """The doors of a world. `say` takes a frame from a device to the cloud, and
    `upload` a photo to the bucket.
    """

    def __init__(
        self,
        say: Callable[[World, Door | Phone, protocol.Request], World],
        upload: Callable[[World, str], World],
    ) -> None:
        self.behaviours = Behaviours()
        self._say = say
        self._upload = upload

    def press(self, world: World, door: Door) -> World:
        """A finger on the button."""
        press = f"00000000-0000-4000-8000-{len(world.seen.pressed) + 1:012d}"
        world = world.seeing(pressed=(*world.seen.pressed, press))
        return self._tell(world, door.id, "press", press, world.now, world.now)

    def tick(self, world: World) -> World:
        """Time has passed at the doors."""
        for door in world.doors:
            if any(at <= world.now for at in self.behaviours.due(door.behaviour)):
                world = self._tell(world, door.id, "tick", world.now)
            world = self.ask_again(world, door.id, late_alone=True)
        return world

    def ask_again(self, world: World, name: str, *, late_alone: bool) -> World:
        """Tell the cloud once more of what is not delivered."""
        door = world.door(name)
        for press in door.presses:
            late = world.now >= press.asks_again_at
            if door.line and not press.delivered and (late or not late_alone):
                world = self._ask(world, name, press)
        return world

    def line(self, world: World, door: Door, *, up: bool) -> World:
        """The door's line came up or went down."""
        world = self._tell(world, door.id, "line", Line.UP if up else Line.DOWN, world.now)
        return self.ask_again(world, door.id, late_alone=False) if up else world

    def restarted(self, world: World, door: Door) -> World:
        """The door's program was killed and begins again, with what it has on its disk."""
        begun = self.behaviours.begin(door.guard)
        world = world.with_door(door._replace(behaviour=begun, line=""))
        for press in door.presses:
            age = world.now - press.at
            world = self._tell(world, door.id, "restored", press.id, age, world.now, press.ring)
        return world

    def killed_opening(
        self, world: World, door: Door, frame: str, *, has_moved: bool
    ) -> World | None:
        """The door's program is killed while it opens, before or after the strike `has_moved`;
        None if it would not have moved. What it did is told by nobody: nobody knows.
        """
        message = message_of(frame)
        if not isinstance(message, protocol.Open):
            return None
        _, effects = self.behaviours.tell(door.behaviour, "hear", message, world.now, 0.0)
        energise = next((each for each in effects if isinstance(each, Energise)), None)
        if energise is None:
            return None
        door = _guarded(door, energise.open, Progress.BEGUN)
        world = world.with_door(door)
        if has_moved:
            world = moved(world, door, energise.open)
            about = world.seen.moved[-1].split()[-1]
            world = world.seeing(opened=among(world.seen.opened, about))
        return self.restarted(world._replace(mute=among(world.mute, door.line)), door)

    def hear(self, world: World, door: Door, message: protocol.Message) -> World:
        age = 0.0
        match message:
            case protocol.Open():
                age = max(0.0, world.now - (message.time or world.now))
            case protocol.Ticket():
                world = self._ticket(world, door, message)
                message = message._replace(upload=None, burst=None)  # type: ignore[arg-type]
            case protocol.Declined(ring):
                if f"person {ring}" in world.seen.moved:
                    world = world.wrong("a ring that was let in was declined as well")
                world = world.seeing(declined=among(world.seen.declined, ring))
        return self._tell(world, door.id, "hear", message, world.now, age)

    def _ticket(self, world: World, door: Door, ticket: protocol.Ticket) -> World:
        press = door.known(ticket.press or "")
        if press is None or press.delivered:
            return world
        # Without a photo it is told twice (`Delivery`). A second photo is refused: `If-None-Match`.
        delivered = door.photographs or press.asked_after_it
        again = press._replace(
            ring=ticket.ring,
            delivered=delivered,
            had_ticket=True,
            asks_again_at=world.now + TIMEOUTS.first_wait,
        )
        world = world.with_door(door.kept(again))
        uploads = door.photographs and ticket.ring not in world.photos
        return self._upload(world, ticket.ring) if uploads else world

    def _tell(self, world: World, name: str, what: str, *given: Any) -> World:
        door = world.door(name)
        number, effects = self.behaviours.tell(door.behaviour, what, *given)
        world = world.with_door(door._replace(behaviour=number))
        for effect in effects:
            world = self._do(world, name, effect)
        return world

    def _do(self, world: World, name: str, effect: Effect) -> World:
        door = world.door(name)
        match effect:
            case Sound():
                world = world.seeing(heard=world.seen.pressed)
            case Begin(press, at):
                return self._ask(world, name, Press(press, at, world.now))
            case Settle(press) if kept := door.known(press):
                return world.with_door(door.kept(kept._replace(settled=True)))
            case Energise():
                return self._energise(world, door, effect)
            case Acknowledge(request) if door.line:
                return self._say(world, door, request)
            case OpenedKnown(open_id):
                world = world.with_door(_guarded(door, open_id, Progress.ACKNOWLEDGED))
        return world

    def _ask(self, world: World, name: str, press: Press) -> World:
        door = world.door(name)
        again_at = world.now + TIMEOUTS.ticket
        press = press._replace(asks_again_at=again_at, asked_after_it=press.had_ticket)
        world = world.with_door(door.kept(press))
        if not door.line:
            return world
        asked = protocol.Ring(press.id, round(world.now - press.at, 3))
        return self._say(world, world.door(name), asked)

    def _energise(self, world: World, door: Door, effect: Energise) -> World:
        world = world.with_door(_guarded(door, effect.open, Progress.OPENED))
        world = moved(world, door, effect.open)
        return self._tell(world, door.id, "opened", effect, world.now)


def moved(world: World, door: Door, open_id: str) -> World:
    """The strike moves: by what right?"""
    row = dict(world.table).get(f"{HOME}/open#{door.id}#{open_id}")
    if row is None:
        return world.wrong(f"the door opened for {open_id}, of which the table knows nothing")
    order = json.loads(row)
    cause = order["cause"]["S"]
    about = order["passcode"] if cause in ("code", "guest") else order["ring"]
    right = f"{cause} {about['S']}"
    if right not in world.seen.rights:
        world = world.wrong(f"the door opened without right ({right})")
    if right in world.seen.moved:
        world = world.wrong(f"the door opened twice by one right ({right})")
    if cause == "person" and world.now > world.seen.let_in_at + OLDEST:
        world = world.wrong("the door opened for an answer of long ago")
    if cause == "person" and about["S"] in world.seen.declined:
        world = world.wrong("a ring that was declined was let in as well")
    return world.seeing(moved=(*world.seen.moved, right))


def _guarded(door: Door, open_id: str, progress: int) -> Door:
    guard = {**dict(door.guard), open_id: int(progress)}
    return door._replace(guard=tuple(sorted(guard.items())))
