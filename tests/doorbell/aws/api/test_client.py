"""Calls: what is sent, what is tried again, and what is not."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest
from botocore.loaders import create_loader
from botocore.model import ServiceModel

from doorbell.aws.api.client import ATTEMPTS, NO_MORE_AFTER, Client
from doorbell.aws.api.credentials import PlatformCredentials
from doorbell.aws.api.endpoints import (
    DYNAMODB,
    EVENTS,
    PARAMETERS,
    SECRETS,
    SOCKETS,
    STATES,
    Service,
    bucket_at,
    read_url,
)
from doorbell.aws.api.errors import NoCredentials, NotReached, ServiceError
from doorbell.aws.api.pool import Request, Response
from doorbell.aws.api.signature import Credentials
from doorbell.aws.apigateway import ApiGatewaySockets
from tests.doorbell.aws.pools import ScriptedPool, refusal, said, some_client
from tests.fakes import Clock

if TYPE_CHECKING:
    from collections.abc import Callable

NAMES = {
    DYNAMODB: "dynamodb",
    EVENTS: "events",
    PARAMETERS: "ssm",
    SECRETS: "secretsmanager",
    SOCKETS: "apigatewaymanagementapi",
    STATES: "stepfunctions",
}
THROTTLED = refusal("ThrottlingException")


def model(service: Service) -> Any:
    """What botocore knows of a service."""
    return ServiceModel(create_loader().load_service_model(NAMES[service], "service-2"))


def ask(client: Client) -> dict[str, Any]:
    """One call."""
    return client.call(DYNAMODB, "GetItem", {"TableName": "t"})


@pytest.mark.parametrize("service", NAMES, ids=lambda service: service.name)
def test_a_service_is_spoken_to_as_its_model_says(service: Service) -> None:
    metadata = model(service).metadata
    assert service.name == metadata.get("signingName", metadata["endpointPrefix"])
    assert service.name == metadata["endpointPrefix"]
    assert service.target == metadata.get("targetPrefix", "")
    if service is not SOCKETS:  # it speaks JSON with a path for each operation
        assert service.json == metadata["jsonVersion"]
    variable = metadata["serviceId"].upper().replace(" ", "_")
    assert service.variable == variable


@pytest.mark.parametrize(
    ("operation", "method", "send"),
    [
        ("PostToConnection", "POST", lambda sockets: sockets.post("abc+/=", "{}")),
        ("DeleteConnection", "DELETE", lambda sockets: sockets.close("abc+/=")),
    ],
)
def test_a_socket_is_spoken_to_as_its_model_says(
    operation: str, method: str, send: Callable[[ApiGatewaySockets], None]
) -> None:
    http = model(SOCKETS).operation_model(operation).http
    path = http["requestUri"].replace("{connectionId}", quote("abc+/=", safe=""))
    pool = ScriptedPool()
    send(ApiGatewaySockets(some_client(pool, sockets_at="https://x.example/prod")))
    (request,) = pool.requests
    assert (request.method, request.path) == (http["method"], "/prod" + path)
    assert request.method == method


def test_a_call_is_one_post_in_json() -> None:
    pool = ScriptedPool(said({"Item": {}}))
    assert ask(some_client(pool)) == {"Item": {}}
    (request,) = pool.requests
    assert request.at.url == "https://dynamodb.eu-central-1.amazonaws.com"
    assert (request.method, request.path) == ("POST", "/")
    assert request.body == b'{"TableName":"t"}', "without spaces: they would be paid for"
    assert request.headers["X-Amz-Target"] == "DynamoDB_20120810.GetItem"
    assert request.headers["Content-Type"] == "application/x-amz-json-1.0"
    assert request.headers["Authorization"].startswith("AWS4-HMAC-SHA256 Credential=key/")


def test_an_empty_answer_is_an_empty_one_and_half_a_one_is_an_error() -> None:
    assert ask(some_client(ScriptedPool(Response(200, {}, b"")))) == {}
    with pytest.raises(ServiceError, match=r"^UnreadableAnswer \(200\)$"):
        ask(some_client(ScriptedPool(Response(200, {}, b'{"It'))))


def test_what_is_asked_for_without_a_body_has_none() -> None:
    pool = ScriptedPool()
    some_client(pool).send(SOCKETS, "GET", "/@connections/a")
    assert [request.body for request in pool.requests] == [b""]


@pytest.mark.parametrize("status", [300, 301, 304])
def test_a_service_that_points_elsewhere_has_not_answered(status: int) -> None:
    with pytest.raises(ServiceError, match=str(status)):
        ask(some_client(ScriptedPool(Response(status, {}, b"{}"))))


@pytest.mark.parametrize(
    "trouble",
    [THROTTLED, refusal("InternalServerError", 500), Response(503, {}, b""),
     Response(429, {}, b""), NotReached("dynamodb: ConnectionResetError")],
)  # fmt: skip
def test_what_may_pass_is_tried_again_after_a_pause_that_grows(
    trouble: Response | Exception,
) -> None:
    pool, pauses = ScriptedPool(trouble, trouble, said({"ok": 1})), list[float]()
    assert ask(some_client(pool, sleep=pauses.append, draw=lambda: 1.0)) == {"ok": 1}
    assert pauses == [0.05, 0.1]
    assert len({request.body for request in pool.requests}) == 1


def test_a_pause_is_drawn_so_that_not_all_come_back_at_once() -> None:
    drawn = iter((0.0, 0.5))
    pauses: list[float] = []
    pool = ScriptedPool(THROTTLED, THROTTLED, said({}))
    ask(some_client(pool, sleep=pauses.append, draw=lambda: next(drawn)))
    assert pauses == pytest.approx([0.025, 0.075])


def test_it_is_tried_so_often_and_then_the_last_refusal_is_raised() -> None:
    pool = ScriptedPool(NotReached("dynamodb: TimeoutError"), THROTTLED)
    with pytest.raises(ServiceError, match="ThrottlingException"):
        ask(some_client(pool, sleep=lambda seconds: None))
    assert len(pool.requests) == ATTEMPTS


@pytest.mark.parametrize(("seconds", "tries"), [(NO_MORE_AFTER + 0.1, 1), (NO_MORE_AFTER, 2)])
def test_whoever_has_waited_long_is_not_kept_waiting_for_another_try(
    seconds: float, tries: int
) -> None:
    clock = Clock(0.0)

    class Slow(ScriptedPool):
        def exchange(self, request: Request) -> Response:
            clock.now += seconds
            return super().exchange(request)

    pool = Slow(NotReached("dynamodb: TimeoutError"))
    with pytest.raises(NotReached):
        ask(some_client(pool, timer=clock, sleep=clock.sleep))
    assert len(pool.requests) == tries


def test_a_refusal_that_will_not_pass_is_raised_at_once() -> None:
    pool = ScriptedPool(refusal("ConditionalCheckFailedException"), said({}))
    with pytest.raises(ServiceError) as refused:
        ask(some_client(pool))
    assert (refused.value.code, refused.value.status) == ("ConditionalCheckFailedException", 400)
    assert len(pool.requests) == 1


# --- clocks and credentials ------------------------------------------------------------------


def test_a_clock_that_is_wrong_is_put_right_by_the_refusal_and_stays_right() -> None:
    clock = Clock(1772323198.0 + 3600)
    late = refusal("InvalidSignatureException", 400, date="Sat, 28 Feb 2026 23:59:58 GMT")
    pool = ScriptedPool(late, said({}))
    client = some_client(pool, clock=clock, sleep=lambda seconds: None)
    ask(client)
    ask(client)
    times = [request.headers["X-Amz-Date"] for request in pool.requests]
    assert times == ["20260301T005958Z", "20260228T235958Z", "20260228T235958Z"]
    assert "X-Amz-Date=20260228T235958Z" in client.presigned("GET", "b", "k", {}, 60)


def test_a_refusal_by_the_right_time_is_not_the_clock_s_fault() -> None:
    """Also where our own clock has been put right before."""
    clock = Clock(1772323198.0 + 3600)
    wrong = refusal("InvalidSignatureException", 400, date="Sat, 28 Feb 2026 23:59:58 GMT")
    pool = ScriptedPool(wrong, said({}), wrong)
    client = some_client(pool, clock=clock, sleep=lambda seconds: None)
    ask(client)
    with pytest.raises(ServiceError, match="InvalidSignature"):
        ask(client)
    assert len(pool.requests) == 3


def test_calls_side_by_side_are_all_put_right_by_one_refusal() -> None:
    """All are signed before the first of them is refused."""
    clock, together = Clock(1772323198.0 + 3600), threading.Barrier(3, timeout=10)

    class Strict(ScriptedPool):
        def exchange(self, request: Request) -> Response:
            if request.headers["X-Amz-Date"].startswith("20260301"):
                together.wait()
                date = "Sat, 28 Feb 2026 23:59:58 GMT"
                return refusal("InvalidSignatureException", 400, date=date)
            return said({})

    client = some_client(Strict(), clock=clock, sleep=lambda seconds: None)
    with ThreadPoolExecutor(3) as threads:
        assert list(threads.map(lambda _: ask(client), range(3))) == [{}] * 3
    assert client.calls == 6


def test_a_hasty_call_is_tried_once_and_says_how_long_it_waits() -> None:
    pool = ScriptedPool(NotReached("execute-api: TimeoutError"), said({}))
    with pytest.raises(NotReached):
        some_client(pool).send(SOCKETS, "POST", "/@connections/a", b"{}", within=1.0)
    assert [request.within for request in pool.requests] == [1.0]


@pytest.mark.parametrize(
    "date", ["Sat, 28 Feb 2026 23:59:30 GMT", "Sun, 01 Mar 2026 00:00:58 GMT", "today", ""]
)
def test_a_signature_that_is_wrong_for_another_reason_is_not_tried_again(date: str) -> None:
    clock = Clock(1772323198.0)
    pool = ScriptedPool(refusal("InvalidSignatureException", 403, date=date), said({}))
    with pytest.raises(ServiceError, match="InvalidSignatureException"):
        ask(some_client(pool, clock=clock))
    assert len(pool.requests) == 1


def snapshot_environment(**more: str) -> dict[str, str]:
    """What Lambda sets where SnapStart is used."""
    return {
        "AWS_REGION": "eu-central-1",
        "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://127.0.0.1:9001/2021-08-23/credentials",
        "AWS_CONTAINER_AUTHORIZATION_TOKEN": "restored",
        **more,
    }


def handed_over(key: str, until: str) -> Response:
    """What is answered at that address."""
    content = {"AccessKeyId": key, "SecretAccessKey": "s", "Token": "t", "Expiration": until}
    return said(content)


def test_credentials_are_the_environments() -> None:
    environment = {"AWS_REGION": "r", "AWS_ACCESS_KEY_ID": "AKID", "AWS_SECRET_ACCESS_KEY": "s"}
    pool = ScriptedPool(said({}))
    ask(Client(environment, pool=pool))
    ask(Client(environment | {"AWS_SESSION_TOKEN": "token"}, pool=pool))
    plain, of_a_role = (request.headers for request in pool.requests)
    assert "Credential=AKID/" in plain["Authorization"]
    assert "X-Amz-Security-Token" not in plain
    assert of_a_role["X-Amz-Security-Token"] == "token"


def test_credentials_are_handed_on_as_they_were_given() -> None:
    given = {"AWS_ACCESS_KEY_ID": "AKID"}
    nowhere = ScriptedPool()
    assert PlatformCredentials(given, nowhere)() == Credentials("AKID", "", "")
    given |= {"AWS_SECRET_ACCESS_KEY": "s", "AWS_SESSION_TOKEN": "t"}
    assert PlatformCredentials(given, nowhere)() == Credentials("AKID", "s", "t")
    fetched = ScriptedPool(handed_over("FIRST", "2036-03-01T01:00:00Z"))
    assert PlatformCredentials(snapshot_environment(), fetched)() == Credentials("FIRST", "s", "t")


def test_credentials_at_an_address_of_the_shortest_kind_are_asked_for() -> None:
    at = {"AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://127.0.0.1:9001"}
    pool = ScriptedPool(handed_over("KEY", "2036-03-01T01:00:00Z"))
    PlatformCredentials(at, pool)()
    (request,) = pool.requests
    assert (request.path, dict(request.headers)) == ("/", {"Authorization": ""})


@pytest.mark.parametrize(("before_they_end", "asked"), [(301, 1), (300, 2), (0, 2)])
def test_credentials_are_renewed_five_minutes_before_they_end(
    before_they_end: int, asked: int
) -> None:
    clock = Clock(0.0)
    pool = ScriptedPool(handed_over("KEY", "2026-03-01T01:00:00+00:00"))
    credentials = PlatformCredentials(snapshot_environment(), pool, clock)
    credentials()
    clock.now = 1772326800.0 - before_they_end
    credentials()
    assert len(pool.requests) == asked


@pytest.mark.parametrize("trouble", ["expired early", "has ended"])
def test_credentials_that_serve_no_longer_are_not_used_on(trouble: str) -> None:
    clock = Clock(0.0)
    pool = ScriptedPool(handed_over("KEY", "2026-03-01T01:00:00Z"), Response(500, {}, b""))
    credentials = PlatformCredentials(snapshot_environment(), pool, clock)
    credentials()
    if trouble == "has ended":
        clock.now = 1772326800.0
    else:
        credentials.forget()
    with pytest.raises(NotReached, match="500"):
        credentials()


def test_a_restored_snapshot_fetches_credentials_and_renews_them_before_they_end() -> None:
    clock = Clock(1772323198.0)
    pool = ScriptedPool(
        handed_over("FIRST", "2026-03-01T01:00:00Z"), said({}), said({}),
        handed_over("SECOND", "2026-03-01T07:00:00Z"), said({}),
    )  # fmt: skip
    client = Client(snapshot_environment(), pool=pool, clock=clock)
    ask(client)
    ask(client)
    clock.now += 3600
    ask(client)
    first, *_ = pool.requests
    assert (first.method, first.path) == ("GET", "/2021-08-23/credentials")
    assert first.headers["Authorization"] == "restored"
    signed = [each.headers["Authorization"] for each in pool.requests]
    keys = [each.split("=")[1].split("/")[0] for each in signed if "Credential" in each]
    assert keys == ["FIRST", "FIRST", "SECOND"]


def test_credentials_that_expired_early_are_fetched_anew() -> None:
    pool = ScriptedPool(
        handed_over("OLD", "2036-03-01T01:00:00Z"), refusal("ExpiredTokenException"),
        handed_over("NEW", "2036-03-01T01:00:00Z"), said({"ok": 1}),
    )  # fmt: skip
    client = Client(snapshot_environment(), pool=pool, sleep=lambda seconds: None)
    assert ask(client) == {"ok": 1}
    assert "Credential=NEW/" in pool.requests[-1].headers["Authorization"]


def test_credentials_that_are_still_valid_serve_while_no_new_ones_can_be_had() -> None:
    clock = Clock(1772323198.0)
    pool = ScriptedPool(
        handed_over("FIRST", "2026-03-01T00:04:00Z"), said({}), Response(503, {}, b""), said({}),
    )  # fmt: skip
    client = Client(snapshot_environment(), pool=pool, clock=clock)
    ask(client)
    ask(client)
    assert "Credential=FIRST/" in pool.requests[-1].headers["Authorization"]


def test_credentials_may_be_forgotten_while_others_use_them() -> None:
    pool = ScriptedPool(handed_over("KEY", "2036-03-01T01:00:00Z"))
    platform = PlatformCredentials(snapshot_environment(), pool)

    def use(number: int) -> str:
        if number % 2:
            platform.forget()
        return platform().key

    with ThreadPoolExecutor(4) as threads:
        assert set(threads.map(use, range(400))) == {"KEY"}


def test_credentials_of_the_environment_that_have_expired_are_not_tried_again() -> None:
    """There are no others."""
    environment = {"AWS_REGION": "r", "AWS_ACCESS_KEY_ID": "A", "AWS_SECRET_ACCESS_KEY": "s"}
    pool = ScriptedPool(refusal("ExpiredTokenException"))
    with pytest.raises(ServiceError, match="ExpiredToken"):
        ask(Client(environment, pool=pool))
    assert len(pool.requests) == 1


@pytest.mark.parametrize(
    "answer", [said({}), said([]), Response(404, {}, b"no"), handed_over("K", "soon")]
)
def test_without_credentials_the_error_has_a_name(answer: Response) -> None:
    with pytest.raises(NoCredentials):
        ask(Client(snapshot_environment(), pool=ScriptedPool(answer)))
    with pytest.raises(NoCredentials):
        ask(Client({"AWS_REGION": "eu-central-1"}, pool=ScriptedPool()))


def test_without_a_region_the_error_has_a_name() -> None:
    with pytest.raises(NoCredentials, match="region"):
        ask(Client({}, lambda: Credentials("k", "s"), ScriptedPool()))


@pytest.mark.parametrize("name", ["AWS_REGION", "AWS_DEFAULT_REGION"])
def test_either_name_gives_the_region(name: str) -> None:
    assert Client({name: "eu-central-1"}).region == "eu-central-1"


# --- where ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("service", "region", "url"),
    [
        (DYNAMODB, "eu-central-1", "https://dynamodb.eu-central-1.amazonaws.com"),
        (STATES, "us-gov-west-1", "https://states.us-gov-west-1.amazonaws.com"),
        (EVENTS, "cn-north-1", "https://events.cn-north-1.amazonaws.com.cn"),
    ],
)
def test_a_service_answers_in_its_region(service: Service, region: str, url: str) -> None:
    assert some_client(region=region).endpoint(service).url == url


def test_an_endpoint_of_its_own_goes_before_the_one_for_all() -> None:
    environment = {
        "AWS_REGION": "eu-central-1",
        "AWS_ENDPOINT_URL": "http://127.0.0.1:4566/",
        "AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI": "https://abc.execute-api.aws:443/prod",
    }
    client = Client(environment)
    assert client.endpoint(SOCKETS).url == "https://abc.execute-api.aws/prod"
    assert client.endpoint(DYNAMODB).url == "http://127.0.0.1:4566"


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("http://aws.example:80/", "aws.example"),
        ("https://aws.example:443", "aws.example"),
        ("http://aws.example:443", "aws.example:443"),
        ("https://aws.example:80", "aws.example:80"),
    ],
)
def test_a_port_that_is_the_scheme_s_own_is_left_out(url: str, host: str) -> None:
    assert read_url(url).host == host


def test_only_slashes_are_taken_from_the_end_of_a_path() -> None:
    assert read_url("http://aws.example/boX//").path == "/boX"


@pytest.mark.parametrize(
    ("bucket", "url"),
    [
        ("photos", "https://photos.s3.eu-central-1.amazonaws.com"),
        ("my.photos", "https://s3.eu-central-1.amazonaws.com/my.photos"),
    ],
)
def test_a_bucket_with_dots_stands_in_the_path(bucket: str, url: str) -> None:
    assert bucket_at(bucket, "eu-central-1", {}).url == url


def test_warming_opens_what_can_be_opened_and_raises_nothing() -> None:
    class Opened(ScriptedPool):
        def __init__(self) -> None:
            super().__init__()
            self.opened: list[str] = []

        def warm(self, at: Any) -> None:
            self.opened.append(at.host)
            if at.host.startswith("events"):
                raise NotReached("events: TimeoutError")

    pool = Opened()
    some_client(pool).warm((DYNAMODB, EVENTS))
    assert {host.split(".")[0] for host in pool.opened} == {"dynamodb", "events"}
