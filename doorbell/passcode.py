"""Six-digit passcodes: how they are drawn, what is stored of them, and when one opens a door.

NIST 800-63B, 5.1.3 (out-of-band secrets): at least six random digits, single use, at most ten
minutes of life, and a bound on tries. The code itself is never stored: only an HMAC of it with a
key that lives in an encrypted parameter, bound to the passcode: a leaked table opens nothing.
"""

import hashlib
import hmac
from collections.abc import Callable
from typing import Final, Literal, NamedTuple

from doorbell.model import HOUR, Attempt, AttemptLog, Passcode
from doorbell.protocol import Refused
from doorbell.settings import Settings

CODES: Final = 1_000_000
"""So many codes have six digits."""

MAX_CODES_A_RING: Final = 5
"""A phone that comes back gets a fresh code; each one more makes guessing easier."""

MAX_CHANCES_AN_HOUR: Final = 99
"""All tries of an hour, at all doors of a home together, may hit so many live codes: guessing
stays below 10⁻⁴ an hour.
"""

NO_TRIES: Final = AttemptLog()
"""Nobody has typed anything."""


class Verdict(NamedTuple):
    """What a typed code comes to: `accepted` opens; else `refused` says why not."""

    accepted: Passcode | None
    refused: Refused | None
    log: AttemptLog
    match: Passcode | None = None
    """The passcode that was typed, if it was judged and does not open."""
    in_home: AttemptLog | None = None
    """The tries at all doors, if this one counts."""


class Candidates(NamedTuple):
    """What a typed code could have opened."""

    match: Passcode | None
    at_stake: list[Passcode]
    """All live passcodes, and the one that was typed."""

    @property
    def chances(self) -> int:
        """How many codes a guess could have hit."""
        return sum(len(passcode.hashes) for passcode in self.at_stake)


def draw(randbelow: Callable[[int], int]) -> str:
    """A code: `randbelow` must be a CSPRNG's, such as `secrets.randbelow`."""
    return f"{randbelow(CODES):06d}"


def digest(code: str, key: bytes, passcode: Passcode) -> str:
    """What is stored of a code: it fits this passcode of this home, and nothing else."""
    scope = f"{passcode.doors[0]}/{passcode.id}" if passcode.kind == "ring" else passcode.id
    return hmac.new(key, f"{passcode.home}/{scope}/{code}".encode(), hashlib.sha256).hexdigest()


def check(
    typed: str,
    passcodes: list[Passcode],
    log: AttemptLog,
    key: bytes,
    settings: Settings,
    now: float,
    *,
    in_home: AttemptLog = NO_TRIES,
) -> Verdict:
    """Judge a typed code against the passcodes this door had within the last hour. Pure.

    `log` has the tries at this door, `in_home` those at all doors. Wrong, used and expired codes
    count as tries against every live passcode (and the one that was typed). A code typed while none
    is live, and that never was one, is `none` and counts nothing: there is nothing to guess.
    """
    log, in_home = log.within_the_hour(now), in_home.within_the_hour(now)
    candidates = find_candidates(typed, passcodes, key, now)
    lock = find_lock(candidates, log, in_home, settings, now)
    if lock:
        return Verdict(None, lock, log)
    return decide(candidates, log, in_home, settings, now)


def find_lock(
    candidates: Candidates, log: AttemptLog, in_home: AttemptLog, settings: Settings, now: float
) -> Refused | None:
    """The lock of the whole door, or of all that this code could open; None if it may be tried."""
    if len(log.tries) >= settings.tries_per_hour:
        return _locked(log, now)
    # The door's own count stands alone in what a former release wrote.
    spent = max(log, in_home, key=lambda tried: tried.chances)
    if spent.chances + candidates.chances > MAX_CHANCES_AN_HOUR:
        return _locked(spent, now)
    if not candidates.at_stake:
        return None
    unlocked = [p for p in candidates.at_stake if log.tries_of(p.id) < settings.tries_per_ring]
    if not unlocked or (candidates.match and candidates.match not in unlocked):
        return Refused("locked", 0)
    return None


def find_candidates(typed: str, passcodes: list[Passcode], key: bytes, now: float) -> Candidates:
    """Which passcode was typed, and which could have been. Looks at all of them, always.

    A PIN whose time has not come is as if it were not there: whoever guessed it early, when nothing
    is live and so no try counts, must not learn that it is one.
    """
    match: Passcode | None = None
    for passcode in passcodes:
        attempt = digest(typed, key, passcode)
        # One comparison each, none cut short: time tells nothing.
        fits = sum(hmac.compare_digest(attempt, stored) for stored in passcode.hashes)
        began = passcode.valid_from <= now
        if fits and began and (match is None or _rank(passcode, now) > _rank(match, now)):
            match = passcode
    live = [passcode for passcode in passcodes if passcode.is_live(now)]
    return Candidates(match, live if match is None or match in live else [*live, match])


def decide(
    candidates: Candidates, log: AttemptLog, in_home: AttemptLog, settings: Settings, now: float
) -> Verdict:
    """Accept a live match; else refuse, and count the try if there was anything to guess."""
    match, at_stake = candidates
    if match and match.is_live(now):
        return Verdict(match, None, log)
    if not at_stake:
        return Verdict(None, Refused("none", settings.tries_per_hour - len(log.tries)), log)
    tried = Attempt(now, tuple(p.id for p in at_stake), candidates.chances)
    counted = log._replace(tries=(*log.tries, tried))
    # Which passcodes they were counts at each door by itself.
    in_home = in_home._replace(tries=(*in_home.tries, tried._replace(passcodes=())))
    left = _attempts_left(counted, at_stake, settings)
    return Verdict(None, Refused(_refusal(match), left), counted, match, in_home)


def _locked(tried: AttemptLog, now: float) -> Refused:
    """Until the oldest of these tries is an hour old; without one, until fewer codes live."""
    if not tried.tries:
        return Refused("locked", 0)
    return Refused("locked", 0, int(tried.tries[0].at + HOUR - now) + 1)


def _rank(passcode: Passcode, now: float) -> tuple[bool, float]:
    """A live one before a dead one, then the newer one."""
    return passcode.is_live(now), passcode.valid_from


def _refusal(match: Passcode | None) -> Literal["wrong", "used", "expired"]:
    if match is None:
        return "wrong"
    return "used" if match.uses_left <= 0 else "expired"


def _attempts_left(log: AttemptLog, at_stake: list[Passcode], settings: Settings) -> int:
    of_passcode = max(settings.tries_per_ring - log.tries_of(p.id) for p in at_stake)
    return max(0, min(of_passcode, settings.tries_per_hour - len(log.tries)))
