"""Sending to doors and phones: one message to every open connection of a device or a role."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
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
HASTE_SECONDS: Final = 1.0
"""Seconds for a post that must not hold up what comes after it."""
SIDE_BY_SIDE: Final = 8
"""So many posts at once."""
YOUNG_SECONDS: Final = 10.0
"""Seconds after `$connect` within which 410 may mean "not yet" rather than "not any more"."""


class HasSockets(Protocol):
    """What sending needs: the ring path's services have it, and so has enrolment's registry."""

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
    door_sockets, phones = services.connections.of_both(home, door)
    send_all(services, [(door_sockets, to_door), (phones, to_phones)])


def send(services: HasSockets, connections: list[Connection], message: Message) -> int:
    """Send one message to these; how many took it."""
    return send_all(services, [(connections, message)])


def send_all(
    services: HasSockets,
    notes: Sequence[tuple[list[Connection], Message]],
    *,
    hasty: bool = False,
) -> int:
    """Send several messages, each to its connections; those that are gone for good are forgotten.

    `$connect` has not returned while its own Lambda runs, and API Gateway answers 410 until then:
    so a young connection is tried again for a few seconds, after all others have been served. Any
    other trouble with one connection keeps no message from another, and is raised only if some
    message reached nobody for it. Gives how many connections took something.

    `hasty`: each is tried once and briefly, because there is another way if that fails.
    """
    within = HASTE_SECONDS if hasty else None
    deliveries = [_Delivery(message_frame(message), list(to), within) for to, message in notes]
    _post_all(services, deliveries)
    deadline = services.clock() + (0 if hasty else RETRY_SECONDS)
    while sum(each.drop_closed(services) for each in deliveries):
        if services.clock() >= deadline:
            break
        services.sleep(PAUSE_SECONDS)
        _post_all(services, deliveries)
    for each in deliveries:
        if each.trouble and not each.reached:
            raise each.trouble
    return sum(each.reached for each in deliveries)


class _Delivery:
    """One message on its way to several connections; posted to from several threads."""

    def __init__(self, frame: str, waiting: list[Connection], within: float | None) -> None:
        self.waiting = waiting
        self.reached = 0
        self.trouble: Exception | None = None
        self._frame = frame
        self._within = within
        self._lock = threading.Lock()

    def post(self, services: HasSockets, connection: Connection) -> None:
        """Try one of those that wait; who is gone goes on waiting."""
        trouble: Exception | None = None
        try:
            services.sockets.post(connection.id, self._frame, self._within)
        except ConnectionGone:
            return
        except Exception as error:
            trouble = error
        with self._lock:
            self.waiting.remove(connection)
            self.reached += trouble is None
            self.trouble = self.trouble or trouble

    def drop_closed(self, services: HasSockets) -> bool:
        """Forget connections that are gone and not young; whether any is left to try again."""
        now = services.clock()
        for connection in list(self.waiting):
            if now - connection.connected_at > YOUNG_SECONDS:
                services.connections.remove(connection)
                self.waiting.remove(connection)
        return bool(self.waiting)


def _post_all(services: HasSockets, deliveries: Sequence[_Delivery]) -> None:
    """Post to all connections side by side, so that one that hangs delays no other; what goes to
    one connection goes in order.
    """
    jobs: dict[Connection, list[_Delivery]] = {}
    for delivery in deliveries:
        for connection in delivery.waiting:
            jobs.setdefault(connection, []).append(delivery)

    def post(connection: Connection) -> None:
        for delivery in jobs[connection]:
            delivery.post(services, connection)

    if len(jobs) == 1:
        post(next(iter(jobs)))
    elif jobs:
        with ThreadPoolExecutor(min(len(jobs), SIDE_BY_SIDE)) as pool:
            list(pool.map(post, jobs))
