"""`doorbell spool`: lists or delivers the presses that are not delivered yet."""

import argparse
import asyncio
import contextlib
import time
from collections.abc import Callable

from doorbell.protocol import Ticket
from doorbell_client.camera.shots import counted_shots
from doorbell_client.clock import Moment
from doorbell_client.commands.arguments import Arguments, add_wait, profile_of
from doorbell_client.commands.station import shots_of, station
from doorbell_client.config.credentials import Credentials
from doorbell_client.config.profile import Profile
from doorbell_client.link.line import Line
from doorbell_client.link.session import Session
from doorbell_client.outbox.outbox import Outbox
from doorbell_client.outbox.spool import Limits, Spool, counted
from doorbell_client.outbox.timeouts import OutboxTimeouts
from doorbell_client.outbox.upload import Uploader


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`list` or `flush`."""
    parser.add_argument(
        "what", choices=("list", "flush"), help="list them, or deliver them now", metavar="WHAT"
    )
    add_wait(parser, 60)


def run(asked: Arguments) -> int:
    """List the presses, or deliver them; status 1 if some could not be delivered."""
    profile = profile_of(asked)
    if profile.is_camera:
        return pictures(profile, asked.what, asked.wait)
    if asked.what == "list":
        return _list(profile)
    return _told(counted, asyncio.run(flush(profile, asked.wait)))


def pictures(profile: Profile, what: str, wait: float) -> int:
    """The same for a camera's pictures."""
    if what == "flush":
        return _told(counted_shots, asyncio.run(_flush_pictures(profile, wait)))
    spool = shots_of(profile)
    waiting = spool.peek()
    for shot in waiting:
        when = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(shot.taken_at))
        print(f"{shot.id}  {when}  {shot.kind}  {spool.size(shot) / 1000:.0f} kB")
    configuration = profile.config_file or "no configuration"
    print(f"{counted_shots(len(waiting))} in {spool.folder} ({configuration}).")
    return 0


def _told(counted: Callable[[int], str], left: int) -> int:
    print(f"{counted(left)} still." if left else "Everything is delivered.")
    return 1 if left else 0


async def _flush_pictures(profile: Profile, wait: float) -> int:
    async with station(profile) as outbox:
        sending = asyncio.create_task(outbox.run())
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(wait):
                await outbox.empty()
        sending.cancel()
        await asyncio.gather(sending, return_exceptions=True)
        return outbox.waiting


def spool_of(profile: Profile) -> Spool:
    """The spool as it is configured, not yet open."""
    limits = Limits(profile.config.spool.max_bytes, profile.config.spool.max_age)
    return Spool(profile.spool_folder(), limits, memory=profile.runtime_folder())


def _list(profile: Profile) -> int:
    waiting = spool_of(profile).peek()
    for record, size in waiting:
        when = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(record.at.wall))
        age = Moment.now().since(record.at)
        print(f"{record.press}  {when}  {age:.0f} s ago  {size / 1000:.0f} kB")
    configuration = profile.config_file or "no configuration"
    print(f"{counted(len(waiting))} in {profile.spool_folder()} ({configuration}).")
    return 0


async def flush(profile: Profile, wait: float) -> int:
    """Deliver what waits in the spool, for `wait` seconds at most; returns how many still wait.

    Raises SpoolError while another doorbell runs: that one delivers.
    """
    spool = spool_of(profile)
    spool.open()
    uploader = Uploader()
    flusher = _Flusher(profile.credentials("door"), spool, uploader)
    try:
        return await flusher.work(wait)
    finally:
        await uploader.close()
        spool.close()


class _Flusher:
    """Session and outbox, without a door."""

    def __init__(self, credentials: Credentials, spool: Spool, uploader: Uploader) -> None:
        self._session = Session(lambda: credentials, self._hear, self._line)
        no_camera = OutboxTimeouts(retake=0)
        self._outbox = Outbox(
            spool, uploader, self._session.send, timeouts=no_camera,
            home=lambda: self._session.home,
        )  # fmt: skip

    async def work(self, wait: float) -> int:
        try:
            await self._outbox.restore()
            line = asyncio.create_task(self._session.run())
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._outbox.empty(), wait)
            line.cancel()
            await asyncio.gather(line, return_exceptions=True)
            return self._outbox.waiting
        finally:
            await self._outbox.close()

    def _hear(self, message: object) -> None:
        if isinstance(message, Ticket):
            self._outbox.hear(message)

    def _line(self, line: Line) -> None:
        self._outbox.line(up=line is Line.UP)
