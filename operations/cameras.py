"""What to type into a camera's page, for it to send its pictures here."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from operations.stacks import Deployed


def what_to_type(stack: Deployed, token: str, door: str | None) -> str:
    """For an Axis camera, line by line as its page has them; others have the same under other
    names (docs/cameras.md).
    """
    scheme = stack.recipient.partition(":")[0].upper()
    plain = stack.outputs.get("PlainRecipient")
    lines = [
        "Into the camera's page (an Axis: Settings, System, Events, Device events):",
        "",
        "  Recipients, +",
        f"    Type                    {scheme}",
        f"    URL                     {stack.recipient}",
        "    Test                    must say that it succeeded; no token is needed for it",
        "  Rules, +",
        "    Condition               when it shall send: motion, an input, a pulse of every minute",
        f"    Action                  Send images through {scheme}",
        "    Maximum images          1",
        f"    Custom CGI parameters   accessToken={token}",
        "",
        f"Each picture rings at {door}." if door else "Its pictures are kept; they ring nowhere.",
        "Clips, streams, and every other kind of camera: docs/cameras.md.",
    ]
    if plain:
        lines += [f"A camera that cannot speak TLS sends to {plain} and never rings."]
    return "\n".join(lines)
