"""Every operation of docs/openapi.yaml, asked by whoever may not: on the running stack, and nothing
changes in the home, and nothing of it is told.
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from doorbell.aws.dynamodb.table import Table
from doorbell.aws.dynamodb.visits import VisitTable
from doorbell.homes import guest_photo_key
from doorbell.household.model import Visit
from operations import devices
from tests.docs.openapi import Operation, check_answer, operations, sample, validator
from tests.stories.doorstep import Home

if TYPE_CHECKING:
    from collections.abc import Callable

    from local.stack import Stack

OPERATIONS = operations()
with_a_token = [o for o in OPERATIONS.values() if o.needs_token]
for_managers = [o for o in OPERATIONS.values() if o.for_managers]
about_something = [o for o in with_a_token if o.open_parts and o.id != "addPhoto"]
about_a_home = [o for o in with_a_token if not o.open_parts or o.id == "addPhoto"]
NOWHERE = dict.fromkeys(("camera", "device", "ring", "guest", "photo", "name", "door"), "nowhere")


@dataclass
class Victim:
    """A home with something of every kind, and the tokens of all who are not to touch it."""

    home: Home
    ids: dict[str, str]
    """What stands in the open places of paths, by their names."""
    secrets: list[str]
    """What nobody else may be told: ids, names, the guest's PIN."""
    tokens: dict[str, str | None]
    neighbour: str
    """The token of the phone that manages another home."""

    def ask(
        self, operation: Operation, token: str | None, ids: dict[str, str] | None = None
    ) -> httpx.Response:
        """One request about this home's things, or those of other ids; the answer is described."""
        path = operation.path.format(**(self.ids if ids is None else ids), code="home.wrong")
        given = {"If-Match": '"0"'} if operation.id == "setHomeQuietHours" else {}
        if token is not None:
            given["Authorization"] = f"Bearer {token}"
        answer = httpx.request(
            operation.method,
            f"{self.home.stack.phone}{path}",
            headers=given,
            json=self.body(operation, self.ids if ids is None else ids),
            trust_env=False,
        )
        check_answer(operation, answer.status_code, answer.headers, answer.text)
        return answer

    def body(self, operation: Operation, ids: dict[str, str]) -> Any:
        """What the operation takes: good in every way but for who sends it."""
        if operation.body is None:
            return None
        now = time.time()
        known = {
            "doors": [ids["door"]], "start": now - 600, "end": now + 600,
            "hours": None, "until": None,
            "every": "never",
            "endpoint": "https://push.example.org/1",
            "keys": {"p256dh": "BA" + "A" * 85, "auth": "A" * 22},
        }  # fmt: skip
        made = sample(operation.body, known)
        validator(operation.body).validate(made)
        return made

    def state(self) -> str:
        """All that is kept of this home: rows and objects."""
        table = Table(self.home.stack.deployed.client, self.home.stack.table)
        rows = table.between(self.home.id, "\x00", "\U0010ffff")
        s3 = self.home.stack.aws.client("s3")
        kept = [
            each["Key"]
            for prefix in (f"residents/{self.home.id}/", f"guest/{self.home.id}/")
            for each in s3.list_objects_v2(Bucket=self.home.stack.bucket, Prefix=prefix).get(
                "Contents", []
            )
        ]
        return json.dumps([rows, kept], default=str)


@pytest.fixture(scope="module")
def victim(stack: Stack) -> Victim:
    """One for all that changes nothing."""
    return a_victim(stack, "victim")


def a_victim(stack: Stack, name: str) -> Victim:
    """A home, its things, and the tokens."""
    home, other = Home.new(stack, name), Home.new(stack, f"{name}-neighbour")
    at, table = stack.deployed, Table(stack.deployed.client, stack.table)
    member, revoked = home.add("phone", "Zoe's phone", "Zoe"), home.add("phone", "Gone")
    devices.revoke(at, "Gone", home.id)
    now = time.time()
    visit = Visit(home.id, "zebra-ring", now - 60, "front-door", "Zebra door", "stranger")
    VisitTable(table).decided(visit._replace(outcome="asked"), now + 3600)
    at.put(f"residents/{home.id}/Zoe/zebra.jpeg", b"x")
    _await_photo(table, home)
    guest = _invite(home, now)
    return Victim(
        home,
        {
            "camera": "camera", "device": "zoe-s-phone", "ring": "zebra-ring",
            "guest": guest["id"], "name": "Zoe", "photo": "zebra", "door": "front-door",
        },
        ["zoe", "Zoe", "zebra", "Zebra", "Zed", guest["id"], guest["pin"]],
        {
            "no token": None,
            "garbage": "garbage",
            "a wrong secret": home.phone + "x",
            "a revoked phone's": revoked,
            "a door's": home.door,
            "a camera's": home.add("camera", "Camera"),
            "a phone's of another home": other.phone.replace(other.id, home.id, 1),
            "a member's": member,
        },
        other.phone,
    )  # fmt: skip


def _invite(home: Home, now: float) -> dict[str, str]:
    """A guest, with the PIN."""
    plan = {"name": "Zed", "doors": ["front-door"], "start": now, "end": now + 3600, "uses": 3}
    guest: dict[str, str] = httpx.post(
        f"{home.stack.phone}/api/guests",
        json=plan,
        headers={"Authorization": f"Bearer {home.phone}"},
        trust_env=False,
    ).json()
    return guest


def _await_photo(table: Table, home: Home) -> None:
    """Enrolment has looked at the photo: it shows no face, and stays listed."""
    deadline = time.monotonic() + 20
    while not any(r.get("failure") for r in table.starting(home.id, "object#")):
        assert time.monotonic() < deadline
        time.sleep(0.1)


def unchanged(victim: Victim, ask: Callable[[], httpx.Response]) -> httpx.Response:
    """The answer; nothing of the home has changed."""
    before = victim.state()
    answer = ask()
    assert victim.state() == before
    return answer


def told_nothing(victim: Victim, answer: httpx.Response) -> None:
    """Nothing of the home stands in the answer, nor in its headers."""
    said = answer.text + str(answer.headers)
    assert not [secret for secret in victim.secrets if secret in said]


NO_PHONES = [
    "no token", "garbage", "a wrong secret", "a revoked phone's", "a door's", "a camera's",
    "a phone's of another home",
]  # fmt: skip


@pytest.mark.parametrize("operation", with_a_token, ids=lambda operation: operation.id)
def test_without_a_phone_s_token_nothing_is_done_and_nothing_told(
    victim: Victim, operation: Operation
) -> None:
    before = victim.state()
    for kind in NO_PHONES:
        answer = victim.ask(operation, victim.tokens[kind])
        assert (answer.status_code, answer.json()["name"]) == (401, "bad_token"), kind
        told_nothing(victim, answer)
    assert victim.state() == before


@pytest.mark.parametrize("operation", for_managers, ids=lambda operation: operation.id)
def test_a_phone_that_does_not_manage_the_home_does_nothing_that_needs_it(
    victim: Victim, operation: Operation
) -> None:
    """And hears the same about what is there and what is not."""
    before = victim.state()
    for ids in (victim.ids, NOWHERE):
        answer = victim.ask(operation, victim.tokens["a member's"], ids)
        assert (answer.status_code, answer.json()["name"]) == (403, "not_manager")
        told_nothing(victim, answer)
    assert victim.state() == before


@pytest.mark.parametrize("device", ["front-door", "phone", "camera", "nowhere"])
def test_a_member_revokes_no_other_device(victim: Victim, device: str) -> None:
    revoke, ids = OPERATIONS["revokeDevice"], victim.ids | {"device": device}
    answer = unchanged(victim, lambda: victim.ask(revoke, victim.tokens["a member's"], ids))
    assert (answer.status_code, answer.json()["name"]) == (403, "not_manager")


@pytest.mark.parametrize("operation", about_something, ids=lambda operation: operation.id)
def test_what_is_another_home_s_is_answered_exactly_like_what_is_nowhere(
    victim: Victim, operation: Operation
) -> None:
    """To a phone that manages a home of its own."""
    theirs = unchanged(victim, lambda: victim.ask(operation, victim.neighbour))
    nowhere = victim.ask(operation, victim.neighbour, NOWHERE)
    assert theirs.status_code == 404
    assert (theirs.text, headers(theirs)) == (nowhere.text, headers(nowhere))
    told_nothing(victim, theirs)


def headers(answer: httpx.Response) -> dict[str, str]:
    """All but the time."""
    return {name: value for name, value in answer.headers.items() if name != "date"}


@pytest.mark.parametrize("operation", about_a_home, ids=lambda operation: operation.id)
def test_a_phone_that_speaks_of_its_own_home_sees_and_changes_nothing_of_another(
    victim: Victim, operation: Operation
) -> None:
    """Whatever it names in its request: doors for a PIN, a resident who lives elsewhere."""
    answer = unchanged(victim, lambda: victim.ask(operation, victim.neighbour))
    assert answer.is_success, "it has a door of the same id"
    if operation.id != "addPhoto":  # which puts the name into its own home's address
        told_nothing(victim, answer)


def test_a_pin_is_for_no_door_that_another_home_alone_has(victim: Victim) -> None:
    victim.home.add("door", "Zebra gate")
    add = OPERATIONS["addGuest"]
    theirs = unchanged(
        victim, lambda: victim.ask(add, victim.neighbour, victim.ids | {"door": "zebra-gate"})
    )
    nowhere = victim.ask(add, victim.neighbour, victim.ids | {"door": "nowhere"})
    assert theirs.status_code == nowhere.status_code == 404
    assert theirs.json() == nowhere.json()


def test_a_code_that_is_wrong_is_refused_alike_whoever_asks(victim: Victim) -> None:
    """Pairing needs no token, and takes none."""
    use = OPERATIONS["usePairing"]
    tokens = [*victim.tokens.values(), victim.neighbour, victim.home.phone]
    before = victim.state()
    answers = [victim.ask(use, token) for token in tokens]
    assert {(a.status_code, a.text) for a in answers} == {(404, answers[0].text)}
    assert victim.state() == before


def test_the_manager_s_own_phone_may_do_all_of_it(stack: Stack) -> None:
    """Else the refusals above would prove nothing: the same requests are good ones."""
    mine = a_victim(stack, "mine")
    stack.deployed.put(guest_photo_key(mine.home.id, "zebra-ring"), b"x")
    last = ("removePhoto", "removeResident", "withdrawGuest", "revokeDevice")
    first = [operation for operation in with_a_token if operation.id not in last]
    for operation in (*first, *(OPERATIONS[name] for name in last)):
        if operation.id == "renameResident":
            continue  # tried below: what follows speaks of the old name
        answer = mine.ask(operation, mine.home.phone)
        assert answer.is_success, (operation.id, answer.text)
    again = a_victim(stack, "mine-again")
    assert again.ask(OPERATIONS["renameResident"], again.home.phone).is_success
