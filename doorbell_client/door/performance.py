"""Does with a door's parts what can be seen and heard."""

from doorbell_client.door.effects import Beep, Effect, Prompt, Show, Sound
from doorbell_client.door.parts import Parts, each


def perform(effect: Effect, parts: Parts) -> None:
    """Sound, beep or show; other effects are not for the parts."""
    match effect:
        case Sound():
            each(parts.chime.ring, parts.gong.ring)
        case Beep() | Prompt():
            parts.chime.beep()
        case Show(mood):
            parts.lights.show(mood)
