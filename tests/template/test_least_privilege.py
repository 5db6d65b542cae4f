"""Who may do what: nothing by a star that could be named."""

from __future__ import annotations

from typing import Any, Final

import pytest

from doorbell.events import SOURCE
from tests.permissions.evaluator import Request, allows
from tests.template.sources import LOGS_ALONE, Tree, functions, listed, rendered

HERE: Final = "http://127.0.0.1:4566"


def roles(endpoint: str = "") -> dict[str, Tree]:
    """Every role that SAM makes, by logical id."""
    return {
        name: resource["Properties"]
        for name, resource in rendered(endpoint)["Resources"].items()
        if resource["Type"] == "AWS::IAM::Role"
    }


def allowed(role: Tree) -> list[Tree]:
    """All statements of a role's own policies."""
    return [
        statement
        for policy in role["Policies"]
        for statement in listed(policy["PolicyDocument"]["Statement"])
    ]


@pytest.mark.parametrize("name", roles())
def test_no_role_does_everything(name: str) -> None:
    """Actions are named one by one, and none is denied or allowed by exception."""
    for statement in allowed(roles()[name]):
        assert statement["Effect"] == "Allow"
        assert not {"NotAction", "NotResource"} & set(statement)
        for action in listed(statement["Action"]):
            assert "*" not in action


@pytest.mark.parametrize("name", roles())
def test_no_role_acts_on_everything(name: str) -> None:
    """On AWS every resource is named; a star stands only for what is inside of ours."""
    for statement in allowed(roles()[name]):
        for resource in listed(statement["Resource"]):
            assert _is_ours(resource), resource


def test_one_machine_widens_one_permission() -> None:
    """`Resource: "*"` is deployed on one machine alone, and there for answers alone: those of the
    two functions that a state machine waits for.
    """
    wide = [
        (name, action)
        for name, role in roles(HERE).items()
        for statement in allowed(role)
        if "*" in listed(statement["Resource"])
        for action in listed(statement["Action"])
    ]
    answers = ("states:SendTaskSuccess", "states:SendTaskFailure")
    assert wide == [(role, each) for role in ("RingPathRole", "PushRole") for each in answers]


def test_functions_log_and_no_more() -> None:
    """The only managed policy is the one for writing logs, and only functions have it."""
    managed = {name: role.get("ManagedPolicyArns", []) for name, role in roles().items()}
    logging = {name for name, policies in managed.items() if policies}
    assert logging == {f"{function}Role" for function in functions()}
    assert {policy for policies in managed.values() for policy in policies} == {LOGS_ALONE}


def test_functions_make_no_log_groups_and_write_into_their_stacks_alone() -> None:
    """What AWS's policy allows beyond that, the boundary of each function takes away."""
    resources = rendered()["Resources"]
    bounded = {name for name, role in roles().items() if "PermissionsBoundary" in role}
    assert bounded == {f"{function}Role" for function in functions()}
    for name in bounded:
        assert roles()[name]["PermissionsBoundary"] == {"Ref": "FunctionsBoundary"}
    policy = resources["FunctionsBoundary"]["Properties"]["PolicyDocument"]["Statement"]
    boundary = [{**each, "Resource": _group(each["Resource"])} for each in policy]
    ours, others = "log-group:/doorbell/S/ring-path", "log-group:/doorbell/T/ring-path"
    for action, group, may in (
        ("logs:PutLogEvents", f"{ours}:log-stream:x", True),
        ("logs:CreateLogStream", f"{ours}:log-stream:x", True),
        ("logs:CreateLogGroup", ours, False),
        ("logs:PutLogEvents", f"{others}:log-stream:x", False),
        ("logs:DeleteLogGroup", ours, False),
    ):
        assert allows(boundary, Request(action, f"arn:aws:logs:R:A:{group}")) is may
    assert allows(boundary, Request("dynamodb:GetItem", "anything"))


def _group(resource: Any) -> str:
    names = {"Partition": "aws", "Region": "R", "AccountId": "A", "StackName": "S"}
    text: str = resource["Fn::Sub"] if isinstance(resource, dict) else resource
    for name, value in names.items():
        text = text.replace(f"${{AWS::{name}}}", value)
    return text


def test_every_principal_is_one_service() -> None:
    """Each role is assumed by the service that needs it, and by nobody else."""
    for role in roles().values():
        (statement,) = role["AssumeRolePolicyDocument"]["Statement"]
        (service,) = listed(statement["Principal"]["Service"])
        assert service.removesuffix(".amazonaws.com") in (
            "lambda",
            "states",
            "events",
            "scheduler",
        )


def test_a_function_is_invoked_by_our_own_alone() -> None:
    """Every permission to invoke a function names the rule or the socket it is for."""
    for resource in rendered()["Resources"].values():
        if resource["Type"] == "AWS::Lambda::Permission":
            assert resource["Properties"]["SourceArn"]


def test_the_ring_path_touches_no_resident() -> None:
    """What stands on the ring path can neither read nor change residents' photos and faces."""
    statements = allowed(roles()["RingPathRole"])
    actions = {action for each in statements for action in listed(each["Action"])}
    assert not {action for action in actions if action.startswith("rekognition:")}
    photos = [each["Resource"] for each in statements if "s3:GetObject" in each["Action"]]
    assert photos == [{"Fn::Sub": "${Bucket.Arn}/guest/*/*/photo.jpeg"}]


def test_the_ring_path_writes_no_device_and_no_face() -> None:
    """Nor anything else that stays: it may only read the table that holds it."""
    readable = {
        action
        for each in allowed(roles()["RingPathRole"])
        if {"Fn::GetAtt": ["HouseholdTable", "Arn"]} in listed(each["Resource"])
        for action in listed(each["Action"])
    }
    assert readable == {"dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:ConditionCheckItem"}


@pytest.mark.parametrize("name", roles())
def test_of_sockets_each_role_has_the_methods_it_needs(name: str) -> None:
    """Who hangs up is the ring path, and the app's API after a device; who looks whether a door
    is still there, the household.
    """
    methods = {
        resource["Fn::Sub"].partition("/prod/")[2]
        for each in allowed(roles()[name])
        if "execute-api:ManageConnections" in listed(each["Action"])
        for resource in listed(each["Resource"])
    }
    post, delete = "POST/@connections/*", "DELETE/@connections/*"
    special = {
        "RingPathRole": {post, delete},
        "PhoneApiRole": {delete},
        "HouseholdRole": {"GET/@connections/*"},
    }
    assert methods in ([special[name]] if name in special else [set(), {post}])


@pytest.mark.parametrize("name", roles())
def test_nobody_speaks_on_the_bus_for_another(name: str) -> None:
    """An event of ours says so: none can be made to look like one of S3 or of Step Functions."""
    for each in allowed(roles()[name]):
        if "events:PutEvents" in listed(each["Action"]):
            assert each["Condition"] == {"ForAllValues:StringEquals": {"events:source": SOURCE}}


def _is_ours(resource: Any) -> bool:
    match resource:
        case {"Ref": _} | {"Fn::GetAtt": _}:
            return True
        case {"Fn::Sub": str(text)}:
            return any(own in text for own in _OURS)
    return False


_OURS: Final = (
    "${HouseholdTable.Arn}/index/",
    ":parameter/doorbell/${AWS::StackName}/",
    ":secret:${AWS::StackName}/messengers/",
    ":secret:${AWS::StackName}/publishing/",
    ":collection/${AWS::StackName}.",
    ":stateMachine:${AWS::StackName}-",
    ":${Socket}/prod/",
    ":schedule/${FilmSchedules}/",
    "${Bucket.Arn}/",
)
