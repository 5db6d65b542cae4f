"""Checks for configured values: from TOML as they are, from the environment as text."""

import ipaddress
import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Generic, NamedTuple, TypeVar, cast, get_type_hints
from urllib.parse import urlsplit

T = TypeVar("T")

MAX_PIN: Final = 27
"""GPIO0 to GPIO27 are led out on a Raspberry Pi's header."""


@dataclass(frozen=True)
class Check(Generic[T]):
    """What one value must be."""

    expected: str
    """Ends the sentence "expected …"."""
    accept: Callable[[object], T]
    """The value as the program wants it; raises ValueError."""
    from_text: Callable[[str], object] = str
    """What an environment variable's text means, before `accept`; raises ValueError."""


class Key(NamedTuple):
    """One key of a section: its name, its check and a few words for a person."""

    name: str
    check: Check[Any]
    about: str


def keys_of(section: type) -> list[Key]:
    """The keys of a section whose fields are `Annotated[type, check, "about"]`."""
    return [
        Key(name, *hint.__metadata__)
        for name, hint in get_type_hints(section, include_extras=True).items()
    ]


def is_loopback(host: str) -> bool:
    """Whether a host's name or address can only be this machine."""
    name = host.lower().rstrip(".")
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def is_safe_url(url: str, secure: str, plain: str) -> bool:
    """Whether `url` is encrypted, or is plain and cannot leave this machine.

    `secure` and `plain` are the schemes, such as `wss` and `ws`.
    """
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return False
    if not host or parts.username or any(c.isspace() or not c.isprintable() for c in url):
        return False
    return parts.scheme == secure or (parts.scheme == plain and is_loopback(host))


def socket_url() -> Check[str]:
    """A WebSocket URL; plain ones only to this very machine."""

    def accept(value: object) -> str:
        if not isinstance(value, str) or not is_safe_url(value, "wss", "ws"):
            raise ValueError
        if "token=" in urlsplit(value).query:
            raise ValueError  # it would stand in logs and proxies; it has a file of its own
        return value

    return Check("a wss:// URL without a token (ws:// only to this machine)", accept)


def text() -> Check[str]:
    """Some text."""
    return Check("text in quotes", _text)


def path() -> Check[Path]:
    """A path; `~` is the home folder."""
    return Check("a path in quotes", lambda value: Path(_text(value)).expanduser())


def switch() -> Check[bool]:
    """On or off."""

    def accept(value: object) -> bool:
        if not isinstance(value, bool):
            raise ValueError
        return value

    def from_text(words: str) -> object:
        return {"true": True, "false": False}.get(words.strip().lower())

    return Check("true or false", accept, from_text)


def whole(low: int, high: int) -> Check[int]:
    """A whole number."""

    def accept(value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise ValueError
        return value

    return Check(f"a whole number from {low} to {high}", accept, int)


def number(low: float, high: float) -> Check[float]:
    """A number."""

    def accept(value: object) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise ValueError
        if not math.isfinite(value) or not low <= value <= high:
            raise ValueError
        return float(value)

    return Check(f"a number from {low:.15g} to {high:.15g}", accept, float)


def one_of(*words: str) -> Check[str]:
    """One of a few words."""

    def accept(value: object) -> str:
        if not isinstance(value, str) or value not in words:
            raise ValueError
        return value

    return Check("one of " + ", ".join(f'"{word}"' for word in words), accept)


def pin() -> Check[int | None]:
    """A GPIO pin by its BCM number."""
    return cast("Check[int | None]", whole(0, MAX_PIN))


def pins(count: int) -> Check[tuple[int, ...]]:
    """So many different GPIO pins, or none."""
    single = whole(0, MAX_PIN)

    def accept(value: object) -> tuple[int, ...]:
        if not isinstance(value, list):
            raise ValueError
        numbers = tuple(single.accept(each) for each in value)
        if len(numbers) not in (0, count) or len(set(numbers)) != len(numbers):
            raise ValueError
        return numbers

    def from_text(words: str) -> object:
        return [int(word) for word in words.split(",") if word.strip()]

    return Check(f"{count} different numbers from 0 to {MAX_PIN}", accept, from_text)


def _text(value: object) -> str:
    if not isinstance(value, str) or not value or "\0" in value:
        raise ValueError
    return value
