"""The sockets: who is on the line, and how frames come to the function."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from doorbell import protocol
from proof.model.aws import Aws
from proof.model.door import Door
from proof.model.home import frame_event
from proof.model.world import Mail, World, among

if TYPE_CHECKING:
    from proof.model.world import Phone


class Cloud(Aws):
    """All laws of a world."""

    def say(self, world: World, sender: Door | Phone, request: protocol.Request) -> World:
        """A device sends a frame; each frame is served by a job of its own."""
        frame = protocol.request_frame(request)
        origin = f"{type(request).__name__.lower()} from {sender.line}"
        return self.begin(world, frame_event(sender, frame), origin, "line")

    def connect(self, world: World, sender: Door | Phone) -> World:
        """The device has a socket, and says hello. Nobody else is served meanwhile."""
        lines = sender.lines + 1
        line = f"{sender.id}-{lines}"
        sender = sender._replace(line=line, lines=lines, held=0.0)
        world = world.with_device(sender)
        world = self.at_once(world, frame_event(sender, None, "CONNECT"), f"connect {line}")
        world = self.say(world, sender, protocol.Hello())
        return self.devices.line(world, sender, up=True) if isinstance(sender, Door) else world

    def at_once(self, world: World, event: dict[str, Any], origin: str) -> World:
        """A job whose calls nothing comes between."""
        node = self.jobs.begin(event, origin, world.now)
        while node.call:
            world, answer = self.answered(world, node.call)
            node = self.jobs.go_on(node, answer)
        return world

    def hangs_up(self, world: World, sender: Door | Phone, *, told: bool) -> World:
        """The device's line breaks: API Gateway notices if it is `told`."""
        line, event = sender.line, frame_event(sender, None, "DISCONNECT")
        world = world.with_device(sender._replace(line=""))
        if isinstance(sender, Door):
            world = self.devices.line(world, world.door(sender.id), up=False)
        world = world._replace(mail=tuple(mail for mail in world.mail if mail.line != line))
        if not told:
            return world._replace(mute=among(world.mute, line))
        return self.begin(world, event, f"disconnect {line}", "line")

    def arrive(self, world: World, mail: Mail) -> World:
        """A frame that was held up arrives."""
        waits = list(world.mail)
        waits.remove(mail)
        return self.devices.deliver(world._replace(mail=tuple(waits)), mail.line, mail.frame)
