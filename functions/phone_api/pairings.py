"""`/api/pairings`: phones that join."""

from __future__ import annotations

from typing import TYPE_CHECKING

import segno

from doorbell.household import devices, pairing
from functions.phone_api import answers
from functions.phone_api.bodies import PairingRequest, PairingUse
from functions.phone_api.request import Answer, Request

if TYPE_CHECKING:
    from doorbell.household.services import Household


def create(household: Household, request: Request) -> Answer:
    """A code for one more phone."""
    asked = request.read(PairingRequest)
    code, kept = pairing.invite(
        household.pairings,
        request.home,
        asked.name,
        asked.resident,
        household.clock(),
        manager=asked.manager,
    )
    link = pairing.link(household.origin, code)
    content = {"code": code, "link": link, "qr": matrix(link), "expires_at": kept.expires_at}
    return Answer(201, content)


def use(household: Household, request: Request, code: str) -> Answer:
    """The phone that shows the code joins; its token stands in this answer alone."""
    asked = request.read(PairingUse)
    joined = pairing.join(household, code, asked.name)
    phone = answers.device(devices.find(household, joined.phone.home, joined.phone.id))
    content = {"token": str(joined.token), "home": joined.phone.home, "phone": phone}
    return Answer(201, content)


def matrix(text: str) -> list[str]:
    """A QR code (ISO/IEC 18004) as rows of 0 and 1, without its quiet zone."""
    code = segno.make(text, error="m", micro=False)
    return ["".join("1" if dark else "0" for dark in row) for row in code.matrix]
