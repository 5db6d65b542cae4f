"""What the commands of a camera share: the pictures that wait, and the way to the cloud."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Final

from doorbell_client.camera.cloud import CameraCloud
from doorbell_client.camera.outbox import ShotOutbox
from doorbell_client.camera.shot import Shot, home_mark
from doorbell_client.camera.shots import ShotSpool, counted_shots
from doorbell_client.config.profile import Profile
from doorbell_client.outbox.upload import Uploader
from doorbell_client.supervisor import BROKEN, Supervisor

BEAT_SECONDS: Final = 5.0
"""So often systemd hears that the program is alive."""


def shots_of(profile: Profile) -> ShotSpool:
    """The pictures that wait, as configured, not yet open."""
    return ShotSpool(profile.pictures_folder(), profile.config.spool.max_bytes)


@asynccontextmanager
async def station(
    profile: Profile, sent: Callable[[Shot], None] = lambda shot: None
) -> AsyncIterator[ShotOutbox]:
    """An outbox with what former runs left; `sent` is told of each shot that arrived.

    Raises ConfigError without a camera's token, SpoolError where pictures cannot be kept.
    """
    credentials = profile.credentials("camera")
    spool = shots_of(profile)
    spool.open()
    cloud, uploader = CameraCloud(credentials), Uploader()
    outbox = ShotOutbox(spool, cloud, uploader, home_mark(credentials), sent=sent)
    try:
        await outbox.load()
        await asyncio.to_thread(uploader.warm_up)
        yield outbox
    finally:
        await outbox.close()
        await cloud.close()
        await uploader.close()
        spool.close()


@asynccontextmanager
async def supervised(outbox: ShotOutbox, faults: tuple[str, ...] = ()) -> AsyncIterator[None]:
    """Tell systemd that the camera serves, and how it is, until it ends."""
    supervisor = Supervisor()
    beating = asyncio.create_task(_beat(supervisor, outbox, faults))
    supervisor.ready()
    try:
        yield
    finally:
        supervisor.stopping()
        beating.cancel()
        await asyncio.gather(beating, return_exceptions=True)


async def _beat(supervisor: Supervisor, outbox: ShotOutbox, faults: tuple[str, ...]) -> None:
    broken = [f"{BROKEN} {'; '.join(faults)}"] if faults else []
    while True:
        supervisor.alive()
        supervisor.status(", ".join((counted_shots(outbox.waiting), *broken)))
        await asyncio.sleep(BEAT_SECONDS)
