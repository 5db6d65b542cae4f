"""Who speaks: API Gateway repeats the authorizer's context in every event of a connection."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from doorbell.errors import DeviceGone
from doorbell.model import Connection, Device, Key

if TYPE_CHECKING:
    from doorbell.services import Services


class Caller(NamedTuple):
    """The device at the other end, and the socket it speaks through."""

    device: Device
    connection: Connection


def to_context(device: Device) -> dict[str, str]:
    """What the authorizer hands on; API Gateway takes strings alone."""
    return {field: value for field, value in device._asdict().items() if value is not None}


def caller_of(event: dict[str, Any]) -> Caller:
    """The caller as the authorizer knew it at `$connect`."""
    request = event["requestContext"]
    context = request["authorizer"]
    device = Device(**{field: context.get(field) or None for field in Device._fields})  # type: ignore[arg-type]
    connection = Connection(
        id=request["connectionId"],
        home=device.home,
        role=device.role,
        device=device.id,
        connected_at=request["connectedAt"] / 1000,
        resident=device.resident,
    )
    return Caller(device, connection)


def still_allowed(services: Services, caller: Caller, *along: Key) -> tuple[Any, ...]:
    """Look the device up anew, and these records along with it; gives the records.

    Raises DeviceGone if it was revoked since it connected.
    """
    device = caller.device
    known, *others = services.records.read(device.home, Key(Device, device.id), *along)
    if known is None or known.token_hash != device.token_hash:
        raise DeviceGone("This device was revoked.")
    return tuple(others)
