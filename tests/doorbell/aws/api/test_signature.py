"""Our signatures are botocore's, byte for byte; botocore's are AWS's."""

from __future__ import annotations

import functools
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import botocore.auth
import botocore.session
import pytest
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials as BotocoreCredentials
from hypothesis import given
from hypothesis import strategies as st

from doorbell.aws.api.client import Client
from doorbell.aws.api.signature import Credentials, Scope, Target, canonical_request, sign

if TYPE_CHECKING:
    from collections.abc import Iterator

NOW = datetime(2026, 2, 28, 23, 59, 58, tzinfo=UTC)
SCOPE_TIME = "20260228T235958Z"
REGIONS = ("us-east-1", "eu-central-1", "ap-southeast-2", "cn-north-1", "us-gov-west-1")


@pytest.fixture(autouse=True, scope="module")
def _same_moment() -> Iterator[None]:
    """Botocore takes no clock; ours is a parameter."""
    patch = pytest.MonkeyPatch()
    patch.setattr(botocore.auth, "get_current_datetime", lambda *_: NOW.replace(tzinfo=None))
    yield
    patch.undo()


# A secret or a token is whatever a platform hands over, in ASCII; the rest is what we may send.
keys = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=60)
credentials = st.builds(Credentials, keys, keys, st.just("") | keys)
ids = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1, max_size=40)
values = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=40)
names = st.sampled_from(("Content-Type", "X-Amz-Target", "If-None-Match", "X-Odd"))


def client_at(region: str, by: Credentials, endpoint: str = "") -> Client:
    """Ours, at that moment."""
    environment = {"AWS_REGION": region, "AWS_ENDPOINT_URL": endpoint}
    return Client(environment, lambda: by, clock=NOW.timestamp)


def botocores(
    target: Target, headers: dict[str, str], body: bytes, scope: Scope, by: Credentials
) -> tuple[str, AWSRequest]:
    """The canonical request and the signed request, as botocore makes them."""
    url = f"https://{target.host}{target.path}"
    request: Any = AWSRequest(target.method, url, headers=dict(headers), data=body)
    known = BotocoreCredentials(by.key, by.secret, by.token or None)
    auth: Any = botocore.auth.SigV4Auth(known, scope.service, scope.region)
    auth.add_auth(request)
    del request.headers["Authorization"]
    canonical = auth.canonical_request(request)
    again: Any = AWSRequest(target.method, url, headers=dict(headers), data=body)
    auth.add_auth(again)
    return canonical, again


@given(
    st.sampled_from(("GET", "POST", "DELETE")),
    st.lists(ids, max_size=3),
    st.dictionaries(names, values),
    st.binary(max_size=200),
    st.sampled_from(REGIONS),
    st.sampled_from(("dynamodb", "execute-api", "states", "events")),
    credentials,
)
def test_a_request_is_signed_as_botocore_signs_it(  # noqa: PLR0917 - hypothesis draws them in order
    method: str,
    parts: list[str],
    headers: dict[str, str],
    body: bytes,
    region: str,
    service: str,
    by: Credentials,
) -> None:
    """Also a connection's id that ends with `=`: encoded once for the wire, twice to sign."""
    path = "/" + "/".join(quote(part, safe="-_.~") for part in parts if part not in (".", ".."))
    target = Target(method, f"{service}.{region}.amazonaws.com", path.rstrip("/") or "/")
    scope = Scope(SCOPE_TIME, region, service)
    canonical, request = botocores(target, headers, body, scope, by)
    added = sign(target, headers, body, scope, by)
    assert added["Authorization"] == request.headers["Authorization"]
    assert added["X-Amz-Date"] == request.headers["X-Amz-Date"]
    assert added.get("X-Amz-Security-Token") == request.headers.get("X-Amz-Security-Token")
    signed = {n.lower(): v for n, v in {**headers, **added}.items() if n != "Authorization"}
    encoded = target._replace(path=quote(target.path, safe="/-_.~"))
    payload = canonical.rsplit("\n", 1)[1]
    assert canonical_request(encoded, "", signed | {"host": target.host}, payload) == canonical


def test_a_post_to_a_socket_is_signed_as_botocore_signs_it() -> None:
    """`@` stands in its path as it is, and the connection's `=` encoded."""
    target = Target("POST", "abc.execute-api.eu-central-1.amazonaws.com", "/prod/@connections/a%3D")
    scope = Scope(SCOPE_TIME, "eu-central-1", "execute-api")
    _, request = botocores(target, {}, b"{}", scope, SESSION)
    ours = sign(target, {}, b"{}", scope, SESSION)
    assert ours["Authorization"] == request.headers["Authorization"]


@pytest.mark.parametrize("value", [" a  b ", "a\tb", "a b c"])
def test_spaces_within_a_header_are_signed_as_one(value: str) -> None:
    target = Target("POST", "dynamodb.eu-central-1.amazonaws.com", "/")
    scope = Scope(SCOPE_TIME, "eu-central-1", "dynamodb")
    _, request = botocores(target, {"X-Odd": value}, b"", scope, BY)
    ours = sign(target, {"X-Odd": value}, b"", scope, BY)
    assert ours["Authorization"] == request.headers["Authorization"]


@functools.cache
def botocores_s3(region: str, by: Credentials, endpoint: str | None) -> Any:
    """Its client, as a ring would have it."""
    session = botocore.session.get_session()
    session.set_credentials(by.key, by.secret, by.token or None)
    config = Config(signature_version="s3v4", s3={"addressing_style": "virtual"})
    return session.create_client("s3", region, config=config, endpoint_url=endpoint)


def presigned_by_botocore(
    method: str, key: str, region: str, by: Credentials, expires: int, endpoint: str | None = None
) -> str:
    """A ticket, or a link, as botocore's S3 client makes them."""
    s3 = botocores_s3(region, by, endpoint)
    given: dict[str, Any] = {"Bucket": "doorbell-photos", "Key": key}
    if method == "PUT":
        given |= {"ContentType": "image/jpeg", "IfNoneMatch": "*"}
    operation = {"PUT": "put_object", "GET": "get_object"}[method]
    return str(s3.generate_presigned_url(operation, Params=given, ExpiresIn=expires))


KEYS = (
    "guest/home/0123456789abcdef0123456789/photo.jpeg",
    "residents/home/Ada Lovelace/1.jpeg",
    "residents/home/Žofie + 金 & co?/a%20b~(1)'.jpeg",
    "guest/home/a//b/..photo#.jpeg",
)
BY = Credentials("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")
SESSION = BY._replace(token="IQoJb3JpZ2luX2VjE//8wEaCXVz+LWVhc3QtMSJH=")


@pytest.mark.parametrize("region", REGIONS)
@pytest.mark.parametrize("by", [BY, SESSION], ids=["a key", "a role's session"])
@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("method", ["PUT", "GET"])
def test_a_url_is_presigned_as_botocore_presigns_it(
    region: str, by: Credentials, key: str, method: str
) -> None:
    headers = {"Content-Type": "image/jpeg", "If-None-Match": "*"} if method == "PUT" else {}
    ours = client_at(region, by).presigned(method, "doorbell-photos", key, headers, 300)
    assert ours == presigned_by_botocore(method, key, region, by, 300)


def test_on_one_machine_the_bucket_stands_in_the_path_as_botocore_has_it() -> None:
    at = "http://127.0.0.1:4566"
    ours = client_at("us-east-1", BY, at).presigned("GET", "doorbell-photos", KEYS[0], {}, 60)
    assert ours == presigned_by_botocore("GET", KEYS[0], "us-east-1", BY, 60, at)


def test_a_day_later_the_signing_key_is_another_one() -> None:
    """The key is kept for its day, and no longer."""
    target = Target("POST", "dynamodb.eu-central-1.amazonaws.com", "/")
    days = ("20260228T235958Z", "20260301T000001Z")
    signed = [sign(target, {}, b"", Scope(d, "eu-central-1", "dynamodb"), BY) for d in days]
    assert signed[0]["Authorization"] != signed[1]["Authorization"]
    assert "20260301/eu-central-1/dynamodb/aws4_request" in signed[1]["Authorization"]


def test_a_signature_costs_less_than_a_millisecond() -> None:
    """It stands before every call."""
    target = Target("POST", "dynamodb.eu-central-1.amazonaws.com", "/")
    scope = Scope(SCOPE_TIME, "eu-central-1", "dynamodb")

    def batch() -> float:
        began = time.process_time()
        for _ in range(40):
            sign(
                target, {"Content-Type": "application/x-amz-json-1.0"}, b"x" * 2000, scope, SESSION
            )
        return (time.process_time() - began) / 40

    # The best of several: what else runs here makes any of them slower, and none faster.
    assert min(batch() for _ in range(8)) < 0.001
