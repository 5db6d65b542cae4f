"""The phone's API for machines: a whole OpenAPI document that says what the code does."""

from __future__ import annotations

import re

import pytest
from openapi_spec_validator import validate

from doorbell.household.problems import PROBLEMS, STATUS
from functions.phone_api import bodies
from functions.phone_api.routes import ROUTES, Route
from functions.shared.json_body import LONGEST
from tests.docs.documents import follow, prose, references
from tests.docs.openapi import DOCUMENT, Operation, operations, resolved, undescribed, validator

OPERATIONS = operations()


def test_it_is_valid_openapi_3_1() -> None:
    validate(DOCUMENT)
    assert DOCUMENT["openapi"] == "3.1.0"


def test_every_reference_leads_somewhere_and_everything_is_referred_to() -> None:
    used = references(DOCUMENT)
    assert all(follow(DOCUMENT, reference) for reference in used)
    kinds = {kind: DOCUMENT["components"][kind] for kind in ("schemas", "parameters", "responses")}
    named = {f"#/components/{kind}/{name}" for kind, names in kinds.items() for name in names}
    assert named == set(used)


def test_it_describes_the_routes_that_there_are_and_no_others() -> None:
    described = {(o.id, o.method, o.parts) for o in OPERATIONS.values()}
    assert described == {(route.name, route.method, route.path) for route in ROUTES}
    assert len(OPERATIONS) == len(ROUTES)


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
def test_it_says_who_may_ask(route: Route) -> None:
    """Of revoking it says more: a phone may revoke itself."""
    operation = OPERATIONS[route.name]
    assert operation.needs_token is not route.anybody
    assert operation.for_managers is route.manager


@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS)
def test_it_says_what_any_operation_of_its_kind_is_refused_with(operation: Operation) -> None:
    statuses = {int(status) for status in operation.described["responses"]}
    assert 503 in statuses
    assert ({400, 413, 415} <= statuses) is (operation.body is not None)
    assert (401 in statuses) is operation.needs_token
    assert (403 in statuses) is (operation.for_managers or operation.id == "revokeDevice")
    assert statuses - {200, 201, 202, 204} <= set(STATUS.values())
    assert sum(status < 300 for status in statuses) == 1


def test_the_list_of_problems_is_the_code_s() -> None:
    """In its order, with its statuses."""
    names = DOCUMENT["components"]["schemas"]["Problem"]["properties"]["name"]["enum"]
    assert tuple(names) == PROBLEMS
    text = prose("openapi.yaml")
    said = re.findall(r"^ +- (\w+) +# (\d{3})", text, re.MULTILINE)
    assert {name: int(status) for name, status in said} == STATUS
    assert LONGEST == 16 * 1024
    assert "413 more than 16 KB" in text


def test_every_path_says_what_stands_in_its_open_places() -> None:
    for operation in OPERATIONS.values():
        assert operation.open_parts == re.findall(r"\{(\w+)\}", operation.path)


def test_every_schema_is_a_schema() -> None:
    for schema in DOCUMENT["components"]["schemas"].values():
        validator(schema).check_schema(schema)


def test_what_phones_send_has_no_field_that_is_not_described() -> None:
    """And every field that is described is read."""
    sent = {
        "createPairing": bodies.PairingRequest,
        "usePairing": bodies.PairingUse,
        "setHomeQuietHours": bodies.QuietBody,
        "setMyQuietHours": bodies.QuietBody,
        "setMyPush": bodies.PushBody,
        "changeDevice": bodies.DeviceChange,
        "nameFace": bodies.FaceName,
        "renameResident": bodies.Rename,
        "addPhoto": bodies.ConsentBody,
        "addGuest": bodies.GuestRequest,
        "makeFilm": bodies.FilmRequest,
        "setSchedule": bodies.ScheduleBody,
    }
    assert set(sent) == {name for name, o in OPERATIONS.items() if o.body}
    for name, kind in sent.items():
        schema = resolved(OPERATIONS[name].body or {})
        assert set(schema["properties"]) == set(kind.__struct_fields__)
        assert schema["additionalProperties"] is False


def test_a_field_that_is_not_described_is_found() -> None:
    """Else the tests of answers would prove nothing."""
    guests = OPERATIONS["listGuests"].described["responses"]["200"]["content"]["application/json"]
    guest = {"id": "x", "hashes": ["x"]}
    assert undescribed(guests["schema"], {"guests": [guest], "more": 1}) == [
        "$.more", "$.guests[0].hashes"
    ]  # fmt: skip
