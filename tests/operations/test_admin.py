"""Administration: a token is shown once and kept nowhere, revoking hangs up, emptying empties."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from typing import TYPE_CHECKING

import boto3
import pytest

from doorbell.auth import authenticate, read_token
from doorbell.aws.api.endpoints import DYNAMODB, SOCKETS
from doorbell.aws.dynamodb.connections import ConnectionTable
from doorbell.aws.dynamodb.devices import DeviceTable
from doorbell.aws.dynamodb.table import Table, TableNames
from doorbell.errors import BadName, Conflict, DoorbellError, TokenError
from doorbell.model import Connection
from operations import devices, stacks
from operations.__main__ import main
from operations.answers import Answers
from operations.cameras import what_to_type
from operations.pairing import FOR_THIS_MACHINE, in_terminal
from tests.doorbell.aws.gateway import CloudFormation, DynamoDb, Gateway, serving
from tests.doorbell.aws.pools import MotoPool, some_client
from tests.fakes import NOON

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def stack(moto: MotoPool, table: Table) -> stacks.Deployed:
    """A deployed stack of which there is only the table."""
    session = boto3.Session("key", "secret", region_name="eu-central-1")
    return stacks.Deployed(
        some_client(moto), session, None, table.names, "bucket", "wss://socket/prod", "home"
    )


def opened(table: Table, token: str, number: int = 1) -> Connection:
    """A socket of the device with this token."""
    device = authenticate(read_token(token), DeviceTable(table), ("door", "phone"))
    connection = Connection(
        f"{device.id}-{number}", device.home, device.role, device.id, NOON, device.resident
    )
    ConnectionTable(table).add(connection, device.token_hash)
    return connection


def test_a_new_device_comes_in_with_its_token(stack: stacks.Deployed, table: Table) -> None:
    token = devices.add_device(stack, "phone", "Ada's phone", "home", "Ada")
    device = authenticate(read_token(token), DeviceTable(table), ("phone",))
    assert (device.id, device.name, device.resident) == ("ada-s-phone", "Ada's phone", "Ada")


def test_the_token_is_kept_nowhere(stack: stacks.Deployed, table: Table, moto: MotoPool) -> None:
    token = devices.add_device(stack, "door", "Front door", "home", None)
    everything = str(moto.dynamodb.scan(TableName=table.names.household)["Items"])
    assert "front-door" in everything
    assert read_token(token).secret not in everything


def test_a_name_serves_once_in_a_home(stack: stacks.Deployed) -> None:
    first = devices.add_device(stack, "door", "Front door", "home", None)
    with pytest.raises(Conflict, match="home has a device named front-door already"):
        devices.add_device(stack, "phone", "front DOOR", "home", None)
    assert devices.add_device(stack, "door", "Front door", "away", None) != first


@pytest.mark.parametrize(("home", "name"), [("home", "!"), ("Ho me", "x")])
def test_a_name_that_cannot_stand_in_a_key_is_refused(
    stack: stacks.Deployed, home: str, name: str
) -> None:
    with pytest.raises(BadName):
        devices.add_device(stack, "door", name, home, None)


def test_revoking_hangs_up_and_the_token_is_nobodys(
    stack: stacks.Deployed, table: Table, moto: MotoPool
) -> None:
    token = devices.add_device(stack, "phone", "Kitchen", "home", None)
    other = devices.add_device(stack, "phone", "Kitchen 2", "home", None)
    for number in (1, 2):
        opened(table, token, number)
    kept = opened(table, other)
    with serving() as url:
        local = some_client(moto, sockets_at=url)
        assert devices.revoke(stack._replace(client=local), "Kitchen", "home") == 2
    assert sorted(path.rsplit("/", 1)[1] for _, path, _ in Gateway.got) == [
        "kitchen-1",
        "kitchen-2",
    ]
    assert ConnectionTable(table).of("home", "phone") == [kept]
    with pytest.raises(TokenError):
        authenticate(read_token(token), DeviceTable(table), ("phone",))


def test_whom_there_is_not_cannot_be_revoked(stack: stacks.Deployed) -> None:
    """Nor one of another home; the names there are, are told."""
    devices.add_device(stack, "door", "Front", "home", None)
    devices.add_device(stack, "door", "Gate", "away", None)
    with pytest.raises(stacks.NoStack, match="no device named Gate; it has: front"):
        devices.revoke(stack, "Gate", "home")
    with pytest.raises(stacks.NoStack, match="it has: none"):
        devices.revoke(stack, "Gate", "nobody")


def test_revoking_can_be_repeated_after_a_socket_could_not_be_closed(
    stack: stacks.Deployed, table: Table
) -> None:
    """Its row is gone all the same: it is told nothing any more."""
    devices.add_device(stack, "phone", "Ada", "home", None)
    rows = ConnectionTable(table)
    stray = Connection("c", "home", "phone", "ada", NOON)
    device = DeviceTable(table).find("home", "ada")
    assert device
    rows.add(stray, device.token_hash)
    DeviceTable(table).remove("home", "ada")
    with suppress(DoorbellError):
        devices.revoke(stack, "Ada", "home")
    assert rows.of("home", "phone", "ada") == []


def test_before_a_stack_is_deleted_nobody_has_a_token_or_a_socket_in_any_home(
    stack: stacks.Deployed, table: Table, moto: MotoPool
) -> None:
    """Else photos would come while the bucket is emptied. A socket that is gone stops nothing."""
    tokens = [
        devices.add_device(stack, "phone", "Kitchen", "home", None),
        devices.add_device(stack, "door", "Front door", "away", None),
    ]
    for token in tokens:
        opened(table, token)
    with serving() as url:
        local = stack._replace(client=some_client(moto, sockets_at=url))
        assert devices.revoke_all(local) == 2
    assert sorted(path.rsplit("/", 1)[1] for _, path, _ in Gateway.got) == [
        "front-door-1",
        "kitchen-1",
    ]
    for token in tokens:
        with pytest.raises(TokenError):
            authenticate(read_token(token), DeviceTable(table), ("door", "phone"))
    unreachable = stack._replace(client=some_client(moto, sockets_at="http://127.0.0.1:9"))
    opened(table, devices.add_device(stack, "phone", "Kitchen", "home", None))
    assert devices.revoke_all(unreachable) == 1
    assert devices.revoke_all(unreachable) == 0


# --- cameras -------------------------------------------------------------------------------


def test_a_camera_rings_at_the_door_that_was_named(stack: stacks.Deployed, table: Table) -> None:
    devices.add_device(stack, "door", "Front door", "home", None)
    devices.add_device(stack, "camera", "Gate", "home", None, "front DOOR")
    devices.add_device(stack, "camera", "Garden", "home", None)
    doors = {each.name: each.door for each in DeviceTable(table).all("home")}
    assert doors == {"Front door": None, "Gate": "front-door", "Garden": None}


def test_a_camera_rings_at_no_door_that_there_is_not_and_at_no_phone(
    stack: stacks.Deployed, table: Table
) -> None:
    """Nor at one of another home; the doors there are, are told, and nothing is added."""
    devices.add_device(stack, "door", "Front door", "home", None)
    devices.add_device(stack, "phone", "Kitchen", "home", None)
    devices.add_device(stack, "door", "Back door", "away", None)
    for name in ("Kitchen", "Back door", "Side door"):
        with pytest.raises(stacks.NoStack, match=f"no door named {name}; it has: Front door"):
            devices.add_device(stack, "camera", "Gate", "home", None, name)
    with pytest.raises(BadName, match="Only a camera rings at another's door"):
        devices.add_device(stack, "door", "Gate", "home", None, "Front door")
    assert DeviceTable(table).find("home", "gate") is None


# --- the command ---------------------------------------------------------------------------


@pytest.fixture
def at_home(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, table: Table, moto: MotoPool
) -> Iterator[None]:
    """A terminal in a folder whose `stack.json` leads to the table."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(DynamoDb, "pool", moto, raising=False)
    with serving(DynamoDb) as url:
        _announce(tmp_path, table, url)
        yield


def _announce(folder: Path, table: Table, url: str) -> None:
    (folder / ".local").mkdir()
    described = {
        "endpoint": url,
        "region": "eu-central-1",
        "access_key": "key",
        "secret_key": "secret",
        "table": table.names.rings,
        "household_table": table.names.household,
        "bucket": "bucket",
        "websocket": "ws://127.0.0.1:1/prod",
        "cameras": "http://127.0.0.1:2/",
        "home": "home",
        "phone": "http://127.0.0.1:2",
    }
    (folder / ".local/stack.json").write_text(json.dumps(described), "utf-8")


@pytest.mark.usefixtures("at_home")
def test_adding_prints_the_token_alone_so_that_a_script_can_take_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["add", "door", "Front door", "--home", "home"]) == 0
    said = capsys.readouterr()
    token = read_token(said.out)
    assert (token.home, token.device) == ("home", "front-door")
    assert token.secret not in said.err
    assert "ws://127.0.0.1:1/prod" in said.err


@pytest.mark.usefixtures("at_home")
def test_adding_a_phone_on_this_machine_shows_a_link_for_a_browser_here_beside_the_token(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["add", "phone", "Ada's phone", "--resident", "Ada"]) == 0
    said = capsys.readouterr()
    secret = read_token(said.out).secret
    (link,) = re.findall(r"http://127\.0\.0\.1:2/#pair=\S+", said.err)
    assert secret not in said.err
    assert "within ten minutes" in said.err
    assert FOR_THIS_MACHINE in said.err
    assert in_terminal(link) not in said.err
    assert main(["add", "door", "Front"]) == 0
    assert "#pair=" not in capsys.readouterr().err


@pytest.mark.usefixtures("at_home")
@pytest.mark.parametrize(
    ("door", "told"),
    [("", "Its pictures are kept; they ring nowhere."), ("Front door", "rings at Front door.")],
)
def test_adding_a_camera_says_what_to_type_into_its_page(
    capsys: pytest.CaptureFixture[str], door: str, told: str
) -> None:
    """The token alone on the output, as for all others; the line to paste beside it."""
    assert main(["add", "door", "Front door"]) == 0
    capsys.readouterr()
    assert main(["add", "camera", "Gate", "--door", door]) == 0
    said = capsys.readouterr()
    token = said.out.strip()
    assert read_token(token).device == "gate"
    for line in (
        "Type                    HTTP\n",
        "URL                     http://127.0.0.1:2/\n",
        "Action                  Send images through HTTP\n",
        f"Custom CGI parameters   accessToken={token}\n",
        told,
    ):
        assert line in said.err


def test_a_camera_without_tls_is_told_its_own_address(stack: stacks.Deployed) -> None:
    plain = {"PlainRecipient": "http://d111.cloudfront.net/camera"}
    there = stack._replace(recipient="https://api/", outputs=plain)
    said = what_to_type(there, "home.gate.secret", None)
    assert "Type                    HTTPS\n" in said
    assert "http://d111.cloudfront.net/camera and never rings" in said


@pytest.mark.usefixtures("at_home")
@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["revoke", "Nobody"], "home has no device named Nobody"),
        (["add", "door", "!"], "is named by 1 to 32"),
        (["add", "door", ""], "Say which device: NAME=…"),
        (["add", "phone", "Ada", "--resident", "a/b"], "A resident's name has 1 to 64 letters"),
        (["add", "phone", "Ada", "--resident", "code"], "Nobody is named code"),
        (
            ["add", "camera", "Gate", "--door", "Front"],
            "home has no door named Front; it has: none",
        ),
    ],
)
def test_what_cannot_be_done_is_one_sentence_and_exit_status_1(
    capsys: pytest.CaptureFixture[str], arguments: list[str], sentence: str
) -> None:
    assert main(arguments) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert sentence in said.err


@pytest.mark.usefixtures("at_home")
def test_a_device_added_and_revoked_by_the_command_may_be_added_again(
    capsys: pytest.CaptureFixture[str],
) -> None:
    add = ["add", "phone", "Ada", "--resident", "Ada"]
    assert [main(a) for a in (add, add, ["revoke", "Ada"], add)] == [0, 1, 0, 0]
    assert "Revoked; 0 open sockets closed" in capsys.readouterr().err


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """An account at CloudFormation of ours, and no stack on this machine."""
    monkeypatch.chdir(tmp_path)
    with serving(CloudFormation) as url:
        for name, value in (
            ("AWS_ENDPOINT_URL_CLOUDFORMATION", url),
            ("AWS_ACCESS_KEY_ID", "key"),
            ("AWS_SECRET_ACCESS_KEY", "secret"),
            ("AWS_DEFAULT_REGION", "eu-central-1"),
        ):
            monkeypatch.setenv(name, value)
        yield


@pytest.mark.usefixtures("account")
def test_without_one_on_this_machine_the_stack_is_cloudformations() -> None:
    found = stacks.find_stack(Answers())
    assert (*found.table, found.bucket, found.websocket) == ("t", "h", "b", "wss://ws/prod")
    assert found.client.endpoint(SOCKETS).url == "https://ws/prod"


@pytest.mark.usefixtures("account")
def test_what_is_about_aws_never_takes_the_stack_on_this_machine_for_the_one_on_aws(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / ".local").mkdir()
    (tmp_path / ".local/stack.json").write_text("{}", "utf-8")
    assert main(["outputs", "--stack", "elsewhere"]) == 1
    assert "The stack elsewhere was not found" in capsys.readouterr().err


@pytest.mark.usefixtures("account")
def test_a_stack_that_cannot_be_found_is_one_sentence(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["revoke", "Front", "--stack", "elsewhere"]) == 1
    assert "doorbell: The stack elsewhere was not found" in capsys.readouterr().err


def test_the_stack_on_this_machine_is_found_by_its_file(tmp_path: Path) -> None:
    file = tmp_path / "stack.json"
    at = {"endpoint": "http://127.0.0.1:1", "region": "us-east-1", "access_key": "k"}
    names = {"table": "t", "household_table": "h", "bucket": "b", "home": "h"}
    at["websocket"] = "ws://127.0.0.1:1/prod"
    file.write_text(json.dumps(at | names | {"secret_key": "s"}), "utf-8")
    found = stacks.find_stack(Answers(is_anybodys=True), file)
    assert (found.endpoint, found.bucket) == ("http://127.0.0.1:1", "b")
    assert found.table == TableNames("t", "h")
    assert found.client.endpoint(SOCKETS).url == "http://127.0.0.1:1/prod"
    assert found.client.endpoint(DYNAMODB).url == "http://127.0.0.1:1"


def test_a_token_is_known_while_its_device_is_and_in_its_role(stack: stacks.Deployed) -> None:
    token = devices.add_device(stack, "phone", "Phone", "home", None)
    assert devices.knows(stack, token, "phone")
    assert not devices.knows(stack, token, "door")
    assert not devices.knows(stack, token + "x", "phone")
    assert not devices.knows(stack, "nonsense", "phone")
    devices.revoke(stack, "Phone", "home")
    assert not devices.knows(stack, token, "phone")
