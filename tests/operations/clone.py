"""Doorbell as somebody has just cloned it, an account on this machine, and what they type."""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from tests.template.sources import ROOT
from tests.template.tools import SAM

if TYPE_CHECKING:
    from pathlib import Path

    from local.aws import Aws

FILES: Final = ("Makefile", "samconfig.toml", "template.yaml")
FOLDERS: Final = (
    "demo",
    "doorbell",
    "filmmaker",
    "functions",
    "operations",
    "packing",
    "phone",
    "requirements",
    "statemachines",
    "tracking",
    "websocket",
)
"""What is deployed, and what deploys it."""


class Typed(NamedTuple):
    """What came of a command."""

    status: int
    out: str
    err: str

    @property
    def said(self) -> str:
        """All of it."""
        return self.out + self.err


class Clone:
    """A folder of its own, in which `make` is typed."""

    def __init__(self, folder: Path, aws: Aws) -> None:
        self.folder = folder
        self.aws = aws
        for name in FILES:
            shutil.copy2(ROOT / name, folder)
        for name in FOLDERS:
            shutil.copytree(
                ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__")
            )

    def make(self, *words: str, answers: str = "", **variables: str) -> Typed:
        """`make` with these words, by somebody who answers so."""
        environments = {"VENV": (ROOT / ".venv").resolve(), "SAM_VENV": SAM.parent.parent}
        # They stand already: what would make them is not to be looked at.
        ready = [f"-o{place}/.ready" for place in environments.values()]
        ended = subprocess.run(
            [
                "make",
                *ready,
                *(f"{name}={place}" for name, place in environments.items()),
                "DEPENDENCIES=no",
                *words,
            ],
            cwd=self.folder,
            env=self._environment() | variables,
            input=answers,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        return Typed(ended.returncode, ended.stdout, ended.stderr)

    def _environment(self) -> dict[str, str]:
        """This user's, with an account that is on this machine, as `aws configure` sets one."""
        # Nor may it know that another `make` has started the tests.
        hidden = ("AWS_", "MAKE", "MFLAGS")
        others = {name: value for name, value in os.environ.items() if not name.startswith(hidden)}
        return others | {
            "AWS_ACCESS_KEY_ID": self.aws.access_key,
            "AWS_SECRET_ACCESS_KEY": self.aws.secret_key,
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "AWS_ENDPOINT_URL": self.aws.endpoint,
            "AWS_REGION": self.aws.region,
            "NO_PROXY": "127.0.0.1",
            "no_proxy": "127.0.0.1",
            "SAM_CLI_POLL_DELAY": "0.3",
        }

    def built_before(self) -> dict[str, str]:
        """For `make` once more: what is built already is not built again, to spare minutes."""
        stub = self.folder / "build-nothing"
        if not stub.exists():
            stub.write_text("#!/bin/sh\nexit 0\n")
            stub.chmod(0o755)
        return {"MAKE": str(stub)}

    def outputs(self, stack: str) -> dict[str, str]:
        """What CloudFormation knows of a stack."""
        found = self.aws.client("cloudformation").describe_stacks(StackName=stack)["Stacks"]
        return {each["OutputKey"]: each["OutputValue"] for each in found[0].get("Outputs", [])}

    def left(self, stack: str) -> list[Any]:
        """Whatever there is of a stack: the machine's account has no other."""
        client = self.aws.client
        tables = client("dynamodb").list_tables()["TableNames"]
        buckets = [each["Name"] for each in client("s3").list_buckets()["Buckets"]]
        secrets = [each["Name"] for each in client("secretsmanager").list_secrets()["SecretList"]]
        logs = client("logs").describe_log_groups()["logGroups"]
        return [
            *(name for name in (*tables, *buckets) if name.lower().startswith(f"{stack}-")),
            *(name for name in secrets if name.startswith((f"{stack}/", f"{stack}-"))),
            *(each["logGroupName"] for each in logs if f"/{stack}/" in each["logGroupName"]),
            *(name for name in self.collections() if name.startswith(f"{stack}.")),
            *self._parameters(stack),
            *self._uploads(stack),
            *self._schedules(stack),
        ]

    def collections(self) -> list[str]:
        """All collections of faces."""
        found: list[str] = self.aws.client("rekognition").list_collections()["CollectionIds"]
        return found

    def _parameters(self, stack: str) -> list[str]:
        found = self.aws.client("ssm").describe_parameters()["Parameters"]
        return [each["Name"] for each in found if f"/{stack}/" in each["Name"]]

    def _uploads(self, stack: str) -> list[str]:
        s3 = self.aws.client("s3")
        (bucket,) = [
            each["Name"] for each in s3.list_buckets()["Buckets"] if "sam-cli" in each["Name"]
        ]
        found = s3.list_object_versions(Bucket=bucket, Prefix=f"{stack}/")
        return [each["Key"] for each in found.get("Versions", [])]

    def _schedules(self, stack: str) -> list[str]:
        groups = self.aws.client("scheduler").list_schedule_groups()["ScheduleGroups"]
        return [each["Name"] for each in groups if each["Name"].startswith(f"{stack}-")]
