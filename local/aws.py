"""AWS on this machine, seen from a client: where it is, its root's credentials, boto3 clients."""

import http.client
import os
import urllib.request
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import boto3
import botocore.session
from botocore.config import Config

_DIRECTLY = urllib.request.build_opener(urllib.request.ProxyHandler({}))


@dataclass(frozen=True)
class Aws:
    """AWS on this machine: where it is, and its root's credentials."""

    endpoint: str
    region: str
    access_key: str
    secret_key: str = field(repr=False)
    log: Path

    @property
    def port(self) -> int:
        """Where it listens on 127.0.0.1."""
        return int(self.endpoint.rpartition(":")[2])

    def client(self, service: str) -> Any:
        """A boto3 client of `service` on this machine, acting as root; safe beside real ones.

        The user's own AWS profile and proxies do not touch it.
        """
        return _session().client(
            service,  # type: ignore[call-overload]
            endpoint_url=self.endpoint,
            region_name=self.region,
            aws_access_key_id=self.access_key,
            aws_secret_access_key=self.secret_key,
            config=Config(
                signature_version="s3v4" if service == "s3" else None,
                s3={"addressing_style": "path"},
                retries={"total_max_attempts": 1},
                proxies={},
            ),
        )


@cache
def _session() -> boto3.Session:
    """boto3 without this user's profile and files."""
    unset = {"profile": (None, None, None, None)}
    nothing = (None, None, os.devnull, None)
    core = botocore.session.Session({**unset, "config_file": nothing, "credentials_file": nothing})
    return boto3.Session(botocore_session=core)


def answers(endpoint: str) -> bool:
    """Whether AWS on this machine answers there within a second."""
    # While it starts its socket listens already, so that this waits for it: no need to sleep.
    try:
        with _DIRECTLY.open(f"{endpoint}/_ministack/health", timeout=1) as answer:
            return bool(answer.status == 200)
    except (OSError, http.client.HTTPException):
        return False
