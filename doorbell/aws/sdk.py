"""Botocore's clients, for what is not on the ring path: made when first used, and then kept.

Botocore is the half of boto3 that speaks to AWS; its other half, resources, is used nowhere here.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, cast

import botocore.session
from botocore.config import Config
from botocore.loaders import Loader

from doorbell.aws.api.errors import ServiceError

if TYPE_CHECKING:
    from botocore.exceptions import ClientError
    from mypy_boto3_rekognition import RekognitionClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sns import SNSClient

_PATIENCE: Final[dict[str, Any]] = {
    "connect_timeout": 1,
    "retries": {"total_max_attempts": 2},
}
_SILENCE: Final = 3
"""Seconds without a word after which an answer is given up."""

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

    def __init__(self, silence: int = _SILENCE) -> None:
        """`silence`: seconds without a word after which an answer is given up."""
        self._silence = silence

    @cached_property
    def _session(self) -> botocore.session.Session:
        session = botocore.session.get_session()
        session.register_component("data_loader", _Loader())
        return session

    @cached_property
    def s3(self) -> S3Client:
        """S3."""
        return cast("S3Client", self._client("s3"))

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

    def _client(self, service: str) -> object:
        config = Config(read_timeout=self._silence, **_PATIENCE)
        return self._session.create_client(service, config=config)


def refused(error: ClientError) -> ServiceError:
    """Botocore's error as ours, without the text that may quote what was sent."""
    said = error.response
    return ServiceError(said["Error"]["Code"], said["ResponseMetadata"]["HTTPStatusCode"])
