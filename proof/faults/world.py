"""The whole of it: the stack behind the proxy, and so many homes with a door and a phone each."""

from __future__ import annotations

import asyncio
import io
import json
import socket
import tempfile
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PIL import Image

from demo.people import Person, door_photo, portrait, with_comment
from local import server
from local.cameras import Recipient
from local.kept import deployed
from local.kept.home import kept_home
from local.web import Behind, Web
from operations.devices import add_device
from operations.pairing import pairing_link
from proof.faults.bell import BellPhone
from proof.faults.board import Board, served
from proof.faults.doors import Door
from proof.faults.lane import Lane
from proof.faults.phone import Phone, chromium, new_phone
from proof.faults.proxy import Proxy
from proof.faults.serve import BOARD
from tests.push_service import push_service

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from playwright.async_api import Browser

    from local.stack import Stack
    from tests.push_service import PushService

ANSWER_SECONDS: Final = 15
GIVEN: Final = {"AnswerSeconds": str(ANSWER_SECONDS), "OpenSeconds": "1"}
"""In place of 60 and 5: a ring that nobody can answer any more, or a strike that is still open,
would hold up the next press. All else is as it is deployed."""
STACK: Final = "doorbell"
PROGRAM: Final = "proof.faults.serve"
RESIDENT: Final = Person.EILEEN
STRANGERS: Final = (Person.GRACE, Person.STRANGER)


class World:
    """A kept home's stack that can be stopped and started again, and its lanes."""

    def __init__(self, folder: Path, board: Board, proxy: Proxy, address: str) -> None:
        self.board = board
        self.folder = folder
        self.lanes: list[Lane] = []
        self.presses = 0
        """How many were made."""
        self.stack: Stack
        self._proxy = proxy
        self._environment = {BOARD: address, "AWS_ENDPOINT_URL": proxy.url}
        self._closing = ExitStack()
        self._running = ExitStack()
        self._port = 0

    def open(self) -> None:
        """The app's server and the cameras', which stay when the stack stops; then the stack."""
        self._web = self._closing.enter_context(Web(0).serving())
        self._recipient = self._closing.enter_context(Recipient(0).serving())
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self._port = probe.getsockname()[1]
        self.start()

    def start(self) -> None:
        """The stack, with what was kept."""
        self._proxy.to = self._port
        kept = self._running.enter_context(kept_home(self.folder / "kept"))
        aws = self._running.enter_context(
            server.running(
                port=self._port,
                directory=self.folder,
                kept=kept,
                program=PROGRAM,
                environment=self._environment,
            )
        )
        given = {"LocalEndpoint": self._proxy.url, **GIVEN}
        self.stack = deployed.add(
            aws, kept, name=STACK, web=self._web, recipient=self._recipient, parameters=given
        )
        # The app fetches photos where their links lead.
        behind = self._web.behind
        assert behind
        self._web.behind = Behind(behind.socket, behind.api, self._proxy.url, behind.push)

    def stop(self) -> None:
        """The stack ends at once, with all that runs in it; what is kept is written down."""
        self._running.close()

    def close(self) -> None:
        """All of it."""
        self._running.close()
        self._closing.close()

    async def settle(self, count: int, browser: Browser | None, pushed: PushService) -> None:
        """So many homes, each with a resident, a door and a phone: with a browser, every second
        one of them has the app, the others the bell inside.
        """
        homes = [f"faults-{number}" for number in range(1, count + 1)]
        await asyncio.gather(*(self._move_in(home, browser, pushed) for home in homes))
        for home in homes:
            await self._enrol(home)

    async def _move_in(self, home: str, browser: Browser | None, pushed: PushService) -> None:
        stack, at = self.stack, self.stack.deployed
        token = await asyncio.to_thread(add_device, at, "door", "Front door", home, None)
        mine = await asyncio.to_thread(add_device, at, "phone", "Phone", home, "")
        door = Door(self.folder / home, stack.websocket, token)
        await asyncio.to_thread(door.picture.write_bytes, door_photo(RESIDENT))
        if browser and int(home.rpartition("-")[2]) % 2:
            phone: Phone | BellPhone = await self._app(home, browser)
        else:
            phone = BellPhone(stack.websocket, mine)
        await asyncio.gather(door.begin(), phone.come_back())
        api = self.stack.outputs["PhoneApi"]
        self.lanes.append(Lane(home, door, phone, mine, api, self.board, pushed, ANSWER_SECONDS))

    async def _app(self, home: str, browser: Browser) -> Phone:
        at = self.stack.deployed
        token = await asyncio.to_thread(add_device, at, "phone", "Tablet", home, "")
        link = await asyncio.to_thread(pairing_link, at, token, "Tablet", None, manager=True)
        phone = await new_phone(browser, self.stack.phone or "")
        await phone.pair(link)
        return phone

    async def _enrol(self, home: str) -> None:
        """Somebody lives here; again if the faces were too busy. Raises TimeoutError."""
        for number in range(3):
            key = f"residents/{home}/{RESIDENT.value}/portrait-{number}.jpeg"
            await asyncio.to_thread(self.stack.deployed.put, key, portrait(RESIDENT))
            for _ in range(250):
                if await asyncio.to_thread(self._has_faces, home):
                    return
                await asyncio.sleep(0.1)
        raise TimeoutError(f"Nobody lives in {home}.")

    def _has_faces(self, home: str) -> bool:
        found = self.stack.aws.client("dynamodb").query(
            TableName=self.stack.table.household,
            KeyConditionExpression="home = :h AND begins_with(sk, :f)",
            ExpressionAttributeValues={":h": {"S": home}, ":f": {"S": "face#"}},
        )
        return bool(found["Items"])


@asynccontextmanager
async def world(lanes: int, *, browser: bool = True) -> AsyncIterator[World]:
    """A stack of its own, with so many homes; all of it ends with the block."""
    board = Board()
    proxy = Proxy(board)
    async with AsyncExitStack() as closing:
        folder = Path(closing.enter_context(tempfile.TemporaryDirectory()))
        address = closing.enter_context(served(board))
        closing.enter_context(proxy.running())
        made = World(folder, board, proxy, address)
        closing.callback(made.close)
        await asyncio.to_thread(made.open)
        running = await closing.enter_async_context(chromium()) if browser else None
        pushed = closing.enter_context(push_service())
        closing.push_async_callback(_stop_doors, made)
        await made.settle(lanes, running, pushed)
        yield made


async def _stop_doors(made: World) -> None:
    for lane in made.lanes:
        await asyncio.gather(lane.door.stop(), lane.phone.leave(), return_exceptions=True)


def photo_of(story: str, number: int) -> bytes:
    """What the camera sees: no two presses have the same picture."""
    person = RESIDENT if story.startswith("resident") else STRANGERS[number % len(STRANGERS)]
    whole = with_comment(door_photo(person, number % 3), json.dumps({"press": number}).encode())
    Image.open(io.BytesIO(whole)).verify()
    return whole
