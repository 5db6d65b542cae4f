"""A program that handles a thousand rings, and says how many bytes they have left behind."""

from __future__ import annotations

import gc
import json
import secrets
import sys
import tracemalloc
from typing import TYPE_CHECKING

from doorbell.aws.api.pool import Pool, Request, Response
from doorbell.aws.build import build_services
from doorbell.aws.dynamodb.values import encode
from doorbell.model import Connection
from functions.ring_path.entry import job_for, located
from functions.shared.run import run
from tests.doorbell.aws.pools import said, some_client
from tests.fakes import DOOR, NOON, a_ring
from tests.websocket.frames import event

if TYPE_CHECKING:
    from doorbell.services import Services

SOCKET = Connection("door=", "home", "door", DOOR.id, NOON)
SETTLING, RINGS = 100, 1000


class HomePool(Pool):
    """A home with one door and two sockets, whose table says the same for ever."""

    def exchange(self, request: Request) -> Response:
        match request.headers.get("X-Amz-Target", "").split(".")[-1]:
            case "BatchGetItem":
                door = encode({**DOOR._asdict(), "sk": f"device#{DOOR.id}"})
                return said({"Responses": {"household": [door]}})
            case "GetItem":
                ring = a_ring(secrets.token_hex(13))
                return said({"Item": encode(ring._asdict())})
            case "Query":
                return said({"Items": [encode({**SOCKET._asdict(), "id": i}) for i in ("a", "b")]})
            case "UpdateItem":
                return said({"Attributes": {}})
            case "PutEvents":
                return said({"FailedEntryCount": 0})
        return said({})


def ring(services: Services) -> None:
    """The frame, and what the bus has done about it."""
    detail = {"home": "home", "door": "front", "ring": secrets.token_hex(13), "kind": "new"}
    for given in (
        event(DOOR, SOCKET, body=json.dumps({"action": "ring"})),
        {"detail-type": "RingPressed", "detail": detail | {"ticketed": True}},
    ):
        job = job_for(given)
        run(job.name, lambda job=job, given=given: job.handle(services, located(given)))  # type: ignore[misc]


def main() -> None:
    """The bytes go to standard error, the log to standard output."""
    names = {"TABLE": "table", "HOUSEHOLD_TABLE": "household"}
    names |= {"BUS": "bus", "BUCKET": "bucket", "CODE_KEY": "arn"}
    client = some_client(HomePool(), sockets_at="https://sockets.example/prod")
    services = build_services(names, client)
    for _ in range(SETTLING):
        ring(services)
    gc.collect()
    tracemalloc.start()
    before, _ = tracemalloc.get_traced_memory()
    for _ in range(RINGS):
        ring(services)
    gc.collect()
    after, _ = tracemalloc.get_traced_memory()
    sys.stderr.write(str(after - before))


if __name__ == "__main__":
    main()
