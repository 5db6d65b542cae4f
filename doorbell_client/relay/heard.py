"""Whether the machine at the other end of a connection has all that it was sent.

To write an answer only hands it to this machine's kernel. The camera may be gone by then, and will
send its file again: so it is looked whether the other kernel has acknowledged every byte.
"""

import asyncio
import fcntl
import socket
import struct
import termios
from typing import Final

_LONGEST_WAIT: Final = 0.05
"""Seconds between two looks."""


async def heard(writer: asyncio.StreamWriter, seconds: float) -> bool:
    """Whether all that was written has arrived; waits so long for it."""
    wait = 0.001
    try:
        async with asyncio.timeout(seconds):
            while not is_lost(writer):
                if _on_the_way(_socket(writer)) == 0:
                    # A connection that is reset has nothing on its way either.
                    return not is_lost(writer)
                await asyncio.sleep(wait)
                wait = min(2 * wait, _LONGEST_WAIT)
    except (TimeoutError, OSError, ValueError):
        pass
    return False


def is_lost(writer: asyncio.StreamWriter) -> bool:
    """Whether the other end has hung up for good, and will read nothing more."""
    if writer.transport.is_closing():
        return True
    return _socket(writer).getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) != 0


def _on_the_way(line: socket.socket) -> int:
    """Bytes that were written and are not acknowledged (TIOCOUTQ, tcp(7))."""
    answer = fcntl.ioctl(line.fileno(), termios.TIOCOUTQ, struct.pack("i", 0))
    return int(struct.unpack("i", answer)[0])


def _socket(writer: asyncio.StreamWriter) -> socket.socket:
    found: socket.socket = writer.get_extra_info("socket")
    return found
