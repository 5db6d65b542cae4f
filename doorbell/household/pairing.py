"""A phone joins a home: a code that serves once, within ten minutes, and is never a token."""

from __future__ import annotations

import logging
import secrets
from typing import TYPE_CHECKING, Final, NamedTuple

from doorbell.auth import digest
from doorbell.errors import BadName, Conflict
from doorbell.homes import check_id
from doorbell.household.devices import close_sockets
from doorbell.household.model import Pairing
from doorbell.household.names import check_name, check_resident_name, device_id
from doorbell.household.problems import Problem
from doorbell.model import ATTEMPTS, Device, Token

if TYPE_CHECKING:
    from doorbell.household.ports import Pairings
    from doorbell.household.services import Household

_log = logging.getLogger(__name__)

LIFE: Final = 600.0
"""Seconds; NIST 800-63B, 5.1.3 allows an out-of-band secret ten minutes."""


class Joined(NamedTuple):
    """A phone that has joined, and the token that it alone gets."""

    phone: Device
    token: Token
    manager: bool


def invite(
    pairings: Pairings,
    home: str,
    name: str,
    resident: str | None,
    now: float,
    *,
    manager: bool = False,
    device: str | None = None,
) -> tuple[str, Pairing]:
    """A code for one phone, and what is kept of it. `device`: the phone is there already, and gets
    a token of its own drawing. Raises BadName.
    """
    code = f"{home}.{secrets.token_urlsafe(16)}"
    pairing = Pairing(
        home=home,
        code_hash=digest(code),
        name=check_name(name),
        resident=check_resident_name(resident) if resident else None,
        manager=manager,
        expires_at=now + LIFE,
        device=device,
    )
    pairings.add(pairing)
    return code, pairing


def join(household: Household, code: str, name: str | None = None) -> Joined:
    """The phone that shows this code joins its home, under another name if it says one.

    The first phone of a home manages it. Raises BadName, and Problem `no_such_pairing` for a code
    that is wrong, was used or has expired, all alike.
    """
    pairing = _find(household, code)
    chosen = check_name(name) if name else None
    secret = secrets.token_urlsafe(32)
    if pairing.device:
        return _renewed(household, pairing, pairing.device, chosen, secret)
    chosen = chosen or pairing.name
    manager = pairing.manager or not _is_managed(household, pairing.home)
    for _ in range(ATTEMPTS):
        made = device_id(chosen, household.randbelow)
        phone = Device(pairing.home, made, "phone", chosen, digest(secret), pairing.resident)
        try:
            household.pairings.use(pairing, phone, manager=manager, now=household.clock())
        except Conflict:
            # Used in this moment; or the id is taken, and the next one is not.
            _find(household, code)
        else:
            return Joined(phone, Token(phone.home, phone.id, secret), manager)
    raise Problem("try_again", "That did not work. Please try again.")


def link(origin: str, code: str) -> str:
    """The app's address with the code where no server and no log sees it."""
    return f"{origin.rstrip('/')}/#pair={code}"


def _renewed(
    household: Household, pairing: Pairing, device: str, chosen: str | None, secret: str
) -> Joined:
    known = household.devices.find(pairing.home, device)
    if known is None:
        raise _none_such()
    phone = known._replace(token_hash=digest(secret), name=chosen or known.name)
    try:
        household.pairings.renew(pairing, phone, household.clock())
        if chosen:
            household.devices.rename(phone.home, phone.id, chosen)
    except Conflict:
        raise _none_such() from None
    _hang_up(household, phone)
    manager = household.settings.phone(phone.home, phone.id).manager
    return Joined(phone, Token(phone.home, phone.id, secret), manager)


def _hang_up(household: Household, phone: Device) -> None:
    """Whoever held the former token may still listen. The new one is not lost for that."""
    try:
        close_sockets(household.connections, household.sockets, phone.home, phone.id)
    except Exception as error:
        _log.warning("sockets of a former token may be open: %s", type(error).__name__)


def _find(household: Household, code: str) -> Pairing:
    home, _, secret = code.partition(".")
    try:
        pairing = household.pairings.find(check_id(home, "home"), digest(code)) if secret else None
    except (BadName, UnicodeEncodeError):
        pairing = None
    if pairing is None or household.clock() >= pairing.expires_at:
        raise _none_such()
    return pairing


def _is_managed(household: Household, home: str) -> bool:
    return any(phone.manager for phone in household.settings.phones(home))


def _none_such() -> Problem:
    return Problem("no_such_pairing", "This code was used, is too old, or never was one.")
