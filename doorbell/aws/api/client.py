"""Calls to AWS: signed, sent, and tried again where that helps."""

from __future__ import annotations

import json
import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from doorbell.aws.api.credentials import PlatformCredentials
from doorbell.aws.api.endpoints import S3, bucket_at, endpoint_of
from doorbell.aws.api.errors import NoCredentials, NotReached, ServiceError
from doorbell.aws.api.pool import Pool, Request
from doorbell.aws.api.refusals import EXPIRED, WRONG_TIME, may_pass, read_error, time_of
from doorbell.aws.api.signature import Scope, Target, presign, sign

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from doorbell.aws.api.endpoints import Endpoint, Service
    from doorbell.aws.api.pool import Response
    from doorbell.aws.api.signature import Credentials

ATTEMPTS: Final = 3
FIRST_PAUSE: Final = 0.05
"""Seconds before the second try; the next pause is twice as long."""
SKEW: Final = 60.0
"""Seconds; a signature is good for minutes, so a smaller difference is not what was wrong."""
NO_MORE_AFTER: Final = 4.0
"""Seconds after which no new try begins: whoever waits does so at a door."""


class Client:
    """Everything that a function says to AWS, in the region and with the credentials it was given.

    Safe under threads.
    """

    def __init__(
        self,
        environment: Mapping[str, str],
        credentials: Callable[[], Credentials] | None = None,
        pool: Pool | None = None,
        *,
        clock: Callable[[], float] = time.time,
        timer: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        draw: Callable[[], float] = random.random,
    ) -> None:
        """Region and endpoints come from `environment`, and so do the credentials unless they are
        given. `clock` is what signatures are dated by, `timer` what waits are measured by. Makes no
        call yet.
        """
        self._environment = environment
        self._pool = pool or Pool()
        self._platform = PlatformCredentials(environment, self._pool, clock)
        self._credentials = credentials or self._platform
        self._clock = clock
        self._timer = timer
        self._sleep = sleep
        self._draw = draw
        self._calls = 0
        self._lock = threading.Lock()
        self._ahead = 0.0
        """Seconds by which AWS's clock is ahead of ours, once that has mattered."""

    @property
    def calls(self) -> int:
        """How many requests were sent, all tries counted."""
        return self._calls

    @property
    def region(self) -> str:
        """The region of every call. Raises NoCredentials if there is none."""
        given = self._environment
        region = given.get("AWS_REGION") or given.get("AWS_DEFAULT_REGION")
        if not region:
            raise NoCredentials("The environment names no region.")
        return region

    def endpoint(self, service: Service) -> Endpoint:
        """Where a service is spoken to."""
        return endpoint_of(service, self.region, self._environment)

    def call(self, service: Service, operation: str, given: Mapping[str, Any]) -> dict[str, Any]:
        """An operation of a service that speaks JSON. Raises ServiceError, NotReached."""
        headers = {
            "Content-Type": f"application/x-amz-json-{service.json}",
            "X-Amz-Target": f"{service.target}.{operation}",
        }
        body = json.dumps(given, separators=(",", ":")).encode()
        answer = self.send(service, "POST", "/", body, headers)
        try:
            said: dict[str, Any] = json.loads(answer.body or b"{}")
        except ValueError:
            raise ServiceError("UnreadableAnswer", answer.status) from None
        return said

    def send(
        self,
        service: Service,
        method: str,
        path: str,
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
        *,
        within: float | None = None,
    ) -> Response:
        """One request, tried again where that may help. `path` is as it stands on the wire.

        With `within` it is tried once, and waits so many seconds for the answer. Raises
        ServiceError, NotReached.
        """
        at = self.endpoint(service)
        request = Request(at, method, at.path + path, headers or {}, body, within)
        began, pause = self._timer(), FIRST_PAUSE
        for attempt in range(1, ATTEMPTS + 1):
            ahead = self._ahead
            failure: ServiceError | NotReached
            try:
                response = self._exchange(service, request)
            except NotReached as error:
                failure, again = error, True
            else:
                if response.status < 300:
                    return response
                failure = read_error(response)
                again = self._may_help(failure, response, ahead)
            last = attempt == ATTEMPTS or within is not None
            if last or not again or self._timer() - began > NO_MORE_AFTER:
                raise failure
            self._sleep(pause * (0.5 + self._draw() / 2))
            pause *= 2
        raise AssertionError("unreachable: the last attempt returns or raises")

    def presigned(
        self, method: str, bucket: str, key: str, headers: Mapping[str, str], expires_in: int
    ) -> str:
        """A URL for one object of a bucket, valid for `expires_in` seconds."""
        at = bucket_at(bucket, self.region, self._environment)
        at = at._replace(path=f"{at.path}/{quote(key)}")
        target = Target(method, at.host, at.path)
        query = presign(target, headers, expires_in, self._scope(S3), self._credentials())
        return f"{at.url}?{query}"

    def warm(self, services: tuple[Service, ...]) -> None:
        """Open a connection to each, side by side; one that cannot be opened is opened later."""

        def connect(service: Service) -> None:
            self._pool.warm(self.endpoint(service))

        with ThreadPoolExecutor(len(services)) as threads:
            for opening in [threads.submit(connect, service) for service in services]:
                opening.exception()

    def _exchange(self, service: Service, request: Request) -> Response:
        with self._lock:
            self._calls += 1
        at, method, path, headers, body, _ = request
        target = Target(method, at.host, path)
        signed = sign(target, headers, body, self._scope(service), self._credentials())
        return self._pool.exchange(request._replace(headers={**headers, **signed}))

    def _scope(self, service: Service) -> Scope:
        now = time.gmtime(self._clock() + self._ahead)
        return Scope(time.strftime("%Y%m%dT%H%M%SZ", now), self.region, service.name)

    def _may_help(self, error: ServiceError, response: Response, ahead: float) -> bool:
        """Whether the same call may succeed now; it was signed `ahead` seconds before our clock."""
        if error.code in EXPIRED:
            return self._platform.forget()
        if error.code in WRONG_TIME:
            return self._was_dated_wrong(response, ahead)
        return may_pass(error)

    def _was_dated_wrong(self, response: Response, ahead: float) -> bool:
        """Go by AWS's clock from now on, if ours differs enough to be the reason.

        Of calls side by side, the first may have corrected it: the others were signed before that.
        """
        theirs = time_of(response)
        if theirs is None or abs(theirs - self._clock() - ahead) <= SKEW:
            return False
        self._ahead = theirs - self._clock()
        return True
