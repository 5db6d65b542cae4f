"""What stands in place of connections to AWS: moto's memory, or answers that a test has written."""

from __future__ import annotations

import json
import threading
from typing import Any, Final

import boto3
from botocore.exceptions import ClientError
from botocore.loaders import create_loader
from botocore.model import ServiceModel
from botocore.validate import validate_parameters

from doorbell.aws.api.client import Client
from doorbell.aws.api.pool import Pool, Request, Response
from doorbell.aws.api.signature import Credentials

REGION = "eu-central-1"


class MotoPool(Pool):
    """DynamoDB in memory. Botocore checks each request against its model on the way.

    DynamoDB takes each request as a whole; moto's tables do not, so here one waits for another.
    Between two requests of one job, anything may still come in.
    """

    def __init__(self) -> None:
        super().__init__()
        self.dynamodb = boto3.client(
            "dynamodb", REGION, aws_access_key_id="key", aws_secret_access_key="secret"
        )
        self._lock = threading.Lock()

    def exchange(self, request: Request) -> Response:
        """What moto answers, as DynamoDB would write it."""
        if not request.at.host.startswith("dynamodb."):
            return super().exchange(request)
        sent = Sent(*request)
        with self._lock:
            return self.serve(sent.operation, sent.given)

    def serve(self, operation: str, given: dict[str, Any]) -> Response:
        """One request as a whole."""
        try:
            said = self.dynamodb._make_api_call(operation, given)  # type: ignore[attr-defined]
        except ClientError as error:
            response: Any = error.response
            told = {"__type": f"com.amazonaws#{response['Error']['Code']}"}
            reasons = {"CancellationReasons": response.get("CancellationReasons", [])}
            status = response["ResponseMetadata"]["HTTPStatusCode"]
            return Response(status, {}, json.dumps(told | reasons).encode())
        del said["ResponseMetadata"]
        return Response(200, {}, json.dumps(said).encode())


class Sent(Request):
    """A request, as a test looks at it."""

    @property
    def is_json(self) -> bool:
        """Whether it goes to a service that speaks JSON."""
        return "X-Amz-Target" in self.headers

    @property
    def operation(self) -> str:
        """Of a service that speaks JSON: `PutEvents`."""
        return self.headers["X-Amz-Target"].split(".")[1]

    def is_for(self, operation: str) -> bool:
        """Whether it asks for this operation."""
        return self.is_json and self.operation == operation

    @property
    def given(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


MODELS: Final = {
    "AWSEvents": "events",
    "AWSStepFunctions": "stepfunctions",
    "AmazonSSM": "ssm",
    "secretsmanager": "secretsmanager",
}
"""By the beginning of a request's target; what goes to DynamoDB, moto's own client checks."""


def check_shape(request: Sent) -> None:
    """Botocore's own look at what an operation is given. Raises ParamValidationError."""
    model = MODELS[request.headers["X-Amz-Target"].split(".")[0]]
    loaded = create_loader().load_service_model(model, "service-2")
    shape = ServiceModel(loaded).operation_model(request.operation).input_shape
    assert shape is not None
    validate_parameters(request.given, shape)


class ScriptedPool(Pool):
    """Gives the answers it was made with, one after another, and then the last one for ever."""

    def __init__(self, *answers: Response | Exception) -> None:
        super().__init__()
        self.requests: list[Sent] = []
        self._answers = answers or (said({}),)

    def exchange(self, request: Request) -> Response:
        """The next answer."""
        self.requests.append(Sent(*request))
        answer = self._answers[min(len(self.requests), len(self._answers)) - 1]
        if isinstance(answer, Exception):
            raise answer
        return answer


def said(content: object, status: int = 200, **headers: str) -> Response:
    """An answer in JSON."""
    return Response(status, headers, json.dumps(content).encode())


def refusal(code: str, status: int = 400, **headers: str) -> Response:
    """A service says no."""
    return said({"__type": code, "message": "what it says quotes what was sent"}, status, **headers)


def some_client(
    pool: Pool | None = None, region: str = REGION, sockets_at: str = "", **more: Any
) -> Client:
    """A client that reaches nothing by itself."""
    environment = {"AWS_REGION": region, "AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI": sockets_at}
    return Client(environment, lambda: Credentials("key", "secret"), pool, **more)
