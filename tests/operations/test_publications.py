"""What an operator types to publish films, and to stop that."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import boto3
import pytest

from doorbell.aws.dynamodb.devices import DeviceTable
from doorbell.aws.publication_secrets import secret_name
from doorbell.errors import BadName, BadSetting
from doorbell.publishing.model import AppriseAddress, Publication, XAccount
from operations import __main__ as command
from operations.home_secrets import read_secret, write_secret
from operations.publications import (
    MOST,
    X_KEYS,
    account,
    add_publication,
    list_publications,
    stop_publishing,
)
from operations.stacks import Deployed, NoStack
from tests.doorbell.aws.pools import REGION, MotoPool, some_client
from tests.fakes import CAMERA, DOOR

if TYPE_CHECKING:
    from doorbell.aws.dynamodb.table import Table

TOOT: Final = AppriseAddress("mastodons://token@example.org")
KEYS: Final = {name: f"secret {name}" for name in X_KEYS}
SECRET: Final = "doorbell/publishing/home"


@pytest.fixture
def at(moto: MotoPool, table: Table) -> Deployed:
    """A stack with a door, a camera, and a camera that rings at the door."""
    session = boto3.Session("key", "secret", region_name=REGION)
    made = Deployed(some_client(moto), session, None, table.names, "", "", "home")
    for device in (DOOR, CAMERA, CAMERA._replace(id="gate", name="Gate", door=DOOR.id)):
        DeviceTable(table).add(device)
    if read_secret(made, SECRET) is not None:
        stop_publishing(made, "doorbell", "home")
    return made


def add(at: Deployed, **given: Any) -> str:
    return add_publication(at, "doorbell", "home", Publication("id", **{"to": TOOT, **given}))


def listed(at: Deployed) -> list[str]:
    return list_publications(at, "doorbell", "home")


def test_what_is_published_is_shown_without_what_is_secret(at: Deployed) -> None:
    assert listed(at) == []
    assert add(at, camera="Camera") == "camera camera → mastodons"
    assert add(at, door="Front", visitors=True) == "door front → mastodons (visitors may be seen)"
    add(at, camera="Camera", to=XAccount("a", "b", "c", "d"))
    assert listed(at) == [
        "camera camera → mastodons",
        "door front → mastodons (visitors may be seen)",
        "camera camera → x",
    ]


def test_a_door_needs_the_word_and_so_does_a_camera_that_rings_there(at: Deployed) -> None:
    for device in ({"door": "Front"}, {"camera": "Gate"}):
        with pytest.raises(BadSetting, match="VISITORS=yes"):
            add(at, **device)
        add(at, **device, visitors=True)
    assert len(listed(at)) == 2


@pytest.mark.parametrize(
    "given", [{"camera": "Yard"}, {"camera": "Front"}, {"door": "Camera", "visitors": True}]
)
def test_only_what_the_home_has_is_published(at: Deployed, given: dict[str, Any]) -> None:
    """What there is instead is told."""
    with pytest.raises(NoStack, match=r"it has: (Front|Camera, Gate)"):
        add(at, **given)
    assert read_secret(at, SECRET) is None


@pytest.mark.parametrize("given", [{}, {"camera": "Camera", "door": "Front", "visitors": True}])
def test_one_camera_or_one_door_is_named(at: Deployed, given: dict[str, Any]) -> None:
    with pytest.raises(BadSetting, match="one of both"):
        add(at, **given)


def test_the_same_once_more_replaces_the_former_and_keeps_its_id(at: Deployed) -> None:
    """So that what was published is not published again."""
    add(at, camera="Camera")
    asked = Publication("another", TOOT, camera="Camera", text="New words.")
    add_publication(at, "doorbell", "home", asked)
    ((kept,),) = [json.loads(read_secret(at, SECRET) or "")["publications"]]
    assert (kept["id"], kept["text"]) == ("id", "New words.")


def test_a_home_publishes_to_a_few_accounts(at: Deployed) -> None:
    for number in range(MOST):
        add(at, camera="Camera", to=AppriseAddress(f"mastodons://token{number}@example.org"))
    with pytest.raises(BadSetting, match="already"):
        add(at, camera="Camera")


def test_a_camera_or_a_door_is_stopped_alone_or_all_at_once(at: Deployed) -> None:
    add(at, camera="Camera")
    add(at, door="Front", visitors=True)
    assert stop_publishing(at, "doorbell", "home", camera="Yard") == listed(at)
    assert stop_publishing(at, "doorbell", "home", camera="Camera") == [
        "door front → mastodons (visitors may be seen)"
    ]
    assert stop_publishing(at, "doorbell", "home", door="Front") == []
    assert read_secret(at, SECRET) is None, "no secret of nothing"
    assert stop_publishing(at, "doorbell", "home") == []


def test_what_cannot_be_read_can_be_stopped(at: Deployed) -> None:
    write_secret(at, SECRET, "{")
    assert stop_publishing(at, "doorbell", "home") == []
    assert read_secret(at, SECRET) is None


def test_the_keys_of_x_come_from_the_environment_or_are_asked_for() -> None:
    """In the order in which X has them; none stands on the command line."""
    asked: list[str] = []

    def ask(words: str) -> str:
        asked.append(words)
        return f"typed {len(asked)}"

    given = dict(list(KEYS.items())[:2])
    first, second = given.values()
    assert account("x", given, ask) == XAccount(first, second, "typed 1", "typed 2")
    assert asked == ["Access token (not shown): ", "Access token secret (not shown): "]
    assert account("X", KEYS, None) == XAccount(*KEYS.values())
    with pytest.raises(BadSetting, match=r"API key: nobody is there .* docs/publishing\.md"):
        account("x", {}, None)


def test_an_address_may_be_asked_for_and_is_looked_at_at_once() -> None:
    assert account("", {}, lambda _: TOOT.url) == TOOT
    with pytest.raises(BadSetting, match="Apprise's form"):
        account("nothing://x", {}, None)
    with pytest.raises(BadSetting, match="takes no films"):
        account("gotify://host/token", {}, None)


def test_a_homes_secret_has_a_name_of_its_own(at: Deployed) -> None:
    assert secret_name("doorbell", "home") == SECRET
    with pytest.raises(BadName):
        add_publication(at, "doorbell", "../x", Publication("id", TOOT, camera="Camera"))


def test_the_verbs_say_what_they_did(
    at: Deployed, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """As `make` types them; no secret is printed."""
    monkeypatch.setattr(command, "find_stack", lambda _: at)
    for name, key in KEYS.items():
        monkeypatch.setenv(name, key.replace(" ", "-"))
    assert command.main(["publish-to", "--url", "x", "--camera", "Camera", "--text", "Hello."]) == 0
    assert command.main(["publications"]) == 0
    assert command.main(["publish-to", "--url", "x", "--door", "Front"]) == 1
    assert command.main(["stop-publishing", "--camera", "Camera"]) == 0
    said = capsys.readouterr()
    assert said.out == "camera camera → x\n"
    assert "Every film from now on: camera camera → x" in said.err
    assert "VISITORS=yes" in said.err
    assert "Still published: nothing." in said.err
    assert "secret-" not in said.out + said.err
