"""A ring: one press, or several that belong together."""

from __future__ import annotations

import hashlib
import secrets
from typing import TYPE_CHECKING

from doorbell.errors import Conflict
from doorbell.events import RingPressed
from doorbell.model import ATTEMPTS, HOUR, MAX_RINGS_COUNTED, DoorState, Ring

if TYPE_CHECKING:
    from doorbell import protocol
    from doorbell.model import Device
    from doorbell.services import Services


def ring_id(device: Device, press: str | None) -> str:
    """The id of a ring: the same press of the same door always gives the same one."""
    if press is None:
        return secrets.token_hex(13)
    return hashlib.sha256(f"{device.home}.{device.id}.{press.lower()}".encode()).hexdigest()[:26]


def record_press(services: Services, device: Device, asked: protocol.Ring) -> RingPressed:
    """Record a press and say what it is. The same press, sent again, says the same again.

    Raises Conflict if the door presses so wildly that its record cannot be written.
    """
    for _ in range(ATTEMPTS):
        known = (
            services.rings.find(device.home, ring_id(device, asked.press)) if asked.press else None
        )
        if known:
            return _event(known)
        state = services.rings.door_state(device.home, device.id)
        ring, changed = classify_press(
            device,
            asked,
            state,
            now=services.clock(),
            gap=services.settings.ring_gap,
            per_hour=services.settings.rings_per_hour,
            late_after=services.settings.late_after,
        )
        try:
            services.rings.record(ring, changed, was=state.version)
        except Conflict:
            continue
        return _event(ring)
    raise Conflict(f"The door {device.id} is being rung from everywhere at once.")


def classify_press(
    device: Device,
    asked: protocol.Ring,
    state: DoorState,
    *,
    now: float,
    gap: float,
    per_hour: int,
    late_after: float,
) -> tuple[Ring, DoorState]:
    """What this press is, and what to remember of the door after it. Pure."""
    pressed_at = now - asked.age
    ring = Ring(
        home=device.home,
        id=ring_id(device, asked.press),
        door=device.id,
        door_name=device.name,
        pressed_at=pressed_at,
        kind="new",
        press=asked.press,
    )
    if asked.age > late_after:
        return ring._replace(kind="late"), state
    if state.ring and abs(pressed_at - state.pressed_at) < gap:
        return ring._replace(kind="repeat", part_of=state.ring), state
    rung_at = (*(at for at in state.rung_at if now - at < HOUR), now)[-MAX_RINGS_COUNTED:]
    # A press that was held up must not stand before a newer one.
    newest = not state.ring or pressed_at >= state.pressed_at
    changed = DoorState(
        ring=ring.id if newest else state.ring,
        pressed_at=pressed_at if newest else state.pressed_at,
        rung_at=rung_at,
        version=state.version,
    )
    return ring._replace(kind="limited" if len(rung_at) > per_hour else "new"), changed


def find(services: Services, home: str, ring: str) -> Ring | None:
    """The ring `ring` of `home`, or the one it is part of."""
    found = services.rings.find(home, ring)
    if found and found.part_of:
        return services.rings.find(home, found.part_of)
    return found


def _event(ring: Ring) -> RingPressed:
    return RingPressed(ring.home, ring.door, ring.part_of or ring.id, ring.kind, ring.press)
