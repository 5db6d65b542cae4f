"""What a service's refusal means: its name, and whether the same call may succeed later."""

from __future__ import annotations

import json
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Final

from doorbell.aws.api.errors import ServiceError

if TYPE_CHECKING:
    from doorbell.aws.api.pool import Response

THROTTLED: Final = frozenset(
    {
        "BandwidthLimitExceeded",
        "LimitExceededException",
        "PriorRequestNotComplete",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "RequestThrottled",
        "RequestThrottledException",
        "SlowDown",
        "ThrottledException",
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
        "TransactionInProgressException",
    }
)
"""AWS's words for "later" (AWS SDKs and Tools Reference Guide, "Retry behavior")."""

PASSING: Final = frozenset({429, 500, 502, 503, 504})
"""HTTP's words for it."""

WRONG_TIME: Final = frozenset(
    {
        "AuthFailure",
        "InvalidSignatureException",
        "RequestExpired",
        "RequestInTheFuture",
        "RequestTimeTooSkewed",
        "SignatureDoesNotMatch",
    }
)
"""What a signature that was made at a wrong time may be refused with."""

EXPIRED: Final = frozenset({"ExpiredToken", "ExpiredTokenException"})


def read_error(answer: Response) -> ServiceError:
    """What an answer says went wrong. Its text is not kept: it may quote what was sent."""
    try:
        said = json.loads(answer.body)
    except ValueError:
        said = None
    told = said if isinstance(said, dict) else {}
    named = answer.headers.get("x-amzn-errortype") or told.get("__type") or told.get("code") or ""
    code = str(named).rsplit("#", 1)[-1].split(":", 1)[0] or str(answer.status)
    # An older name, which some services go on sending in this header.
    code = answer.headers.get("x-amzn-query-error", "").split(";", 1)[0] or code
    reasons = told.get("CancellationReasons") or []
    return ServiceError(code, answer.status, tuple(str(each.get("Code")) for each in reasons))


def may_pass(error: ServiceError) -> bool:
    """Whether it is no more than "later"."""
    return error.status in PASSING or error.code in THROTTLED


def time_of(answer: Response) -> float | None:
    """The service's clock, in seconds since 1970; None if it does not say."""
    try:
        return parsedate_to_datetime(answer.headers.get("date", "")).timestamp()
    except ValueError:
        return None
