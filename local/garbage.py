"""The garbage collector, and who waits for it.

Now and then Python looks at every object that there is, and everything else stands still: for a
fifth of a second where a doorbell is deployed, since ministack and the models of AWS are a million
objects. They stay as long as the server does, so they need not be looked at again.
"""

from __future__ import annotations

import gc
from typing import Any


def frozen_at_the_first_socket(app: Any) -> Any:
    """The ASGI application `app`; what is there when the first device connects is not looked at
    any more (`gc.freeze`). What a later deployment replaces may stay in memory for that.
    """
    frozen = False

    async def application(scope: Any, receive: Any, send: Any) -> None:
        nonlocal frozen
        if scope["type"] == "websocket" and not frozen:
            frozen = True
            gc.collect()
            gc.freeze()
        await app(scope, receive, send)

    return application
