"""API Gateway's HTTP API, payload format 2.0, in AWS's documented form."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING

import pytest

from functions.cameras import entry as cameras
from functions.phone_api import entry as phone_api
from tests.doorbell.cameras.fakes import picture
from tests.events.documented import documented, forms, in_form
from tests.fakes import ADA, CAMERA, token_of

if TYPE_CHECKING:
    from tests.doorbell.cameras.fakes import FakeReception
    from tests.household_fakes import FakeHousehold

PICTURE = base64.b64encode(picture()).decode()


@pytest.mark.parametrize("form", forms("http-get"))
def test_a_phone_is_shown_its_home(home: FakeHousehold, form: str) -> None:
    answer = phone_api.handler(in_form(form, "http-get", TOKEN=token_of(ADA)), None)
    assert (answer["statusCode"], json.loads(answer["body"])["home"]) == (200, "home")


@pytest.mark.parametrize("form", forms("http-post-json"))
def test_a_body_of_text_is_read(home: FakeHousehold, form: str) -> None:
    answer = phone_api.handler(in_form(form, "http-post-json", TOKEN=token_of(ADA)), None)
    assert answer["statusCode"] == 201, answer


def test_the_same_body_as_base64_is_read_alike(home: FakeHousehold) -> None:
    """API Gateway decides by the media type which it is; the flag tells."""
    event = in_form("whole", "http-post-json", TOKEN=token_of(ADA))
    event["body"] = base64.b64encode(event["body"].encode()).decode()
    event["isBase64Encoded"] = True
    assert phone_api.handler(event, None)["statusCode"] == 201


@pytest.mark.parametrize("headers", [None, {}])
def test_a_request_without_headers_is_refused_and_no_error(
    home: FakeHousehold, reception: FakeReception, headers: object
) -> None:
    phone = in_form("bare", "http-get") | {"headers": headers}
    camera = in_form("bare", "http-post-picture", BODY=PICTURE) | {"headers": headers}
    assert phone_api.handler(phone, None)["statusCode"] == 401
    assert cameras.handler(camera, None)["statusCode"] == 401


@pytest.mark.parametrize("form", forms("http-post-picture"))
def test_a_camera_s_picture_is_kept(reception: FakeReception, form: str) -> None:
    event = in_form(form, "http-post-picture", TOKEN=token_of(CAMERA), BODY=PICTURE)
    answer = cameras.handler(event, None)
    assert answer["statusCode"] == 201, answer
    assert json.loads(answer["body"])["key"].startswith("pictures/home/camera/")


def test_the_routes_of_the_examples_are_the_template_s() -> None:
    from tests.template.sources import properties

    routes = {each["RouteKey"] for each in properties("AWS::ApiGatewayV2::Route").values()}
    for name in ("http-get", "http-post-json", "http-post-picture"):
        assert documented(name).event["routeKey"] in routes
    formats = properties("AWS::ApiGatewayV2::Integration").values()
    assert {each["PayloadFormatVersion"] for each in formats} == {"2.0"}
