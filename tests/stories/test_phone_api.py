"""The phone's API on the running stack, asked whatever docs/openapi.yaml lets one ask, and more."""

from __future__ import annotations

import time
from itertools import count
from typing import TYPE_CHECKING, Any, Final

import httpx
import pytest
import schemathesis
from hypothesis import strategies as st
from schemathesis import checks
from schemathesis.core.parameters import ParameterLocation
from schemathesis.specs.openapi import checks as openapi_checks

from doorbell.aws.dynamodb.residents import ResidentTable
from doorbell.aws.dynamodb.table import Table
from doorbell.aws.dynamodb.visits import VisitTable
from doorbell.homes import guest_photo_key
from doorbell.household.model import Visit
from doorbell.model import ResidentPhoto
from tests.docs.documents import ROOT
from tests.docs.openapi import operations, sample
from tests.stories.doorstep import Home

if TYPE_CHECKING:
    from schemathesis import Case
    from schemathesis.specs.openapi.schemas import OpenApiSchema

    from local.stack import Stack

EXAMPLES: Final = 18
"""Of each operation, at most: some 600 requests in all, in half a minute."""

HELD: Final = [
    checks.not_a_server_error,
    openapi_checks.status_code_conformance,
    openapi_checks.content_type_conformance,
    openapi_checks.response_headers_conformance,
    openapi_checks.response_schema_conformance,
    openapi_checks.negative_data_rejection,
    openapi_checks.missing_required_header,
    openapi_checks.unsupported_method,
    openapi_checks.allow_header_conformance,
]


OPERATIONS: Final = operations()


def read_document(**more: Any) -> OpenApiSchema:
    """The document, to make requests of."""
    generation = {"max-examples": EXAMPLES, "with-security-parameters": False, **more}
    config = schemathesis.Config.from_dict({"generation": generation})
    return schemathesis.openapi.from_path(str(ROOT / "docs/openapi.yaml"), config=config)


anything = read_document()
good_ones = read_document(mode="positive")


class Asked:
    """A home that is asked about, and has what it is asked about."""

    def __init__(self, stack: Stack) -> None:
        self.home = Home.new(stack, "asked")
        self._table = Table(stack.deployed.client, stack.table)
        self._numbers = count(1)

    def there(self, part: str) -> str:
        """Something new that may stand in this open place of a path."""
        make = {"camera": self._camera, "device": self._device, "ring": self._ring,
                "guest": self._guest, "name": self._resident, "photo": lambda _: "1",
                "code": self._code}  # fmt: skip
        return make[part](next(self._numbers))

    def good_values(self) -> dict[str, Any]:
        """What no schema tells: by the names of fields."""
        now = time.time()
        return {
            "doors": ["front-door"], "start": now - 600, "end": now + 600, "until": now + 60,
            "hours": {"start": "22:00", "end": "07:00", "zone": "Europe/Berlin"}, "consent": True,
            "every": "never",
            "name": f"Name {next(self._numbers)}", "resident": "Zoe", "uses": 3, "manager": True,
            "endpoint": "https://push.example.org/1",
            "keys": {"p256dh": "BA" + "A" * 85, "auth": "A" * 22},
        }  # fmt: skip

    def version(self) -> str:
        """Of the home's quiet hours."""
        return self._send("GET", "home").headers["ETag"]

    def _device(self, number: int) -> str:
        return self.home.add("phone", f"Phone {number}").split(".")[1]

    def _camera(self, number: int) -> str:
        return self.home.add("camera", f"Camera {number}").split(".")[1]

    def _ring(self, number: int) -> str:
        ring, now = f"ring-{number}", time.time()
        visit = Visit(self.home.id, ring, now, "front-door", "Front door", "stranger")
        VisitTable(self._table).decided(visit._replace(outcome="asked"), now + 3600)
        self.home.stack.deployed.put(guest_photo_key(self.home.id, ring), b"x")
        return ring

    def _resident(self, number: int) -> str:
        """Whose one photo was looked at."""
        name = f"Resident {number}"
        key = f"residents/{self.home.id}/{name}/1.jpeg"
        photo = ResidentPhoto(self.home.id, name, key, "0A")
        ResidentTable(self._table).photo_came(photo)
        return name

    def _guest(self, number: int) -> str:
        guests = self._ask("GET", "guests")["guests"]
        live = [each for each in guests if each["uses_left"]]
        if len(live) > 15:
            return str(live[0]["id"])
        now = time.time()
        plan = {"name": f"Guest {number}", "doors": ["front-door"], "start": now, "end": now + 60}
        return str(self._ask("POST", "guests", plan | {"uses": 1})["id"])

    def _code(self, number: int) -> str:
        return str(self._ask("POST", "pairings", {"name": f"Tablet {number}"})["code"])

    def _ask(self, method: str, path: str, body: object = None) -> Any:
        return self._send(method, path, body).json()

    def _send(self, method: str, path: str, body: object = None) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.home.phone}"}
        url = f"{self.home.stack.phone}/api/{path}"
        return httpx.request(method, url, json=body, headers=headers, trust_env=False)


@pytest.fixture(scope="module")
def asked(stack: Stack) -> Asked:
    """A home for these tests alone."""
    return Asked(stack)


@anything.parametrize()
@anything.given(is_there=st.booleans())
def test_whatever_is_asked_is_answered_as_the_document_says(
    case: Case[Any], asked: Asked, is_there: bool
) -> None:
    """By a phone that manages the home; about what is there, and about anything else."""
    if is_there and has_a_good_path(case):
        case.path_parameters = {part: asked.there(part) for part in case.path_parameters}
    ask(asked, case)


@good_ones.parametrize()
@good_ones.given(sensible=st.sampled_from(["nothing", "values", "all"]))
def test_what_may_be_asked_is_answered_as_the_document_says(
    case: Case[Any], asked: Asked, sensible: str
) -> None:
    """By bodies that fit the document, with values that no schema can tell for good ones."""
    case.path_parameters = {part: asked.there(part) for part in case.path_parameters}
    if isinstance(case.body, dict) and sensible != "nothing":
        known = asked.good_values()
        case.body |= {name: known[name] for name in case.body if name in known}
        if sensible == "all":
            described = OPERATIONS[case.operation.definition.raw["operationId"]]
            case.body = sample(described.body or {}, known)
    if sensible == "all":
        case.query = {}
    if "If-Match" in case.headers and sensible != "nothing":
        case.headers["If-Match"] = asked.version()
    answer = ask(asked, case)
    assert answer.status_code < 300 or sensible != "all", answer.text


def ask(asked: Asked, case: Case[Any]) -> schemathesis.Response:
    """The answer, which the document describes."""
    answer = case.call(
        base_url=asked.home.stack.phone, headers={"Authorization": f"Bearer {asked.home.phone}"}
    )
    if not said_by_the_gateway(answer):
        case.validate_response(answer, checks=HELD)
    return answer


def has_a_good_path(case: Case[Any]) -> bool:
    """Whether it is not the path in which the case is to be wrong."""
    path = case.meta.components.get(ParameterLocation.PATH) if case.meta else None
    return path is None or path.mode == schemathesis.GenerationMode.POSITIVE


def said_by_the_gateway(answer: schemathesis.Response) -> bool:
    """A path with a line end in it matches no route of the one machine's API Gateway."""
    return answer.status_code == 404 and answer.content == b'{"message":"Not Found"}'
