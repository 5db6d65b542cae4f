"""Telling doors and phones: one message to every open connection of a device or a role."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

from doorbell.errors import ConnectionGone
from doorbell.messages import Message, message_frame

if TYPE_CHECKING:
    from collections.abc import Callable

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


def tell(exchange: Exchange, connections: list[Connection], message: Message) -> int:
    """Send one message; connections that are gone for good are forgotten.

    `$connect` has not returned while its own Lambda runs, and API Gateway answers 410 until then:
    so a young connection gets a few seconds of patience, after all others have been told. Any
    other trouble with one connection keeps the message from no other, and is raised only if it
    reached nobody.
    """
    frame = message_frame(message)
    reached, waiting, trouble = _post_all(exchange, connections, frame)
    deadline = exchange.clock() + PATIENCE
    while waiting := [c for c in waiting if _may_still_come(exchange, c)]:
        if exchange.clock() >= deadline:
            break
        exchange.sleep(PAUSE)
        late, waiting, more = _post_all(exchange, waiting, frame)
        reached += late
        trouble = trouble or more
    if trouble and not reached:
        raise trouble
    return reached


class _Posted(NamedTuple):
    reached: int
    gone: list[Connection]
    trouble: Exception | None


def _post_all(exchange: Exchange, connections: list[Connection], frame: str) -> _Posted:
    """Post to each: how many took it, those that are gone, and other trouble."""
    gone = []
    trouble: list[Exception] = []
    for connection in connections:
        try:
            exchange.sockets.post(connection.id, frame)
        except ConnectionGone:
            gone.append(connection)
        except Exception as error:
            trouble.append(error)
    reached = len(connections) - len(gone) - len(trouble)
    return _Posted(reached, gone, trouble[0] if trouble else None)


def _may_still_come(exchange: Exchange, connection: Connection) -> bool:
    if exchange.clock() - connection.connected_at <= YOUNG:
        return True
    exchange.connections.remove(connection)
    return False
