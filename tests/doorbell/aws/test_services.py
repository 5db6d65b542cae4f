"""Sockets, bus, photos, waits and the code key, as AWS answers them."""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest
from botocore.exceptions import ClientError
from botocore.stub import Stubber

from doorbell.aws.apigateway import ApiGatewaySockets
from doorbell.aws.clients import Clients
from doorbell.aws.eventbridge import EventBridgeBus, NotPublished
from doorbell.aws.rekognition import Collections
from doorbell.aws.s3 import BucketPhotos
from doorbell.aws.secretsmanager import CodeKey
from doorbell.aws.stepfunctions import TaskWaits
from doorbell.errors import ConnectionGone, NotResumed
from doorbell.events import DoorOpened, RingPressed
from tests.doorbell.aws.gateway import Gateway, serving

if TYPE_CHECKING:
    from collections.abc import Iterator


def some_clients(region: str = "eu-central-1", sockets_at: str | None = None) -> Clients:
    """Clients that reach nothing by themselves."""
    return Clients(region=region, credentials=("key", "secret"), sockets_at=sockets_at)


# --- sockets ---------------------------------------------------------------------------


@contextmanager
def gateway() -> Iterator[ApiGatewaySockets]:
    """Sockets that end in this process."""
    with serving() as url:
        yield ApiGatewaySockets(some_clients(sockets_at=f"{url}/prod"))


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
        with pytest.raises(ClientError, match="403"):
            sockets.post("forbidden", "{}")
        with pytest.raises(ClientError, match="403"):
            sockets.close("forbidden")


def test_hanging_up_on_somebody_who_is_gone_is_no_error() -> None:
    with gateway() as sockets:
        sockets.close("gone")
        sockets.close("there")
    assert [method for method, _, _ in Gateway.got] == ["DELETE", "DELETE"]


# --- the bus -----------------------------------------------------------------------------


def test_an_event_says_what_happened_and_leaves_out_what_is_not_known() -> None:
    clients = some_clients()
    entry = {
        "EventBusName": "bus",
        "Source": "doorbell",
        "DetailType": "RingPressed",
        "Detail": json.dumps({"home": "home", "door": "front", "ring": "r", "kind": "new"}),
    }
    with Stubber(clients.events) as aws:
        aws.add_response("put_events", {"FailedEntryCount": 0, "Entries": []}, {"Entries": [entry]})
        EventBridgeBus(clients, "bus").publish(RingPressed("home", "front", "r", "new"))
        aws.assert_no_pending_responses()


def test_an_event_that_was_not_taken_is_an_error_although_aws_says_200() -> None:
    clients = some_clients()
    failed = {"FailedEntryCount": 1, "Entries": [{"ErrorCode": "ThrottlingException"}]}
    with Stubber(clients.events) as aws:
        aws.add_response("put_events", failed)
        with pytest.raises(NotPublished, match="DoorOpened: ThrottlingException"):
            EventBridgeBus(clients, "bus").publish(DoorOpened("home", "front", "r", "Ada"))


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
    upload = BucketPhotos(some_clients(region), "bucket").upload("guest/home/r/photo.jpeg", 300)
    url = urlsplit(upload.url)
    query = parse_qs(url.query)
    assert (url.scheme, url.netloc, url.path) == ("https", host, "/guest/home/r/photo.jpeg")
    assert query["X-Amz-Algorithm"] == ["AWS4-HMAC-SHA256"]
    assert query["X-Amz-SignedHeaders"] == ["content-type;host;if-none-match"]
    assert query["X-Amz-Expires"] == ["300"]
    assert query["X-Amz-Credential"][0].split("/")[2] == region
    assert upload.method == "PUT"
    assert upload.headers == {"Content-Type": "image/jpeg", "If-None-Match": "*"}


def test_a_link_shows_one_photo_for_a_while() -> None:
    link = urlsplit(BucketPhotos(some_clients(), "bucket").link("guest/home/r/photo.jpeg", 3600))
    assert link.path == "/guest/home/r/photo.jpeg"
    assert parse_qs(link.query)["X-Amz-Expires"] == ["3600"]
    assert parse_qs(link.query)["X-Amz-SignedHeaders"] == ["host"]


# --- waits, the key, faces -----------------------------------------------------------------


def test_an_answer_goes_to_the_state_machine_that_waits() -> None:
    clients = some_clients()
    said = {"taskToken": "token", "output": '{"answer": "let_in", "by": "Ada"}'}
    with Stubber(clients.stepfunctions) as aws:
        aws.add_response("send_task_success", {}, said)
        TaskWaits(clients).resume("token", {"answer": "let_in", "by": "Ada"})
        aws.assert_no_pending_responses()


@pytest.mark.parametrize("code", ["TaskTimedOut", "TaskDoesNotExist"])
def test_a_state_machine_that_waits_no_longer_is_told_too_late(code: str) -> None:
    clients = some_clients()
    with Stubber(clients.stepfunctions) as aws:
        aws.add_client_error("send_task_success", code)
        with pytest.raises(NotResumed):
            TaskWaits(clients).resume("token", {})


def test_an_answer_that_step_functions_refuses_is_known_not_to_be_taken() -> None:
    clients = some_clients()
    with Stubber(clients.stepfunctions) as aws:
        aws.add_client_error("send_task_success", "AccessDeniedException")
        with pytest.raises(NotResumed):
            TaskWaits(clients).resume("token", {})


def test_the_code_key_is_fetched_once_and_not_before_it_is_needed() -> None:
    clients = some_clients()
    with Stubber(clients.secrets) as aws:
        key = CodeKey(clients, "arn")
        aws.add_response("get_secret_value", {"SecretString": "k€y"}, {"SecretId": "arn"})
        assert [key() for _ in range(3)] == ["k€y".encode()] * 3
        aws.assert_no_pending_responses()


def test_faces_are_forgotten_in_the_collection_of_their_home() -> None:
    clients = some_clients()
    given = {"CollectionId": "doorbell.home", "FaceIds": ["11111111-1111-1111-1111-111111111111"]}
    with Stubber(clients.rekognition) as aws:
        aws.add_response("delete_faces", {}, given)
        faces = Collections(clients, "doorbell")
        faces.remove("home", given["FaceIds"])  # type: ignore[arg-type]
        faces.remove("home", [])
        aws.assert_no_pending_responses()


@pytest.mark.parametrize(("code", "fails"), [("ResourceNotFoundException", False), ("Other", True)])
def test_a_collection_that_is_gone_has_forgotten_already(code: str, fails: bool) -> None:
    clients = some_clients()
    with Stubber(clients.rekognition) as aws:
        aws.add_client_error("delete_faces", code)
        raised = False
        try:
            Collections(clients, "doorbell").remove("home", ["face"])
        except ClientError:
            raised = True
    assert raised is fails
