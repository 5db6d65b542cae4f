"""Botocore's clients, for what is not on the ring path: made when first used, and then kept.

Botocore is the half of boto3 that speaks to AWS; its other half, resources, is used nowhere here.
"""

from __future__ import annotations

from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, cast

import botocore.session
from botocore.config import Config
from botocore.loaders import Loader

from doorbell.aws.api.errors import ServiceError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from botocore.exceptions import ClientError
    from mypy_boto3_rekognition import RekognitionClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sns import SNSClient

VERSION: Final = botocore.__version__
"""Which botocore this is: the one that was packed, not the one of Lambda's runtime."""
ANSWER_WITHIN: Final = 3.0
"""Seconds of silence, after which nothing is expected any more."""
_PATIENCE: Final[dict[str, Any]] = {
    "connect_timeout": 1,
    "retries": {"total_max_attempts": 2},
}
_SIGNED_URLS: Final[dict[str, Any]] = {
    "signature_version": "s3v4",
    "s3": {"addressing_style": "virtual"},
}
"""Else they would be of an old kind in some regions, which binds no headers, and lead to the global
host, where a new bucket is not known yet."""

SERVICES: Final = ["rekognition", "s3", "scheduler", "sns"]
"""What is called through botocore; functions are packed with the models of these alone."""


class _Loader(Loader):
    """Botocore's models, without a look into the folders of all 400 services it knows: that look
    would be part of every cold start.
    """

    def list_available_services(self, type_name: str) -> list[str]:
        """The services of this file."""
        return list(SERVICES)


class Sdk:
    """One lazy client for each service; region, credentials and endpoints are botocore's own."""

    def __init__(self, answer_within: float = ANSWER_WITHIN) -> None:
        self._answer_within = answer_within

    @cached_property
    def _session(self) -> botocore.session.Session:
        session = botocore.session.get_session()
        session.register_component("data_loader", _Loader())
        return session

    @cached_property
    def s3(self) -> S3Client:
        """S3."""
        return cast("S3Client", self._client("s3", _SIGNED_URLS))

    @cached_property
    def rekognition(self) -> RekognitionClient:
        """Rekognition."""
        return cast("RekognitionClient", self._client("rekognition"))

    @cached_property
    def sns(self) -> SNSClient:
        """SNS."""
        return cast("SNSClient", self._client("sns"))

    @cached_property
    def scheduler(self) -> Any:
        """EventBridge Scheduler."""
        return self._client("scheduler")

    def _client(self, service: str, special: Mapping[str, Any] = MappingProxyType({})) -> object:
        config = Config(read_timeout=self._answer_within, **_PATIENCE, **special)
        return self._session.create_client(service, config=config)


def refused(error: ClientError) -> ServiceError:
    """Botocore's error as ours, without the text that may quote what was sent."""
    said = error.response
    return ServiceError(said["Error"]["Code"], said["ResponseMetadata"]["HTTPStatusCode"])
