"""A resident's ring: a code for the phone, a welcome at the door."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Final

from doorbell import passcode as passcodes
from doorbell.errors import Conflict, NotResumed
from doorbell.events import RingDecided
from doorbell.model import ATTEMPTS, HOUR, Key, KnownFace, Passcode, Ring
from doorbell.parallel import side_by_side
from doorbell.protocol import Code, Message, Welcome
from doorbell.sending import send, send_all

if TYPE_CHECKING:
    from doorbell.model import Connection
    from doorbell.services import Services

WORTH_SENDING: Final = 10
"""A code with fewer seconds to live than this is not sent again."""


def issue_code(
    services: Services, home: str, door: str, ring_id: str, face: str, token: str
) -> None:
    """Draw a code, store its hash, send it to the resident's phones, and welcome at the door.

    All in one place: the code stands in no event and in no state of a state machine. `token` is
    where the state machine waits: it ends well when a phone says that the code has arrived
    (`code_arrived`). It has the code pushed if it hears `no_socket`, and rings through if it hears
    `stranger` or `no_phone`.
    """
    if not face:
        _give_up(services, token, "stranger")  # at once: a bell waits
        return
    found, resident, codes = look(services, home, door, ring_id, face)
    if found is None or resident is None:
        _give_up(services, token, "stranger")
        return
    if found.decision == "resident":
        _resume(services, token)  # this job is repeated, and a phone shows the code
        return
    issued, code, former = issue(services, found, resident, codes, token)
    # Looked up only now: a phone that connected before is in the list, and one that connects from
    # now on finds the code with its `hello`.
    at_door, phones = services.connections.of_both(home, found.door)
    message = Code(found.id, code, services.settings.code_life, found.door_name, resident)
    reached = send(services, [phone for phone in phones if _is_for(phone, resident)], message)
    if not reached and _is_taken_back(services, issued):
        _give_up(services, token, "no_socket")
        return
    welcome(services, found, at_door, resident, code)
    services.inform(RingDecided(home, found.door, found.id, "resident"))
    if left_unused(former, found):
        _give_up(services, token, "no_phone")


def code_arrived(services: Services, phone: Connection, found: Ring | None) -> None:
    """A phone says that it shows the code of this ring: the bell need not ring.

    Late, twice, or for a ring whose code does not go to this phone, it changes nothing.
    """
    if found is None or not found.code_token or not _is_for(phone, found.code_for or ""):
        return
    with suppress(Conflict):
        # Written first: the watch looks there if the state machine is gone.
        services.rings.decide(found, "resident")
    _resume(services, found.code_token)


def resend_codes(services: Services, phone: Connection) -> None:
    """Send a phone that has just connected a code for each live ring of its resident."""
    now = services.clock()
    since = now - services.settings.code_life
    for issued in services.passcodes.in_home(phone.home, since):
        if issued.ring and issued.is_live(now) and _is_for(phone, issued.whom):
            _send_fresh_code(services, phone, issued)


def look(
    services: Services, home: str, door: str, ring_id: str, face: str
) -> tuple[Ring | None, str | None, list[Passcode]]:
    """The ring, whose the face is, and the door's codes of the last hour; read side by side."""
    since = services.clock() - HOUR
    (found, known), codes, _ = side_by_side(
        lambda: services.records.read(home, Key(Ring, ring_id), Key(KnownFace, face)),
        lambda: services.passcodes.at_door(home, door, since),
        services.code_key,  # the first time, a trip as well
    )
    return found, known.resident if known else None, codes


def issue(
    services: Services,
    found: Ring,
    resident: str,
    codes: list[Passcode],
    token: str | None = None,
) -> tuple[Passcode, str, list[Passcode]]:
    """A code of this ring, as it is kept and as it is sent; and those that were there before.

    Older codes of the door end: fewer live codes are harder to guess. Where the last one was left
    unused, no phone may say at `token` that it shows this one: it rings all the same.
    """
    for _ in range(ATTEMPTS):
        now = services.clock()
        code = passcodes.draw(services.randbelow)
        issued = _made(services, found, resident, code, now)
        live = [each for each in codes if each.ring and each.is_live(now)]
        waits = "" if token and left_unused(codes, found) else token
        try:
            services.passcodes.issue(issued, live, waits)
        except Conflict:
            # One of them was used in this moment.
            codes = services.passcodes.at_door(found.home, found.door, now - HOUR)
        else:
            return issued, code, codes
    raise Conflict("The codes of this door change too fast.")


def _is_taken_back(services: Services, issued: Passcode) -> bool:
    """Not if a phone has opened the app meanwhile, and with its `hello` was given a code: then the
    bell is quiet if that phone says so in time.
    """
    try:
        services.passcodes.take_back(issued)
    except Conflict:
        return False
    return True


def _made(services: Services, found: Ring, resident: str, code: str, now: float) -> Passcode:
    life = services.settings.code_life
    bare = Passcode(found.home, found.id, "ring", resident, (found.door,), now, now + life, ())
    return bare._replace(hashes=(passcodes.digest(code, services.code_key(), bare),))


def left_unused(former: list[Passcode], found: Ring) -> bool:
    """Whether the last code of an earlier ring within the hour was never typed.

    Somebody who presses again does not see that code (the phone is dead, or in another room), so a
    second press always rings; the new code opens all the same.
    """
    earlier = [each for each in former if each.ring and each.ring != found.id]
    latest = max(earlier, key=lambda each: each.valid_from, default=None)
    return latest is not None and not latest.used_at


def welcome(
    services: Services, found: Ring, door: list[Connection], resident: str, code: str
) -> None:
    name = resident if services.settings.show_name_at_door else None
    said: list[Message] = [Welcome(found.id, name)]
    if services.settings.show_code_at_door:
        said.append(Code(found.id, code, services.settings.code_life))
    send_all(services, [(door, each) for each in said])


def _resume(services: Services, token: str) -> None:
    """The state machine need not wait any more; perhaps it does not."""
    with suppress(NotResumed):
        services.waits.resume(token, {"answer": "got", "by": ""})


def _give_up(services: Services, token: str, why: str) -> None:
    """Tell the state machine to ring through. If it is not reached, it does so in a few seconds."""
    with suppress(NotResumed):
        services.waits.fail(token, why)


def _is_for(phone: Connection, resident: str) -> bool:
    """Whether this resident's codes go to this phone: to their own, and to the household's."""
    return phone.role == "phone" and phone.resident in (None, resident)


def _send_fresh_code(services: Services, phone: Connection, issued: Passcode) -> None:
    """Only hashes are kept, so the same code cannot be sent again: this phone gets its own."""
    left = int(issued.valid_until - services.clock())
    found = services.rings.find(issued.home, issued.id)
    most = passcodes.MAX_CODES_A_RING
    if left < WORTH_SENDING or len(issued.hashes) >= most or found is None:
        return
    code = passcodes.draw(services.randbelow)
    try:
        digest = passcodes.digest(code, services.code_key(), issued)
        services.passcodes.add_hash(issued, digest, most)
    except Conflict:
        return  # used, or ended, in this moment
    send(services, [phone], Code(found.id, code, left, found.door_name, issued.whom))
