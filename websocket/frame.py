"""`$default`: every frame a device sends comes here and goes to the file named by its `action`.

API Gateway's own routing would do that too, but SAM refuses route keys with an underscore.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from doorbell import messages
from doorbell.errors import DeviceGone, MessageError
from doorbell.telling import tell
from websocket import answer, enter_code, hello, opened, ping, ring
from websocket.caller import Caller, caller_of, still_allowed

if TYPE_CHECKING:
    from collections.abc import Callable

    from doorbell.access import Role
    from doorbell.house import House

_EVERYBODY: Final[tuple[Role, ...]] = ("door", "phone")

_ROUTES: Final[dict[type, tuple[tuple[Role, ...], Callable[[House, Caller, Any], None]]]] = {
    messages.Hello: (_EVERYBODY, hello.handle),
    messages.Ping: (_EVERYBODY, ping.handle),
    messages.Ring: (("door",), ring.handle),
    messages.EnterCode: (("door",), enter_code.handle),
    messages.Opened: (("door",), opened.handle),
    messages.Answer: (("phone",), answer.handle),
}


def handle(house: House, event: dict[str, Any]) -> None:
    """Serve one frame. What cannot be served is answered by name, and the connection stays."""
    caller = caller_of(event)
    try:
        still_allowed(house, caller)
        _route(house, caller, event)
    except DeviceGone:
        house.connections.remove(caller.connection)
        house.sockets.close(caller.connection.id)
    except MessageError as error:
        tell(house, [caller.connection], messages.Error(error.name, error.message))
    except Exception:
        # The device shall hear of it, and the log too.
        sorry = messages.Error("try_again", "That did not work. Please try again.")
        tell(house, [caller.connection], sorry)
        raise


def _route(house: House, caller: Caller, event: dict[str, Any]) -> None:
    request = messages.read_request(event.get("body") or "")
    roles, handler = _ROUTES[type(request)]
    if caller.device.role not in roles:
        raise MessageError("not_allowed", f"A {caller.device.role} may not send this.")
    handler(house, caller, request)
