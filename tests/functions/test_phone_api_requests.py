"""PhoneApi: paths, methods and bodies that cannot be served are refused as problems of the list."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from functions.phone_api.routes import ROUTES, Route
from tests.fakes import ADA, BOB, token_of
from tests.functions.phone import BODIES, JSON, Phone, ask_for, event, send

if TYPE_CHECKING:
    from tests.household_fakes import FakeHousehold

with_a_body = [route for route in ROUTES if route.name in BODIES]


def name_of(route: Route) -> str:
    """What a test of it is called."""
    return route.name


# --- what cannot be asked ---------------------------------------------------------------


@pytest.mark.parametrize(
    "path", ["", "nothing", "home/", "home/x", "rings/x/y", "devices", "residents/x/y", "api/home"]
)
@pytest.mark.usefixtures("made")
def test_what_there_is_not_is_not_found(path: str) -> None:
    answer = Phone().ask("GET", path)
    assert (answer.status, answer.problem) == (404, "not_found")


@pytest.mark.parametrize("path", ["/", "/api", "/other/home", "/prod/home"])
@pytest.mark.usefixtures("made")
def test_what_is_not_below_api_is_not_found(path: str) -> None:
    assert send(event("GET", path, None)).problem == "not_found"


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [("GET", "pairings", "POST"), ("HEAD", "home", "GET"), ("POST", "home", "GET"),
     ("PUT", "devices/x", "PATCH, DELETE"), ("TRACE", "me/push", "PUT, DELETE"),
     ("get", "home", "GET"), ("OPTIONS", "guests", "GET, POST")],
)  # fmt: skip
@pytest.mark.usefixtures("made")
def test_another_method_is_refused_with_those_that_there_are(
    method: str, path: str, allowed: str
) -> None:
    answer = Phone().ask(method, path)
    assert (answer.status, answer.problem) == (405, "wrong_method")
    assert answer.headers["allow"] == allowed


NO_OBJECTS: list[str | bytes] = [
    "", "{", "null", "[]", '"x"', "1", "[" * 9000, b"\xff", b"\x00{}", b'{"',
]  # fmt: skip
NO_SUCH_FIELDS = ['{"unknown":1}', '{"name":1,"consent":1,"hours":1,"keys":1}', '{"name":[[[[[[]]']


@pytest.mark.parametrize("route", with_a_body, ids=name_of)
@pytest.mark.parametrize("body", NO_OBJECTS, ids=lambda body: str(body)[:9])
@pytest.mark.usefixtures("made")
def test_a_body_that_is_no_json_object_is_refused(route: Route, body: str | bytes) -> None:
    answer = ask_for(route, token_of(ADA), body)
    assert (answer.status, answer.problem) == (400, "not_json")


@pytest.mark.parametrize("route", with_a_body, ids=name_of)
@pytest.mark.parametrize("body", NO_SUCH_FIELDS, ids=lambda body: body[:9])
@pytest.mark.usefixtures("made")
def test_a_field_that_there_is_not_or_of_another_kind_is_refused_by_its_name(
    route: Route, body: str
) -> None:
    answer = ask_for(route, token_of(ADA), body)
    assert (answer.status, answer.problem) == (400, "bad_field")
    assert "`" in answer.json["title"]


@pytest.mark.parametrize("route", with_a_body, ids=name_of)
@pytest.mark.parametrize(
    "kind", ["", "text/plain", "application/x-www-form-urlencoded", "application/jsonp", "json"]
)
@pytest.mark.usefixtures("made")
def test_a_body_of_another_type_is_refused(route: Route, kind: str) -> None:
    """A form of another site cannot be made to send JSON."""
    answer = ask_for(route, token_of(ADA), content_type=kind)
    assert (answer.status, answer.problem) == (415, "wrong_type")


@pytest.mark.parametrize("kind", ["application/json; charset=utf-8", "Application/JSON"])
@pytest.mark.usefixtures("made")
def test_json_may_say_in_which_letters_it_is_written(kind: str) -> None:
    answer = Phone().ask("PATCH", "devices/bob", {"name": "Bob"}, content_type=kind)
    assert answer.status == 200


@pytest.mark.parametrize("route", with_a_body, ids=name_of)
@pytest.mark.parametrize("length", [16 * 1024, 16 * 1024 + 1])
@pytest.mark.usefixtures("made")
def test_a_body_has_16_kb_at_most(route: Route, length: int) -> None:
    """Whatever stands in it: white space is none of JSON's business."""
    body = json.dumps(BODIES[route.name]).ljust(length)
    answer = ask_for(route, token_of(ADA), body.encode())
    too_large = answer.status == 413 and answer.problem == "too_large"
    assert too_large is (length > 16 * 1024)


def test_a_body_that_is_no_base64_is_no_json(made: FakeHousehold) -> None:
    """Nobody but API Gateway writes it; still nothing breaks."""
    given = {**JSON, "authorization": f"Bearer {token_of(ADA)}"}
    broken = event("PATCH", "/api/devices/bob", b"x", "", given) | {"body": "!"}
    assert send(broken).problem == "not_json"
    assert made.devices.find("home", BOB.id) == BOB


@given(st.sampled_from(with_a_body), st.binary(max_size=200) | st.text(max_size=200), st.data())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
def test_whatever_is_sent_is_answered_as_the_document_says(
    made: FakeHousehold, route: Route, body: str | bytes, data: st.DataObject
) -> None:
    """Never with `try_again`, which is for what fails here."""
    if data.draw(st.booleans()):
        wrong = st.recursive(
            st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(max_size=5),
            lambda part: st.lists(part, max_size=2) | st.dictionaries(st.text(), part, max_size=2),
        )
        content = dict(BODIES[route.name])
        content[data.draw(st.sampled_from([*content, "name", "manager"]))] = data.draw(wrong)
        body = json.dumps(content)
    answer = ask_for(route, token_of(ADA), body)
    assert answer.status != 503, answer.text
    made.devices.known["home", BOB.id] = BOB
