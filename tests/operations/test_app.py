"""The app's files go where CloudFront finds them, with the addresses that the app needs."""

from __future__ import annotations

import json
import re
import secrets
from typing import TYPE_CHECKING, Any

import boto3
import pytest

from doorbell.web_push.vapid import public_key
from operations import stacks
from operations.app import FILES, config, content_type, upload
from tests.doorbell.aws.pools import MotoPool, some_client

if TYPE_CHECKING:
    from pathlib import Path

SECRET = "a" * 64
BUCKET = "app"


@pytest.fixture
def stack(moto: MotoPool) -> stacks.Deployed:
    """A deployed stack with a place for the app."""
    session = boto3.Session("key", "secret", region_name="us-east-1")
    session.client("s3").create_bucket(Bucket=BUCKET)
    name = f"/doorbell/{secrets.token_hex(4)}/push-key"
    session.client("ssm").put_parameter(Name=name, Value=SECRET, Type="SecureString")
    outputs = {
        "AppBucket": BUCKET,
        "PushKey": name,
        "Distribution": a_distribution(session),
    }
    names = stacks.TableNames("t", "h")
    deployed = stacks.Deployed(
        some_client(moto), session, None, names, "b", "wss://socket/prod", "h"
    )
    return deployed._replace(outputs=outputs)


def a_distribution(session: boto3.Session) -> str:
    """A CloudFront distribution of the bucket; its id."""
    origin = {
        "Id": "app",
        "DomainName": f"{BUCKET}.s3.amazonaws.com",
        "S3OriginConfig": {"OriginAccessIdentity": ""},
    }
    wanted: Any = {
        "CallerReference": secrets.token_hex(4),
        "Comment": "",
        "Enabled": True,
        "Origins": {"Quantity": 1, "Items": [origin]},
        "DefaultCacheBehavior": {"TargetOriginId": "app", "ViewerProtocolPolicy": "https-only"},
    }
    made = session.client("cloudfront").create_distribution(DistributionConfig=wanted)
    return str(made["Distribution"]["Id"])


def uploaded(stack: stacks.Deployed) -> dict[str, Any]:
    """Every object of the app's bucket."""
    s3 = stack.session.client("s3")
    listed = s3.list_objects_v2(Bucket=BUCKET)["Contents"]
    return {each["Key"]: s3.get_object(Bucket=BUCKET, Key=each["Key"]) for each in listed}


FILES_OF_THE_APP = [path for path in sorted(FILES.rglob("*")) if path.is_file()]


def test_every_file_is_uploaded_as_it_is_and_asked_for_anew_each_time(
    stack: stacks.Deployed,
) -> None:
    """With a type that the browser takes: it runs no module of another one, and sniffs none."""
    assert upload(stack) == len(FILES_OF_THE_APP) + 1
    objects = uploaded(stack)
    names = {path.relative_to(FILES).as_posix() for path in FILES_OF_THE_APP}
    assert set(objects) == {*names, "config.json"}
    for path in FILES_OF_THE_APP:
        given = objects[path.relative_to(FILES).as_posix()]
        assert given["Body"].read() == path.read_bytes()
        assert given["ContentType"] == content_type(path)
        assert given["CacheControl"] == "no-cache"


def test_what_names_the_release_is_uploaded_when_all_of_it_is_there(
    stack: stacks.Deployed,
) -> None:
    """A phone that installs a release meanwhile would keep old files under the new version."""
    put: list[str] = []
    stack.session.events.register(
        "provide-client-params.s3.PutObject", lambda params, **_: put.append(params["Key"])
    )
    upload(stack)
    assert put[-2:] == ["shell.js", "worker.js"]
    assert put.index("config.json") < put.index("shell.js")


def test_the_configuration_says_where_the_socket_is_and_by_which_key_notices_are_known(
    stack: stacks.Deployed,
) -> None:
    """The key is the public one: the secret stays where it is."""
    upload(stack)
    given = uploaded(stack)["config.json"]
    text = given["Body"].read()
    assert json.loads(text) == {"socket": "wss://socket/prod", "push": public_key(SECRET.encode())}
    assert SECRET.encode() not in text
    assert (given["ContentType"], given["CacheControl"]) == ("application/json", "no-cache")


def test_cloudfront_forgets_the_former_files_with_each_upload(stack: stacks.Deployed) -> None:
    for _ in range(2):
        upload(stack)
    cloudfront = stack.session.client("cloudfront")
    listed = cloudfront.list_invalidations(DistributionId=stack.outputs["Distribution"])
    assert listed["InvalidationList"]["Quantity"] == 2
    for each in listed["InvalidationList"]["Items"]:
        made = cloudfront.get_invalidation(
            DistributionId=stack.outputs["Distribution"], Id=each["Id"]
        )
        assert made["Invalidation"]["InvalidationBatch"]["Paths"]["Items"] == ["/*"]


def test_a_stack_of_a_former_release_has_no_place_for_the_app(stack: stacks.Deployed) -> None:
    with pytest.raises(stacks.NoStack, match="deploy it anew"):
        upload(stack._replace(outputs={}))


@pytest.mark.parametrize("file", FILES_OF_THE_APP, ids=lambda path: path.name)
def test_every_file_has_a_type_that_is_known(file: Path) -> None:
    kind = content_type(file)
    assert kind != "application/octet-stream"
    assert ("charset=utf-8" in kind) is bool(re.match(r"text/", kind))


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("main.js", "text/javascript; charset=utf-8"),
        ("base.css", "text/css; charset=utf-8"),
        ("index.html", "text/html; charset=utf-8"),
        ("manifest.webmanifest", "application/manifest+json"),
        ("icon.svg", "image/svg+xml"),
        ("icon.png", "image/png"),
        ("strange.x1y2", "application/octet-stream"),
    ],
)
def test_a_type_goes_by_the_name(tmp_path: Path, name: str, kind: str) -> None:
    assert content_type(tmp_path / name) == kind


@pytest.mark.parametrize("push", ["key", None])
def test_a_configuration_without_notices_says_so(push: str | None) -> None:
    assert json.loads(config("ws://x", push)) == {"socket": "ws://x", "push": push}
