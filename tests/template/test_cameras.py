"""Cameras come in over HTTP too, and nothing else does; what they say in a URL stands in no log."""

from __future__ import annotations

from typing import Any, Final

import pytest

from doorbell.cameras.keys import folder_of, read_key
from functions.cameras.request import PROTOCOL
from tests.fakes import CAMERA
from tests.template.sources import Tree, functions, listed, properties, rendered

HERE: Final = "http://127.0.0.1:4566"
CONFIG: Final[Tree] = rendered()["Resources"]["Distribution"]["Properties"]["DistributionConfig"]
BEHAVIOURS: Final[dict[str, Tree]] = {
    "": CONFIG["DefaultCacheBehavior"],
    **{each["PathPattern"]: each for each in CONFIG["CacheBehaviors"]},
}
PATHS: Final = ("camera", "camera/*")
CACHING_DISABLED: Final = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
ALL_BUT_THE_HOST: Final = "b689b0a8-53d0-40ab-baf2-68738e2966ac"
"""Managed-AllViewerExceptHostHeader: API Gateway answers at its own host alone."""


def test_plain_http_is_taken_for_cameras_and_for_nothing_else() -> None:
    policies = {path: each["ViewerProtocolPolicy"] for path, each in BEHAVIOURS.items()}
    cameras = dict.fromkeys(PATHS, "allow-all")
    assert policies == {"": "redirect-to-https", "api/*": "https-only", **cameras}


@pytest.mark.parametrize("path", PATHS)
def test_what_came_without_tls_says_so_to_the_function(path: str) -> None:
    """CloudFront adds how a camera came, and hands on its token and its file's name as well."""
    behaviour = BEHAVIOURS[path]
    assert behaviour["OriginRequestPolicyId"] == ALL_BUT_THE_HOST
    assert behaviour["CachePolicyId"] == {"Ref": "CamerasInPlain"}
    policy = rendered()["Resources"]["CamerasInPlain"]["Properties"]["CachePolicyConfig"]
    handed_on = policy["ParametersInCacheKeyAndForwardedToOrigin"]
    assert handed_on["HeadersConfig"]["HeaderBehavior"] == "whitelist"
    assert [each.lower() for each in handed_on["HeadersConfig"]["Headers"]] == [PROTOCOL]


def test_no_answer_to_a_camera_is_kept_by_cloudfront() -> None:
    """A policy that names headers must be able to cache, and a second is the least; every answer
    of the function says `no-store`.
    """
    policy = rendered()["Resources"]["CamerasInPlain"]["Properties"]["CachePolicyConfig"]
    assert (policy["MinTTL"], policy["DefaultTTL"], policy["MaxTTL"]) == (0, 0, 1)
    assert BEHAVIOURS["api/*"]["CachePolicyId"] == CACHING_DISABLED


def test_between_cloudfront_and_the_function_there_is_always_tls() -> None:
    (api,) = (each for each in CONFIG["Origins"] if each["Id"] == "api")
    assert {BEHAVIOURS[path]["TargetOriginId"] for path in PATHS} == {"api"}
    assert api["CustomOriginConfig"]["OriginProtocolPolicy"] == "https-only"


@pytest.mark.parametrize("endpoint", ["", HERE])
def test_no_log_holds_a_url(endpoint: str) -> None:
    """Cameras have their token in the query: nobody writes down what was asked for."""
    for resource in rendered(endpoint)["Resources"].values():
        given = resource.get("Properties", {})
        assert not {"AccessLogSettings", "AccessLogSetting", "LoggingConfiguration"} & set(given)
        assert "Logging" not in given.get("DistributionConfig", {})
        assert "RealtimeLogConfigArn" not in str(given)


def test_cameras_are_served_at_the_root_and_below_one_path() -> None:
    routes = {
        each["RouteKey"]: each["Target"]["Fn::Sub"]
        for each in properties("AWS::ApiGatewayV2::Route").values()
    }
    cameras = {key for key, target in routes.items() if "${CamerasIntegration}" in target}
    assert cameras == {"ANY /", "ANY /camera", "ANY /camera/{proxy+}"}


def test_the_bus_is_told_of_every_folder_of_cameras_and_of_no_other() -> None:
    """And not of the address that a camera sent from."""
    event = functions()["Cameras"]["Events"]["ObjectCame"]["Properties"]
    prefixes = [each["prefix"] for each in event["Pattern"]["detail"]["object"]["key"]]
    folders = {folder_of(CAMERA, kind).split("/")[0] + "/" for kind in ("picture", "clip", "burst")}
    assert set(prefixes) == folders
    assert event["InputTransformer"] == {
        "InputPathsMap": {"key": "$.detail.object.key"},
        "InputTemplate": '{"do": "object_came", "key": <key>}',
    }
    assert read_key("guest/home/ring/photo.jpeg") is None


def test_the_function_touches_nothing_but_what_cameras_send_and_photos_of_rings() -> None:
    """It can neither read a visitor's photo, nor anything of residents, nor open a door."""
    statements = statements_of("Cameras")
    objects = {
        action: {resource["Fn::Sub"] for each in statements if action in listed(each["Action"])
                 for resource in listed(each["Resource"])}
        for action in ("s3:GetObject", "s3:PutObject")
    }  # fmt: skip
    folders = {f"${{Bucket.Arn}}/{name}/*" for name in ("pictures", "clips", "bursts")}
    assert objects["s3:GetObject"] == folders
    assert objects["s3:PutObject"] == {*folders, "${Bucket.Arn}/guest/*/*/photo.jpeg"}
    (removed,) = (each["Resource"] for each in statements if "s3:DeleteObject" in each["Action"])
    assert removed == {"Fn::Sub": "${Bucket.Arn}/pictures/*"}, "of what is no picture"
    actions = {action for each in statements for action in listed(each["Action"])}
    assert {action.split(":")[0] for action in actions} == {"dynamodb", "s3", "events", "sqs"}
    assert "dynamodb:DeleteItem" not in actions


def test_no_other_function_can_write_what_cameras_send() -> None:
    for name in set(functions()) - {"Cameras"}:
        for statement in statements_of(name):
            if "s3:PutObject" in listed(statement["Action"]):
                assert not any("pictures" in str(each) for each in listed(statement["Resource"]))


def test_a_clip_may_take_as_long_to_join_as_api_gateway_waits() -> None:
    assert 25 <= functions()["Cameras"]["Timeout"] < 30


def statements_of(function: str) -> list[Any]:
    """All that a function's role may do."""
    role = rendered()["Resources"][f"{function}Role"]["Properties"]
    return [each for p in role["Policies"] for each in listed(p["PolicyDocument"]["Statement"])]
