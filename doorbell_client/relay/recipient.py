"""What cameras are answered: who they are, and whether what they bring is taken.

Everything that can be refused is refused before the body is read.
"""

import asyncio
from typing import Final, cast

from doorbell_client.relay.events import Refused
from doorbell_client.relay.gate import Claim, Gate, Refusal
from doorbell_client.relay.kept import KINDS, About, Type
from doorbell_client.relay.messages import Answer, BadRequest, Cut, Head
from doorbell_client.relay.names import name_of
from doorbell_client.relay.patience import TooSlow
from doorbell_client.relay.problems import of_status, problem
from doorbell_client.relay.reception import LARGEST, Ports, Reception, title, too_large
from doorbell_client.relay.wire import Wire

ALSO_CALLED: Final = {"image/jpg": "image/jpeg", "image/pjpeg": "image/jpeg"}

_HELLO: Final = Answer(
    200, b"The doorbell's relay takes pictures and clips here, by POST or PUT.\n"
)
_TEST_PATHS: Final = ("/", "/camera")
"""What a camera asks for when somebody presses `test` on its page."""

_WRONG_SECONDS: Final = 1.0
"""A wrong password is answered so late: guessing takes its time."""


class Recipient:
    """Serves one connection after another, and several at a time."""

    def __init__(self, gate: Gate, ports: Ports) -> None:
        self._gate = gate
        self._ports = ports
        self._reception = Reception(ports)

    async def serve(self, wire: Wire, who: str) -> None:
        """One connection of somebody at this address, until it ends."""
        try:
            while (head := await wire.head()) is not None:
                if not await self._request(wire, head, who):
                    break
            else:
                return
        except BadRequest as error:
            await wire.answer(of_status(error.status, str(error)))
        except TooSlow:
            await wire.answer(problem(408, "too_slow", "The request did not come in time."))
        except Cut:
            return
        await wire.linger()

    async def _request(self, wire: Wire, head: Head, who: str) -> bool:
        """One request; whether another may follow. Raises as reading does."""
        if head.method in ("GET", "HEAD"):
            return await wire.answer(_HELLO if head.path in _TEST_PATHS else _nowhere())
        if head.method not in ("POST", "PUT"):
            allow = [("Allow", "GET, HEAD, POST, PUT")]
            return await wire.answer(
                problem(405, "wrong_method", "Here GET, POST and PUT are understood.", allow)
            )
        camera = self._gate.camera(Claim(head.method, head.target, head.one("authorization")))
        if isinstance(camera, Refusal):
            return await self._turn_away(wire, camera, who)
        if refusal := _not_taken(head):
            self._ports.tell(Refused(camera.name, title(refusal)))
            return await wire.answer(refusal)
        name = name_of(head.one("content-disposition"), head.path)
        about = About(camera.name, _type(head), name, self._ports.now())
        return await self._reception.take(wire, camera, about, head.length)

    async def _turn_away(self, wire: Wire, refusal: Refusal, who: str) -> bool:
        if refusal.offered:
            self._ports.tell(Refused(who, "its user, password or token is not known"))
            await asyncio.sleep(_WRONG_SECONDS)
        challenges = [("WWW-Authenticate", each) for each in refusal.challenges]
        return await wire.answer(
            problem(401, "no_token", "A camera's token, or its user and password.", challenges)
        )


def _not_taken(head: Head) -> Answer | None:
    """Why a body is refused before it is read; None: it is not."""
    if head.is_chunked and head.one("content-length") is not None:
        return problem(400, "two_lengths", "A body has a length or is chunked, not both.")
    if not head.is_chunked and head.length is None:
        return problem(411, "no_length", "The body's length must be said, or it must be chunked.")
    if head.one("content-encoding") not in (None, "identity") or _type(head) not in KINDS:
        return problem(415, "wrong_type", f"The body must be one of {', '.join(KINDS)}.")
    most = LARGEST[KINDS[_type(head)]]
    if (head.length or 0) > most:
        return too_large(most)
    return problem(400, "empty", "There is no body.") if head.length == 0 else None


def _type(head: Head) -> Type:
    # Whether it is one of them is checked before anything is done with it.
    return cast("Type", ALSO_CALLED.get(head.media_type, head.media_type))


def _nowhere() -> Answer:
    return problem(404, "not_found", "Nothing is to be had here.")
