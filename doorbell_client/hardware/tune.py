"""What a bell plays."""

from typing import Final

from doorbell_client.hardware.sequence import Pattern, Step

Hertz = float | None
"""A tone, or silence."""

DING_DONG: Final[Pattern[Hertz]] = Pattern(
    [Step(659.3, 0.35), Step(None, 0.03), Step(523.3, 0.7), Step(None, 0)]
)
"""E5, then C5: the falling major third of a house's gong."""

TICK: Final[Pattern[Hertz]] = Pattern([Step(880.0, 0.04), Step(None, 0)])
"""A key was felt."""
