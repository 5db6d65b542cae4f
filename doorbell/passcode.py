"""Six-digit codes: how they are drawn, what is stored of them, and when one opens a door.

NIST 800-63B, 5.1.3 (out-of-band secrets): at least six random digits, single use, at most ten
minutes of life, and a bound on tries. The code itself is never stored: only an HMAC of it with a
key that lives in Secrets Manager, bound to the ring, so that a leaked table opens nothing.
"""

import hashlib
import hmac
from collections.abc import Callable
from typing import Final, Literal, NamedTuple

from doorbell.model import HOUR, Attempt, AttemptLog, IssuedCode
from doorbell.protocol import Refused
from doorbell.settings import Settings

MAX_CODES_A_RING: Final = 5
"""A phone that comes back gets a fresh code; each one more makes guessing easier."""


class Verdict(NamedTuple):
    """What a typed code comes to: `accepted` opens; else `refused` says why not."""

    accepted: IssuedCode | None
    refused: Refused | None
    keypad: AttemptLog


def draw(randbelow: Callable[[int], int]) -> str:
    """A code: `randbelow` must be a CSPRNG's, such as `secrets.randbelow`."""
    return f"{randbelow(1_000_000):06d}"


def digest(code: str, key: bytes, home: str, door: str, ring: str) -> str:
    """What is stored of a code: it fits this ring at this door of this home, and nothing else."""
    return hmac.new(key, f"{home}/{door}/{ring}/{code}".encode(), hashlib.sha256).hexdigest()


def check(
    typed: str,
    codes: list[IssuedCode],
    keypad: AttemptLog,
    key: bytes,
    settings: Settings,
    now: float,
) -> Verdict:
    """Judge a typed code against the codes this door had within the last hour. Pure.

    Wrong, used and expired codes count as tries against every live ring (and the ring whose code
    it was). A code typed while none is live, and that never was one, is `none` and counts nothing:
    there is nothing to guess.
    """
    keypad = keypad.within_the_hour(now)
    if len(keypad.tries) >= settings.tries_per_hour:
        wait = int(keypad.tries[0].at + HOUR - now) + 1
        return Verdict(None, Refused("locked", 0, wait), keypad)
    codes = single_use(codes)
    match = _matching(typed, codes, key, now)
    live = [code for code in codes if code.is_live(now)]
    at_stake = live if match is None or match in live else [*live, match]
    if not at_stake:
        return Verdict(None, Refused("none", settings.tries_per_hour - len(keypad.tries)), keypad)
    unlocked = [c for c in at_stake if keypad.tries_of(c.ring) < settings.tries_per_ring]
    if not unlocked or (match and match not in unlocked):
        return Verdict(None, Refused("locked", 0), keypad)
    if match and match.is_live(now):
        return Verdict(match, None, keypad)
    counted = keypad._replace(tries=(*keypad.tries, Attempt(now, tuple(c.ring for c in at_stake))))
    return Verdict(
        None, Refused(_refusal(match), _attempts_left(counted, at_stake, settings)), counted
    )


def single_use(codes: list[IssuedCode]) -> list[IssuedCode]:
    """A job that was repeated issued two codes for one ring: with one of them, both are used."""
    used = {code.ring: code.used_at for code in codes if code.used_at}
    return [code._replace(used_at=used.get(code.ring, 0.0)) for code in codes]


def _matching(typed: str, codes: list[IssuedCode], key: bytes, now: float) -> IssuedCode | None:
    """The code that was typed; a live one before a dead one. Looks at all of them, always."""
    found: IssuedCode | None = None
    for code in codes:
        attempt = digest(typed, key, code.home, code.door, code.ring)
        # One comparison each, none cut short: time tells nothing.
        fits = sum(hmac.compare_digest(attempt, stored) for stored in code.hashes)
        if fits and (found is None or _rank(code, now) > _rank(found, now)):
            found = code
    return found


def _rank(code: IssuedCode, now: float) -> tuple[bool, float]:
    return code.is_live(now), code.issued_at


def _refusal(match: IssuedCode | None) -> Literal["wrong", "used", "expired"]:
    if match is None:
        return "wrong"
    return "used" if match.used_at else "expired"


def _attempts_left(keypad: AttemptLog, at_stake: list[IssuedCode], settings: Settings) -> int:
    in_ring = max(settings.tries_per_ring - keypad.tries_of(code.ring) for code in at_stake)
    return max(0, min(in_ring, settings.tries_per_hour - len(keypad.tries)))
