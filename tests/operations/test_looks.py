"""What is looked at before a deployment: who, how much may run, whether AWS may keep pictures."""

from __future__ import annotations

import json
from typing import Any, Final

import boto3
import pytest
from botocore.exceptions import ClientError, NoCredentialsError, TokenRetrievalError

from operations.looks import Caller, NotSignedIn, opts_out, remarks, who
from operations.regions import WITHOUT_REKOGNITION, check_region


class Account:
    """An account as boto3 shows it: a session, and each of its clients."""

    def __init__(
        self, fails: Exception | None = None, at_once: int = 1000, policy: Any = None
    ) -> None:
        self.fails, self.at_once, self.policy = fails, at_once, policy
        self.region_name: str | None = None

    def client(self, service: str, region_name: str | None = None) -> Account:
        assert service in ("sts", "lambda", "organizations")
        return self

    def get_caller_identity(self) -> dict[str, str]:
        if self.fails:
            raise self.fails
        return {"Account": "123456789012", "Arn": "arn:aws:iam::123456789012:user/ada"}

    def get_account_settings(self) -> dict[str, Any]:
        if self.fails:
            raise self.fails
        return {"AccountLimit": {"ConcurrentExecutions": self.at_once}}

    def describe_effective_policy(self, PolicyType: str) -> dict[str, Any]:  # noqa: N803 - boto3's
        assert PolicyType == "AISERVICES_OPT_OUT_POLICY"
        if isinstance(self.policy, Exception):
            raise self.policy
        return {"EffectivePolicy": {"PolicyContent": json.dumps(self.policy)}}


def refusal(code: str) -> ClientError:
    """What botocore raises of this code."""
    return ClientError({"Error": {"Code": code, "Message": "no"}}, "Anything")


DENIED: Final = refusal("AccessDeniedException")
OUT: Final = {"services": {"default": {"opt_out_policy": "optOut"}}}


def said(account: Account) -> str:
    """All remarks on an account."""
    return "\n".join(remarks(account))  # type: ignore[arg-type]


def test_whoever_is_signed_in_is_told_as_whom() -> None:
    assert who(Account()) == Caller("123456789012", "arn:aws:iam::123456789012:user/ada")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "error",
    [
        NoCredentialsError(),
        refusal("ExpiredToken"),
        refusal("InvalidClientTokenId"),
        TokenRetrievalError(provider="sso", error_msg="over"),
    ],
)
def test_whoever_is_not_is_told_how_to(error: Exception) -> None:
    with pytest.raises(NotSignedIn, match="aws configure sso"):
        who(Account(error))  # type: ignore[arg-type]


def test_another_failure_is_not_taken_for_that() -> None:
    with pytest.raises(ClientError, match="Throttling"):
        who(Account(refusal("Throttling")))  # type: ignore[arg-type]


def test_an_account_that_may_run_little_is_told_so_and_one_that_may_is_not() -> None:
    assert "Lambda runs 10 functions at once" in said(Account(at_once=10, policy=OUT))
    assert said(Account(at_once=1000, policy=OUT)) == ""


@pytest.mark.parametrize(
    ("policy", "told"),
    [
        (OUT, False),
        ({"services": {"rekognition": {"opt_out_policy": {"@@assign": "optOut"}}}}, False),
        ({"services": {"rekognition": {"opt_out_policy": "optIn"}, **OUT["services"]}}, True),
        ({"services": {"lex": {"opt_out_policy": "optOut"}}}, True),
        ({}, True),
        (refusal("EffectivePolicyNotFoundException"), True),
        (refusal("AWSOrganizationsNotInUseException"), True),
        (DENIED, False),
        ("no policy", False),
    ],
)
def test_that_aws_may_keep_pictures_is_said_where_it_is_known(policy: Any, told: bool) -> None:
    """Silence where it may not be read: nothing is claimed that was not seen."""
    assert ("AWS may keep pictures" in said(Account(policy=policy))) == told


def test_what_may_not_be_read_stops_nothing() -> None:
    assert said(Account(DENIED, policy=DENIED)) == ""


def test_the_policys_form_is_aws_own() -> None:
    assert opts_out(json.dumps(OUT))
    assert not opts_out("{}")
    with pytest.raises(ValueError, match="Expecting"):
        opts_out("no JSON")


# --- regions -------------------------------------------------------------------------------


def test_the_list_is_what_botocore_knows() -> None:
    """When botocore is renewed and AWS has opened a region, this fails: renew the list, its date
    and the template's `Rules`.
    """
    session = boto3.Session()
    without: set[str] = set()
    for partition in ("aws", "aws-us-gov", "aws-cn"):
        functions = set(session.get_available_regions("lambda", partition))
        without |= functions - set(session.get_available_regions("rekognition", partition))
    assert without == set(WITHOUT_REKOGNITION)
    assert len([each for each in without if not each.startswith(("cn-", "us-gov-"))]) == 16


def test_a_region_that_is_near_is_one_where_faces_can_be_compared() -> None:
    known = boto3.Session().get_available_regions("rekognition")
    for region in WITHOUT_REKOGNITION:
        with pytest.raises(ValueError, match="Rekognition") as refused:
            check_region(region)
        _, _, near = str(refused.value).partition(" Near it are ")
        named = near.rstrip(".").replace(" and ", ", ").split(", ") if near else []
        assert set(named) <= set(known)
    assert check_region("eu-central-1") == "eu-central-1"
