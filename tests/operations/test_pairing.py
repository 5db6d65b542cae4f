"""The operator's link and QR code, by which a phone's app takes over the phone just added."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import boto3
import pytest
import segno

from doorbell.auth import authenticate, digest, read_token
from doorbell.aws.dynamodb.home_devices import HomeDeviceTable
from doorbell.aws.dynamodb.pairings import PairingTable
from doorbell.aws.dynamodb.settings import SettingsTable
from doorbell.errors import BadName, TokenError
from doorbell.household.pairing import join
from doorbell.household.problems import Problem
from operations import devices, stacks
from operations.pairing import FOR_THIS_MACHINE, below, in_terminal, pairing_link
from tests.doorbell.aws.household_ports import household_on
from tests.doorbell.aws.pools import MotoPool, some_client
from tests.household_fakes import ORIGIN, make_household

if TYPE_CHECKING:
    from doorbell.aws.dynamodb.table import Table
    from doorbell.household.services import Household


@pytest.fixture
def stack(moto: MotoPool, table: Table) -> stacks.Deployed:
    """A deployed stack of which there are the table and the app's address."""
    session = boto3.Session("key", "secret", region_name="eu-central-1")
    return stacks.Deployed(
        some_client(moto), session, None, table.names, "bucket", "wss://socket/prod", "home", ORIGIN
    )


@pytest.fixture
def household(table: Table) -> Household:
    """The same table as the phone's API sees it, now: links are made by the real clock."""
    return household_on(table, make_household())._replace(clock=time.time)


def added(stack: stacks.Deployed, name: str = "Anna's phone", resident: str = "Anna") -> str:
    """As `make add-phone` does; the printed token."""
    return devices.add_device(stack, "phone", name, "home", resident)


def code_of(link: str) -> str:
    """What stands behind the `#`, where no server sees it."""
    address, _, code = link.partition("#pair=")
    assert address == f"{ORIGIN}/"
    return code


def test_a_phone_that_opens_the_link_is_the_one_that_was_added(
    stack: stacks.Deployed, household: Household, table: Table
) -> None:
    token = added(stack)
    link = pairing_link(stack, token, "Anna's phone", "Anna")
    joined = join(household, code_of(link))
    assert joined.phone.id == read_token(token).device
    assert (joined.phone.name, joined.phone.resident) == ("Anna's phone", "Anna")
    known = HomeDeviceTable(table)
    assert authenticate(joined.token, known, ("phone",)).id == joined.phone.id
    with pytest.raises(TokenError):
        authenticate(read_token(token), known, ("phone",))


def test_the_link_holds_no_token_and_serves_once(
    stack: stacks.Deployed, household: Household
) -> None:
    token = added(stack)
    link = pairing_link(stack, token, "Anna's phone", "Anna")
    assert read_token(token).secret not in link
    joined = join(household, code_of(link))
    assert joined.token.secret not in link
    with pytest.raises(Problem, match="was used"):
        join(household, code_of(link))


def test_the_table_keeps_the_code_s_hash_for_ten_minutes_and_not_the_code(
    stack: stacks.Deployed, table: Table, household: Household, moto: MotoPool
) -> None:
    code = code_of(pairing_link(stack, added(stack), "Anna's phone", None))
    kept = PairingTable(table).find("home", digest(code))
    assert kept
    assert 590 < kept.expires_at - household.clock() <= 600
    kept_rows = moto.dynamodb.scan(TableName=table.names.household)["Items"]
    assert code.split(".")[1] not in str(kept_rows)


@pytest.mark.parametrize("manager", [True, False])
def test_a_phone_that_is_to_manage_the_home_does_when_the_link_is_used(
    stack: stacks.Deployed, household: Household, table: Table, manager: bool
) -> None:
    """The first phone manages it anyway; this is the second."""
    added(stack, "First", "")
    token = added(stack)
    link = pairing_link(stack, token, "Anna's phone", "Anna", manager=manager)
    device = read_token(token).device
    assert not SettingsTable(table).phone("home", device).manager
    assert join(household, code_of(link)).manager is manager
    assert SettingsTable(table).phone("home", device).manager is manager


def test_no_link_is_made_for_a_name_that_cannot_be_kept(stack: stacks.Deployed) -> None:
    with pytest.raises(BadName):
        pairing_link(stack, added(stack), "x" * 65, None)


def test_the_terminal_shows_the_link_s_qr_code_with_a_margin_and_in_half_blocks() -> None:
    """Its rows of modules, read back from what is printed."""
    link = f"{ORIGIN}/#pair=home.x1nB3k0ZBg8nQe4nD1c9Ew"
    lines = in_terminal(link).splitlines()
    rows = [row for line in lines for row in _modules(line)]
    matrix = segno.make(link, error="l", micro=False).matrix_iter(border=2)
    expected = ["".join("1" if dark else "0" for dark in row) for row in matrix]
    assert [row[: len(expected[0])] for row in rows][: len(expected)] == expected
    assert max(len(line) for line in lines) <= 80


@pytest.mark.parametrize("host", ["127.0.0.1:4567", "localhost:4567", "[::1]:4567"])
def test_a_link_to_this_machine_is_shown_without_a_code_to_scan(host: str) -> None:
    """A phone that scanned it would open an address of its own."""
    assert below(f"http://{host}/#pair=home.x") == FOR_THIS_MACHINE
    link = f"{ORIGIN}/#pair=home.x"
    assert below(link) == in_terminal(link)


def _modules(line: str) -> tuple[str, str]:
    """A printed line is two rows: which modules of each are dark, on a dark terminal."""
    halves = {" ": "11", "\u2580": "01", "\u2584": "10", "\u2588": "00"}
    both = [halves[each] for each in line]
    return "".join(each[0] for each in both), "".join(each[1] for each in both)
