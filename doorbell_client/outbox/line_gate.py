"""Lets deliveries wait for the line: until it is up, until it is lost, until it comes back."""

import asyncio


class LineGate:
    """Whether the line is up, to wait for."""

    def __init__(self) -> None:
        self._up = asyncio.Event()
        self._down = asyncio.Event()
        self._down.set()
        self._came_up = asyncio.Event()

    def set(self, *, up: bool) -> None:
        """The line came up or went down."""
        if up:
            self._down.clear()
            self._up.set()
            came_up, self._came_up = self._came_up, asyncio.Event()
            came_up.set()
        else:
            self._up.clear()
            self._down.set()

    async def up(self) -> None:
        """Until there is a line."""
        await self._up.wait()

    async def down(self) -> None:
        """Until there is none."""
        await self._down.wait()

    async def came_up_within(self, seconds: float) -> bool:
        """Wait for so long, but no further than the next time that the line comes up."""
        try:
            await asyncio.wait_for(self._came_up.wait(), seconds)
        except TimeoutError:
            return False
        return True
