"""A ring: one press, or several that belong together."""

from __future__ import annotations

import hashlib
import secrets
from typing import TYPE_CHECKING, Final, NamedTuple

from doorbell.errors import Conflict
from doorbell.events import PressKind, RingPressed

if TYPE_CHECKING:
    from doorbell import messages
    from doorbell.access import Device
    from doorbell.house import House

HOUR: Final = 3600.0
ATTEMPTS: Final = 8
"""So often a record is read anew when somebody else wrote it first."""


class Ring(NamedTuple):
    """What the table knows of a ring. Times are seconds since 1970."""

    home: str
    id: str
    door: str
    door_name: str
    pressed_at: float
    kind: PressKind
    press: str | None = None
    part_of: str | None = None
    """The ring under way that this press belongs to; then all else stands there."""
    announced_at: float = 0.0
    """When the phones first heard of it."""
    claimed_by: str | None = None
    """The execution that decides this ring."""
    reason: messages.Reason | None = None
    answer_until: float = 0.0
    """A resident may answer until then; 0 while nobody is asked."""
    token: str | None = None
    """Where the state machine waits for the answer (Step Functions' task token)."""
    answer: str | None = None
    answered_by: str | None = None

    def waits(self, now: float) -> bool:
        """Whether a resident may answer now."""
        return self.answer is None and now <= self.answer_until


class DoorState(NamedTuple):
    """What is remembered of one door, to tell repeats and to count its rings."""

    ring: str = ""
    pressed_at: float = 0.0
    hour_began: float = 0.0
    rings: int = 0
    version: int = 0


def ring_id(device: Device, press: str | None) -> str:
    """The id of a ring: the same press of the same door always gives the same one."""
    if press is None:
        return secrets.token_hex(13)
    return hashlib.sha256(f"{device.home}.{device.id}.{press.lower()}".encode()).hexdigest()[:26]


def press(house: House, device: Device, asked: messages.Ring) -> RingPressed:
    """Record a press and say what it is. The same press, sent again, says the same again.

    Raises Conflict if the door presses so wildly that its record cannot be written.
    """
    for _ in range(ATTEMPTS):
        known = house.rings.find(device.home, ring_id(device, asked.press)) if asked.press else None
        if known:
            return _event(known)
        state = house.rings.door_state(device.home, device.id)
        ring, changed = judge(
            device,
            asked,
            state,
            now=house.clock(),
            gap=house.settings.ring_gap,
            per_hour=house.settings.rings_per_hour,
            late_after=house.settings.late_after,
        )
        try:
            house.rings.record(ring, changed, was=state.version)
        except Conflict:
            continue
        return _event(ring)
    raise Conflict(f"The door {device.id} is being rung from everywhere at once.")


def judge(
    device: Device,
    asked: messages.Ring,
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
    fresh_hour = now - state.hour_began >= HOUR
    rings = 1 if fresh_hour else state.rings + 1
    # A press that was held up must not stand before a newer one.
    newest = not state.ring or pressed_at >= state.pressed_at
    changed = DoorState(
        ring=ring.id if newest else state.ring,
        pressed_at=pressed_at if newest else state.pressed_at,
        hour_began=now if fresh_hour else state.hour_began,
        rings=rings,
        version=state.version,
    )
    return ring._replace(kind="limited" if rings > per_hour else "new"), changed


def find(house: House, home: str, ring: str) -> Ring | None:
    """The ring `ring` of `home`, or the one it is part of."""
    found = house.rings.find(home, ring)
    if found and found.part_of:
        return house.rings.find(home, found.part_of)
    return found


def _event(ring: Ring) -> RingPressed:
    return RingPressed(ring.home, ring.door, ring.part_of or ring.id, ring.kind, ring.press)
