"""Telling doors and phones: one message to every open connection of a device or a role."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

from doorbell.errors import ConnectionGone
from doorbell.messages import Message, message_frame

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from doorbell.ports import Connection, Connections, Sockets

PATIENCE: Final = 3.0
"""Seconds for which a young connection that answers 410 is tried again."""
PAUSE: Final = 0.15
YOUNG: Final = 10.0
"""Seconds after `$connect` within which 410 may mean "not yet" rather than "not any more"."""


class Exchange(Protocol):
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


def tell_door(exchange: Exchange, home: str, door: str, message: Message) -> int:
    """Send to every open connection of this door; how many took it."""
    return tell(exchange, exchange.connections.of(home, "door", door), message)


def tell_phones(exchange: Exchange, home: str, message: Message) -> int:
    """Send to every open connection of this home's phones; how many took it."""
    return tell(exchange, exchange.connections.of(home, "phone"), message)


def tell_both(
    exchange: Exchange, home: str, door: str, to_door: Message, to_phones: Message
) -> None:
    """Tell this door one thing and the home's phones another."""
    connections = exchange.connections
    tell_all(
        exchange,
        [(connections.of(home, "door", door), to_door), (connections.of(home, "phone"), to_phones)],
    )


def tell(exchange: Exchange, connections: list[Connection], message: Message) -> int:
    """Send one message to these; how many took it."""
    return tell_all(exchange, [(connections, message)])


def tell_all(exchange: Exchange, notes: Sequence[tuple[list[Connection], Message]]) -> int:
    """Send several messages, each to its connections; those that are gone for good are forgotten.

    `$connect` has not returned while its own Lambda runs, and API Gateway answers 410 until then:
    so a young connection gets a few seconds of patience, after all others have been told. Any
    other trouble with one connection keeps no message from another, and is raised only if some
    message reached nobody for it. Gives how many connections took something.
    """
    letters = [_Letters(message_frame(message), list(to)) for to, message in notes]
    for each in letters:
        each.post(exchange)
    deadline = exchange.clock() + PATIENCE
    while any(each.keep_the_young(exchange) for each in letters):
        if exchange.clock() >= deadline:
            break
        exchange.sleep(PAUSE)
        for each in letters:
            each.post(exchange)
    for each in letters:
        if each.trouble and not each.reached:
            raise each.trouble
    return sum(each.reached for each in letters)


class _Letters:
    """One message on its way to several connections."""

    def __init__(self, frame: str, waiting: list[Connection]) -> None:
        self.reached = 0
        self.trouble: Exception | None = None
        self._frame = frame
        self._waiting = waiting

    def post(self, exchange: Exchange) -> None:
        """Try those that wait; who is gone goes on waiting."""
        gone = []
        for connection in self._waiting:
            try:
                exchange.sockets.post(connection.id, self._frame)
                self.reached += 1
            except ConnectionGone:
                gone.append(connection)
            except Exception as error:
                self.trouble = self.trouble or error
        self._waiting = gone

    def keep_the_young(self, exchange: Exchange) -> bool:
        """Forget connections that are gone and not young; whether any is left to try again."""
        now = exchange.clock()
        for connection in self._waiting:
            if now - connection.connected_at > YOUNG:
                exchange.connections.remove(connection)
        self._waiting = [c for c in self._waiting if now - c.connected_at <= YOUNG]
        return bool(self._waiting)
