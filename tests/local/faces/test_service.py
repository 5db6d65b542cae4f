"""The wire: its envelope, its errors, and the event loop that must not wait for faces."""

import asyncio
import base64
import json
import logging
import time
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from demo.people import Person, door_photo
from local.faces import broken
from local.faces.operations import Operations
from local.faces.pool import Pool
from local.faces.service import Service

Wire = Callable[[str, object], tuple[int, dict[str, Any]]]

IMAGE = {"Bytes": base64.b64encode(door_photo(Person.EILEEN)).decode()}


def test_an_error_says_its_name_thrice(wire: Wire) -> None:
    """An error is HTTP 400 with `__type`, `Code`, `Logref` and `Message`."""
    status, content = wire("DeleteCollection", {"CollectionId": "nowhere"})
    assert status == 400
    assert content["__type"] == content["Code"] == "ResourceNotFoundException"
    assert content["Message"] == "The collection id: nowhere does not exist"
    assert content["Logref"]


@pytest.mark.parametrize("operation", ["DetectLabels", "", "indexFaces", "__init__"])
def test_an_operation_that_is_not_served_is_named(wire: Wire, operation: str) -> None:
    """Anything but the six operations is UnknownOperationException."""
    status, content = wire(operation, {})
    assert (status, content["__type"]) == (400, "UnknownOperationException")


@pytest.mark.parametrize("body", [b"{", b"\xff", b"[]", b"1", b'"x"', b"[" * 100_000])
def test_a_body_that_is_no_request_is_named(wire: Wire, body: bytes) -> None:
    """What is not a JSON object is SerializationException."""
    status, content = wire("DeleteCollection", body)
    assert (status, content["__type"]) == (400, "SerializationException")


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    operation=st.sampled_from(["CreateCollection", "ListFaces", "DeleteFaces", "IndexFaces"]),
    body=st.recursive(
        st.none() | st.booleans() | st.floats() | st.text() | st.integers(),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    ["CollectionId", "FaceIds", "Image", "Bytes", "S3Object", "NextToken"]
                )
                | st.text(max_size=5),
                inner,
                max_size=4,
            )
        ),
        max_leaves=8,
    ),
)
def test_no_body_whatever_is_a_server_error(wire: Wire, operation: str, body: object) -> None:
    """Any JSON at all is answered by 200 or by a named 400, never by 500."""
    status, content = wire(operation, body)
    assert status == 200 or (status == 400 and content["__type"] != "InternalServerError")


def test_a_failure_of_ours_is_a_500_without_details(
    monkeypatch: pytest.MonkeyPatch, service: Service, caplog: pytest.LogCaptureFixture
) -> None:
    """An unforeseen exception is InternalServerError; its text is logged, not sent."""

    def fail(*_: object) -> None:
        raise ZeroDivisionError("secret")

    monkeypatch.setitem(service._operations.by_name, "DeleteCollection", fail)
    with caplog.at_level(logging.ERROR):
        status, _, body = service.answer(
            "RekognitionService.DeleteCollection", b'{"CollectionId": "home"}'
        )
    assert status == 500
    assert json.loads(body)["__type"] == "InternalServerError"
    assert b"secret" not in body
    assert "ZeroDivisionError" in caplog.text


def test_no_picture_is_ever_logged(wire: Wire, caplog: pytest.LogCaptureFixture) -> None:
    """Neither a good picture, nor a bad one, nor a bad request leaves anything in the log."""
    with caplog.at_level(logging.DEBUG, logger="local"):
        home = {"CollectionId": "home"}
        wire("CreateCollection", home)
        wire("IndexFaces", {**home, "Image": IMAGE})
        wire("IndexFaces", {**home, "Image": {"Bytes": base64.b64encode(broken.gif()).decode()}})
        wire("IndexFaces", {**home, "Image": IMAGE, "QualityFilter": "NONSENSE"})
    assert caplog.text == ""


def test_the_event_loop_stays_free(pool: Pool) -> None:
    """While 32 pictures are searched, nine in ten of the loop's turns come within 100 ms."""
    service = Service(Operations(pool, lambda *_: None, str))
    service.answer("RekognitionService.CreateCollection", b'{"CollectionId": "home"}')
    body = json.dumps({"CollectionId": "home", "Image": IMAGE})
    headers = {"x-amz-target": "RekognitionService.SearchFacesByImage"}

    async def search() -> int:
        status, _, _ = await service.handle("POST", "/", headers, body, {})
        return status

    async def watch() -> tuple[list[int], list[float]]:
        searching = asyncio.gather(*(search() for _ in range(32)))
        lags = []
        while not searching.done():
            before = time.perf_counter()
            await asyncio.sleep(0.005)
            lags.append(time.perf_counter() - before - 0.005)
        return await searching, lags

    statuses, lags = asyncio.run(watch())
    assert statuses == [200] * 32
    assert len(lags) > 20
    assert sorted(lags)[int(len(lags) * 0.9)] < 0.1


def test_a_recogniser_that_failed_is_a_500() -> None:
    """When no worker can look at the picture, the caller may try again."""

    class Gone:
        def faces(self, content: bytes, limit: int = 100, /) -> Any:
            from local.faces.errors import RecogniserFailed

            raise RecogniserFailed

    service = Service(Operations(Gone(), lambda *_: None, str))
    service.answer("RekognitionService.CreateCollection", b'{"CollectionId": "home"}')
    request = json.dumps({"CollectionId": "home", "Image": IMAGE})
    status, _, body = service.answer("RekognitionService.IndexFaces", request)
    assert (status, json.loads(body)["__type"]) == (500, "InternalServerError")
