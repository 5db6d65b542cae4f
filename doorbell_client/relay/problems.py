"""What a camera is refused with: the same JSON problems (RFC 9457) as the cloud gives."""

import json
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from doorbell_client.relay.messages import Answer


def problem(
    status: int,
    name: str,
    title: str,
    headers: Sequence[tuple[str, str]] = (),
    **more: Any,
) -> Answer:
    """A refusal that a program and a person can read."""
    content = {
        "type": f"urn:doorbell:{name}",
        "title": title,
        "status": status,
        "name": name,
        **more,
    }
    return Answer(status, json.dumps(content).encode(), "application/problem+json", headers)


def of_status(status: int, why: str) -> Answer:
    """One that the HTTP library has found."""
    name = HTTPStatus(status).phrase.lower().replace(" ", "_").replace("-", "_")
    return problem(status, name, f"{why[0].upper()}{why[1:]}." if why else "This is no request.")
