"""Rekognition in this process behind a real boto3 client, and once as a whole server."""

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import boto3
import pytest
from botocore.awsrequest import AWSResponse, HeadersDict
from botocore.config import Config

from demo.people import Person, portrait
from local.faces.embedder import Embedder
from local.faces.face import Face, Vector
from local.faces.operations import Operations
from local.faces.pool import Pool
from local.faces.service import Answer, Service
from local.faces.validation import service_model

if TYPE_CHECKING:
    from mypy_boto3_rekognition import RekognitionClient

REGION = "us-east-1"

Objects = dict[tuple[str, str], bytes]


@pytest.fixture(scope="session")
def embedder() -> Embedder:
    """The models, in this process."""
    return Embedder()


@pytest.fixture(scope="session")
def known(embedder: Embedder) -> Mapping[Person, Vector]:
    """Everybody's portrait, as it is enrolled."""
    return {person: embedder.faces(portrait(person))[0].vector for person in Person}


@pytest.fixture(scope="session")
def pool() -> Iterator[Pool]:
    """Two recognising processes for the whole session, ready."""
    with closing(Pool(2)) as pool:
        pool.wait_until_ready()
        yield pool


@pytest.fixture
def objects() -> Objects:
    """What the service finds in S3: put pictures into it by (bucket, key)."""
    return {}


class Remembering:
    """A recogniser that looks at the same picture once: many tests begin with the same."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._seen: dict[tuple[bytes, int], list[Face]] = {}

    def faces(self, content: bytes, limit: int = 100, /) -> list[Face]:
        """What the pool gave for the very same question, or gives now."""
        if (content, limit) not in self._seen:
            self._seen[content, limit] = self._pool.faces(content, limit)
        return self._seen[content, limit]


@pytest.fixture(scope="session")
def recogniser(pool: Pool) -> Remembering:
    """One memory for the session."""
    return Remembering(pool)


@pytest.fixture
def service(recogniser: Remembering, objects: Objects) -> Service:
    """The service without a server, with no collection."""
    operations = Operations(
        recogniser,
        lambda bucket, key, _version: objects.get((bucket, key)),
        lambda name: f"arn:aws:rekognition:{REGION}:000000000000:collection/{name}",
    )
    return Service(operations)


@pytest.fixture
def wire(service: Service) -> Callable[[str, object], tuple[int, dict[str, Any]]]:
    """Send any body to an operation, past boto3's own checks: status and content."""

    def wire(operation: str, body: object) -> tuple[int, dict[str, Any]]:
        text = body if isinstance(body, bytes) else json.dumps(body)
        status, _, content = service.answer(f"RekognitionService.{operation}", text)
        return status, json.loads(content)

    return wire


@pytest.fixture
def rekognition(service: Service) -> "RekognitionClient":
    """boto3's client, whose requests go to `service` and whose answers are checked strictly."""
    client = boto3.client(
        "rekognition",
        region_name=REGION,
        aws_access_key_id="test",
        aws_secret_access_key="test",
        endpoint_url="http://127.0.0.1:1",
        config=Config(retries={"total_max_attempts": 1}),
    )

    def answer(request: Any, event_name: str, **_: Any) -> Any:
        operation = event_name.rsplit(".", 1)[-1]
        target = request.headers["X-Amz-Target"].decode()
        assert request.headers["Content-Type"] == b"application/x-amz-json-1.1"
        answered = service.answer(target, request.body)
        _check_answer(operation, answered)
        status, headers, body = answered
        return AWSResponse(request.url, status, cast("Any", HeadersDict(headers)), _Raw(body))

    client.meta.events.register("before-send.rekognition", answer)
    return client


class _Raw(io.BytesIO):
    def stream(self, **_: Any) -> Iterator[bytes]:
        yield self.read()


def _check_answer(operation: str, answer: Answer) -> None:
    status, headers, body = answer
    content = json.loads(body)
    assert headers["Content-Type"] == "application/x-amz-json-1.1"
    if status == 200:
        conform(service_model().operation_model(operation).output_shape, content)
    else:
        assert set(content) == {"__type", "Code", "Logref", "Message"}


def conform(shape: Any, value: Any, at: str = "") -> None:
    """Assert that a decoded answer has the model's members, types, ranges and names, no others."""
    match shape.type_name:
        case "structure":
            assert isinstance(value, dict), at
            assert set(value) <= set(shape.members), f"{at}: {set(value) - set(shape.members)}"
            for name, member in value.items():
                conform(shape.members[name], member, f"{at}.{name}")
        case "list":
            assert isinstance(value, list), at
            for number, member in enumerate(value):
                conform(shape.member, member, f"{at}[{number}]")
        case "string":
            assert isinstance(value, str), at
            assert not shape.enum or value in shape.enum, f"{at}: {value}"
        case "float" | "timestamp":
            assert isinstance(value, float), at
            assert shape.metadata.get("min", value) <= value <= shape.metadata.get("max", value)
        case "integer" | "long":
            assert isinstance(value, int), at
        case other:
            raise AssertionError(f"{at}: no answer has a {other}")


# --- a whole server -----------------------------------------------------------


class Server:
    """ministack with Rekognition in a process of its own, IAM enforced."""

    def __init__(self, port: int, process: subprocess.Popen[bytes]) -> None:
        self.endpoint = f"http://127.0.0.1:{port}"
        self.process = process

    def client(self, service: str, key: str = "test", secret: str = "test", **more: Any) -> Any:
        """A boto3 client; `test` is the account's root."""
        return boto3.client(
            service,  # type: ignore[call-overload]
            endpoint_url=self.endpoint,
            region_name=REGION,
            aws_access_key_id=key,
            aws_secret_access_key=secret,
            config=Config(retries={"total_max_attempts": 1}),
            **more,
        )


@pytest.fixture
def start_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], Server]]:
    """Start a server of the test's own; whatever is left of it is killed at the end."""
    started: list[Server] = []

    def start() -> Server:
        started.append(_start(tmp_path_factory.mktemp("server")))
        return started[-1]

    yield start
    for server in started:
        _stop(server)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for a module's tests."""
    server = _start(tmp_path_factory.mktemp("server"))
    yield server
    _stop(server)


def _start(directory: Path) -> Server:
    root = Path(__file__).parents[3]
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(root),
        "HOME": str(directory),
        "TMPDIR": str(directory),
        "AUTH": "true",
        "LOG_LEVEL": "WARNING",
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
        "S3_DATA_DIR": str(directory / "s3"),
        "STATE_DIR": str(directory / "state"),
    }
    process = subprocess.Popen(
        [sys.executable, str(Path(__file__).with_name("serving.py"))],
        env=environment,
        stdout=subprocess.PIPE,
    )
    assert process.stdout
    return Server(int(process.stdout.readline()), process)


def _stop(server: Server) -> None:
    server.process.kill()
    server.process.wait()
    if server.process.stdout:
        server.process.stdout.close()
