"""The SAM CLI deploys and deletes a stack by docs/deployer-policy.json alone, which is enforced."""

from pathlib import Path

import pytest

from local.aws import Aws
from tests.template.sources import ROOT
from tests.template.tools import run

TEMPLATE = """
Transform: AWS::Serverless-2016-10-31
Resources:
  Echo:
    Type: AWS::Serverless::Function
    Properties: { Runtime: python3.13, Handler: echo.handler, CodeUri: code }
"""


@pytest.fixture
def deployer(aws: Aws) -> dict[str, str]:
    """The keys of somebody with this policy, as environment variables."""
    iam = aws.client("iam")
    policy = (ROOT / "docs/deployer-policy.json").read_text("utf-8")
    iam.create_user(UserName="deployer")
    iam.put_user_policy(UserName="deployer", PolicyName="deployer", PolicyDocument=policy)
    key = iam.create_access_key(UserName="deployer")["AccessKey"]
    return {
        "AWS_ACCESS_KEY_ID": key["AccessKeyId"],
        "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"],
        "AWS_ENDPOINT_URL": aws.endpoint,
        "AWS_DEFAULT_REGION": aws.region,
    }


def test_a_stack_is_deployed_and_deleted(
    aws: Aws, deployer: dict[str, str], tmp_path: Path
) -> None:
    """In a bucket of our own: SAM's takes nothing without TLS, which the one machine has not."""
    aws.client("s3").create_bucket(Bucket="doorbell-artifacts")
    (tmp_path / "code").mkdir()
    (tmp_path / "code/echo.py").write_text("def handler(event, context): return event\n")
    (tmp_path / "template.yaml").write_text(TEMPLATE)
    given: list[str | Path] = [
        "--template",
        tmp_path / "template.yaml",
        "--s3-bucket",
        "doorbell-artifacts",
    ]
    given += ["--capabilities", "CAPABILITY_IAM", "--no-confirm-changeset"]
    ended, said = run("sam", "deploy", "--stack-name", "doorbell", *given, **deployer)
    assert ended == 0, said
    delete = ["--no-prompts", "--stack-name", "doorbell", "--region", aws.region]
    ended, said = run("sam", "delete", *delete, **deployer)
    assert ended == 0, said
