"""What `make up` goes on printing: every frame of every device, in words, as it passes.

Codes are printed on purpose, for whoever tries the doorbell by hand to read; nothing of this
reaches a file. Photos' links are not printed: they carry their signer's session token.
"""

import time

from demo.screen import Screen
from doorbell.protocol.words import received_in_words, sent_in_words
from local.socket_events import SocketEvent


def print_event(event: SocketEvent, screen: Screen) -> None:
    """One line."""
    when = time.strftime("%H:%M:%S", time.localtime(event.at))
    screen.line(when, event.device.rpartition(".")[2], _in_words(event))


def _in_words(event: SocketEvent) -> str:
    match event.happened:
        case "sent":
            return sent_in_words(event.frame)
        case "got":
            return received_in_words(event.frame)
        case "connected":
            return "connects"
        case "refused":
            return "may not connect"
        case "gone":
            return "disconnects"
        case "warned":
            return event.frame
