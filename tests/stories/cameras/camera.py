"""A camera that is not ours, what of it is kept, and what the bus hears of it."""

from __future__ import annotations

import json
import secrets
import time
from io import BytesIO
from typing import TYPE_CHECKING, Any, NamedTuple

import av

from operations import devices
from tests.wire import Reply, post, talk

if TYPE_CHECKING:
    from local.stack import Stack
    from tests.stories.doorstep import Home

AXIS_NAME = 'Content-Disposition: attachment; filename="image26-11-20_10-00-00-67_00001.jpg"'
"""As an Axis camera writes it."""


class Camera(NamedTuple):
    """A camera of one home; it knows the address and its token, and no more."""

    home: Home
    id: str
    token: str

    @classmethod
    def new(cls, home: Home, name: str, door: str | None = None) -> Camera:
        """As `make add-camera NAME= DOOR=` adds it."""
        token = devices.add_device(home.stack.deployed, "camera", name, home.id, None, door)
        return cls(home, token.split(".")[1], token)

    @property
    def url(self) -> str:
        """The recipient."""
        assert self.home.stack.cameras
        return self.home.stack.cameras

    @property
    def target(self) -> str:
        """Where an Axis posts, with what is typed as its parameters."""
        return f"/?accessToken={self.token}"

    def send(self, body: bytes, *headers: str, **request: Any) -> Reply:
        """A request of an Axis, byte for byte, and the answer."""
        reply = talk(self.url, post(body, *headers, target=self.target, **request))
        assert reply is not None
        return reply

    def ask(self, path: str, content: object) -> Reply:
        """A request of a device of ours, in JSON."""
        body = json.dumps(content).encode()
        bearer = f"Authorization: Bearer {self.token}"
        request = post(body, bearer, target=path, media="application/json")
        reply = talk(self.url, request)
        assert reply is not None
        return reply

    def kept(self, folder: str = "pictures") -> dict[str, bytes]:
        """Everything in a folder of this home, whichever camera's."""
        return kept(self.home.stack, f"{folder}/{self.home.id}/")


def kept(stack: Stack, prefix: str) -> dict[str, bytes]:
    """All objects that begin so, by key."""
    s3 = stack.aws.client("s3")
    listed = s3.list_objects_v2(Bucket=stack.bucket, Prefix=prefix).get("Contents", [])
    return {
        each["Key"]: s3.get_object(Bucket=stack.bucket, Key=each["Key"])["Body"].read()
        for each in listed
    }


class Listener:
    """Hears what the stack's bus tells of one home."""

    def __init__(self, stack: Stack, home: str) -> None:
        name = f"listener-{secrets.token_hex(4)}"
        self._sqs, events = stack.aws.client("sqs"), stack.aws.client("events")
        self._queue = self._sqs.create_queue(QueueName=name)["QueueUrl"]
        wanted = {"QueueUrl": self._queue, "AttributeNames": ["QueueArn"]}
        arn = self._sqs.get_queue_attributes(**wanted)["Attributes"]["QueueArn"]
        on = {"EventBusName": stack.outputs["Bus"]}
        pattern = json.dumps({"source": ["doorbell"], "detail": {"home": [home]}})
        events.put_rule(Name=name, EventPattern=pattern, **on)
        events.put_targets(Rule=name, Targets=[{"Id": "queue", "Arn": arn}], **on)
        self._heard: list[tuple[str, dict[str, Any]]] = []

    def hear(self, kind: str, /, within: float = 20.0, **fields: object) -> dict[str, Any]:
        """An event of this kind with these fields, whenever it came."""
        deadline = time.monotonic() + within
        while True:
            for detail in self.all(kind):
                if fields.items() <= detail.items():
                    return detail
            assert time.monotonic() < deadline, f"no {kind} of {fields} in {self._heard}"
            time.sleep(0.05)

    def all(self, kind: str) -> list[dict[str, Any]]:
        """All of this kind until now."""
        while messages := self._sqs.receive_message(
            QueueUrl=self._queue, MaxNumberOfMessages=10
        ).get("Messages"):
            for message in messages:
                event = json.loads(message["Body"])
                self._heard.append((event["detail-type"], event["detail"]))
                receipt = message["ReceiptHandle"]
                self._sqs.delete_message(QueueUrl=self._queue, ReceiptHandle=receipt)
        return [detail for heard, detail in self._heard if heard == kind]


def clip(kind: str, frames: int = 10) -> bytes:
    """A real clip, `matroska` or `mp4`."""
    content = BytesIO()
    with av.open(content, "w", format=kind) as made:
        stream = made.add_stream("mpeg4", rate=10)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        for number in range(frames):
            frame = av.VideoFrame(64, 48, "yuv420p")
            for plane in frame.planes:
                plane.update(bytes([number * 20]) * plane.buffer_size)
            made.mux(stream.encode(frame))
        made.mux(stream.encode())
    return content.getvalue()
