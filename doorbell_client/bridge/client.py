"""aiomqtt, used so that it can be missing, be stopped at any moment, and lose nothing of ours."""

import asyncio
import contextlib
import sys
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any, Final

from doorbell_client.bridge.address import Address
from doorbell_client.bridge.publication import Publication
from doorbell_client.errors import ConfigError

if TYPE_CHECKING:
    import aiomqtt

KEEPALIVE: Final = 20
"""Seconds of silence after which the broker is asked; it gives up after half as much more."""

CONNECT_SECONDS: Final = 5.0
"""For each step until the broker has let this bridge in."""

SEND_SECONDS: Final = 10.0
"""A broker that has not taken a message by then is gone."""

MOST_HEARD: Final = 500
"""Messages of the broker that wait here at once; a flood loses the rest."""

_REFUSALS: Final = (4, 5, 134, 135)
"""MQTT 3.1.1 and 5: wrong user name or password, not authorised."""


def library() -> Any:
    """aiomqtt, which is installed on request. Raises ConfigError where it is not."""
    try:
        import aiomqtt
    except ImportError:
        raise ConfigError(
            "aiomqtt is not here: `pip install -r requirements/bridge.txt`."
        ) from None
    return aiomqtt


@contextlib.asynccontextmanager
async def connected(
    address: Address, will: Publication | None = None
) -> AsyncIterator["aiomqtt.Client"]:
    """A connection to the broker, which says `will` when it breaks. Raises MqttError."""
    client = _client(address, will)
    entering = asyncio.create_task(client.__aenter__())
    try:
        await asyncio.shield(entering)
    except asyncio.CancelledError:
        # Stopped half-way, aiomqtt would leave its socket to nobody.
        with contextlib.suppress(library().MqttError):
            await entering
            await client.__aexit__(None, None, None)
        raise
    try:
        yield client
    finally:
        await client.__aexit__(*sys.exc_info())


async def send(
    client: "aiomqtt.Client", publication: Publication, seconds: float = SEND_SECONDS
) -> None:
    """Publish, and wait until the broker has it. Raises MqttError."""
    await client.publish(
        publication.topic, publication.payload, qos=1, retain=publication.retain, timeout=seconds
    )


def heed_cancellation() -> None:
    """Stop where this task was asked to: before Python 3.12, `wait_for` may lose the request.

    It does if what it waits for comes at the same moment, and aiomqtt waits by it.
    """
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError


def is_refusal(error: Exception) -> bool:
    """Whether the broker does not know this user, or not this password."""
    code = getattr(error, "rc", None)
    return getattr(code, "value", code) in _REFUSALS


def is_distrust(error: Exception) -> bool:
    """Whether the broker's certificate is not trusted; aiomqtt hands on the words alone."""
    return "CERTIFICATE_VERIFY_FAILED" in str(error)


def _client(address: Address, will: Publication | None) -> "aiomqtt.Client":
    mqtt = library()
    client: aiomqtt.Client = mqtt.Client(
        address.host,
        address.port,
        username=address.user,
        password=address.password,
        tls_context=address.tls,
        # A clean session: the broker keeps no press for a bridge that is away.
        clean_session=True,
        keepalive=KEEPALIVE,
        timeout=CONNECT_SECONDS,
        will=will and mqtt.Will(will.topic, will.payload, qos=1, retain=will.retain),
        max_queued_incoming_messages=MOST_HEARD,
    )
    return client
