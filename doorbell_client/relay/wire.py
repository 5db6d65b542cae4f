"""One connection of a camera: HTTP/1.1 by h11, read in small pieces, with a bound on every wait.

What is read at once is bounded, and no body is held, so memory stays flat however long it is.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Final

from doorbell_client.relay.heard import heard, is_lost
from doorbell_client.relay.messages import Answer, BadRequest, Cut, Head
from doorbell_client.relay.patience import Pace, Patience, TooSlow, within

if TYPE_CHECKING:
    import h11

READ_BYTES: Final = 64 * 1024
MOST_HEAD_BYTES: Final = 16 * 1024
"""Request line and headers together; a token and a name of 300 letters are far below."""


class Wire:
    """One connection. A camera that is refused before its body is read can still hear why."""

    def __init__(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        patience: Patience = Patience(),  # noqa: B008 - immutable
    ) -> None:
        import h11

        self._h11 = h11.Connection(h11.SERVER, max_incomplete_event_size=MOST_HEAD_BYTES)
        self._reader = reader
        self._writer = writer
        self._patience = patience
        self._head_alone = False
        self._ended = False
        self._longest_silence = patience.head
        self.is_idle = True
        """Nothing of a request has come yet, or the last one is answered."""

    async def head(self) -> Head | None:
        """The next request; None if there is none. Raises BadRequest, Cut, TooSlow."""
        import h11

        if not self._h11.trailing_data[0]:
            try:
                self._feed(await within(self._longest_silence, self._read()))
            except TooSlow:
                return None
        self.is_idle = False
        event = await within(self._patience.head, self._event())
        if not isinstance(event, h11.Request):
            return None
        head = Head.of(event)
        self._head_alone = head.method == "HEAD"
        return head

    async def body(self) -> AsyncIterator[bytes]:
        """The body in pieces. Raises BadRequest, Cut, TooSlow."""
        import h11

        if self._h11.they_are_waiting_for_100_continue:
            self._write(h11.InformationalResponse(status_code=100, headers=[], reason=b"Continue"))
        pace = Pace(self._patience)
        while not isinstance(event := await pace.next(self._event()), h11.EndOfMessage):
            assert isinstance(event, h11.Data)
            pace.got(len(event.data))
            yield bytes(event.data)

    async def answer(self, answer: Answer) -> bool:
        """Say it; whether another request may follow."""
        import h11

        goes_on = await self._may_go_on()
        if self._h11.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            self._write(answer.response(closes=not goes_on))
            if not self._head_alone:
                self._write(h11.Data(data=answer.body))
            self._write(h11.EndOfMessage())
        try:
            await within(self._patience.answer, self._writer.drain())
        except (TooSlow, OSError):
            return False
        if goes_on and self._h11.our_state is h11.DONE:
            self._h11.start_next_cycle()
            self.is_idle, self._longest_silence = True, self._patience.idle
            return True
        return False

    @property
    def is_lost(self) -> bool:
        """Nobody is there any more to hear an answer."""
        return is_lost(self._writer)

    async def heard(self) -> bool:
        """Whether the camera's machine has the whole answer."""
        return await heard(self._writer, self._patience.answer)

    async def linger(self) -> None:
        """Listen until the camera has read the answer: hanging up at once might take it away."""
        with contextlib.suppress(TooSlow, OSError):
            self._writer.write_eof()
            await within(self._patience.linger, self._until_silent())

    async def _until_silent(self) -> None:
        while not self._ended:
            self._ended = not await within(self._patience.silence, self._read())

    async def _may_go_on(self) -> bool:
        """Whether the rest of the body is here, or is short enough to be read."""
        import h11

        if self._h11.they_are_waiting_for_100_continue:
            return False  # it may send the body now, or not
        with contextlib.suppress(TooSlow, BadRequest, Cut):
            await within(self._patience.silence, self._drain())
        return self._h11.their_state is h11.DONE

    async def _drain(self) -> None:
        import h11

        left = self._patience.drained
        while self._h11.their_state is h11.SEND_BODY and left > 0:
            event = await self._event()
            left -= len(event.data) if isinstance(event, h11.Data) else 0

    async def _event(self) -> "h11.Event | type[h11.NEED_DATA] | type[h11.PAUSED]":
        """The next event. Raises BadRequest, Cut."""
        import h11

        try:
            while (event := self._h11.next_event()) is h11.NEED_DATA:
                self._feed(await self._read())
        except h11.RemoteProtocolError as error:
            if self._ended:
                raise Cut from None
            raise BadRequest(error.error_status_hint, str(error)) from None
        return event

    async def _read(self) -> bytes:
        try:
            return await self._reader.read(READ_BYTES)
        except OSError:
            return b""

    def _feed(self, piece: bytes) -> None:
        self._ended = not piece
        self._h11.receive_data(piece)

    def _write(self, event: "h11.Event") -> None:
        if data := self._h11.send(event):
            self._writer.write(data)
