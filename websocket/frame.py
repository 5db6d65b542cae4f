"""`$default`: every frame a device sends comes here and goes to the file named by its `action`.

API Gateway's own routing would do that too, but SAM refuses route keys with an underscore.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from doorbell import protocol
from doorbell.errors import DeviceGone, MessageError
from doorbell.sending import send
from websocket import answer, enter_code, got, hello, opened, ping, ring
from websocket.caller import Badge, Speaker, speaker_of, still_allowed

if TYPE_CHECKING:
    from collections.abc import Callable

    from doorbell.model import Key, Role
    from doorbell.services import Services


def _nothing(_badge: Badge, _request: Any) -> tuple[Key, ...]:
    return ()


class Route(NamedTuple):
    """Who may send a request, and who serves it."""

    roles: tuple[Role, ...]
    handle: Callable[..., str | None]
    """Given services, caller, request, and the records that `keys` names; gives the ring."""
    keys: Callable[[Badge, Any], tuple[Key, ...]] = _nothing
    """What is read along with the device: one trip to the table for both."""


_ROUTES: Final[dict[type, Route]] = {
    protocol.Hello: Route(("door", "phone"), hello.handle),
    protocol.Ping: Route(("door", "phone"), ping.handle),
    protocol.Ring: Route(("door",), ring.handle, ring.keys),
    protocol.EnterCode: Route(("door",), enter_code.handle, enter_code.keys),
    protocol.Opened: Route(("door",), opened.handle, opened.keys),
    protocol.Answer: Route(("phone",), answer.handle),
    protocol.Got: Route(("phone",), got.handle, got.keys),
}


def handle(services: Services, event: dict[str, Any]) -> str | None:
    """Serve one frame; gives the ring it is about, if it is about one.

    What cannot be served is answered by name, and the connection stays.
    """
    speaker = speaker_of(event)
    try:
        return _serve(services, speaker, event.get("body") or "")
    except DeviceGone:
        services.connections.remove(speaker.connection)
        services.sockets.close(speaker.connection.id)
    except MessageError as error:
        send(services, [speaker.connection], protocol.Error(error.name, error.message))
    except Exception:
        # The device shall hear of it, and the log too.
        sorry = protocol.Error("try_again", "That did not work. Please try again.")
        send(services, [speaker.connection], sorry)
        raise
    return None


def _serve(services: Services, speaker: Speaker, body: str) -> str | None:
    """Raises DeviceGone before anything else that is wrong with a frame."""
    try:
        request = protocol.read_request(body)
        route = _ROUTES[type(request)]
        if speaker.badge.role not in route.roles:
            raise MessageError("not_allowed", f"A {speaker.badge.role} may not send this.")
    except MessageError:
        still_allowed(services, speaker)
        raise
    caller, known = still_allowed(services, speaker, *route.keys(speaker.badge, request))
    return route.handle(services, caller, request, *known)
