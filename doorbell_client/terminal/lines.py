"""A door in a plain terminal: a typed line is a press or a code, and what happens is printed.

`doorbell ring` and `doorbell run --simulated` use it; `doorbell simulate` is the comfortable one.
"""

import asyncio
import contextlib
import sys
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TextIO

from doorbell_client.door.parts import Camera, Key, Notify, Parts, Photo, Press, Shape
from doorbell_client.errors import CameraError
from doorbell_client.hardware import jpeg
from doorbell_client.hardware.absent import NoBell, NoLights, NoSource


class TypedLines:
    """Reads lines: an empty one or `ring` is a press; digits are keys, with `#` added."""

    def __init__(self, stream: Iterable[str] | None = None, *, button: bool = True) -> None:
        """`button=False`: only codes are typed, no presses. `ended` is set at the end of input."""
        self._stream = stream if stream is not None else sys.stdin
        self._button = button
        self.ended = threading.Event()

    def start(self, notify: Notify) -> None:
        """Read in a thread of its own: nothing else can wait for a terminal."""
        threading.Thread(target=self._read, args=(notify,), name="typed", daemon=True).start()

    def close(self) -> None:
        """The thread ends with its input, or with the program."""

    def _read(self, notify: Notify) -> None:
        # The loop may be closed by now, and a terminal may send what is no text.
        with contextlib.suppress(RuntimeError, UnicodeDecodeError):
            for line in self._stream:
                self._take(line.strip(), notify)
        self.ended.set()

    def _take(self, word: str, notify: Notify) -> None:
        if word not in {"", "ring"}:
            for key in keypad_keys(word):
                notify(Key(key))
        elif self._button:
            notify(Press(time.monotonic()))


def keypad_keys(word: str) -> str:
    """The keys that a typed word stands for: `042137` means `042137#`, afresh."""
    keys = "".join(each for each in word if each in "0123456789*#")
    return keys if "#" in keys or "*" in keys else f"*{keys}#"


class FileCamera:
    """One picture file, whatever is in it."""

    def __init__(self, file: Path) -> None:
        """Raises CameraError if it cannot be read."""
        self._file = file
        self._read()

    def start(self) -> None:
        """Nothing to open."""

    async def capture(self) -> Photo:
        """The file as it is now; the cloud judges it. Raises CameraError."""
        return self._read()

    async def frame(self, shape: Shape) -> bytes:
        """The file made small. Raises CameraError, also if it is no picture."""
        return await asyncio.to_thread(lambda: jpeg.frame_of(self._read().jpeg, shape))

    def close(self) -> None:
        """Nothing is held open."""

    def _read(self) -> Photo:
        try:
            return Photo(self._file.read_bytes(), self._file.name)
        except OSError as error:
            raise CameraError(f"{self._file} cannot be read: {error.strerror}.") from None


class PretendedStrike:
    """A strike that is only printed."""

    def energise(self, seconds: float) -> None:
        """`Lines` prints it."""

    def close(self) -> None:
        """Nothing to release."""


def terminal_door(camera: Camera, keypad: TypedLines) -> Parts:
    """A door without hardware. Its button and keypad are the same lines."""
    return Parts(NoSource(), keypad, NoLights(), NoBell(), NoBell(), PretendedStrike(), camera)


class Lines:
    """Prints what happens, one line each, with the seconds since the beginning."""

    def __init__(
        self, out: TextIO | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._out = out or sys.stdout
        self._clock = clock
        self._began = clock()

    def say(self, words: str | None) -> None:
        """One line, if there is one."""
        if words:
            seconds = self._clock() - self._began
            print(f"{seconds:7.2f} s  {words}", file=self._out, flush=True)
