"""AWS clients, made when they are first used and then kept for the life of an environment.

They come from botocore, the half of boto3 that speaks to AWS: boto3's other half, resources,
costs time at every cold start and is used nowhere here.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

import botocore.session
from botocore.config import Config
from botocore.loaders import Loader

if TYPE_CHECKING:
    from mypy_boto3_apigatewaymanagementapi import ApiGatewayManagementApiClient
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_events import EventBridgeClient
    from mypy_boto3_rekognition import RekognitionClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_secretsmanager import SecretsManagerClient
    from mypy_boto3_stepfunctions import SFNClient

# A visitor waits: fail fast and try again, rather than hang on one connection.
_PATIENCE: dict[str, Any] = {
    "connect_timeout": 1,
    "read_timeout": 3,
    "retries": {"total_max_attempts": 2},
}


SERVICES = [
    "apigatewaymanagementapi",
    "dynamodb",
    "events",
    "rekognition",
    "s3",
    "secretsmanager",
    "stepfunctions",
]
"""What the cloud calls; the functions are packed with the models of these alone."""


class _Loader(Loader):
    """Botocore's models, without a look into the folders of all 400 services it knows: that look
    would be part of every cold start.
    """

    def list_available_services(self, type_name: str) -> list[str]:
        """The services of this file."""
        return SERVICES


class Clients:
    """One lazy client for each service.

    In a function, region, credentials and endpoints come from botocore's own environment
    variables; administration may name others.
    """

    def __init__(
        self,
        endpoint: str | None = None,
        sockets_at: str | None = None,
        region: str | None = None,
        credentials: tuple[str, str] = ("", ""),
    ) -> None:
        self._endpoint = endpoint
        self._sockets_at = sockets_at
        self._region = region
        self._credentials = credentials

    @cached_property
    def _session(self) -> botocore.session.Session:
        session = botocore.session.get_session()
        session.register_component("data_loader", _Loader())
        if self._credentials[0]:
            session.set_credentials(*self._credentials)
        return session

    @cached_property
    def dynamodb(self) -> DynamoDBClient:
        """DynamoDB."""
        return cast("DynamoDBClient", self._client("dynamodb"))

    @cached_property
    def events(self) -> EventBridgeClient:
        """EventBridge."""
        return cast("EventBridgeClient", self._client("events"))

    @cached_property
    def sockets(self) -> ApiGatewayManagementApiClient:
        """API Gateway's @connections, at AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI."""
        return cast("ApiGatewayManagementApiClient", self._client("apigatewaymanagementapi"))

    @cached_property
    def s3(self) -> S3Client:
        """S3, for presigning. Without `s3v4` the signed headers would not be enforced; without
        `virtual`, URLs outside us-east-1 would point at the global host.
        """
        return cast(
            "S3Client",
            self._client("s3", signature_version="s3v4", s3={"addressing_style": "virtual"}),
        )

    @cached_property
    def stepfunctions(self) -> SFNClient:
        """Step Functions."""
        return cast("SFNClient", self._client("stepfunctions"))

    @cached_property
    def secrets(self) -> SecretsManagerClient:
        """Secrets Manager."""
        return cast("SecretsManagerClient", self._client("secretsmanager"))

    @cached_property
    def rekognition(self) -> RekognitionClient:
        """Rekognition."""
        return cast("RekognitionClient", self._client("rekognition"))

    def _client(self, service: str, **config: Any) -> object:
        at = self._sockets_at if service == "apigatewaymanagementapi" else self._endpoint
        return self._session.create_client(
            service, self._region, endpoint_url=at, config=Config(**_PATIENCE, **config)
        )
