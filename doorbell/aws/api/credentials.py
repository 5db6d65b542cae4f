"""Credentials as Lambda hands them over: in variables, or at an address where SnapStart is used.

AWS Lambda Developer Guide, "Working with the default runtime environment variables"; AWS SDKs and
Tools Reference Guide, "Container credential provider".
"""

from __future__ import annotations

import json
import time
from datetime import datetime
from typing import TYPE_CHECKING, Final, NamedTuple

from doorbell.aws.api.endpoints import read_url
from doorbell.aws.api.errors import NoCredentials, NotReached
from doorbell.aws.api.pool import Request
from doorbell.aws.api.signature import Credentials

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from doorbell.aws.api.pool import Pool

KEY: Final = "AWS_ACCESS_KEY_ID"
ADDRESS: Final = "AWS_CONTAINER_CREDENTIALS_FULL_URI"
AUTHORIZATION: Final = "AWS_CONTAINER_AUTHORIZATION_TOKEN"
RENEW_BEFORE: Final = 300.0
"""Seconds before they expire at which new ones are fetched."""


class Fetched(NamedTuple):
    """Credentials from an address."""

    credentials: Credentials
    until: float
    """When they expire, in seconds since 1970."""


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
        self._fetched: Fetched | None = None
        self._expired = False

    def __call__(self) -> Credentials:
        """Raises NoCredentials, NotReached."""
        given = self._environment
        if given.get(KEY):
            return Credentials(
                given[KEY],
                given.get("AWS_SECRET_ACCESS_KEY", ""),
                given.get("AWS_SESSION_TOKEN", ""),
            )
        known = self._fetched
        if known is None or self._expired or self._clock() >= known.until - RENEW_BEFORE:
            known = self._fetch(known)
        return known.credentials

    def forget(self) -> bool:
        """A service said that they have expired; whether others may be had."""
        self._expired = True
        return not self._environment.get(KEY)

    def _fetch(self, known: Fetched | None) -> Fetched:
        """New ones; those that are still valid serve on where none can be had just now."""
        try:
            fetched = self._ask()
        except (NotReached, NoCredentials):
            if known is None or self._expired or self._clock() >= known.until:
                raise
            return known
        self._fetched, self._expired = fetched, False
        return fetched

    def _ask(self) -> Fetched:
        if not self._environment.get(ADDRESS):
            raise NoCredentials("The environment holds no credentials.")
        at = read_url(self._environment[ADDRESS])
        headers = {"Authorization": self._environment.get(AUTHORIZATION, "")}
        response = self._pool.exchange(Request(at, "GET", at.path or "/", headers))
        if response.status >= 500:
            raise NotReached(f"{at.host}: {response.status}")
        try:
            said = json.loads(response.body)
            given = Credentials(said["AccessKeyId"], said["SecretAccessKey"], said["Token"])
            until = datetime.fromisoformat(said["Expiration"])
        except (ValueError, KeyError, TypeError) as error:
            raise NoCredentials(f"No credentials were given ({response.status}).") from error
        return Fetched(given, until.timestamp())
