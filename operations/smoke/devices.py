"""Devices: how they connect, who is turned away, and that a revoked one is gone at once."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from operations.devices import revoke
from operations.smoke.scene import Scene, SmokeFailed

if TYPE_CHECKING:
    from websockets.sync.client import ClientConnection

PATIENCE: Final = 30.0
APART: Final = 2.0
"""Seconds between two frames whose times must differ."""


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
    token = scene.add("phone", "Lost phone")
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


def last_word_is_known(scene: Scene) -> str:
    """`lastActiveAt` moves with a device's frame: quiet doors are found by it."""
    address = scene.stack.websocket.replace("ws", "http", 1)
    sockets = scene.stack.session.client("apigatewaymanagementapi", endpoint_url=address)
    with _connect(scene, header=scene.token("phone")) as socket:
        times = []
        for _ in range(2):
            time.sleep(APART)
            socket.send('{"action":"ping"}')
            socket.recv(PATIENCE)
            found = sockets.get_connection(ConnectionId=_newest_socket(scene))
            times.append(found["LastActiveAt"].timestamp())
    moved = times[1] - times[0]
    if moved < APART / 2:
        raise SmokeFailed("It did not move with a ping: see docs/decisions/presence.md.")
    return f"it moved by {moved:.0f} s with a ping {APART:.0f} s later"


def _newest_socket(scene: Scene) -> str:
    asked = {":home": {"S": scene.home}, ":phones": {"S": "connection#phone#"}}
    rows = scene.client("dynamodb").query(
        TableName=scene.stack.table.rings,
        KeyConditionExpression="home = :home AND begins_with(sk, :phones)",
        ExpressionAttributeValues=asked,
        ConsistentRead=True,
    )["Items"]
    newest = max(rows, key=lambda row: float(row["connected_at"]["N"]))
    return str(newest["id"]["S"])


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
