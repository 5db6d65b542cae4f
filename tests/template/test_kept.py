"""What is kept, and for how long: the bucket, the table, the key."""

from __future__ import annotations

from typing import Final

import pytest

from operations.kept import TAG
from tests.template.sources import Tree, properties, rendered, template

BUCKET: Final = properties("AWS::S3::Bucket")["Bucket"]


def test_the_bucket_is_nobody_elses() -> None:
    """No public access in any way, no ACLs, encrypted."""
    assert set(BUCKET["PublicAccessBlockConfiguration"].values()) == {True}
    assert len(BUCKET["PublicAccessBlockConfiguration"]) == 4
    assert BUCKET["OwnershipControls"]["Rules"] == [{"ObjectOwnership": "BucketOwnerEnforced"}]
    (rule,) = BUCKET["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert rule["ServerSideEncryptionByDefault"] == {"SSEAlgorithm": "AES256"}


def policy(sid: str) -> Tree:
    """What the bucket's own policy says."""
    document = rendered()["Resources"]["BucketPolicy"]["Properties"]["PolicyDocument"]
    (statement,) = [each for each in document["Statement"] if each["Sid"] == sid]
    return dict(statement)


def test_a_visitors_photo_is_written_once() -> None:
    """Whoever writes to `guest/` says "if there is none"; an upload in parts cannot begin so."""
    assert policy("WrittenOnce") == {
        "Sid": "WrittenOnce",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:PutObject",
        "Resource": {"Fn::Sub": "${Bucket.Arn}/guest/*"},
        "Condition": {"Null": {"s3:if-none-match": "true"}},
    }


def test_the_bucket_speaks_tls_alone() -> None:
    """On AWS whatever comes without TLS is denied, to the bucket and to all in it."""
    statement = policy("TlsAlone")
    assert (statement["Effect"], statement["Principal"], statement["Action"]) == (
        "Deny",
        "*",
        "s3:*",
    )
    assert statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    assert statement["Resource"] == [
        {"Fn::GetAtt": ["Bucket", "Arn"]},
        {"Fn::Sub": "${Bucket.Arn}/*"},
    ]


def test_the_bucket_tells_eventbridge() -> None:
    """Without it no photo would ever be looked at."""
    assert BUCKET["NotificationConfiguration"] == {
        "EventBridgeConfiguration": {"EventBridgeEnabled": True}
    }


def test_visitors_are_forgotten_and_residents_are_not() -> None:
    """`guest/` expires after a day, and so does what a film was made of; cameras' pictures when a
    deployer says. Deleting anything deletes it, for there are no versions.
    """
    rules = BUCKET["LifecycleConfiguration"]["Rules"]
    expiring = {r["Prefix"]: r["ExpirationInDays"] for r in rules if "ExpirationInDays" in r}
    when_said = {"Ref": "PictureDays"}
    cameras = {"pictures/": when_said, "clips/": when_said, "films/": when_said}
    assert expiring == {"guest/": 1, "bursts/": 1, **cameras}
    assert {rule["Status"] for rule in rules} == {"Enabled"}
    assert "VersioningConfiguration" not in BUCKET
    assert "ObjectLockConfiguration" not in BUCKET


def test_half_an_upload_does_not_stay() -> None:
    """Parts of an upload that broke off are deleted too, everywhere."""
    (rule,) = [
        rule
        for rule in BUCKET["LifecycleConfiguration"]["Rules"]
        if "AbortIncompleteMultipartUpload" in rule
    ]
    assert "Prefix" not in rule


TABLES: Final = ("Table", "HouseholdTable")


@pytest.mark.parametrize("name", TABLES)
def test_a_table_is_encrypted_can_be_restored_and_forgets(name: str) -> None:
    """Items past their `ttl` are deleted; what was written can be read as of any second."""
    table = properties("AWS::DynamoDB::Table")[name]
    # A key of AWS's own; `true` would be one that AWS manages for the account, by the call.
    assert table["SSESpecification"] == {"SSEEnabled": False}
    assert table["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"] is True
    assert table["TimeToLiveSpecification"] == {"AttributeName": "ttl", "Enabled": True}
    assert [key["AttributeName"] for key in table["KeySchema"]] == ["home", "sk"]


def test_no_key_stands_in_the_template_and_no_secret_costs_by_the_month() -> None:
    """The keys are encrypted parameters, whose names alone the functions are given."""
    assert "AWS::SecretsManager::Secret" not in {
        r["Type"] for r in template()["Resources"].values()
    }
    for function in properties("AWS::Serverless::Function").values():
        variables = function.get("Environment", {}).get("Variables", {})
        for variable, key in (("CODE_KEY", "code-key"), ("PUSH_KEY", "push-key")):
            name = {"Fn::Sub": f"/doorbell/${{AWS::StackName}}/{key}"}
            assert variables.get(variable, name) == name


@pytest.mark.parametrize("name", ["Bucket", *TABLES])
def test_whoever_deletes_the_stack_alone_keeps_tables_and_bucket(name: str) -> None:
    """Nor does an update that replaces them lose any. `make delete` finds them by their tag."""
    resource = template()["Resources"][name]
    assert resource["DeletionPolicy"] == "RetainExceptOnCreate"
    assert resource["UpdateReplacePolicy"] == "Retain"
    assert resource["Properties"]["Tags"] == [{"Key": TAG, "Value": {"Ref": "AWS::StackName"}}]


@pytest.mark.parametrize("name", TABLES)
def test_a_table_is_not_deleted_by_mistake(name: str) -> None:
    """`make delete` takes the protection off first."""
    assert properties("AWS::DynamoDB::Table")[name]["DeletionProtectionEnabled"] is True
