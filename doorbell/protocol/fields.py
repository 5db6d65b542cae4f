"""What one field of a frame may hold: each check gives the value, or raises MessageError."""

import re
from collections.abc import Callable
from typing import Any, TypeAlias

from doorbell.errors import MessageError
from doorbell.protocol.messages import Upload
from doorbell.protocol.names import MAX_AGE_SECONDS, REASONS

Check: TypeAlias = Callable[[str, object], Any]


def text(pattern: str, expected: str) -> Check:
    def check(name: str, value: object) -> str:
        # `re` compiles at the first use and remembers: a cold start pays for no pattern in vain.
        if isinstance(value, str) and re.fullmatch(pattern, value):
            return value
        raise MessageError("bad_field", f"`{name}` must be {expected}.")

    return check


def number(low: float, high: float, *, whole: bool = False) -> Check:
    kind = "a whole number" if whole else "a number"

    def check(name: str, value: object) -> int | float:
        match value:
            case bool():
                pass
            # NaN and infinity, which Python's JSON reads, are in no range.
            case int() | float() if low <= value <= high and (not whole or value == int(value)):
                return int(value) if whole else float(value)
        raise MessageError("bad_field", f"`{name}` must be {kind} from {low:g} to {high:g}.")

    return check


def truth(name: str, value: object) -> bool:
    if isinstance(value, bool):
        return value
    raise MessageError("bad_field", f"`{name}` must be true or false.")


def one_of(values: tuple[str, ...]) -> Check:
    def check(name: str, value: object) -> str:
        if isinstance(value, str) and value in values:
            return value
        raise MessageError("bad_field", f"`{name}` must be one of {', '.join(values)}.")

    return check


class Optional:
    """A field that may be missing or null although its class gives it no default."""

    def __init__(self, check: Check) -> None:
        self.check = check

    def __call__(self, name: str, value: object) -> Any:
        """As the check that it wraps."""
        return self.check(name, value)


def upload(name: str, value: object) -> Upload:
    match value:
        case {"method": "PUT" as method, "url": str() as url, "headers": dict() as headers} if all(
            isinstance(each, str) for each in headers.values()
        ):
            return Upload(method, url, headers)
    raise MessageError("bad_field", f"`{name}` must hold method, url and headers.")


ID = text(r"[A-Za-z0-9_-]{1,64}", "an id of up to 64 letters, digits, - and _")
OPTIONAL_ID = Optional(ID)
UUID = text(
    r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}",
    "a UUID such as 123e4567-e89b-42d3-a456-426614174000",
)
DIGITS = text(r"[0-9]{6}", 'six digits in quotes, such as "042137"')
ANY_TEXT = text(r"[^\ud800-\udfff]*", "text")
COUNT = number(0, 10_000_000, whole=True)
SECONDS = number(0, MAX_AGE_SECONDS, whole=True)
REASON = one_of(REASONS)
TIME = number(0, 10_000_000_000)
