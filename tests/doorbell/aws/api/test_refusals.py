"""A service's refusal means to us what it means to botocore."""

from __future__ import annotations

import functools
import io
import json
from typing import Any

import botocore.session
import pytest
from botocore.awsrequest import AWSResponse, HeadersDict
from botocore.config import Config
from botocore.exceptions import ClientError
from hypothesis import given
from hypothesis import strategies as st

from doorbell.aws.api.pool import Response
from doorbell.aws.api.refusals import may_pass, read_error, time_of

SOME: dict[str, dict[str, Any]] = {
    "put_item": {"TableName": "t", "Item": {}},
    "transact_write_items": {"TransactItems": []},
    "post_to_connection": {"ConnectionId": "c", "Data": b""},
}


@functools.cache
def client(service: str) -> Any:
    """Botocore's, which tries nothing twice."""
    session = botocore.session.get_session()
    session.set_credentials("key", "secret")
    config = Config(retries={"total_max_attempts": 1}, parameter_validation=False)
    return session.create_client(service, "eu-central-1", config=config)


def botocores(service: str, operation: str, response: Response) -> dict[str, Any]:
    """The same answer, as botocore's client tells it."""

    def answer(request: Any, **_: Any) -> AWSResponse:
        raw = io.BytesIO(response.body)
        raw.stream = lambda *_: iter([response.body])  # type: ignore[attr-defined]
        headers: Any = HeadersDict(response.headers)
        return AWSResponse(request.url, response.status, headers, raw)

    made = client(service)
    made.meta.events.register_first("before-send", answer, "test")
    try:
        getattr(made, operation)(**SOME[operation])
    except ClientError as error:
        return dict(error.response)
    finally:
        made.meta.events.unregister("before-send", answer, "test")
    raise AssertionError("botocore takes it for a success")


codes = st.sampled_from(
    (
        "ConditionalCheckFailedException",
        "com.amazonaws.dynamodb.v20120810#ResourceNotFoundException",
        "aws.protocoltests#FooError:http://internal.amazon.com/coral/com.amazon.coral.validate/",
        "ThrottlingException:https://example.org/",
        "ExpiredTokenException",
    )
)


@given(codes, st.sampled_from((400, 403, 500)), st.booleans())
def test_the_code_of_a_refusal_in_json_is_botocores(code: str, status: int, old: bool) -> None:
    headers = {"x-amzn-query-error": "OldName;Sender"} if old else {}
    response = Response(status, headers, json.dumps({"__type": code, "message": "no"}).encode())
    theirs = botocores("dynamodb", "put_item", response)["Error"]["Code"]
    assert read_error(response).code == theirs
    assert read_error(response).status == status


@given(codes, st.booleans())
def test_the_code_of_a_refused_post_to_a_socket_is_botocores(code: str, in_header: bool) -> None:
    headers = {"x-amzn-errortype": code} if in_header else {}
    body = {} if in_header else {"code": code}
    response = Response(403, headers, json.dumps({"message": "no", **body}).encode())
    theirs = botocores("apigatewaymanagementapi", "post_to_connection", response)
    assert read_error(response).code == theirs["Error"]["Code"]


def test_the_reasons_of_a_cancelled_transaction_are_botocores() -> None:
    told = {
        "__type": "com.amazonaws.dynamodb.v20120810#TransactionCanceledException",
        "Message": "Transaction cancelled, please refer cancellation reasons",
        "CancellationReasons": [{"Code": "None"}, {"Code": "ConditionalCheckFailed"}],
    }
    response = Response(400, {}, json.dumps(told).encode())
    theirs = botocores("dynamodb", "transact_write_items", response)
    reasons = tuple(each["Code"] for each in theirs["CancellationReasons"])
    assert read_error(response).reasons == reasons == ("None", "ConditionalCheckFailed")


@given(st.binary(max_size=80), st.sampled_from((400, 403, 410, 429, 500, 502, 503, 504)))
def test_an_answer_that_makes_no_sense_is_still_an_error_with_a_name(
    body: bytes, status: int
) -> None:
    """A proxy's page, half of something, or nothing."""
    error = read_error(Response(status, {}, body))
    assert (error.status, bool(error.code)) == (status, True)


@pytest.mark.parametrize("body", [b"[]", b'"no"', b"1", b"null", b'{"CancellationReasons": null}'])
def test_json_of_another_shape_is_an_error_named_by_its_status(body: bytes) -> None:
    assert read_error(Response(500, {}, body)).code == "500"


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({"x-amzn-errortype": "com.amazonaws#v2#Busy:http://x:80/"}, "Busy"),
        ({"x-amzn-query-error": "Busy;Sender;more", "x-amzn-errortype": "Newer"}, "Busy"),
    ],
)
def test_a_code_stands_alone(headers: dict[str, str], code: str) -> None:
    """Without what stands before it, and without what follows."""
    assert read_error(Response(400, headers, b"")).code == code


def test_what_a_refusal_says_in_words_is_kept_nowhere() -> None:
    """It may quote what was sent."""
    told = {"__type": "ValidationException", "message": "The code 042137 is no number"}
    error = read_error(Response(400, {}, json.dumps(told).encode()))
    assert "042137" not in f"{error!r} {error} {vars(error)}"


@pytest.mark.parametrize(
    ("code", "status", "passes"),
    [
        ("ThrottlingException", 400, True),
        ("ProvisionedThroughputExceededException", 400, True),
        ("SlowDown", 503, True),
        ("429", 429, True),
        ("InternalServerError", 500, True),
        ("ConditionalCheckFailedException", 400, False),
        ("AccessDeniedException", 400, False),
        ("GoneException", 410, False),
        ("501", 501, False),
    ],
)
def test_what_may_pass_is_what_botocore_tries_again(code: str, status: int, passes: bool) -> None:
    error = read_error(Response(status, {}, json.dumps({"__type": code}).encode()))
    assert may_pass(error) is passes


def test_the_time_of_an_answer_is_its_date_if_it_has_one() -> None:
    assert time_of(Response(400, {"date": "Sat, 28 Feb 2026 23:59:58 GMT"}, b"")) == 1772323198.0
    assert time_of(Response(400, {"date": "yesterday"}, b"")) is None
    assert time_of(Response(400, {}, b"")) is None
