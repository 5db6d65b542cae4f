"""Rings: the portrait, a resident's and a stranger's, the link of a ticket, and names."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Final

import httpx

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
from operations.smoke.scene import DOOR, RESIDENT, Scene, SmokeFailed

if TYPE_CHECKING:
    from demo.device import Device

AGAIN_AFTER: Final = 30.0
"""Seconds after which the portrait is put once more: what was put before S3 began to tell is told
by nobody."""


def portrait_is_enrolled(scene: Scene) -> str:
    """S3's events begin to come some minutes after the first deployment (S3 User Guide, "Enabling
    Amazon EventBridge": about five).
    """
    with scene.connected() as (_, phone):
        key = f"residents/{scene.home}/{RESIDENT}/portrait.jpeg"
        tries = max(1, round(scene.waits.enrol / AGAIN_AFTER))
        for number in range(tries):
            if number == 1:
                scene.screen.say("        S3 does not tell yet; after a first deployment it takes")
                scene.screen.say("        about five minutes. Waiting …")
            scene.stack.put(key, portrait(FACE))
            with contextlib.suppress(DemoFailed):
                enrolled = phone.hear(Enrolled, min(AGAIN_AFTER, scene.waits.enrol))
                return f"one face of {enrolled.resident}, photo put {number + 1} times"
            if failed := phone.heard(EnrolmentFailed):
                raise SmokeFailed(f"The portrait was refused: {failed[-1].reason}.")
    raise SmokeFailed(
        "S3 never told of the portrait. Look whether the bucket sends events to EventBridge, at "
        "the rule of the state machine `enrol`, and at its executions."
    )


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


def _ring(door: Device, photo: bytes) -> None:
    door.send(Ring())
    upload = door.hear(Ticket).upload
    sent = httpx.put(upload.url, content=photo, headers=dict(upload.headers), trust_env=False)
    if not sent.is_success:
        raise SmokeFailed(f"S3 answered {sent.status_code} to the photo.")
