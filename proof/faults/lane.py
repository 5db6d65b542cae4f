"""One home with a door and a phone, at which one press after another is made and looked at."""

from __future__ import annotations

import asyncio
import contextlib
import time
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import httpx

from doorbell.protocol.messages import Declined, NoAnswer
from doorbell.protocol.words import message_in_words
from doorbell_client.door.timeouts import DoorTimeouts
from proof.faults import push
from proof.faults.doors import CONNECTS_WITHIN
from proof.faults.scripts import PHONE_MOMENTS, PUSHED

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from proof.faults.bell import BellPhone
    from proof.faults.board import Board
    from proof.faults.doors import Door
    from proof.faults.phone import Phone
    from proof.faults.scripts import Script
    from tests.push_service import PushService

HEARD_WITHIN: Final = 60.0
"""Seconds; whoever has heard nothing by then has not been heard."""
ACTS_WITHIN: Final = 30.0
"""So long a resident looks at the phone, waiting for something to answer or to type."""
OPENS_WITHIN: Final = 8.0
"""So long somebody waits at the door before they try again."""
TRIES: Final = 3
DELIVERED_WITHIN: Final = 150.0
"""The device tries again after 1, 2, 4, … seconds."""
PUSHED_WITHIN: Final = 10.0
"""So long a push service may not have been asked yet."""
STRIKE_SECONDS: Final = 1.5
"""So long after an opening the strike is at rest."""
LOOK: Final = 0.1
RING_GAP: Final = DoorTimeouts().ring_gap + 0.1
"""Seconds after a press in which another one sounds at once."""
AT_ONCE: Final = 0.05
"""Seconds; a gong that sounds so soon waited for nobody: the door was without a line, or somebody
stood there already.
"""
OVER: Final = (
    message_in_words(Declined("", "")).split()[-1],
    message_in_words(NoAnswer("")),
    "the strike is released",
)
"""In the door's log: nobody waits there any more."""


class Outcome(NamedTuple):
    """What a person would have noticed of one press, and what was done."""

    script: Script
    home: str
    fired: bool
    """Whether the fault came to be."""
    pressed: float
    """Epoch seconds."""
    heard: Mapping[str, float]
    """By which way, after how many seconds: `gong`, `app`, `code`."""
    strikes: int
    """How often the strike was energised."""
    rights: int
    """Whether a resident let in, or a code was typed that a phone had shown."""
    answered: bool
    """Whether the visit was over while somebody stood there: let in, declined, or nobody was in."""
    photo: bytes | None
    """What the camera took; None if the program was killed before it took any."""
    settled: bool
    """Whether nothing was left in the device's spool."""
    log: tuple[str, ...] = ()
    """The device's, for whoever looks for a cause."""
    trace: tuple[str, ...] = ()


class Lane(NamedTuple):
    """Who takes part."""

    home: str
    door: Door
    phone: Phone | BellPhone
    token: str
    """The phone's, for the API."""
    api: str
    board: Board
    pushed: PushService
    answer_seconds: float

    async def press(self, script: Script, photo: bytes, *, clean: bool = False) -> Outcome:
        """Somebody presses, and what is to go wrong goes wrong. `clean`: nothing does."""
        door, phone = self.door, self.phone
        await asyncio.to_thread(_put, door, photo)
        asked = await self._close_app(script.fault.mode) if script.story == PUSHED else ""
        door.fresh()
        gongs, rings, codes = len(door.gongs), len(phone.rang), len(phone.codes)
        strikes = len(door.strikes)
        self.board.arm(self.home, None if clean else script.fault)
        hit = self._hit_devices(script) if not clean else list[float]()
        pressed, wall = await door.press(), time.time()

        def heard() -> dict[str, float]:
            ways = {"gong": door.gongs[gongs:], "app": phone.rang[rings:]}
            ways["code"] = phone.codes[codes:]
            return {way: times[0] - pressed for way, times in ways.items() if times}

        def struck() -> bool:
            return bool(hit) or self.board.fired(self.home) or bool(self.pushed.at(asked))

        rights = await self._acted(script, heard, lambda: len(door.strikes) > strikes)
        await _wait(lambda: bool(heard()), HEARD_WITHIN - (time.monotonic() - pressed))
        settled = await _wait(lambda: not door.waiting(), DELIVERED_WITHIN)
        fired = await _wait(struck, PUSHED_WITHIN if asked else 0)
        log, trace = tuple(door.lines), tuple(self.board.trace(self.home))
        opened = len(door.strikes) - strikes
        taken = photo if door.said("picture taken") else None
        outcome = Outcome(
            script, self.home, fired, wall, heard(),
            opened, rights, bool(opened) or self._is_over(), taken, settled, log, trace,
        )  # fmt: skip
        await self._at_rest(pressed, script, outcome)
        return outcome._replace(strikes=len(door.strikes) - strikes)

    async def anew(self) -> None:
        """After something that this proof itself could not do."""
        self.board.arm(self.home, None)
        self.door.kill_at("", lambda: None)
        await self.door.restart()
        await self.phone.leave()
        await self.phone.come_back()

    # --- the one thing that goes wrong with a device ----------------------------------------

    def _hit_devices(self, script: Script) -> list[float]:
        """What the board cannot do; when it was done."""
        fired: list[float] = []
        what, fault = script.kind.what, script.fault
        if what == "the device's program":
            self.door.kill_at(fault.where, lambda: fired.append(time.monotonic()))
        if what == "the phone's app":
            act = self.phone.reload if fault.mode == "reloaded" else self.phone.leave

            def hit(moment: str) -> None:
                if moment == fault.where and not fired:
                    fired.append(time.monotonic())
                    task = asyncio.get_running_loop().create_task(act())
                    self.phone.busy.add(task)
                    task.add_done_callback(self.phone.busy.discard)

            self.phone.on = hit
            assert fault.where in PHONE_MOMENTS
        return fired

    async def _close_app(self, mode: str) -> str:
        """Notices go to a service that answers so, and there by this path; nobody has the app
        open.
        """
        browser = push.subscribed(self.pushed, self.home, mode)
        await self._ask("PUT", "/api/me/push", browser.subscription())
        await self.phone.leave()
        return browser.path

    async def _ask(self, method: str, path: str, content: Any = None) -> None:
        async with httpx.AsyncClient(trust_env=False, timeout=30) as client:
            answer = await client.request(
                method, f"{self.api}{path}", json=content,
                headers={"Authorization": f"Bearer {self.token}"},
            )  # fmt: skip
            answer.raise_for_status()

    # --- what people do ----------------------------------------------------------------------

    async def _acted(
        self, script: Script, heard: Callable[[], Mapping[str, float]], opened: Callable[[], bool]
    ) -> int:
        """The residents do what the story says, and again if it was to no avail; how many rights
        to open were given: 1 or 0.
        """
        rights = 0
        until = time.monotonic() + ACTS_WITHIN
        for _ in range(TRIES):
            if self.phone.is_away and await _wait(lambda: bool(heard()), HEARD_WITHIN):
                await self.phone.come_back()  # somebody has heard the bell, and looks
            if not await _wait(self._can_act, until - time.monotonic()):
                break
            rights = max(rights, await self._act(script))
            over = opened if rights else self._is_over
            if await _wait(over, OPENS_WITHIN):
                break
        return rights

    def _can_act(self) -> bool:
        return bool(self.phone.code) or self.phone.asked or self.phone.is_away

    async def _act(self, script: Script) -> int:
        """One try; whether it was a right to open."""
        if self.phone.is_away:
            return 0
        if self.phone.code:
            self.door.type(self.phone.code)
            return 1
        if script.story == "declined":
            await self.phone.decline()
            return 0
        return int(await self.phone.let_in())

    def _is_over(self) -> bool:
        return any(self.door.said(words) for words in OVER)

    # --- between two presses -------------------------------------------------------------------

    async def _at_rest(self, pressed: float, script: Script, outcome: Outcome) -> None:
        """The next visitor finds a door at which nobody waits, and a phone with the app open."""
        self.phone.on = lambda _: None
        self.door.kill_at("", lambda: None)
        self.board.arm(self.home, None)
        await self.door.running()
        # A door without a line rings at once: that would be no proof of anything else.
        await _wait(lambda: self.door.connected, CONNECTS_WITHIN)
        if not await _wait(self._is_over, 1.0):
            # Until nobody can answer any more, and the cloud has told the door.
            left = pressed + self.answer_seconds + 12 - time.monotonic()
            await _wait(self._is_over, left)
            await self.door.restart()
        elif outcome.heard.get("gong", AT_ONCE) < AT_ONCE:
            # Somebody seemed to stand there still: it would ring at once again, for two minutes.
            await self.door.restart()
        else:
            # A press so soon after another sounds at once: that would be no proof either.
            await asyncio.sleep(max(0.0, pressed + RING_GAP - time.monotonic()))
        if self.door.strikes:
            # Two openings that meet are one edge of the pin.
            await _wait(lambda: time.monotonic() - self.door.strikes[-1] > STRIKE_SECONDS, 5)
        if script.story == PUSHED:
            with contextlib.suppress(httpx.HTTPError):
                await self._ask("DELETE", "/api/me/push")
        await self.phone.at_rest()


async def _wait(true: Callable[[], bool], seconds: float) -> bool:
    """Whether it came true in time."""
    until = time.monotonic() + seconds
    while not true():
        if time.monotonic() > until:
            return False
        await asyncio.sleep(LOOK)
    return True


def _put(door: Door, photo: bytes) -> None:
    """What the camera sees from now on."""
    part = door.picture.with_suffix(".part")
    part.write_bytes(photo)
    part.replace(door.picture)
