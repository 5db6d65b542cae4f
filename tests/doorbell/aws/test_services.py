"""Sockets, bus, photos, waits and the code key, as AWS answers them."""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from doorbell.aws.api.client import Client
from doorbell.aws.api.errors import NotReached, ServiceError
from doorbell.aws.api.pool import Response
from doorbell.aws.apigateway import ApiGatewaySockets
from doorbell.aws.eventbridge import EventBridgeBus, NotPublished
from doorbell.aws.parameters import SecretText
from doorbell.aws.s3 import BucketPhotos
from doorbell.aws.socket_activity import ApiGatewayActivity
from doorbell.aws.stepfunctions import TaskWaits
from doorbell.errors import ConnectionGone, NotResumed
from doorbell.events import DoorOpened, RingPressed
from tests.doorbell.aws.gateway import STATUS, Gateway, serving
from tests.doorbell.aws.pools import ScriptedPool, check_shape, refusal, said, some_client

if TYPE_CHECKING:
    from collections.abc import Iterator


# --- sockets ---------------------------------------------------------------------------


@contextmanager
def gateway() -> Iterator[ApiGatewaySockets]:
    """Sockets that end in this process."""
    with serving() as url:
        yield ApiGatewaySockets(some_client(sockets_at=f"{url}/prod"))


def test_a_frame_is_posted_to_its_connection() -> None:
    with gateway() as sockets:
        sockets.post("abc=", '{"type":"pong"}')
    assert Gateway.got == [("POST", "/prod/@connections/abc=", b'{"type":"pong"}')]


def test_410_means_that_nobody_is_there() -> None:
    with gateway() as sockets, pytest.raises(ConnectionGone):
        sockets.post("gone", "{}")


def test_any_other_refusal_is_an_error_of_its_own() -> None:
    """A missing permission must not look like a phone that hung up."""
    with gateway() as sockets:
        with pytest.raises(ServiceError, match="403"):
            sockets.post("forbidden", "{}")
        with pytest.raises(ServiceError, match="403"):
            sockets.close("forbidden")


def test_hanging_up_on_somebody_who_is_gone_is_no_error() -> None:
    with gateway() as sockets:
        sockets.close("gone")
        sockets.close("there")
    assert [method for method, _, _ in Gateway.got] == ["DELETE", "DELETE"]


@pytest.mark.parametrize("within", [None, 0.4])
def test_a_frame_is_given_the_seconds_that_its_sender_has(within: float | None) -> None:
    told: list[float | None] = []

    class Told(Client):
        def send(self, *_: object, within: float | None = None) -> Response:
            told.append(within)
            return Response(200, {}, b"")

    ApiGatewaySockets(Told({})).post("abc=", "{}", within)
    assert told == [within]


class Activity(Gateway):
    """Tells when something last went through a connection, as API Gateway does."""

    def do_GET(self) -> None:
        self.got.append((self.command, self.path, b""))
        told = {"connectedAt": "2023-11-14T22:00:00Z", "lastActiveAt": "2023-11-14T22:13:20.250Z"}
        name = unquote(self.path).rsplit("/", 1)[1]
        self.answer(STATUS.get(name, 200), json.dumps(told).encode())


def test_a_connection_tells_when_something_last_went_through_it() -> None:
    with serving(Activity) as url:
        activity = ApiGatewayActivity(some_client(sockets_at=f"{url}/prod"))
        assert activity.last_active("a/b?c=") == 1_700_000_000.25
        assert activity.last_active("gone") is None
        with pytest.raises(ServiceError, match="403"):
            activity.last_active("forbidden")
        sockets = ApiGatewaySockets(some_client(sockets_at=f"{url}/prod"))
        sockets.post("a/b?c=", "{}")
    assert Activity.got[0][:2] == ("GET", "/prod/@connections/a%2Fb%3Fc%3D")


# --- the bus -----------------------------------------------------------------------------


def test_an_event_says_what_happened_and_leaves_out_what_is_not_known() -> None:
    pool = ScriptedPool(said({"FailedEntryCount": 0, "Entries": []}))
    EventBridgeBus(some_client(pool), "bus").publish(RingPressed("home", "front", "r", "new"))
    (request,) = pool.requests
    assert request.operation == "PutEvents"
    (entry,) = request.given["Entries"]
    assert json.loads(entry.pop("Detail")) == {
        "home": "home", "door": "front", "ring": "r", "kind": "new", "ticketed": False
    }  # fmt: skip
    assert entry == {"EventBusName": "bus", "Source": "doorbell", "DetailType": "RingPressed"}


def test_an_event_that_was_not_taken_is_an_error_although_aws_says_200() -> None:
    failed = {"FailedEntryCount": 1, "Entries": [{"ErrorCode": "ThrottlingException"}]}
    bus = EventBridgeBus(some_client(ScriptedPool(said(failed))), "bus")
    with pytest.raises(NotPublished, match="DoorOpened: ThrottlingException"):
        bus.publish(DoorOpened("home", "front", "r", "Ada", "o"))


# --- photos ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("region", "host"),
    [
        ("us-east-1", "bucket.s3.amazonaws.com"),
        ("eu-central-1", "bucket.s3.eu-central-1.amazonaws.com"),
        ("ap-southeast-2", "bucket.s3.ap-southeast-2.amazonaws.com"),
    ],
)
def test_a_ticket_is_signed_for_one_jpeg_at_the_regions_own_host(region: str, host: str) -> None:
    upload = BucketPhotos(some_client(region=region), "bucket").upload(
        "guest/home/r/photo.jpeg", 300
    )
    url = urlsplit(upload.url)
    query = parse_qs(url.query)
    assert (url.scheme, url.netloc, url.path) == ("https", host, "/guest/home/r/photo.jpeg")
    assert query["X-Amz-Algorithm"] == ["AWS4-HMAC-SHA256"]
    assert query["X-Amz-SignedHeaders"] == ["content-type;host;if-none-match"]
    assert query["X-Amz-Expires"] == ["300"]
    assert query["X-Amz-Credential"][0].split("/")[2] == region
    assert upload.method == "PUT"
    assert upload.headers == {"Content-Type": "image/jpeg", "If-None-Match": "*"}


def test_a_burst_is_signed_for_its_own_type_and_serves_once() -> None:
    photos = BucketPhotos(some_client(), "bucket")
    upload = photos.upload("guest/home/r/burst.mjpeg", 300, "application/x-mjpeg")
    query = parse_qs(urlsplit(upload.url).query)
    assert query["X-Amz-SignedHeaders"] == ["content-type;host;if-none-match"]
    assert upload.headers == {"Content-Type": "application/x-mjpeg", "If-None-Match": "*"}


def test_a_link_shows_one_photo_for_a_while() -> None:
    link = urlsplit(BucketPhotos(some_client(), "bucket").link("guest/home/r/photo.jpeg", 3600))
    assert link.path == "/guest/home/r/photo.jpeg"
    assert parse_qs(link.query)["X-Amz-Expires"] == ["3600"]
    assert parse_qs(link.query)["X-Amz-SignedHeaders"] == ["host"]


def test_a_ticket_lets_put_and_a_link_lets_look() -> None:
    """A signature holds for one method, and the address does not show which."""
    signed: list[str] = []

    class Told(Client):
        def presigned(self, method: str, *_: object) -> str:
            signed.append(method)
            return "https://bucket.example/"

    photos = BucketPhotos(Told({}), "bucket")
    photos.upload("guest/home/r/photo.jpeg", 300)
    photos.link("guest/home/r/photo.jpeg", 300)
    assert signed == ["PUT", "GET"]


# --- waits, the key -----------------------------------------------------------------


def test_an_answer_goes_to_the_state_machine_that_waits() -> None:
    pool = ScriptedPool()
    TaskWaits(some_client(pool)).resume("token", {"answer": "let_in", "by": "Ada"})
    TaskWaits(some_client(pool)).fail("token", "no_phone")
    resumed, failed = pool.requests
    assert resumed.operation == "SendTaskSuccess"
    output = '{"answer": "let_in", "by": "Ada"}'
    assert resumed.given == {"taskToken": "token", "output": output}
    assert failed.operation == "SendTaskFailure"
    assert failed.given == {"taskToken": "token", "error": "no_phone"}
    check_shape(resumed)
    check_shape(failed)


@pytest.mark.parametrize("code", ["TaskTimedOut", "TaskDoesNotExist", "AccessDeniedException"])
def test_an_answer_that_is_not_taken_is_known_not_to_be(code: str) -> None:
    """Too late, or refused for any other reason: the caller must know."""
    waits = TaskWaits(some_client(ScriptedPool(refusal(code))))
    with pytest.raises(NotResumed, match=code):
        waits.resume("token", {})
    with pytest.raises(NotResumed, match=code):
        waits.fail("token", "no_phone")


def test_a_state_machine_that_is_not_reached_has_not_taken_the_answer() -> None:
    pool = ScriptedPool(NotReached("states: TimeoutError"))
    with pytest.raises(NotResumed, match="NotReached"):
        TaskWaits(some_client(pool, sleep=lambda seconds: None)).resume("token", {})


def test_the_code_key_is_fetched_once_and_not_before_it_is_needed() -> None:
    pool = ScriptedPool(said({"Parameter": {"Value": "k€y"}}))
    key = SecretText(some_client(pool), "/doorbell/it/code-key")
    assert pool.requests == []
    assert [key() for _ in range(3)] == ["k€y".encode()] * 3
    asked = {"Name": "/doorbell/it/code-key", "WithDecryption": True}
    assert [request.given for request in pool.requests] == [asked]
    check_shape(pool.requests[0])
