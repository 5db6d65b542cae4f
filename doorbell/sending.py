"""Telling doors and phones: one message to every open connection of a device or a role."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

from doorbell.errors import ConnectionGone
from doorbell.protocol import Message, message_frame

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from doorbell.model import Connection
    from doorbell.ports import Connections, Sockets

RETRY_SECONDS: Final = 3.0
"""Seconds for which a young connection that answers 410 is tried again."""
PAUSE_SECONDS: Final = 0.15
YOUNG_SECONDS: Final = 10.0
"""Seconds after `$connect` within which 410 may mean "not yet" rather than "not any more"."""


class HasSockets(Protocol):
    """What telling needs: a house has it, and so has enrolment's registry."""

    @property
    def connections(self) -> Connections:
        """Open sockets."""

    @property
    def sockets(self) -> Sockets:
        """The way to them."""

    @property
    def clock(self) -> Callable[[], float]:
        """Seconds since 1970."""

    @property
    def sleep(self) -> Callable[[float], None]:
        """Wait for so many seconds."""


def send_to_door(services: HasSockets, home: str, door: str, message: Message) -> int:
    """Send to every open connection of this door; how many took it."""
    return send(services, services.connections.of(home, "door", door), message)


def send_to_phones(services: HasSockets, home: str, message: Message) -> int:
    """Send to every open connection of this home's phones; how many took it."""
    return send(services, services.connections.of(home, "phone"), message)


def send_to_both(
    services: HasSockets, home: str, door: str, to_door: Message, to_phones: Message
) -> None:
    """Tell this door one thing and the home's phones another."""
    connections = services.connections
    send_all(
        services,
        [(connections.of(home, "door", door), to_door), (connections.of(home, "phone"), to_phones)],
    )


def send(services: HasSockets, connections: list[Connection], message: Message) -> int:
    """Send one message to these; how many took it."""
    return send_all(services, [(connections, message)])


def send_all(services: HasSockets, notes: Sequence[tuple[list[Connection], Message]]) -> int:
    """Send several messages, each to its connections; those that are gone for good are forgotten.

    `$connect` has not returned while its own Lambda runs, and API Gateway answers 410 until then:
    so a young connection gets a few seconds of patience, after all others have been told. Any
    other trouble with one connection keeps no message from another, and is raised only if some
    message reached nobody for it. Gives how many connections took something.
    """
    letters = [_Delivery(message_frame(message), list(to)) for to, message in notes]
    for each in letters:
        each.post(services)
    deadline = services.clock() + RETRY_SECONDS
    while any(each.drop_closed(services) for each in letters):
        if services.clock() >= deadline:
            break
        services.sleep(PAUSE_SECONDS)
        for each in letters:
            each.post(services)
    for each in letters:
        if each.trouble and not each.reached:
            raise each.trouble
    return sum(each.reached for each in letters)


class _Delivery:
    """One message on its way to several connections."""

    def __init__(self, frame: str, waiting: list[Connection]) -> None:
        self.reached = 0
        self.trouble: Exception | None = None
        self._frame = frame
        self._waiting = waiting

    def post(self, services: HasSockets) -> None:
        """Try those that wait; who is gone goes on waiting."""
        gone = []
        for connection in self._waiting:
            try:
                services.sockets.post(connection.id, self._frame)
                self.reached += 1
            except ConnectionGone:
                gone.append(connection)
            except Exception as error:
                self.trouble = self.trouble or error
        self._waiting = gone

    def drop_closed(self, services: HasSockets) -> bool:
        """Forget connections that are gone and not young; whether any is left to try again."""
        now = services.clock()
        for connection in self._waiting:
            if now - connection.connected_at > YOUNG_SECONDS:
                services.connections.remove(connection)
        self._waiting = [c for c in self._waiting if now - c.connected_at <= YOUNG_SECONDS]
        return bool(self._waiting)
