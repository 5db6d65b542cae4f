"""A stack is updated from the release before, while doors are connected and rings are under way."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, NamedTuple

import pytest

from demo.device import Device
from demo.people import Person, door_photo, portrait
from doorbell.protocol import (
    Answer,
    Code,
    DoorOpened,
    Enrolled,
    EnterCode,
    Got,
    Hello,
    Open,
    Opened,
    RingThrough,
    Visitor,
    Welcome,
)
from local import server
from local import stack as local_stack
from local.deploy import deploy
from operations.arrange import prepare
from operations.misplaced import Misplaced
from operations.rollout import by_canary
from proof.upgrade import update
from proof.upgrade.previous import ROOT, previous_release
from tests.stories.doorstep import Home, enrol, let_in, ring
from tests.template.sources import template

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


PATIENCE = 60.0


class Updated(NamedTuple):
    """A home that was updated while rings were under way."""

    home: Home
    door: Device
    phone: Device
    code: Code
    """Issued before the update, and not typed yet."""
    visitor: Visitor
    """Waiting since before the update."""


@pytest.fixture(scope="module")
def previous(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return previous_release(tmp_path_factory.mktemp("release"))


@pytest.fixture(scope="module")
def older(tmp_path_factory: pytest.TempPathFactory, previous: Path) -> Iterator[Home]:
    """A home on the release before."""
    with server.running(port=0, directory=tmp_path_factory.mktemp("aws")) as aws:
        outputs = deploy(aws, parameters=local_stack.HERE, root=previous)
        stack = local_stack.Stack(aws=aws, name="doorbell", outputs=outputs, tokens={})
        yield Home.new(stack, "home")


@pytest.fixture(scope="module")
def updated(older: Home) -> Iterator[Updated]:
    """The same home on this release: while a visitor waited and a code was to be typed."""
    with (
        connected(older, "door", older.door) as door,
        connected(older, "phone", older.phone) as phone,
    ):
        enrol(older, "Ada", "portrait.jpeg", portrait(Person.EILEEN))
        phone.hear(Enrolled)
        code = resident_rings(door, phone)
        ring(door, door_photo(Person.GRACE))
        door.hear(RingThrough)
        visitor = phone.hear(Visitor)
        yield Updated(divided(older), door, phone, code, visitor)


def divided(older: Home) -> Home:
    """The update as `make deploy` makes it: the second table first, and its rows. It is broken off
    once between both: the second time all rows come.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Misplaced, "copy", broken_off)
        with pytest.raises(KeyboardInterrupt):
            update(older.stack)
    made = update(older.stack)
    assert made.copied > 2
    assert made.removed > 2
    assert prepare(made.stack.deployed.session, made.stack.endpoint, made.stack.name) == 0
    return older._replace(stack=made.stack)


def broken_off(_: Misplaced) -> int:
    """Somebody pressed Ctrl-C."""
    raise KeyboardInterrupt


def test_this_release_s_door_rings_on_the_release_before(older: Home, tmp_path: Path) -> None:
    """Doors may be updated before the cloud is."""
    with connected(older, "phone", older.phone) as phone:
        ring_with(ROOT, older, phone, tmp_path)


def test_sockets_stay_open_and_a_visitor_who_waits_is_let_in(updated: Updated) -> None:
    updated.door.send(Hello())
    assert let_in(updated.door, updated.phone, updated.visitor.ring) == "Phone"


def test_a_code_of_the_release_before_opens_once(updated: Updated) -> None:
    updated.door.send(EnterCode(updated.code.code))
    order = updated.door.hear(Open)
    assert order.ring == updated.code.ring
    updated.door.send(Opened(order.open))
    assert updated.phone.hear(DoorOpened, ring=updated.code.ring).by == "code"


def test_a_face_enrolled_before_is_known_and_a_stranger_rings(updated: Updated) -> None:
    assert resident_rings(updated.door, updated.phone).resident == "Ada"
    ring(updated.door, door_photo(Person.GRACE, 2))
    assert updated.door.hear(RingThrough).reason == "stranger"
    assert updated.phone.hear(Visitor).photo


def test_tokens_of_the_release_before_connect(updated: Updated) -> None:
    home = updated.home
    with connected(home, "door", home.door) as door:
        door.send(Hello())
        ring(door, door_photo(Person.GRACE, 3))
        assert door.hear(RingThrough).reason == "stranger"
        assert updated.phone.hear(Visitor).photo


def test_the_door_s_program_of_the_release_before_rings_here(
    updated: Updated, previous: Path, tmp_path: Path
) -> None:
    ring_with(previous, updated.home, updated.phone, tmp_path)


def test_a_rollout_by_alias_reaches_open_sockets_and_new_rings(
    updated: Updated, tmp_path: Path
) -> None:
    """The emulator knows no CodeDeploy: here the alias moves at once."""
    root = tmp_path / "gradual"
    root.mkdir()
    for each in ROOT.iterdir():
        if each.name not in ("template.yaml", ".local"):
            (root / each.name).symlink_to(each)
    gradual = by_canary(template(), "a" * 64)
    del gradual["Resources"]["RingPath"]["Properties"]["DeploymentPreference"]
    (root / "template.yaml").write_text(json.dumps(gradual), "utf-8")
    deploy(updated.home.stack.aws, parameters=local_stack.HERE, root=root)
    ring(updated.door, door_photo(Person.GRACE, 5))
    assert updated.door.hear(RingThrough).reason == "stranger"
    assert let_in(updated.door, updated.phone, updated.phone.hear(Visitor).ring) == "Phone"


def connected(home: Home, name: str, token: str) -> Device:
    return Device(name, home.websocket, token)


def resident_rings(door: Device, phone: Device) -> Code:
    """The resident's ring, until the code is on the phone."""
    ring(door, door_photo(Person.EILEEN))
    code = phone.hear(Code)
    phone.send(Got(code.ring))
    door.hear(Welcome)
    return code


def ring_with(release: Path, home: Home, phone: Device, scratch: Path) -> None:
    """A stranger's press by the door's own program of that release, until it is declined."""
    photo = scratch / "grace.jpeg"
    photo.write_bytes(door_photo(Person.GRACE, 4))
    asked = [sys.executable, "-m", "doorbell_client", "ring", "--photo", str(photo)]
    asked += ["--url", home.websocket, "--token", home.door]
    with subprocess.Popen(
        asked,
        cwd=release,
        env={**os.environ, "HOME": str(scratch)},
        text=True,
        stderr=subprocess.PIPE,
    ) as program:
        try:
            visitor = phone.hear(Visitor, PATIENCE, reason="stranger")
            phone.send(Answer(visitor.ring, "decline"))
            told = program.communicate(timeout=PATIENCE)[1]
        finally:
            program.kill()
    assert program.returncode == 0, told
