"""The matrix of HTTP: every caller, every operation, every way to carry a token."""

from __future__ import annotations

import base64
import json
from itertools import product
from typing import TYPE_CHECKING, Final, NamedTuple

import httpx

from demo.people import Person, door_photo
from proof.abuse.documents import TRANSPORTS, Operation, body, operations

if TYPE_CHECKING:
    import random

    from proof.abuse.leaks import Leaks
    from proof.abuse.scene import Caller, House

LAST: Final = (
    "renameResident", "removePhoto", "removeResident", "withdrawGuest", "revokeDevice",
)  # fmt: skip
"""What takes away what others ask about."""

BAD_TOKEN: Final = {(401, "bad_token"), (401, "no_token"), (403, "bad_token")}


class Cell(NamedTuple):
    """One caller asks for one thing, and carries the token so."""

    caller: Caller
    operation: Operation
    transport: str
    about: House
    """Whose things the request names."""

    def __str__(self) -> str:
        asked = self.operation.id
        return f"{self.caller.name} of {self.caller.home or '-'}: {asked} by {self.transport}"

    @property
    def expected(self) -> set[tuple[int, str]] | None:
        """The only refusals that are right; None if the documents allow it."""
        caller, operation = self.caller, self.operation
        if not operation.transports:
            return None
        if caller.role != operation.role or self.transport not in operation.transports:
            return BAD_TOKEN
        if operation.manager and not caller.manager:
            return {(403, "not_manager")}
        if operation.id == "revokeDevice" and not caller.manager:
            return {(403, "not_manager")}  # a member may revoke itself alone; the id is another's
        if operation.is_about_something and self.about.home.id != caller.home:
            return {(404, "not_found")}
        return None


class Found(NamedTuple):
    """What the matrix came to."""

    cells: int
    allowed: int
    wrong: list[str]
    """Cells that were answered otherwise than the documents say."""


def cells(houses: tuple[House, House], nobodies: tuple[Caller, ...]) -> list[Cell]:
    """All of them; the token in another place only where a thing of the caller's own is named."""
    everybody = (*houses[0].callers, *houses[1].callers, *nobodies)
    made = []
    for caller, operation, transport in product(everybody, operations(), TRANSPORTS):
        for about in houses:
            foreign = about.home.id != (caller.home or houses[0].home.id)
            if foreign and (transport != "bearer" or not operation.is_about_something):
                continue
            made.append(Cell(caller, operation, transport, about))
    return made


def walk(
    houses: tuple[House, House],
    nobodies: tuple[Caller, ...],
    leaks: Leaks,
    chance: random.Random,
    most: int | None,
) -> Found:
    """Ask for every cell, or for `most` of them; first all that must change nothing."""
    every = cells(houses, nobodies)
    asked = every if most is None else chance.sample(every, most)
    refused = [cell for cell in asked if cell.expected is not None]
    allowed = [cell for cell in asked if cell.expected is None]
    chance.shuffle(refused)
    allowed.sort(
        key=lambda cell: LAST.index(cell.operation.id) if cell.operation.id in LAST else -1
    )
    wrong: list[str] = []
    with httpx.Client(trust_env=False, timeout=30) as client:
        before = [house.state() for house in houses]
        wrong += filter(None, (_try(client, cell, leaks) for cell in refused))
        if [house.state() for house in houses] != before:
            wrong.append("something was changed by what was refused")
        wrong += filter(None, (_try(client, cell, leaks) for cell in allowed))
    return Found(len(asked), len(allowed), wrong)


def _try(client: httpx.Client, cell: Cell, leaks: Leaks) -> str:
    """What is wrong with the answer; empty if nothing is."""
    answer = ask(client, cell)
    leaks.look(f"{answer.text} {answer.headers}")
    name = ""
    if not answer.is_success and answer.text:
        name = json.loads(answer.text).get("name", "")
    told = (answer.status_code, name)
    if cell.expected is None:
        fine = _is_served(cell, answer.status_code, name)
    else:
        # A head has no body that could name it.
        fine = told in cell.expected
    return "" if fine else f"{cell}: {told}"


def _is_served(cell: Cell, status: int, name: str) -> bool:
    """Whether it was judged by what it asks for, and not by who asks."""
    if cell.operation.id == "usePairing":
        return (status, name) == (404, "no_such_pairing")
    if cell.operation.id == "completeUpload":
        return (status, name) in {(400, "bad_part"), (409, "lost_upload")}
    return status < 300


def ask(client: httpx.Client, cell: Cell) -> httpx.Response:
    """One request."""
    operation, house, token = cell.operation, cell.about, cell.caller.token
    stack = house.home.stack
    origin = stack.phone if operation.role == "phone" else (stack.cameras or "").rstrip("/")
    ids = house.ids | ({"name": house.ids["other"]} if operation.id == "renameResident" else {})
    upload = {"key": ids["key"], "upload": ids["upload"]}
    headers = {"Content-Type": operation.media}
    if operation.id == "setHomeQuietHours":
        headers["If-Match"] = '"0"'
    query = {}
    if token is not None and cell.transport == "bearer":
        headers["Authorization"] = f"Bearer {token}".strip()
    elif token is not None and cell.transport == "basic":
        headers["Authorization"] = "Basic " + base64.b64encode(f"x:{token}".encode()).decode()
    elif token is not None:
        query = {"accessToken": token, "token": token}
    return client.request(
        operation.method,
        f"{origin}{operation.path.format(**ids)}",
        params=query,
        headers=headers,
        content=body(operation, door_photo(Person.GRACE), upload),
    )
