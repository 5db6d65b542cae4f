"""Looks at an account before anything is deployed there: who, how much it may run, and whether
AWS may keep the pictures.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final, NamedTuple

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    NoCredentialsError,
    PartialCredentialsError,
    ProfileNotFound,
)

from doorbell.errors import DoorbellError

if TYPE_CHECKING:
    from collections.abc import Iterator

    import boto3

AT_ONCE: Final = 100
"""Functions at once, below which an account is told so: a ring needs five, a film part more."""
UNWATCHED: Final = "us-east-1"
"""Where to ask who somebody is, if no region is set: any answers."""

HOW_TO_SIGN_IN: Final = (
    "There are no AWS credentials that serve. `aws configure sso` or `aws login` makes some;"
    " PROFILE=… takes those of another profile."
)
_EXPIRED: Final = {
    "ExpiredToken",
    "ExpiredTokenException",
    "InvalidClientTokenId",
    "SignatureDoesNotMatch",
    "UnrecognizedClientException",
}


class NotSignedIn(DoorbellError, PermissionError):
    """AWS does not know who asks."""


class Caller(NamedTuple):
    """Whose account, and as whom."""

    account: str
    arn: str


def who(session: boto3.Session) -> Caller:
    """By STS, which needs no permission. Raises NotSignedIn."""
    try:
        sts = session.client("sts", region_name=session.region_name or UNWATCHED)
        found = sts.get_caller_identity()
    except ProfileNotFound as error:
        raise NotSignedIn(f"{error}.") from None
    except (NoCredentialsError, PartialCredentialsError):
        raise NotSignedIn(HOW_TO_SIGN_IN) from None
    except ClientError as error:
        code = error.response["Error"]["Code"]
        if code not in _EXPIRED:
            raise
        raise NotSignedIn(f"{HOW_TO_SIGN_IN} AWS said: {code}.") from None
    except BotoCoreError as error:
        # An SSO session that is over has classes of its own.
        if not type(error).__name__.startswith(("SSO", "TokenRetrieval", "UnauthorizedSSO")):
            raise
        raise NotSignedIn(f"{HOW_TO_SIGN_IN} It said: {error}") from None
    return Caller(found["Account"], found["Arn"])


def remarks(session: boto3.Session) -> Iterator[str]:
    """What a person should know before it is deployed there; nothing here stops it."""
    at_once = _functions_at_once(session)
    if at_once is not None and at_once < AT_ONCE:
        yield (
            f"Lambda runs {at_once} functions at once in this account and region, which new"
            " accounts have: enough for one house.\n  More are free: Service Quotas, AWS Lambda,"
            " Concurrent executions, 1,000."
        )
    if _opted_out(session) is False:
        yield (
            "AWS may keep pictures that Rekognition looks at, and use them to improve its"
            " services:\n  this account has not opted out. docs/security.md says how to."
        )


def _functions_at_once(session: boto3.Session) -> int | None:
    """None if it may not be read."""
    try:
        return int(
            session.client("lambda").get_account_settings()["AccountLimit"]["ConcurrentExecutions"]
        )
    except (ClientError, BotoCoreError):
        return None


def _opted_out(session: boto3.Session) -> bool | None:
    """Whether a policy of the organization keeps AWS from using what is sent to Rekognition.

    None if it may not be read. An account outside an organization cannot have one.
    """
    try:
        found = session.client("organizations").describe_effective_policy(
            PolicyType="AISERVICES_OPT_OUT_POLICY"
        )
        return opts_out(found["EffectivePolicy"]["PolicyContent"])
    except ClientError as error:
        without = ("AWSOrganizationsNotInUseException", "EffectivePolicyNotFoundException")
        return False if error.response["Error"]["Code"] in without else None
    except (BotoCoreError, ValueError, KeyError, AttributeError):
        return None


def opts_out(policy: str) -> bool:
    """Whether an effective policy says `optOut` for Rekognition, by name or for all services.

    Its form: AWS Organizations, "AI services opt-out policy syntax and examples".
    Raises ValueError, AttributeError for what has another.
    """
    services = json.loads(policy).get("services", {})
    said = services.get("rekognition") or services.get("default") or {}
    rule = said.get("opt_out_policy", "optIn")
    return bool(rule == "optOut" or (isinstance(rule, dict) and "optOut" in rule.values()))
