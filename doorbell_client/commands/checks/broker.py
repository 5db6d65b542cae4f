"""Whether the home's MQTT broker lets the bridge in."""

import time

from doorbell_client.bridge.address import address
from doorbell_client.bridge.client import connected, is_distrust, is_refusal, library
from doorbell_client.commands.checks.finding import Finding, fail, ok, warn
from doorbell_client.config.schema import Bridge


async def check_broker(config: Bridge) -> Finding:
    """TLS, user and password. Raises ConfigError."""
    mqtt, found = library(), address(config)
    started = time.monotonic()
    try:
        async with connected(found):
            milliseconds = (time.monotonic() - started) * 1000
    except mqtt.MqttError as error:
        if is_refusal(error):
            return fail(
                f"{found} does not let this bridge in.",
                "Set `user` in [bridge], and the password in `password_file`.",
            )
        if is_distrust(error):
            return fail(
                f"The certificate of {found} is not trusted.",
                "Name its authority in `ca_file`, and the broker as its certificate does.",
            )
        return fail(
            f"{found} cannot be reached ({error}).", "Check `broker` in [bridge], and the broker."
        )
    if found.is_open and config.buttons:
        return warn(
            f"{found} is spoken to in plain text: who reads along can press buttons.",
            "Use mqtts:// in `broker`, or set `buttons` in [bridge] to false.",
        )
    return ok(f"{found} lets this bridge in ({milliseconds:.0f} ms).")
