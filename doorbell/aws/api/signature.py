"""AWS Signature Version 4: signs a request, or a URL that somebody else will use.

The rules: IAM User Guide, "Create a signed AWS API request", and Amazon S3 API Reference,
"Authenticating Requests: Using Query Parameters". Tests hold it to botocore, byte for byte.
"""

from __future__ import annotations

import hashlib
import hmac
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Mapping

ALGORITHM: Final = "AWS4-HMAC-SHA256"
UNSIGNED: Final = "UNSIGNED-PAYLOAD"
"""Stands for the body where it is not known yet."""


class Credentials(NamedTuple):
    """With which a request is signed; `token` if they are a role's."""

    key: str
    secret: str
    token: str = ""


class Target(NamedTuple):
    """What is signed for: a method at a place."""

    method: str
    host: str
    path: str
    """As it stands on the wire, without a query."""


class Scope(NamedTuple):
    """Where and when a signature holds."""

    time: str
    """UTC, as `20130524T000000Z`."""
    region: str
    service: str
    """The service's name in signatures: `execute-api`, `states`."""

    def __str__(self) -> str:
        """Date, region and service, as they stand in a credential."""
        return f"{self.time[:8]}/{self.region}/{self.service}/aws4_request"


def sign(
    target: Target, headers: Mapping[str, str], body: bytes, scope: Scope, by: Credentials
) -> dict[str, str]:
    """The headers that a request of ours needs beside `headers`, which are signed too."""
    added = {"X-Amz-Date": scope.time}
    if by.token:
        added["X-Amz-Security-Token"] = by.token
    signed = {name.lower(): value for name, value in {**headers, **added}.items()}
    signed["host"] = target.host
    # Every service but S3 wants the path encoded once more than it is sent.
    encoded = target._replace(path=quote(target.path))
    canonical = canonical_request(encoded, "", signed, hashlib.sha256(body).hexdigest())
    said = f"Credential={by.key}/{scope}, SignedHeaders={';'.join(sorted(signed))}"
    added["Authorization"] = f"{ALGORITHM} {said}, Signature={_signature(canonical, scope, by)}"
    return added


def presign(
    target: Target, headers: Mapping[str, str], expires_in: int, scope: Scope, by: Credentials
) -> str:
    """The query of a URL of S3 that is valid for `expires_in` seconds.

    Whoever uses it must send `headers` as they are given here.
    """
    signed = {name.lower(): value for name, value in headers.items()} | {"host": target.host}
    query = {
        "X-Amz-Algorithm": ALGORITHM,
        "X-Amz-Credential": f"{by.key}/{scope}",
        "X-Amz-Date": scope.time,
        "X-Amz-Expires": str(expires_in),
        "X-Amz-SignedHeaders": ";".join(sorted(signed)),
    }
    if by.token:
        query["X-Amz-Security-Token"] = by.token
    asked = [f"{name}={quote(value, safe='')}" for name, value in query.items()]
    canonical = canonical_request(target, "&".join(sorted(asked)), signed, UNSIGNED)
    return f"{'&'.join(asked)}&X-Amz-Signature={_signature(canonical, scope, by)}"


def canonical_request(target: Target, query: str, headers: Mapping[str, str], payload: str) -> str:
    """The one form of a request that both sides sign; `headers` have small letters."""
    names = sorted(headers)
    lines = "".join(f"{name}:{' '.join(headers[name].split())}\n" for name in names)
    return "\n".join([target.method, target.path, query, lines, ";".join(names), payload])


def _signature(canonical: str, scope: Scope, by: Credentials) -> str:
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    text = f"{ALGORITHM}\n{scope.time}\n{scope}\n{digest}"
    key = _signing_key(by.secret, scope.time[:8], scope.region, scope.service)
    return hmac.digest(key, text.encode(), "sha256").hex()


@lru_cache(maxsize=32)
def _signing_key(secret: str, day: str, region: str, service: str) -> bytes:
    """The same for a whole day; each service has its own."""
    key = f"AWS4{secret}".encode()
    for part in (day, region, service, "aws4_request"):
        key = hmac.digest(key, part.encode(), "sha256")
    return key
