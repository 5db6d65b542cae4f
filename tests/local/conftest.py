"""One server for the tests beside this file, and the small template they deploy."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from local import deploy, server
from local.aws import Aws

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
