"""How long the door waits for what."""

from typing import NamedTuple


class DoorTimeouts(NamedTuple):
    """Seconds."""

    decision: float = 8.0
    """No word about a press for so long: the bell sounds."""
    ring_gap: float = 5.0
    """The cloud takes a press so soon after another for the same ring (`RingGap` in
    `template.yaml`; a stack may have another, which the bell does not hang on)."""
    capture: float = 10.0
    """The button's light strobes for so long at most."""
    visit: float = 120.0
    """After so long a press has no more to expect, and the code of a `welcome` is dead; a
    `ring_through` that gives the residents longer to answer counts instead."""
    ring_life: float = 900.0
    """No `open` for an older press counts: it was held up somewhere. No stack may be set to let a
    code or an answer live for longer (`template.yaml`: 600 s, after 60 s for the photo)."""
    longest_open: float = 10.0
    """No `open` energises the strike for longer."""
    first_repeat: float = 2.0
    """`opened` is told again so soon if the cloud does not acknowledge it, then ever later."""
    longest_repeat: float = 300.0
    notice: float = 3.0
    """How long a mistake or a refusal is shown."""
    answer: float = 10.0
    """A typed code is answered within this, or the lights say that something is wrong."""
    offline: float = 3.0
    """A line that comes back sooner is not shown as lost."""
