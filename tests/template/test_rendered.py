"""What CloudFormation gets: URLs, no circle, nothing of one machine on AWS."""

from __future__ import annotations

from graphlib import CycleError, TopologicalSorter
from typing import Final

import pytest

from tests.template.sources import named, rendered

HERE: Final = "http://127.0.0.1:4566"
EVERYWHERE: Final = pytest.mark.parametrize("endpoint", ["", HERE])


@EVERYWHERE
def test_there_is_no_circle(endpoint: str) -> None:
    """`sam validate` passes circles that a deployment refuses; here the order is found."""
    resources = rendered(endpoint)["Resources"]
    waits = {name: named(resource) & set(resources) for name, resource in resources.items()}
    assert set(TopologicalSorter(waits).static_order()) == set(resources)


def test_a_circle_would_be_seen() -> None:
    """The same search finds the circle that a `!Ref Visitor` in RingPath's role would close."""
    resources = rendered()["Resources"]
    waits = {name: named(resource) & set(resources) for name, resource in resources.items()}
    waits["RingPathRole"].add("Visitor")
    with pytest.raises(CycleError):
        list(TopologicalSorter(waits).static_order())


SOCKET = {"Ref": "Socket"}


@EVERYWHERE
def test_everything_that_is_named_exists(endpoint: str) -> None:
    """No Ref, GetAtt or Sub speaks of what is not there."""
    made = rendered(endpoint)
    known = set(made["Resources"]) | set(made["Parameters"])
    spoken = named(made["Resources"]) | named(made["Outputs"])
    assert {name for name in spoken if not name.startswith("AWS::")} <= known


def test_on_aws_the_socket_is_wss_and_its_callback_https() -> None:
    """LocalEndpoint is empty on AWS: then both are API Gateway's own, in any partition."""
    host = "${Socket}.execute-api.${AWS::Region}.${AWS::URLSuffix}/prod"
    assert rendered()["Outputs"]["WebSocket"]["Value"] == {"Fn::Sub": f"wss://{host}"}
    for function in ("RingPath", "Enrolment", "PhoneApi"):
        assert _callback("", function) == {"Fn::Sub": f"https://{host}"}


def test_on_one_machine_both_are_there() -> None:
    """With LocalEndpoint, the same two stand behind it."""
    there = {"Fn::Sub": "${LocalEndpoint}/_aws/execute-api/${Socket}/prod"}
    assert rendered(HERE)["Outputs"]["WebSocket"]["Value"] == there
    assert _callback(HERE, "RingPath") == there


def test_nothing_of_one_machine_reaches_aws() -> None:
    """No resource deployed to AWS speaks of LocalEndpoint."""
    assert "LocalEndpoint" not in named(rendered()["Resources"]) | named(rendered()["Outputs"])


def test_the_tools_find_what_they_need() -> None:
    """`make add-door`, `revoke`, `delete`, `make up` and the tests read these outputs."""
    needed = {"WebSocket", "Bucket", "Table", "DefaultHome", "Phone", "PhoneApi", "Recipient"}
    on_aws = {"AppBucket", "Distribution", "PlainRecipient"}
    assert needed | on_aws <= set(rendered()["Outputs"])
    assert needed <= set(rendered(HERE)["Outputs"])
    assert all(output["Description"] for output in rendered()["Outputs"].values())


def test_the_authorizer_asks_for_no_identity_source() -> None:
    """API Gateway demands every source it is given: the token may stand in either place."""
    authorizer = rendered()["Resources"]["SocketConnectAuthorizer"]["Properties"]
    assert authorizer["AuthorizerType"] == "REQUEST"
    assert authorizer["IdentitySource"] == []


def test_only_connecting_is_authorized_and_all_else_is_one_route() -> None:
    """`action` is dispatched in code; the stage is throttled and deploys by itself."""
    resources = rendered()["Resources"]
    routes = {
        each["Properties"]["RouteKey"]: each["Properties"]
        for each in resources.values()
        if each["Type"] == "AWS::ApiGatewayV2::Route" and each["Properties"]["ApiId"] == SOCKET
    }
    assert set(routes) == {"$connect", "$disconnect", "$default"}
    assert routes["$connect"]["AuthorizationType"] == "CUSTOM"
    stage = resources["SocketprodStage"]["Properties"]
    assert stage["AutoDeploy"] is True
    assert stage["DefaultRouteSettings"]["ThrottlingRateLimit"] <= 100


def test_whoever_comes_is_throttled_apart_from_whoever_is_there() -> None:
    """Strangers who knock without a token take nothing of what rings are carried by."""
    stage = rendered()["Resources"]["SocketprodStage"]["Properties"]
    limits = {"ThrottlingRateLimit": 10, "ThrottlingBurstLimit": 50}
    assert stage["RouteSettings"] == {"$connect": limits}
    assert stage["DefaultRouteSettings"]["ThrottlingRateLimit"] > limits["ThrottlingRateLimit"]


def _callback(endpoint: str, function: str) -> object:
    function_made = rendered(endpoint)["Resources"][function]["Properties"]
    variables: dict[str, object] = function_made["Environment"]["Variables"]
    return variables["AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI"]
