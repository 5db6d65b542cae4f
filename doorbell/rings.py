"""A ring: one press, or several that belong together."""

from __future__ import annotations

import hashlib
import secrets
from typing import TYPE_CHECKING

from doorbell.errors import Conflict
from doorbell.events import RingPressed
from doorbell.model import ATTEMPTS, HOUR, MAX_RINGS_COUNTED, DoorState, Key, Ring

if TYPE_CHECKING:
    from typing import Protocol

    from doorbell import protocol
    from doorbell.model import Device
    from doorbell.ports import RingBook
    from doorbell.services import Services
    from doorbell.settings import Settings

    class Presser(Protocol):
        """A device, or what is known of one before its row is read."""

        @property
        def home(self) -> str:
            """Its home."""

        @property
        def id(self) -> str:
            """The device's own."""


def ring_id(device: Presser, press: str | None) -> str:
    """The id of a ring: the same press of the same door always gives the same one."""
    if press is None:
        return secrets.token_hex(13)
    return hashlib.sha256(f"{device.home}.{device.id}.{press.lower()}".encode()).hexdigest()[:26]


def keys_of(device: Presser, asked: protocol.Ring) -> tuple[Key, ...]:
    """What must be known to record a press: the door's state; the ring, if it was told before."""
    state = Key(DoorState, device.id)
    return (state, Key(Ring, ring_id(device, asked.press))) if asked.press else (state,)


def record_press(
    services: RingBook,
    device: Device,
    asked: protocol.Ring,
    state: DoorState,
    known: Ring | None = None,
) -> RingPressed:
    """Record a press and say what it is. The same press, sent again, says the same again.

    `state` and `known` are what `keys_of` names, as just read. Raises Conflict if the door presses
    so wildly that its record cannot be written.
    """
    for _ in range(ATTEMPTS):
        if known:
            return _event(known)
        now = services.clock()
        ring, changed = classify_press(device, asked, state, now, services.settings)
        try:
            services.rings.record(ring, changed, was=state.version)
        except Conflict:
            state, *others = services.records.read(device.home, *keys_of(device, asked))
            known = others[0] if others else None
        else:
            return _event(ring)
    raise Conflict(f"The door {device.id} is being rung from everywhere at once.")


def classify_press(
    device: Device, asked: protocol.Ring, state: DoorState, now: float, limits: Settings
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
    if asked.age > limits.late_after:
        return ring._replace(kind="late"), state
    if state.ring and abs(pressed_at - state.pressed_at) < limits.ring_gap:
        return ring._replace(kind="repeat", part_of=state.ring), state
    changed = _counted(state, ring, now)
    limited = len(changed.rung_at) > limits.rings_per_hour
    return ring._replace(kind="limited" if limited else "new"), changed


def _counted(state: DoorState, ring: Ring, now: float) -> DoorState:
    rung_at = (*(at for at in state.rung_at if now - at < HOUR), now)[-MAX_RINGS_COUNTED:]
    if state.ring and ring.pressed_at < state.pressed_at:
        # A press that was held up must not stand before a newer one.
        return state._replace(rung_at=rung_at)
    return state._replace(ring=ring.id, pressed_at=ring.pressed_at, rung_at=rung_at)


def find(services: Services, home: str, ring: str) -> Ring | None:
    """The ring `ring` of `home`, or the one it is part of."""
    found = services.rings.find(home, ring)
    if found and found.part_of:
        return services.rings.find(home, found.part_of)
    return found


def _event(ring: Ring) -> RingPressed:
    return RingPressed(ring.home, ring.door, ring.part_of or ring.id, ring.kind, ring.press)
