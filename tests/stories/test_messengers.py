"""A home's messengers and the topic: what they are told, and what they are not."""

from __future__ import annotations

import base64
import json
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest

from demo.people import Person
from doorbell.protocol import Code, EnterCode, Open, RingThrough
from operations.messengers import add_messenger, list_messengers, remove_messengers
from tests.stories.doorstep import Home, PhotoOf, ring

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from demo.device import Device

PATIENCE = 20.0


class Receiver:
    """What Apprise's `json://` posts to; `hang` seconds before each answer."""

    def __init__(self) -> None:
        self.got: list[dict[str, Any]] = []
        self.url = ""
        self.hang = 0.0

    def hear(self, matches: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """The first message that matches; fails after some seconds."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            for each in list(self.got):
                if matches(each):
                    return each
            time.sleep(0.05)
        raise AssertionError(f"no such message among {[each['title'] for each in self.got]}")


@contextmanager
def receiving() -> Iterator[Receiver]:
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            receiver.got.append(json.loads(body))
            time.sleep(receiver.hang)
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    receiver.url = f"json://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as running:
        yield running


def title_is(title: str) -> Callable[[dict[str, Any]], bool]:
    return lambda message: title in (message["title"], message["message"])


def test_a_visitor_is_told_with_the_photo(
    home: Home, door: Device, photo_of: PhotoOf, receiver: Receiver
) -> None:
    add_messenger(home.stack.deployed, home.stack.name, home.id, receiver.url)
    photo = photo_of(Person.STRANGER)
    ring(door, photo)
    told = receiver.hear(title_is("Someone is at Front door"))
    assert told["message"] == "Nobody we know."
    (attached,) = told["attachments"]
    assert base64.b64decode(attached["base64"]) == photo


def test_a_messenger_that_hangs_delays_nobody(
    home: Home, door: Device, photo_of: PhotoOf, receiver: Receiver
) -> None:
    """Another messenger is told, and the door rings, while the first does not answer."""
    receiver.hang = 10.0
    with receiving() as other:
        for each in (receiver, other):
            add_messenger(home.stack.deployed, home.stack.name, home.id, each.url)
        ticket = ring(door, photo_of(Person.STRANGER))
        door.hear(RingThrough, ring=ticket.ring)
        other.hear(title_is("Someone is at Front door"))


def test_a_code_goes_only_where_it_was_chosen(
    resident: Person,
    home: Home,
    door: Device,
    photo_of: PhotoOf,
    receiver: Receiver,
) -> None:
    """No phone, no browser: the bell rings, and the code that the messenger got opens."""
    with receiving() as chosen:
        add_messenger(home.stack.deployed, home.stack.name, home.id, receiver.url)
        add_messenger(home.stack.deployed, home.stack.name, home.id, chosen.url, with_codes=True)
        ticket = ring(door, photo_of(resident))
        assert door.hear(RingThrough, ring=ticket.ring).reason == "no_phone"
        told = chosen.hear(lambda message: "code for" in message["message"])
        receiver.hear(title_is("Someone is at Front door"))
        assert not [each for each in receiver.got if "code for" in each["message"]]
    door.send(EnterCode(told["title"]))
    assert door.hear(Open).ring == ticket.ring


def test_a_resident_whose_phone_shows_the_code_is_told_without_it(
    resident: Person,
    home: Home,
    door: Device,
    phone: Device,
    photo_of: PhotoOf,
    receiver: Receiver,
) -> None:
    add_messenger(home.stack.deployed, home.stack.name, home.id, receiver.url)
    ticket = ring(door, photo_of(resident))
    code = phone.hear(Code, ring=ticket.ring).code
    receiver.hear(title_is("Eileen is at Front door"))
    assert code not in str(receiver.got)


def test_the_topic_tells_in_plain_text(home: Home, door: Device, photo_of: PhotoOf) -> None:
    """Whoever subscribes to it: here a queue."""
    sns, sqs = (home.stack.aws.client(name) for name in ("sns", "sqs"))
    topic = home.stack.outputs["Notices"]
    queue = sqs.create_queue(QueueName=f"listener-{home.id}")["QueueUrl"]
    known = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])
    arn = known["Attributes"]["QueueArn"]
    allowed = {
        "Effect": "Allow",
        "Principal": {"Service": "sns.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": arn,
        "Condition": {"ArnEquals": {"aws:SourceArn": topic}},
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [allowed]})
    sqs.set_queue_attributes(QueueUrl=queue, Attributes={"Policy": policy})
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
    ring(door, photo_of(Person.STRANGER))
    until = time.monotonic() + PATIENCE
    said: list[str] = []
    while not said and time.monotonic() < until:
        answer = sqs.receive_message(QueueUrl=queue, WaitTimeSeconds=1)
        said = [json.loads(each["Body"])["Message"] for each in answer.get("Messages", [])]
    assert said == ["Someone is at Front door. Nobody we know."]


def test_which_messengers_there_are_is_shown_without_what_is_secret(home: Home) -> None:
    at, name = home.stack.deployed, home.stack.name
    assert list_messengers(at, name, home.id) == []
    assert add_messenger(at, name, home.id, "tgram://bottoken/chat") == 1
    assert add_messenger(at, name, home.id, "ntfy://secret-topic", with_codes=True) == 2
    assert add_messenger(at, name, home.id, "ntfy://secret-topic") == 2, "the same once more"
    assert list_messengers(at, name, home.id) == ["tgram://…", "ntfy://…"]
    assert remove_messengers(at, name, home.id) == 2
    assert list_messengers(at, name, home.id) == []
