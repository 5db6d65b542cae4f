"""A session with a phone's token, for whatever listens inside the home."""

import asyncio
from collections.abc import Callable
from typing import Final

from doorbell.protocol import HelloAnswer, Message, Request
from doorbell_client.config.credentials import Credentials
from doorbell_client.errors import ConfigError
from doorbell_client.link.line import Line, LinkTimeouts
from doorbell_client.link.session import Session
from doorbell_client.supervisor import Supervisor

_WRONG_ROLE: Final = (
    "This token is a {role}'s, and a {role} hears nothing of what phones are told; make a phone's "
    "with `make add-phone` and run `doorbell init` with it."
)


class PhoneLine:
    """Hears what the cloud tells the phones of one home."""

    def __init__(
        self,
        credentials: Credentials,
        hear: Callable[[Message], None],
        tell: Callable[[Line], None],
        *,
        busy: Callable[[], bool] = lambda: False,
        supervisor: Supervisor | None = None,
        timeouts: LinkTimeouts = LinkTimeouts(),  # noqa: B008 - immutable
    ) -> None:
        """`hear` gets every message, `tell` every change of the line; `busy` is as a session's."""
        supervisor = supervisor or Supervisor({})
        self._hear = hear
        self._wrong_role: asyncio.Future[None] | None = None
        self._session = Session(
            lambda: credentials, self._hand_on, tell,
            busy=busy, alive=supervisor.alive, timeouts=timeouts,
        )  # fmt: skip

    @property
    def line(self) -> Line:
        """How the line is now."""
        return self._session.line

    def send(self, request: Request) -> bool:
        """As `Session.send`."""
        return self._session.send(request)

    async def run(self) -> None:
        """Until cancelled. Raises ConfigError as soon as the cloud says that this is no phone's."""
        self._wrong_role = wrong_role = asyncio.get_running_loop().create_future()
        running = asyncio.create_task(self._session.run())
        try:
            await asyncio.wait((running, wrong_role), return_when=asyncio.FIRST_COMPLETED)
            (wrong_role if wrong_role.done() else running).result()
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)

    def _hand_on(self, message: Message) -> None:
        if isinstance(message, HelloAnswer) and message.role != "phone":
            self._refuse(message.role)
        self._hear(message)

    def _refuse(self, role: str) -> None:
        if self._wrong_role is not None and not self._wrong_role.done():
            self._wrong_role.set_exception(ConfigError(_WRONG_ROLE.format(role=role)))
