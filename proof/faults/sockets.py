"""The frames of one socket on their way, and what may happen to one.

| mode | what happens |
| --- | --- |
| lost | the line breaks, and the frame is gone |
| then_cut | the frame arrives, and then the line breaks |
| late | it arrives 3 s later, after what was sent since |
| twice | it arrives twice |
| dead | from now on nothing arrives, in either direction, and neither end is told |
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

from proof.faults.frames import TEXT, Frame, Frames

if TYPE_CHECKING:
    from asyncio import StreamReader, StreamWriter

LATE: Final = 3.0
CHUNK: Final = 64 * 1024
Ask: TypeAlias = Callable[[str], str]
"""Told `up ring` or `down ticket`; how it goes wrong, or nothing."""


class Line(NamedTuple):
    """Both ends."""

    reader: StreamReader
    writer: StreamWriter
    up_reader: StreamReader
    up: StreamWriter

    def break_off(self) -> None:
        """As when somebody pulls the cable."""
        for end in (self.writer, self.up):
            end.transport.abort()


async def pass_frames(line: Line, ask: Ask) -> None:
    """Until either end hangs up."""
    passing = _Passing(line, ask)
    ways = (
        asyncio.create_task(passing.one_way(line.reader, line.up, "up")),
        asyncio.create_task(passing.one_way(line.up_reader, line.writer, "down")),
    )
    try:
        await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for way in ways:
            way.cancel()
        await asyncio.gather(*ways, return_exceptions=True)
        for end in (line.writer, line.up):
            end.close()


class _Passing:
    def __init__(self, line: Line, ask: Ask) -> None:
        self._line = line
        self._ask = ask
        self._dead = False
        self._late: set[asyncio.Task[None]] = set()

    async def one_way(self, reader: StreamReader, writer: StreamWriter, way: str) -> None:
        frames = Frames()
        with contextlib.suppress(OSError):
            while chunk := await reader.read(CHUNK):
                for frame in frames.read(chunk):
                    self._pass(frame, writer, way)
                await writer.drain()

    def _pass(self, frame: Frame, writer: StreamWriter, way: str) -> None:
        mode = self._ask(f"{way} {kind_of(frame)}") if frame.opcode == TEXT else ""
        if mode == "dead":
            self._dead = True
        if self._dead:
            return
        if mode == "late":
            task = asyncio.create_task(_later(frame, writer))
            self._late.add(task)
            task.add_done_callback(self._late.discard)
            return
        if mode == "lost":
            self._line.break_off()
            return
        writer.write(frame.raw * (2 if mode == "twice" else 1))
        if mode == "then_cut":
            # What was written goes out first.
            asyncio.get_running_loop().call_later(0.02, self._line.break_off)


async def _later(frame: Frame, writer: StreamWriter) -> None:
    await asyncio.sleep(LATE)
    if not writer.is_closing():
        writer.write(frame.raw)


def kind_of(frame: Frame) -> str:
    """Its `action` or `type`; nothing for what is no message."""
    try:
        said = json.loads(frame.content)
        return str(said.get("action") or said.get("type") or "")
    except (ValueError, AttributeError):
        return ""
