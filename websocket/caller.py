"""Who speaks: API Gateway repeats the authorizer's context in every event of a connection.

A context is written in ASCII alone, for API Gateway promises nothing of other letters. So a
device's name and its resident are read from its row, which is looked up for every frame anyway.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from doorbell.errors import DeviceGone
from doorbell.model import Connection, Device, Key, Role

if TYPE_CHECKING:
    from doorbell.services import Services


class Badge(NamedTuple):
    """What the authorizer hands on of a device; its fields are the context's."""

    home: str
    id: str
    role: Role
    token_hash: str


CONTEXT: Final = Badge._fields


class Speaker(NamedTuple):
    """What an event tells of the device at the other end, and of its socket."""

    badge: Badge
    connection: Connection
    """Whose phone it is, it does not say."""


class Caller(NamedTuple):
    """The device at the other end as its row has it, and the socket it speaks through."""

    device: Device
    connection: Connection


def to_context(device: Device) -> dict[str, str]:
    """What the authorizer hands on; API Gateway takes strings alone."""
    return {field: getattr(device, field) for field in CONTEXT}


def speaker_of(event: dict[str, Any]) -> Speaker:
    """The device as the authorizer knew it at `$connect`."""
    request = event["requestContext"]
    badge = Badge(*(request["authorizer"][field] for field in CONTEXT))
    connected_at = request["connectedAt"] / 1000
    return Speaker(
        badge,
        Connection(request["connectionId"], badge.home, badge.role, badge.id, connected_at),
    )


def still_allowed(
    services: Services, speaker: Speaker, *along: Key
) -> tuple[Caller, tuple[Any, ...]]:
    """Look the device up, and these records along with it, in one trip; gives both.

    Raises DeviceGone if it was revoked since it connected.
    """
    badge = speaker.badge
    known, *others = services.records.read(badge.home, Key(Device, badge.id), *along)
    if known is None or known.token_hash != badge.token_hash:
        raise DeviceGone("This device was revoked.")
    connection = speaker.connection._replace(resident=known.resident)
    return Caller(known, connection), tuple(others)
