"""The policy for whoever deploys: enough for every resource of the template, and no more.

CloudFormation acts by the deployer's rights. What it does for each type of resource stands in the
type's schema (`handlers`), which cfn-lint carries. What the operator's commands ask for is tried in
tests/stories/test_permissions.py.
"""

from __future__ import annotations

import fnmatch
import functools
import json
from typing import Any, Final

import pytest

from tests.permissions.evaluator import Request, allows, applies
from tests.template.sources import ROOT, listed, rendered
from tests.template.tools import SAM

POLICY: Final[list[dict[str, Any]]] = json.loads(
    (ROOT / "docs/deployer-policy.json").read_text("utf-8")
)["Statement"]

ARNS: Final = {
    "apigateway": ["arn:aws:apigateway:R::/apis", "arn:aws:apigateway:R::/apis/id/routes"],
    "cloudfront": ["*"],
    "cloudwatch": [
        "arn:aws:cloudwatch:R:A:alarm:doorbell-WatchFails-X",
        "arn:aws:cloudwatch::A:dashboard/doorbell-Dashboard-X",
    ],
    "dynamodb": ["arn:aws:dynamodb:R:A:table/doorbell-Table-X"],
    "events": [
        "arn:aws:events:R:A:event-bus/doorbell-doorbell",
        "arn:aws:events:R:A:rule/doorbell-VisitorPhotoCame-X",
        "arn:aws:events:R:A:rule/doorbell-doorbell/doorbell-WatchPressed-X",
    ],
    "iam": ["arn:aws:iam::A:role/doorbell-RingPathRole-X", "arn:aws:iam::A:policy/doorbell-B-X"],
    "lambda": ["arn:aws:lambda:R:A:function:doorbell-RingPath-X"],
    "logs": ["arn:aws:logs:R:A:log-group:/doorbell/doorbell/ring-path"],
    "s3": ["arn:aws:s3:::doorbell-bucket-x", "arn:aws:s3:::aws-sam-cli-managed-default-x/code"],
    "scheduler": [
        "arn:aws:scheduler:R:A:schedule-group/doorbell-films",
        "arn:aws:scheduler:R:A:schedule/doorbell-films/home.yard",
    ],
    "sns": ["arn:aws:sns:R:A:doorbell-Alarms-X"],
    "sqs": ["arn:aws:sqs:R:A:doorbell-Lost-X"],
    "states": ["arn:aws:states:R:A:stateMachine:doorbell-visitor"],
}
"""What a stack named doorbell has of each service, as CloudFormation names it."""

WITHOUT_A_NAME: Final = {
    "cloudwatch:DescribeAlarms",
    "logs:DescribeLogGroups",
}
"""AWS knows no resource for them (Service Authorization Reference)."""

NOT_OURS: Final = {
    "kms:*": "No key of our own.",
    "ec2:*": "No function in a network of its own.",
    "elasticfilesystem:*": "No file system.",
    "s3files:*": "No file system.",
    "kinesis:*": "No stream of the tables' changes.",
    "firehose:*": "No delivery of logs.",
    "s3tables:*": "No tables of the buckets' contents.",
    "s3:REST.PUT.OBJECT": "No delivery of logs.",
    "logs:CreateLogDelivery": "No delivery of logs.",
    "logs:*ResourcePolic*": "No log group is written to by others.",
    "iam:CreateServiceLinkedRole": "No import, no replica, no scaling of tables.",
    "iam:*GroupPolicy": "The boundary is no group's.",
    "iam:*UserPolicy": "The boundary is no user's.",
    "lambda:PassCapacityProvider": "Functions run where Lambda puts them.",
    "lambda:GetLayerVersion": "No layers.",
    "lambda:GetCodeSigningConfig": "Code is not signed.",
    "cloudfront:*ConnectionGroup": "One tenant.",
    "cloudfront:GetVpcOrigin": "No origin in a network.",
    "cloudfront:*StagingConfig": "No staging of distributions.",
}
"""What a type could ask for and ours does not, and why."""

BEYOND_RESOURCES: Final = {
    "cloudformation:GetTemplateSummary": "sam deploy",
    "cloudformation:ValidateTemplate": "sam deploy",
    "cloudfront:CreateInvalidation": "upload-app",
    "lambda:GetAccountSettings": "make deploy looks at the quota of concurrency",
    "rekognition:DeleteCollection": "make delete",
    "rekognition:DeleteFaces": "make forget",
    "rekognition:ListCollections": "make delete",
    "secretsmanager:ListSecrets": "make delete",
    "secretsmanager:CreateSecret": "make add-messenger, publish-to",
    "secretsmanager:PutSecretValue": "make add-messenger, publish-to",
    "secretsmanager:GetSecretValue": "make messengers; the keys of a stack of before",
    "secretsmanager:DeleteSecret": "make remove-messengers; an update deletes the keys of before",
    "secretsmanager:DescribeSecret": "CloudFormation, when it deletes them",
    "ssm:DescribeParameters": "make delete",
    "ssm:DeleteParameter": "make delete",
    "ssm:GetParameter": "make deploy and add-… look whether there are keys",
    "ssm:PutParameter": "make deploy and add-… make them",
    "tag:GetResources": "make delete, of tables and buckets that outlived their stack",
    "organizations:DescribeEffectivePolicy": "make deploy looks whether AWS may keep pictures",
    "sts:GetCallerIdentity": "make deploy looks whose account it is",
    "execute-api:ManageConnections": "revoke; smoke looks at a socket",
}
"""What no resource asks for, and the command that does."""


@functools.cache
def schema(kind: str) -> dict[str, Any]:
    """CloudFormation's schema of a type of resource."""
    (folder,) = SAM.parents[1].glob("lib/python3*/site-packages/cfnlint/data/schemas")
    name = json.loads((folder / "providers/eu-central-1.json").read_text("utf-8"))[kind]
    read: dict[str, Any] = json.loads((folder / f"resources/{name}.json").read_text("utf-8"))
    return read


KINDS: Final = sorted({each["Type"] for each in rendered()["Resources"].values()})


def asked_for(kind: str) -> set[str]:
    """What CloudFormation asks for to make, read, change and delete one."""
    handlers = schema(kind).get("handlers", {})
    every = {
        action
        for name in ("create", "read", "update", "delete")
        for action in handlers.get(name, {}).get("permissions", [])
    }
    return {each for each in every if not any(fnmatch.fnmatch(each, no) for no in NOT_OURS)}


@pytest.mark.parametrize("kind", KINDS)
def test_every_resource_can_be_made_read_changed_and_deleted(kind: str) -> None:
    refused = [action for action in sorted(asked_for(kind)) if not _allowed(action)]
    assert not refused


def _allowed(action: str) -> bool:
    service = action.partition(":")[0]
    if action in WITHOUT_A_NAME:
        return allows(POLICY, Request(action, "*"))
    to = {"iam:PassedToService": "lambda.amazonaws.com"} if action == "iam:PassRole" else {}
    resources = ARNS[service][:1] if to else ARNS[service]
    return all(allows(POLICY, Request(action, each, to)) for each in resources)


@pytest.mark.parametrize(
    ("action", "resource"),
    [
        ("cloudformation:ListStackResources", "arn:aws:cloudformation:R:A:stack/doorbell/x"),
        ("states:ListExecutions", "arn:aws:states:R:A:stateMachine:doorbell-film"),
        ("states:DescribeExecution", "arn:aws:states:R:A:execution:doorbell-film:x"),
        ("states:StopExecution", "arn:aws:states:R:A:execution:doorbell-enrol:x"),
        ("s3:ListBucketMultipartUploads", "arn:aws:s3:::doorbell-bucket-x"),
        ("s3:AbortMultipartUpload", "arn:aws:s3:::doorbell-bucket-x/clips/home/yard/x"),
    ],
)
def test_what_was_begun_for_a_home_can_be_stopped(action: str, resource: str) -> None:
    """By `make forget`."""
    assert allows(POLICY, Request(action, resource))


def test_every_statement_is_for_something() -> None:
    """What is named is asked for by a resource or a command; a whole service, by a resource."""
    for_resources = {action for kind in KINDS for action in asked_for(kind)}
    services = {each.partition(":")[0] for each in for_resources} | {"cloudformation"}
    for statement in POLICY:
        for action in listed(statement["Action"]):
            if action.endswith(":*"):
                assert action.removesuffix(":*") in services
            else:
                assert action in for_resources | set(BEYOND_RESOURCES), action
    named = {action for each in POLICY for action in listed(each["Action"])}
    assert set(BEYOND_RESOURCES) <= named


def test_what_is_excepted_is_asked_for_by_some_type() -> None:
    """Else the exception is stale."""
    every = {
        action
        for kind in KINDS
        for handler in schema(kind).get("handlers", {}).values()
        for action in handler.get("permissions", [])
    }
    stale = {no for no in NOT_OURS if not any(fnmatch.fnmatch(each, no) for each in every)}
    assert not stale


@pytest.mark.parametrize("service", sorted(set(ARNS) - {"apigateway", "cloudfront"}))
def test_nothing_of_another_name_is_touched(service: str) -> None:
    """APIs and distributions have drawn names alone; all else begins with the stack's."""
    for resource in ARNS[service]:
        if "sam-cli" not in resource:
            other = resource.replace("doorbell", "others")
            request = Request(f"{service}:Delete", other)
            assert not any(applies(each, request) for each in POLICY), other


def test_it_fits_into_one_managed_policy() -> None:
    """IAM takes 6,144 characters that are no white space (IAM User Guide, "Quotas")."""
    assert len(json.dumps(POLICY, separators=(",", ":"))) < 6144 - 50


def test_a_role_is_handed_to_services_of_the_template_alone() -> None:
    principals = {
        service
        for each in rendered()["Resources"].values()
        if each["Type"] == "AWS::IAM::Role"
        for statement in each["Properties"]["AssumeRolePolicyDocument"]["Statement"]
        for service in listed(statement["Principal"]["Service"])
    }
    (handed,) = [each for each in POLICY if each["Action"] == "iam:PassRole"]
    assert set(handed["Condition"]["StringEquals"]["iam:PassedToService"]) == principals
