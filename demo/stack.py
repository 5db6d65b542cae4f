"""What a demonstration needs to know of a stack, on one machine or in the cloud."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from doorbell.model import Role


@dataclass(frozen=True)
class DemoStack:
    """A deployed stack, and a door and a phone of one home on it."""

    websocket: str
    """Where devices connect."""
    home: str
    tokens: Mapping[Role, str] = field(repr=False)
    """Of the home's door and phone."""
    put: Callable[[str, bytes], None] = field(repr=False)
    """Put a JPEG into the stack's bucket, by its key."""
