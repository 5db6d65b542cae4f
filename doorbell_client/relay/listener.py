"""Takes the connections of cameras, so many at a time, and lets those end that have begun."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from typing import Final, NamedTuple

from doorbell_client.errors import ConfigError
from doorbell_client.relay.patience import Patience
from doorbell_client.relay.recipient import Recipient
from doorbell_client.relay.wire import READ_BYTES, Wire

_log = logging.getLogger(__name__)

_BUSY: Final = (
    b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\nConnection: close\r\n"
    b"Content-Length: 0\r\n\r\n"
)


class Admission(NamedTuple):
    """Who is let in, and for how long the last ones may take when the relay stops."""

    connections: int = 100
    grace: float = 4.0
    """Seconds; systemd kills after ten."""


class Listener:
    """One port."""

    def __init__(
        self,
        recipient: Recipient,
        admission: Admission = Admission(),  # noqa: B008 - immutable
        patience: Patience = Patience(),  # noqa: B008 - immutable
    ) -> None:
        self._recipient = recipient
        self._admission = admission
        self._patience = patience
        self._wires: dict[asyncio.Task[None], Wire] = {}

    @contextlib.asynccontextmanager
    async def listening(self, host: str, port: int) -> AsyncIterator[int]:
        """Take connections while entered; gives the port. Raises ConfigError: it is taken, say."""
        try:
            server = await asyncio.start_server(
                self._connected, host, port, limit=READ_BYTES, backlog=128
            )
        except (OSError, OverflowError) as error:
            why = getattr(error, "strerror", None) or str(error)
            raise ConfigError(
                f"Cameras cannot connect to {host}:{port} ({why}); set `bind` or `port` in [relay]."
            ) from None
        try:
            yield int(server.sockets[0].getsockname()[1])
        finally:
            server.close()
            await self._let_end()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        if len(self._wires) >= self._admission.connections:
            writer.write(_BUSY)
            writer.close()
            return
        wire = self._wires[task] = Wire(reader, writer, self._patience)
        try:
            await self._served(wire, writer)
        finally:
            del self._wires[task]
            writer.transport.abort()

    async def _served(self, wire: Wire, writer: asyncio.StreamWriter) -> None:
        who = str((writer.get_extra_info("peername") or ["somebody"])[0])
        try:
            await self._recipient.serve(wire, who)
        except asyncio.CancelledError:
            pass  # the relay stops: what was not acknowledged is sent again
        except Exception:
            _log.exception("the connection of %s failed", who)

    async def _let_end(self) -> None:
        for task, wire in self._wires.items():
            if wire.is_idle:
                task.cancel()
        if tasks := list(self._wires):
            await asyncio.wait(tasks, timeout=self._admission.grace)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
