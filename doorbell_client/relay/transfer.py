"""One file on its way to the cloud: begun, sent, and confirmed by its size; goes on where it was.

Every step may be repeated: a file has one id and therefore one place in the cloud, a part that is
sent twice is the same part, and what the cloud has already it says so.
"""

import asyncio
import hashlib
import logging
from base64 import b64encode
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import Executor
from functools import partial
from typing import Final, NamedTuple, TypeVar

from doorbell_client.errors import FileRefused, TicketStale, UploadFailed, UploadLost
from doorbell_client.relay.cloud import Cloud
from doorbell_client.relay.contract import Begun, Link
from doorbell_client.relay.kept import Kept
from doorbell_client.relay.parts import PART_SIZE, Part, plan
from doorbell_client.relay.progress import Progress
from doorbell_client.relay.store import Store

_log = logging.getLogger(__name__)

T = TypeVar("T")

PARTS_AT_ONCE: Final = 4
"""Links are asked for so many parts: at 300 kbit/s they are sent before the links are old."""

TRIES: Final = 3
"""A link that is old, or an upload that is lost, is begun again at once, but not for ever."""


class Route(NamedTuple):
    """What all transfers share."""

    store: Store
    cloud: Cloud
    disk: Executor
    """Threads that may wait for the disk."""


class Transfer:
    """One file."""

    def __init__(
        self, route: Route, kept: Kept, token: str, came_on: Callable[[], None] = lambda: None
    ) -> None:
        """`came_on` is told of every part that has arrived."""
        self._route = route
        self._kept = kept
        self._token = token
        self._came_on = came_on

    async def run(self) -> None:
        """Until the cloud has all of it. Raises UploadFailed or a kind of it, OSError."""
        for _ in range(TRIES):
            try:
                await self._once()
                return
            except UploadLost as error:
                _log.info("the upload of %s begins again: %s", self._kept.id, error)
                await self._disk(partial(self._route.store.save, self._kept, None))
            except TicketStale as error:
                _log.info("a fresh link for %s: %s", self._kept.id, error)
        raise UploadFailed("The cloud and its storage do not agree on this upload.")

    async def _once(self) -> None:
        progress = await self._disk(partial(self._route.store.progress, self._kept))
        if progress is None:
            begun = await self._route.cloud.begin(self._token, self._kept)
            if begun.done:
                return
            if isinstance(begun.upload, Link):
                await self._put(begun.upload, Part(1, 0, self._kept.size))
                return
            progress = await self._begun(begun)
        await self._parts(progress)
        await self._complete(progress)

    async def _begun(self, begun: Begun) -> Progress:
        if not isinstance(begun.upload, str):
            raise UploadFailed("The cloud's answer says neither where nor how to upload.")
        progress = Progress(begun.key, begun.upload, begun.part_size)
        await self._save(progress)
        return progress

    # --- parts -------------------------------------------------------------------------

    async def _parts(self, progress: Progress) -> None:
        """Send every part that the storage does not have."""
        parts = plan(self._kept.size, progress.part_size)
        missing = [part for part in parts if part.number not in progress.etags]
        for at in range(0, len(missing), PARTS_AT_ONCE):
            await self._some_parts(progress, missing[at : at + PARTS_AT_ONCE])

    async def _some_parts(self, progress: Progress, parts: Sequence[Part]) -> None:
        hashed = [(part, await self._sha256(part, progress.part_size)) for part in parts]
        key, upload = progress.key, progress.upload
        links = await self._route.cloud.links(self._token, key, upload, hashed)
        for part in parts:
            if part.number not in links:
                raise UploadFailed("The cloud gave no link for a part.")
            etag = await self._put(links[part.number], part)
            if not etag:
                raise UploadFailed("The storage gave no ETag for a part.")
            progress.etags[part.number] = etag
            await self._save(progress)
            self._came_on()

    async def _complete(self, progress: Progress) -> None:
        parts = [
            (part.number, progress.etags[part.number], await self._sha256(part, progress.part_size))
            for part in plan(self._kept.size, progress.part_size)
        ]
        size = await self._route.cloud.complete(self._token, progress.key, progress.upload, parts)
        if size != self._kept.size:
            raise FileRefused(f"The cloud has {size} bytes of {self._kept.size}.")

    async def _put(self, link: Link, part: Part) -> str:
        return await self._route.cloud.put(link, part.size, self._pieces(part))

    async def _sha256(self, part: Part, part_size: int) -> str:
        """In Base64: known from when it came in, unless the cloud wants parts of another size."""
        if part_size == PART_SIZE:
            return self._kept.sha256[part.number - 1]
        digest = hashlib.sha256()
        async for piece in self._pieces(part):
            digest.update(piece)
        return b64encode(digest.digest()).decode()

    async def _pieces(self, part: Part) -> AsyncIterator[bytes]:
        """A part's bytes, a little at a time. Raises OSError."""
        offset, end = part.offset, part.offset + part.size
        while offset < end:
            read = partial(self._route.store.read, self._kept, offset, end - offset)
            piece = await self._disk(read)
            if not piece:
                raise OSError(f"The file {self._kept.id} is shorter than it was.")
            offset += len(piece)
            yield piece

    async def _save(self, progress: Progress) -> None:
        await self._disk(partial(self._route.store.save, self._kept, progress))

    async def _disk(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._route.disk, work)
