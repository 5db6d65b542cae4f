"""Rings: the portrait, a resident's and a stranger's, the link of a ticket, and names."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
from botocore.exceptions import ClientError

from demo.errors import DemoFailed
from demo.people import empty_doorstep, portrait
from demo.rings import RESIDENT as FACE
from doorbell.protocol import (
    Answer,
    DoorOpened,
    Enrolled,
    EnrolmentFailed,
    Pressed,
    Ring,
    Ticket,
    Visitor,
)
from operations.probe import wait_for_events
from operations.smoke.scene import DOOR, RESIDENT, Scene, SmokeFailed

if TYPE_CHECKING:
    from demo.device import Device


def events_arrive(scene: Scene) -> str:
    """S3's, which start everything: the stack answers a probe (operations/probe.py)."""
    return f"a probe was answered after {wait_for_events(scene.stack):.1f} s"


def portrait_is_enrolled(scene: Scene) -> str:
    """Put into the bucket; the phone hears of the face."""
    with scene.connected() as (_, phone):
        scene.stack.put(f"residents/{scene.home}/{RESIDENT}/portrait.jpeg", portrait(FACE))
        try:
            enrolled = phone.hear(Enrolled, scene.waits.enrol)
        except DemoFailed:
            if failed := phone.heard(EnrolmentFailed):
                raise SmokeFailed(f"The portrait was refused: {failed[-1].reason}.") from None
            raise SmokeFailed(
                "Nobody told of the portrait: look at the executions of the state machine `enrol`."
            ) from None
    return f"one face of {enrolled.resident}"


def resident_comes_in_by_code(scene: Scene) -> str:
    """Face, code to the phone, `got`, typed, opened; refused the second time."""
    with scene.connected() as (door, phone):
        return scene.demonstration(door, phone).resident_rings()


def stranger_is_let_in(scene: Scene) -> str:
    """The phone's answer is SendTaskSuccess: a role that names the state machine must do."""
    with scene.connected() as (door, phone):
        told = scene.demonstration(door, phone).stranger_rings()
        by = phone.heard(DoorOpened)[-1].by
    if by != RESIDENT:
        raise SmokeFailed(f"The resident's name came back as {by!r}, not {RESIDENT!r}.")
    return told


def names_come_whole(scene: Scene) -> str:
    """A door whose name is not ASCII tells it on the phones letter by letter."""
    with scene.connected() as (door, phone):
        _ring(door, empty_doorstep())
        pressed = phone.hear(Pressed)
        phone.send(Answer(phone.hear(Visitor).ring, "decline"))
    if pressed.door != DOOR:
        raise SmokeFailed(f"The door's name came as {pressed.door!r}, not {DOOR!r}.")
    return f"{DOOR}, {RESIDENT}"


def link_serves_once(scene: Scene) -> str:
    """Of a ticket: without its headers 403, then 200, then 412 (If-None-Match)."""
    with scene.connected() as (door, phone):
        door.send(Ring())
        upload = door.hear(Ticket).upload
        photo, headers = empty_doorstep(1), dict(upload.headers)
        bare = {name: value for name, value in headers.items() if name.lower() == "content-type"}
        answers = [
            httpx.put(upload.url, content=photo, headers=given, trust_env=False).status_code
            for given in (bare, headers, headers)
        ]
        phone.send(Answer(phone.hear(Visitor).ring, "decline"))
    if answers != [403, 200, 412]:
        raise SmokeFailed(f"S3 answered {answers} to the link of a ticket, not [403, 200, 412].")
    return "403 without its headers, 200, then 412"


def nothing_is_overwritten(scene: Scene) -> str:
    """The bucket itself takes nothing under `guest/` without `If-None-Match`, whoever writes."""
    s3, key = scene.client("s3"), f"guest/{scene.home}/smoke/photo.jpeg"
    try:
        s3.put_object(Bucket=scene.stack.bucket, Key=key, Body=b"")
    except ClientError as error:
        if error.response["Error"]["Code"] == "AccessDenied":
            return "refused without If-None-Match"
        raise
    if scene.stack.endpoint:
        return "the one machine asks its root for no policy; roles are held to it in the tests"
    raise SmokeFailed("The bucket took a photo without If-None-Match: look at its policy.")


def _ring(door: Device, photo: bytes) -> None:
    door.send(Ring())
    upload = door.hear(Ticket).upload
    sent = httpx.put(upload.url, content=photo, headers=dict(upload.headers), trust_env=False)
    if not sent.is_success:
        raise SmokeFailed(f"S3 answered {sent.status_code} to the photo.")
