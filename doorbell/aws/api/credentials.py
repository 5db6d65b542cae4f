"""Credentials as Lambda hands them over: in variables, or at an address where SnapStart is used.

AWS Lambda Developer Guide, "Working with the default runtime environment variables"; AWS SDKs and
Tools Reference Guide, "Container credential provider".
"""

from __future__ import annotations

import json
import time
from datetime import datetime
from typing import TYPE_CHECKING, Final

from doorbell.aws.api.endpoints import read_url
from doorbell.aws.api.errors import NoCredentials
from doorbell.aws.api.signature import Credentials

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from doorbell.aws.api.pool import Pool

ADDRESS: Final = "AWS_CONTAINER_CREDENTIALS_FULL_URI"
AUTHORIZATION: Final = "AWS_CONTAINER_AUTHORIZATION_TOKEN"
RENEW_BEFORE: Final = 300.0
"""Seconds before they expire at which new ones are fetched."""


class PlatformCredentials:
    """Call it for the credentials that are valid now."""

    def __init__(
        self,
        environment: Mapping[str, str],
        pool: Pool,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """`environment` is looked at anew each time: a restored snapshot finds other values."""
        self._environment = environment
        self._pool = pool
        self._clock = clock
        self._fetched: Credentials | None = None
        self._renew_at = 0.0

    def __call__(self) -> Credentials:
        """Raises NoCredentials, NotReached."""
        given = self._environment
        if given.get("AWS_ACCESS_KEY_ID"):
            return Credentials(
                given["AWS_ACCESS_KEY_ID"],
                given.get("AWS_SECRET_ACCESS_KEY", ""),
                given.get("AWS_SESSION_TOKEN", ""),
            )
        if self._fetched is None or self._clock() >= self._renew_at:
            self._fetch()
        assert self._fetched
        return self._fetched

    def forget(self) -> None:
        """A service said that they have expired: fetch new ones."""
        self._fetched = None

    def _fetch(self) -> None:
        if not self._environment.get(ADDRESS):
            raise NoCredentials("The environment holds no credentials.")
        at = read_url(self._environment[ADDRESS])
        headers = {"Authorization": self._environment.get(AUTHORIZATION, "")}
        answer = self._pool.exchange(at, "GET", at.path or "/", headers, b"")
        try:
            said = json.loads(answer.body)
            fetched = Credentials(said["AccessKeyId"], said["SecretAccessKey"], said["Token"])
            expires = datetime.fromisoformat(said["Expiration"].replace("Z", "+00:00"))
        except (ValueError, KeyError, TypeError) as error:
            raise NoCredentials(f"No credentials were given ({answer.status}).") from error
        self._fetched, self._renew_at = fetched, expires.timestamp() - RENEW_BEFORE
