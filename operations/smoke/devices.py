"""Devices: how they connect, who is turned away, and that a revoked one is gone at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from operations.devices import add_device, revoke
from operations.smoke.scene import Scene, SmokeFailed

if TYPE_CHECKING:
    from websockets.sync.client import ClientConnection

PATIENCE: Final = 30.0


def token_in_header_or_query(scene: Scene) -> str:
    """`IdentitySource: []`: neither place is demanded, so either will do."""
    token = scene.token("phone")
    with _connect(scene, header=token) as by_header, _connect(scene, query=token) as by_query:
        for socket in (by_header, by_query):
            socket.send('{"action":"ping"}')
            socket.recv(PATIENCE)
    for refused in ({}, {"header": token[:-1] + "x"}, {"query": token[:-1] + "x"}):
        _must_refuse(scene, **refused)
    return "either will do; none, or a wrong one, is refused"


def revoked_device_is_gone(scene: Scene) -> str:
    """Its open socket is closed, and its token opens no other."""
    token = add_device(scene.stack, "phone", "Lost phone", scene.home, None)
    with _connect(scene, header=token) as socket:
        # Until it has an answer, its row may not be written yet.
        socket.send('{"action":"ping"}')
        socket.recv(PATIENCE)
        closed = revoke(scene.stack, "Lost phone", scene.home)
        try:
            while True:
                socket.recv(PATIENCE)
        except ConnectionClosed:
            pass
        except TimeoutError:
            raise SmokeFailed("The socket of a revoked phone stays open.") from None
    _must_refuse(scene, header=token)
    return f"{closed} socket closed, and its token is refused"


def _connect(scene: Scene, header: str = "", query: str = "") -> ClientConnection:
    address = scene.stack.websocket + (f"?token={quote(query)}" if query else "")
    headers = {"Authorization": f"Bearer {header}"} if header else {}
    return connect(address, additional_headers=headers, open_timeout=PATIENCE, proxy=None)


def _must_refuse(scene: Scene, header: str = "", query: str = "") -> None:
    try:
        _connect(scene, header, query).close()
    except InvalidStatus as refused:
        if refused.response.status_code in (401, 403):
            return
        raise SmokeFailed(
            f"A device without a good token was answered {refused.response.status_code}."
        ) from None
    raise SmokeFailed("A device without a good token could connect: look at the authorizer.")
