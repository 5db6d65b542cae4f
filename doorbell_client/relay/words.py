"""What happens at a relay, in sentences for a person."""

from typing import assert_never

from doorbell_client.relay.events import (
    Delivered,
    Event,
    Received,
    Refused,
    StreamFound,
    StreamLost,
    TokenUnknown,
    Waits,
)


def described(event: Event) -> str:
    """One line. Names come from cameras; they hold no control characters."""
    match event:
        case Received(camera, name, size, again):
            came = "came again, and is kept once" if again else "is kept"
            words = f"{camera}: {name or 'a file'} {came} ({amount(size)})"
        case Delivered(camera, name, size):
            words = f"{camera}: {name or 'a file'} is in the cloud ({amount(size)})"
        case Refused(who, why):
            words = f"{who}: refused: {why}"
        case Waits(why):
            words = f"the cloud cannot be reached, files wait: {why}"
        case TokenUnknown(camera):
            words = f"{camera}: the cloud does not take its token; its files are kept"
        case StreamFound(camera):
            words = f"{camera}: its stream is fetched"
        case StreamLost(camera, why):
            words = f"{camera}: its stream is away: {why}"
        case _:
            assert_never(event)
    return words


def counted(files: int, size: int) -> str:
    """How many wait, and how much that is."""
    if not files:
        return "nothing waits"
    return f"{files} file{'s wait' if files > 1 else ' waits'} ({amount(size)})"


def amount(size: int) -> str:
    """Bytes as a person reads them."""
    for unit, name in ((10**9, "GB"), (10**6, "MB"), (10**3, "kB")):
        if size >= unit:
            return f"{size / unit:.1f} {name}" if size < 10 * unit else f"{size / unit:.0f} {name}"
    return f"{size} bytes"
