"""A home of its own for the smoke test: it comes with the test and is forgotten after it."""

from __future__ import annotations

import contextlib
import secrets
import time
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Self

from demo.device import Device
from demo.rings import Demonstration, StepLog
from demo.screen import silent
from demo.stack import DemoStack
from doorbell.errors import DoorbellError
from operations.devices import add_device
from operations.forget import QUIET, forget_home
from operations.stacks import NoStack, outputs_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import TracebackType

    from demo.screen import Screen
    from doorbell.model import Role
    from operations.stacks import Deployed

DOOR: Final = "Haustür 門"
PHONE: Final = "Zoë's phone"
RESIDENT: Final = "Zoë Ωμέγα"
"""Names that are not ASCII: whether they come whole through API Gateway stands in no document."""
LOOK_EVERY: Final = 1.0


class SmokeFailed(DoorbellError, RuntimeError):
    """Something is not as it must be; the text says what to look at."""


class NotForgotten(SmokeFailed):
    """What the test made is still there; the text says how it goes."""


class Waits(NamedTuple):
    """Seconds."""

    enrol: float = 60.0
    """Until a portrait must be enrolled, once S3's events come."""
    quiet: float = QUIET
    """For which nothing of the home may come back."""


ON_AWS: Final = Waits()


class Scene:
    """The stack under test, and a door and a phone in a home that nobody else has."""

    def __init__(self, stack: Deployed, name: str, screen: Screen, waits: Waits = ON_AWS) -> None:
        self.stack = stack
        self.name = name
        self.screen = screen
        self.waits = waits
        self.home = f"smoke-{secrets.token_hex(4)}"
        self.outputs = outputs_of(stack)
        self.began = time.time()
        self.tokens: list[str] = []
        """Of all devices that it added, also of those that are gone."""
        self._known: dict[str, str] = {}

    def __enter__(self) -> Self:
        try:
            self.token("door")
            self.token("phone")
        except BaseException:
            self._forget()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        try:
            self._forget()
        except Exception as failed:
            raise NotForgotten(
                f"The home of this test is not forgotten ({type(failed).__name__}): "
                f"make forget HOME_NAME={self.home}"
            ) from failed

    def token(self, role: str) -> str:
        """The token of the home's door, phone or camera; the first call adds it."""
        if role not in self._known:
            match role:
                case "door":
                    made = self.add("door", DOOR)
                case "phone":
                    made = self.add("phone", PHONE, RESIDENT)
                case _:
                    made = self.add("camera", "Gate")
            self._known[role] = made
        return self._known[role]

    def add(self, role: Role, name: str, resident: str | None = None) -> str:
        """Add a device to the home; its token."""
        token = add_device(self.stack, role, name, self.home, resident)
        self.tokens.append(token)
        return token

    def client(self, service: str) -> Any:
        """Boto3's client, where the stack is."""
        return self.stack.client_of(service)

    def physical(self, resource: str) -> str:
        """The name that CloudFormation gave a resource of the template. Raises SmokeFailed."""
        for each in self.resources():
            if each["LogicalResourceId"] == resource:
                return str(each["PhysicalResourceId"])
        raise SmokeFailed(f"The stack has no {resource}: deploy it anew.")

    def resources(self) -> list[dict[str, Any]]:
        """All resources of the stack."""
        pages = self.client("cloudformation").get_paginator("list_stack_resources")
        found = pages.paginate(StackName=self.name)
        return [each for page in found for each in page["StackResourceSummaries"]]

    @contextlib.contextmanager
    def connected(self) -> Iterator[tuple[Device, Device]]:
        """The door and the phone, connected."""
        socket = self.stack.websocket
        with (
            Device("door", socket, self.token("door")) as door,
            Device("phone", socket, self.token("phone"), shows_codes=True) as phone,
        ):
            yield door, phone

    def demonstration(self, door: Device, phone: Device) -> Demonstration:
        """The rings of `make run`, on this stack."""
        tokens: dict[Role, str] = {"door": self.token("door"), "phone": self.token("phone")}
        stack = DemoStack(self.stack.websocket, self.home, tokens, self.stack.put)
        return Demonstration(stack, door, phone, StepLog(silent()))

    def wait_for(
        self, what: Callable[[], object], within: float, otherwise: str, every: float = LOOK_EVERY
    ) -> Any:
        """What `what` gives, as soon as that is true. Raises SmokeFailed with `otherwise`."""
        until = time.monotonic() + within
        while not (found := what()):
            if time.monotonic() > until:
                raise SmokeFailed(otherwise)
            time.sleep(every)
        return found

    def _forget(self) -> None:
        """Also where nothing came of it."""
        with self.screen.step(f"Forgetting the home {self.home}"), contextlib.suppress(NoStack):
            forget_home(self.stack, self.name, self.home, self.waits.quiet)
