"""What `make up` goes on telling: every frame of every device, in words, as it passes.

Codes are told here on purpose, for whoever tries the doorbell by hand to read; nothing of this
reaches a file. Photos' links are not told: they carry their signer's session token.
"""

import time

from demo.screen import Screen
from demo.words import got_in_words, sent_in_words
from local.observer import Sight


def narrate(sight: Sight, screen: Screen) -> None:
    """One line."""
    when = time.strftime("%H:%M:%S", time.localtime(sight.at))
    screen.line(when, sight.device.rpartition(".")[2], _in_words(sight))


def _in_words(sight: Sight) -> str:
    match sight.happened:
        case "sent":
            return sent_in_words(sight.frame)
        case "got":
            return got_in_words(sight.frame)
        case "connected":
            return "connects"
        case "refused":
            return "is refused at the door to the socket"
        case "gone":
            return "is gone"
