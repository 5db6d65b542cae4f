"""One server for these tests, the small template they deploy, and the app's origin."""

from collections.abc import Iterator
from http.server import ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from local import deploy, server
from local.aws import Aws
from local.web import Behind, Web
from tests.local.origin import BUCKET, Api

SMALL = Path(__file__).parent / "small"


@pytest.fixture(scope="session")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Aws]:
    """AWS on a free port."""
    with server.running(directory=tmp_path_factory.mktemp("aws")) as running:
        yield running


@pytest.fixture
def small() -> Path:
    """The folder of a template with a socket, two functions and a state machine."""
    return SMALL


@pytest.fixture(scope="session")
def outputs(aws: Aws) -> dict[str, str]:
    """The small template, deployed once; its state machine waits a second for an answer."""
    return deploy.deploy(aws, stack="small", parameters={"AnswerSeconds": "1"}, root=SMALL)


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[Web, str]]:
    """The app's origin, and where the HTTP API answers below a path of its own."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Api) as server, Web(0).serving() as served:
        Thread(target=lambda: server.serve_forever(poll_interval=0.01), daemon=True).start()
        yield served, f"http://127.0.0.1:{server.server_port}/_aws/execute-api/x/$default"
        server.shutdown()


@pytest.fixture
def origin(served: tuple[Web, str]) -> Web:
    """The app's origin, with its stack behind it."""
    origin, api = served
    origin.behind = Behind("ws://127.0.0.1:4566/x/prod", api, BUCKET, "key")
    Api.asked.clear()
    return origin
