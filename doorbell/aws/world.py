"""Sockets, bus, photos, waits and the code key on AWS."""

from __future__ import annotations

import json
from functools import cached_property
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from doorbell.errors import ConnectionGone, DoorbellError, NotResumed
from doorbell.events import SOURCE
from doorbell.messages import Upload

if TYPE_CHECKING:
    from doorbell.aws.clients import Clients
    from doorbell.events import Event


class NotPublished(DoorbellError, ConnectionError):
    """EventBridge did not take an event."""


class ApiGatewaySockets:
    """`doorbell.ports.Sockets`: @connections."""

    def __init__(self, clients: Clients) -> None:
        self._clients = clients

    def post(self, connection: str, frame: str) -> None:
        """Send a frame. Raises ConnectionGone on 410."""
        try:
            self._clients.sockets.post_to_connection(ConnectionId=connection, Data=frame.encode())
        except ClientError as error:
            if _status(error) == 410:
                raise ConnectionGone("Nobody is at the other end.") from None
            raise

    def close(self, connection: str) -> None:
        """Hang up."""
        try:
            self._clients.sockets.delete_connection(ConnectionId=connection)
        except ClientError as error:
            if _status(error) != 410:
                raise


class EventBridgeBus:
    """`doorbell.ports.Bus`."""

    def __init__(self, clients: Clients, name: str) -> None:
        self._clients = clients
        self._name = name

    def publish(self, event: Event) -> None:
        """PutEvents answers 200 even when it took nothing: so look. Raises NotPublished."""
        entry = {
            "EventBusName": self._name,
            "Source": SOURCE,
            "DetailType": type(event).__name__,
            "Detail": json.dumps({k: v for k, v in event._asdict().items() if v is not None}),
        }
        answer = self._clients.events.put_events(Entries=[entry])  # type: ignore[list-item]
        if answer["FailedEntryCount"]:
            raise NotPublished(f"{type(event).__name__}: {answer['Entries'][0].get('ErrorCode')}")


class BucketPhotos:
    """`doorbell.ports.Photos`: presigned URLs. They die with the role session that signed them."""

    def __init__(self, clients: Clients, bucket: str) -> None:
        self._clients = clients
        self._bucket = bucket

    def upload(self, key: str, expires_in: int) -> Upload:
        """A PUT of one JPEG; `If-None-Match: *` makes S3 refuse a second one with 412."""
        url = self._clients.s3.generate_presigned_url(
            "put_object",
            Params={
                "Bucket": self._bucket,
                "Key": key,
                "ContentType": "image/jpeg",
                "IfNoneMatch": "*",
            },
            ExpiresIn=expires_in,
        )
        return Upload("PUT", url, {"Content-Type": "image/jpeg", "If-None-Match": "*"})

    def link(self, key: str, expires_in: int) -> str:
        """A GET."""
        return self._clients.s3.generate_presigned_url(
            "get_object", Params={"Bucket": self._bucket, "Key": key}, ExpiresIn=expires_in
        )


class TaskWaits:
    """`doorbell.ports.Waits`: Step Functions' task tokens."""

    def __init__(self, clients: Clients) -> None:
        self._clients = clients

    def resume(self, token: str, output: dict[str, str]) -> None:
        """SendTaskSuccess. Raises NotResumed."""
        try:
            self._clients.stepfunctions.send_task_success(
                taskToken=token, output=json.dumps(output)
            )
        except (ClientError, BotoCoreError) as error:
            # Waiting no longer is TaskTimedOut on AWS and TaskDoesNotExist on the one machine.
            raise NotResumed("The state machine did not take the answer.") from error


class CodeKey:
    """The key that codes are hashed with: read from Secrets Manager once, when first needed."""

    def __init__(self, clients: Clients, secret: str) -> None:
        self._clients = clients
        self._secret = secret

    @cached_property
    def _value(self) -> bytes:
        return self._clients.secrets.get_secret_value(SecretId=self._secret)[
            "SecretString"
        ].encode()

    def __call__(self) -> bytes:
        """The key."""
        return self._value


def _status(error: ClientError) -> int:
    return error.response["ResponseMetadata"]["HTTPStatusCode"]
