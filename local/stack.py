"""The doorbell, whole, on this machine: server, deployment and the devices of one home."""

import contextlib
import json
import os
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from demo.stack import DemoStack
from doorbell.errors import Conflict
from doorbell.model import Role
from local import server
from local.aws import Aws, answers
from local.cameras import Recipient
from local.deploy import deploy, prove
from local.errors import DeploymentFailed
from local.server import ROOT
from local.socket_events import SocketEvent
from local.web import Behind, Web
from operations import devices, stacks
from operations.app import push_key
from operations.arrange import finish
from operations.keys import make_keys

DIRECTORY = ROOT / ".local"
HERE: Mapping[str, str] = {"RingGap": "0", "RingsPerHour": "10000", "Similarity": "95"}
"""What one machine sets otherwise. Ring limits let demonstrations and benchmarks ring; tests of the
limits set their own. The face models here have a scale of their own: at 95 no stranger in 2,624
pairs was taken for a resident, and residents are recognised more often than at 99.
"""

NOTHING_TO_DO: Mapping[str, str] = {"do": "no_answer", "home": "-", "ring": "-"}
"""A step of RingPath about a ring that never was: it runs all there is to import, and does nothing.
It also makes the first ring a warm one.
"""

DEVICES: Mapping[Role, str] = {"door": "Front door", "phone": "Phone", "camera": "Camera"}


@dataclass(frozen=True)
class Stack:
    """A deployed doorbell and one device of each role in its default home."""

    aws: Aws
    name: str
    outputs: Mapping[str, str]
    tokens: Mapping[Role, str] = field(repr=False)
    cameras: str | None = None
    """Where cameras send to, if anything listens for them."""

    @property
    def endpoint(self) -> str:
        """AWS's own URL."""
        return self.aws.endpoint

    @property
    def region(self) -> str:
        """The AWS region it plays."""
        return self.aws.region

    @property
    def access_key(self) -> str:
        """The root's key id."""
        return self.aws.access_key

    @property
    def secret_key(self) -> str:
        """The root's secret."""
        return self.aws.secret_key

    @property
    def home(self) -> str:
        """The home whose devices `tokens` are."""
        return self.outputs["DefaultHome"]

    @property
    def bucket(self) -> str:
        """Where photos are put."""
        return self.outputs["Bucket"]

    @property
    def table(self) -> stacks.TableNames:
        """The two DynamoDB tables."""
        return stacks.tables_of(self.outputs)

    @property
    def websocket(self) -> str:
        """Where doors and phones connect."""
        # The template can only put a path behind the endpoint it was given.
        return self.outputs["WebSocket"].replace("http://", "ws://", 1)

    @property
    def phone(self) -> str | None:
        """The resident's web app, if one is served."""
        return self.outputs.get("Phone") or None

    @property
    def deployed(self) -> stacks.Deployed:
        """The stack as the operator's commands see it."""
        return stacks.deployed_at(announcement(self))

    @property
    def demo(self) -> DemoStack:
        """The stack as the demonstration sees it."""
        return DemoStack(self.websocket, self.home, self.tokens, self.deployed.put)


@contextlib.contextmanager
def up(
    *,
    port: int = 0,
    parameters: Mapping[str, str] | None = None,
    directory: Path = DIRECTORY,
    name: str = "doorbell",
    on_event: Callable[[SocketEvent], None] | None = None,
    program: str = server.SERVE,
    environment: Mapping[str, str] = MappingProxyType({}),
) -> Iterator[Stack]:
    """Start AWS here and deploy the doorbell; both are gone when the context ends.

    `parameters` go over HERE; `program` serves, with `environment`. Raises a LocalError.
    """
    with (
        server.running(
            port=port,
            directory=directory,
            on_event=on_event,
            program=program,
            environment=environment,
        ) as aws,
        Web(0).serving() as web,
        Recipient(0).serving() as recipient,
    ):
        yield add(aws, name=name, parameters=parameters, web=web, recipient=recipient)


def add(
    aws: Aws,
    *,
    name: str,
    parameters: Mapping[str, str] | None = None,
    web: Web | None = None,
    recipient: Recipient | None = None,
    tokens: Mapping[Role, str] | None = None,
) -> Stack:
    """Deploy the doorbell under another name beside what runs, with devices of its own; the
    phones' app is served by `web`, cameras by `recipient`. Those of `tokens` that it knows from an
    earlier start stay.
    """
    origin = {"PhoneOrigin": web.origin} if web else {}
    outputs = deploy(aws, stack=name, parameters={**HERE, **origin, **(parameters or {})})
    prove(aws, stack=name, function="RingPath", event=NOTHING_TO_DO)
    stack = Stack(aws=aws, name=name, outputs=outputs, tokens={})
    make_keys(aws.client, name)
    known = tokens or {}
    if known:
        at = stack.deployed
        finish(at.session, at.endpoint, at.table)  # a kept home may be of an earlier version
    stack = replace(stack, tokens={role: _token(stack, role, known.get(role)) for role in DEVICES})
    if recipient:
        recipient.behind = outputs["Recipient"]
        stack = replace(stack, cameras=recipient.url)
    if web:
        key = push_key(stack.deployed, outputs["PushKey"])
        web.behind = Behind(stack.websocket, outputs["PhoneApi"], stack.endpoint, push=key)
    return stack


def _token(stack: Stack, role: Role, former: str | None) -> str:
    """The former token, if it is still known; else that of a new device."""
    if former and devices.knows(stack.deployed, former, role):
        return former
    # A device of this name may be somebody's own by now: it is left alone.
    for name in (DEVICES[role], *(f"{DEVICES[role]} {number}" for number in range(2, 100))):
        with contextlib.suppress(Conflict):
            return devices.add_device(stack.deployed, role, name, stack.home, None)
    raise DeploymentFailed(f"{stack.home} has a hundred devices named {DEVICES[role]} already.")


@contextlib.contextmanager
def announced(stack: Stack, file: Path = DIRECTORY / "stack.json") -> Iterator[None]:
    """While entered, `file` tells other programs of this user where the stack is.

    It holds tokens, so only its owner may read it. It appears whole, or not at all.
    What another stack of this clone had there comes back if that stack still answers.
    """
    content = json.dumps(announcement(stack), indent=2) + "\n"
    former = file.read_text() if file.exists() else ""
    try:
        _put(file, content)
        yield
    finally:
        # A later `make up` on another port may have put its own there; an earlier may still serve.
        if file.exists() and file.read_text() == content:
            if _serves(former, besides=stack):
                _put(file, former)
            else:
                file.unlink()


def _put(file: Path, content: str) -> None:
    fresh = file.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as opened:
        opened.write(content)
    fresh.rename(file)


def _serves(announcement: str, besides: Stack) -> bool:
    """Whether the stack that was announced so is another than `besides`, and answers here."""
    with contextlib.suppress(ValueError, KeyError, TypeError):
        endpoint = json.loads(announcement)["endpoint"]
        here = re.fullmatch(r"http://127\.0\.0\.1:\d{1,5}", endpoint)
        return here is not None and endpoint != besides.endpoint and answers(endpoint)
    return False


def announcement(stack: Stack) -> dict[str, Any]:
    """What `.local/stack.json` holds: other programs rely on every key."""
    return {
        "endpoint": stack.endpoint,
        "region": stack.region,
        "access_key": stack.access_key,
        "secret_key": stack.secret_key,
        "bucket": stack.bucket,
        "table": stack.table.rings,
        "household_table": stack.table.household,
        "home": stack.home,
        "websocket": stack.websocket,
        "cameras": stack.cameras,
        "phone": stack.phone,
        "tokens": dict(stack.tokens),
    }
