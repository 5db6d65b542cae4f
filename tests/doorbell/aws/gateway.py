"""Small HTTP servers in this process that answer as AWS does."""

from __future__ import annotations

import json
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING, ClassVar, Final
from urllib.parse import unquote

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.doorbell.aws.pools import MotoPool

STATUS = {"gone": 410, "forbidden": 403}


class Gateway(BaseHTTPRequestHandler):
    """@connections: `gone` answers 410, `forbidden` 403, all others take what they get."""

    got: ClassVar[list[tuple[str, str, bytes]]] = []

    def do_POST(self) -> None:
        body = self.body()
        path = unquote(self.path)
        self.got.append((self.command, path, body))
        self.answer(STATUS.get(path.rsplit("/", 1)[1], 200), b"")

    def do_DELETE(self) -> None:
        self.do_POST()

    def body(self) -> bytes:
        """What was sent."""
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Quietly."""


class DynamoDb(Gateway):
    """DynamoDB over HTTP; what it keeps is moto's."""

    pool: ClassVar[MotoPool]

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        response = self.pool.serve(self.headers["X-Amz-Target"].split(".")[1], asked)
        self.answer(response.status, response.body)


OUTPUTS: Final = {
    "WebSocket": "wss://ws/prod",
    "Table": "t",
    "HouseholdTable": "h",
    "Bucket": "b",
    "DefaultHome": "home",
}


class CloudFormation(Gateway):
    """One stack and its outputs."""

    def do_POST(self) -> None:
        asked = self.rfile.read(int(self.headers["Content-Length"]))
        if b"StackName=doorbell" not in asked:
            self.answer(400, b"<ErrorResponse><Error><Code>None</Code></Error></ErrorResponse>")
            return
        outputs = "".join(
            f"<member><OutputKey>{key}</OutputKey><OutputValue>{value}</OutputValue></member>"
            for key, value in OUTPUTS.items()
        )
        stack = f"<member><StackName>doorbell</StackName><Outputs>{outputs}</Outputs></member>"
        answer = f"<DescribeStacksResult><Stacks>{stack}</Stacks></DescribeStacksResult>"
        self.answer(200, f"<DescribeStacksResponse>{answer}</DescribeStacksResponse>".encode())


@contextmanager
def serving(kind: type[Gateway] = Gateway) -> Iterator[str]:
    """Where it answers."""
    kind.got.clear()
    with ThreadingHTTPServer(("127.0.0.1", 0), kind) as server:
        Thread(target=lambda: server.serve_forever(poll_interval=0.01), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
