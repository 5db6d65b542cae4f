"""What is there when the first device connects is not looked at by the garbage collector again."""

from __future__ import annotations

import asyncio
import gc
from typing import TYPE_CHECKING, Any

import pytest

from local.garbage import frozen_at_the_first_socket

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def _thawed() -> Iterator[None]:
    yield
    gc.unfreeze()


@pytest.mark.usefixtures("_thawed")
def test_all_that_is_there_is_frozen_with_the_first_socket_alone() -> None:
    served: list[tuple[str, int]] = []

    async def app(scope: Any, _receive: Any, _send: Any) -> None:
        served.append((scope["type"], gc.get_freeze_count()))

    application = frozen_at_the_first_socket(app)
    for kind in ("lifespan", "http", "websocket"):
        asyncio.run(application({"type": kind}, None, None))
    asyncio.run(application({"type": "websocket"}, None, None))
    kinds, (starting, asked, connected, again) = zip(*served, strict=True)
    assert kinds == ("lifespan", "http", "websocket", "websocket")
    assert starting == asked
    assert connected > asked + 1000
    assert again <= connected, "what came later is looked at"
