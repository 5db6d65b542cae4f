"""A resident's code for phones in pockets: drawn here, so that no state and no event holds it."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from doorbell import passcode as passcodes
from doorbell import resident as residents
from doorbell.errors import Conflict
from doorbell.events import RingDecided
from doorbell.push.delivery import push_each
from doorbell.push.model import Notice

if TYPE_CHECKING:
    from collections.abc import Sequence

    from doorbell.household.model import Subscription
    from doorbell.model import Passcode, Ring
    from doorbell.push.services import Pushing
    from doorbell.services import Services

Pushed: TypeAlias = Literal["quiet", "no_phone", "stranger"]
"""quiet: a push service took the code, so the bell need not ring · the others: why it rings."""

CODE_SECONDS: Final = 3.0
"""Seconds for which push services are asked to take a code, while somebody waits at the door."""


def push_code(pushing: Pushing, home: str, door: str, ring_id: str, face: str) -> Pushed:
    """Draw a code for the resident of this face and push it to their browsers.

    As soon as one push service has taken it, the ring is decided and the door welcomes. If none
    does, the code opens nothing.
    """
    services = pushing.services
    found, resident, codes = residents.look(services, home, door, ring_id, face)
    if found is None or resident is None:
        return "stranger"
    if found.decision == "resident":
        return "quiet"  # this job is repeated
    to = subscriptions_of(pushing, home, resident)
    if not to:
        return "no_phone"
    issued, code, former = residents.issue(services, found, resident, codes)
    notice = code_notice(found, issued, code)
    welcomed = False
    for _, taken in push_each(pushing, [(each, notice, False) for each in to], CODE_SECONDS):
        if taken and not welcomed:
            welcomed = True
            _welcome(services, found, resident, code)
    if not welcomed:
        return _nobody_took(services, issued, found)
    return "no_phone" if residents.left_unused(former, found) else "quiet"


def push_anew(pushing: Pushing, found: Ring) -> frozenset[str]:
    """No phone showed this ring's code, and the bell rings: push a fresh one, if it still opens.

    Gives the phones whose push services took it: they need no other notice of this ring.
    """
    if not found.code_for:
        return frozenset()
    to = subscriptions_of(pushing, found.home, found.code_for)
    drawn = fresh_code(pushing.services, found) if to else None
    if drawn is None:
        return frozenset()
    notice = code_notice(found, *drawn)
    sent = push_each(pushing, [(each, notice, False) for each in to], CODE_SECONDS)
    return frozenset(device for device, taken in sent if taken)


def fresh_code(services: Services, found: Ring) -> tuple[Passcode, str] | None:
    """One more code for a ring whose code still lives, as only hashes are kept; None if it does
    not, or has been drawn too often.
    """
    now = services.clock()
    since = now - services.settings.code_life
    live = [
        each
        for each in services.passcodes.at_door(found.home, found.door, since)
        if each.ring == found.id and each.is_live(now)
    ]
    if not live or len(live[-1].hashes) >= passcodes.MAX_CODES_A_RING:
        return None
    code = passcodes.draw(services.randbelow)
    digest = passcodes.digest(code, services.code_key(), live[-1])
    with suppress(Conflict):
        services.passcodes.add_hash(live[-1], digest, passcodes.MAX_CODES_A_RING)
        return live[-1], code
    return None


def code_notice(found: Ring, issued: Passcode, code: str) -> Notice:
    """The notice that holds a code. It is never silent: somebody waits for it at the door."""
    return Notice(
        type="code",
        home=found.home,
        door=found.door_name,
        at=found.pressed_at,
        news_until=issued.valid_until,
        ring=found.id,
        resident=issued.whom,
        code=code,
        expires_at=issued.valid_until,
    )


def subscriptions_of(pushing: Pushing, home: str, resident: str) -> Sequence[Subscription]:
    """The browsers that this resident's codes go to: their own, and the household's."""
    known = {each.device: each for each in pushing.subscriptions.of_home(home)}
    phones = (each for each in pushing.devices.all(home) if each.role == "phone")
    return [
        known[phone.id]
        for phone in phones
        if phone.id in known and phone.resident in (None, resident)
    ]


def _nobody_took(services: Services, issued: Passcode, found: Ring) -> Pushed:
    """The code opens nothing, unless somebody opened the app meanwhile and says to have one."""
    now = services.rings.find(found.home, found.id)
    if now and now.decision == "resident":
        return "quiet"
    with suppress(Conflict):  # such a code opens, but nobody says yet that it is seen
        services.passcodes.take_back(issued)
    return "no_phone"


def _welcome(services: Services, found: Ring, resident: str, code: str) -> None:
    # Written first: the watch looks there.
    with suppress(Conflict):
        services.rings.decide(found, "resident")
    at_door = services.connections.of(found.home, "door", found.door)
    residents.welcome(services, found, at_door, resident, code)
    services.inform(RingDecided(found.home, found.door, found.id, "resident"))
