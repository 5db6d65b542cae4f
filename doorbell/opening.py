"""Opening the door: the order, the door's word that it did, and what if it stays silent."""

from __future__ import annotations

import logging
from contextlib import suppress
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from doorbell.errors import Conflict, MessageError, NotResumed
from doorbell.events import DoorOpened, OpenSent, RingEnded
from doorbell.model import OpenOrder
from doorbell.protocol import DoorOpened as DoorOpenedMessage
from doorbell.protocol import NotOpened, Open
from doorbell.sending import send, send_all, send_to_door, send_to_phones

if TYPE_CHECKING:
    from doorbell.model import Connection, Device, Passcode, Ring
    from doorbell.services import Services

_log = logging.getLogger(__name__)

CLOCKS_APART: Final = 5.0
"""The state machine's wait starts a little before the table's, by a cold start at most."""

ANSWERED_ALREADY: Final = "already"
"""What the state machine hears when an answer was given and carried out without it."""

BY_CODE: Final = "code"
"""The answer of a ring whose code was typed while residents were asked. It is no `let_in`: the
code has had its order, and nobody shall carry it out once more.
"""


def order_by_person(services: Services, found: Ring, by: str) -> None:
    """A resident lets somebody in: tell the door to open.

    One order for one ring and person: a job that is repeated sends the same one, and a door opens
    once for it. An order that never reached the door is valid anew while the ring may be answered.
    """
    order = OpenOrder(
        id=_order_id(found.pressed_at, found.id, by),
        home=found.home,
        door=found.door,
        ring=found.id,
        by=by,
        valid_until=services.clock() + services.settings.open_valid_for,
    )
    placed = _place(services, order, renew_until=found.answer_until + CLOCKS_APART)
    if placed:
        send_order(services, placed)


def was_ordered(services: Services, found: Ring, by: str) -> bool:
    """Whether this person's answer has had its order; what becomes of that is looked after."""
    order = _order_id(found.pressed_at, found.id, by)
    return services.opens.find(found.home, found.door, order) is not None


def order_by_passcode(services: Services, door: str, used: Passcode) -> OpenOrder:
    """The order that goes with the use of a passcode; whoever writes the use writes it too."""
    by = "code" if used.kind == "ring" else used.whom
    since = used.valid_from if used.kind == "ring" else used.used_at
    return OpenOrder(
        id=_order_id(since, used.id, by),
        home=used.home,
        door=door,
        ring=used.ring,
        by=by,
        valid_until=used.used_at + services.settings.open_valid_for,
        cause="code" if used.kind == "ring" else "guest",
        passcode=used.id,
    )


def send_order(services: Services, placed: OpenOrder, asker: Connection | None = None) -> None:
    """Tell the door to open: through the socket that asked, if one did and still listens.

    A door that is away gets the order with `hello`, while it is valid.
    """
    message = _message(services, placed)
    try:
        if not (asker and _took(services, asker, message)):
            send_to_door(services, placed.home, placed.door, message)
    finally:
        # Somebody must notice if the door never opens, above all when it was not reached.
        services.inform(OpenSent(placed.home, placed.door, placed.ring, placed.id))


def _took(services: Services, asker: Connection, message: Open) -> bool:
    """Whether the socket that asked has it; what keeps it from that is no reason to stop."""
    try:
        return bool(send_all(services, [([asker], message)], hasty=True))
    except Exception as error:
        _log.warning("the socket that asked did not answer: %s", type(error).__name__)
        return False


def resend_opens(services: Services, connection: Connection) -> None:
    """Send a door that comes back the orders that are still valid."""
    now = services.clock()
    for pending in services.opens.pending(connection.home, connection.device, now):
        send(services, [connection], _message(services, pending))


def acknowledge(services: Services, device: Device, found: OpenOrder | None) -> str | None:
    """The door says that it opened for this order: now the phones hear it. Gives the order's ring.

    Raises MessageError.
    """
    if found is None:
        raise MessageError("not_allowed", "This door was given no such order.")
    if not found.opened_at:
        # Told before it is written down: a door that hears of trouble says it once more.
        send_to_phones(services, device.home, DoorOpenedMessage(found.ring, found.by, device.name))
        with suppress(Conflict):
            services.opens.acknowledge(found, services.clock())
        services.inform(DoorOpened(device.home, device.id, found.ring, found.by, found.id))
    return found.ring


def check(services: Services, home: str, door: str, order_id: str) -> None:
    """When the order is no longer valid: tell the phones if the door never opened."""
    found = services.opens.find(home, door, order_id)
    if found and not found.opened_at:
        send_to_phones(services, home, NotOpened(found.ring))
        if found.ring:
            services.inform(RingEnded(home, door, found.ring, "not_opened"))


def end_question(services: Services, home: str, ring: str) -> None:
    """The door opens by a code: if residents are still asked, that is the answer."""
    try:
        answered = services.rings.answer(home, ring, BY_CODE, BY_CODE, services.clock())
    except Conflict:
        return  # nobody is asked (any more)
    if answered.token:
        end_wait(services, answered.token)


def end_wait(services: Services, token: str) -> None:
    """The state machine need not wait for an answer any more; perhaps it does not."""
    with suppress(NotResumed):
        services.waits.resume(token, {"answer": ANSWERED_ALREADY, "by": ""})


def _place(services: Services, order: OpenOrder, renew_until: float) -> OpenOrder | None:
    """Remember the order, or find it again; None if it shall not be sent."""
    try:
        services.opens.add(order)
    except Conflict:
        known = services.opens.find(order.home, order.door, order.id)
        now = services.clock()
        if known is None or known.opened_at:
            return None
        if now < known.valid_until:
            return known
        if now > renew_until:
            return None
        return _renewed(services, known, order.valid_until)
    return order


def _renewed(services: Services, known: OpenOrder, valid_until: float) -> OpenOrder | None:
    """The same order, so that a door that did open for it says so instead of opening again."""
    try:
        services.opens.renew(known, valid_until)
    except Conflict:
        return None
    return known._replace(valid_until=valid_until)


def _order_id(since: float, about: str, by: str) -> str:
    """A time stands in front, so that a door's recent orders are one range of keys."""
    return f"{int(since * 1000):013d}-{sha256(f'{about}/{by}'.encode()).hexdigest()[:12]}"


def _message(services: Services, placed: OpenOrder) -> Open:
    now = services.clock()
    valid_for = max(0, round(placed.valid_until - now))
    return Open(placed.id, placed.ring, services.settings.open_seconds, valid_for, now)
