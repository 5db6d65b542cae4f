"""`$default`: every frame a device sends comes here and goes to the file named by its `action`.

API Gateway's own routing would do that too, but SAM refuses route keys with an underscore.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from doorbell import protocol
from doorbell.errors import DeviceGone, MessageError
from doorbell.sending import send
from websocket import answer, enter_code, got, hello, opened, ping, ring
from websocket.caller import Caller, caller_of, still_allowed

if TYPE_CHECKING:
    from collections.abc import Callable

    from doorbell.model import Role
    from doorbell.services import Services

_EVERYBODY: Final[tuple[Role, ...]] = ("door", "phone")

_ROUTES: Final[
    dict[type, tuple[tuple[Role, ...], Callable[[Services, Caller, Any], str | None]]]
] = {
    protocol.Hello: (_EVERYBODY, hello.handle),
    protocol.Ping: (_EVERYBODY, ping.handle),
    protocol.Ring: (("door",), ring.handle),
    protocol.EnterCode: (("door",), enter_code.handle),
    protocol.Opened: (("door",), opened.handle),
    protocol.Answer: (("phone",), answer.handle),
    protocol.Got: (("phone",), got.handle),
}


def handle(services: Services, event: dict[str, Any]) -> str | None:
    """Serve one frame; gives the ring it is about, if it is about one.

    What cannot be served is answered by name, and the connection stays.
    """
    caller = caller_of(event)
    try:
        still_allowed(services, caller)
        return _route(services, caller, event)
    except DeviceGone:
        services.connections.remove(caller.connection)
        services.sockets.close(caller.connection.id)
    except MessageError as error:
        send(services, [caller.connection], protocol.Error(error.name, error.message))
    except Exception:
        # The device shall hear of it, and the log too.
        sorry = protocol.Error("try_again", "That did not work. Please try again.")
        send(services, [caller.connection], sorry)
        raise
    return None


def _route(services: Services, caller: Caller, event: dict[str, Any]) -> str | None:
    request = protocol.read_request(event.get("body") or "")
    roles, handler = _ROUTES[type(request)]
    if caller.device.role not in roles:
        raise MessageError("not_allowed", f"A {caller.device.role} may not send this.")
    return handler(services, caller, request)
