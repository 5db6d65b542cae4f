"""Deploy the doorbell for a home that stays."""

import time
from collections.abc import Mapping

from local import stack
from local.aws import Aws
from local.cameras import Recipient
from local.kept.home import Identity, KeptHome
from local.kept.under_way import ring_again
from local.stack import Stack
from local.web import Web


def add(
    aws: Aws,
    kept: KeptHome,
    *,
    name: str,
    web: Web,
    recipient: Recipient,
    parameters: Mapping[str, str] | None = None,
) -> Stack:
    """Deploy it with what was kept, and with the devices of the last start; `parameters` as
    `stack.add` has them.

    Raises what `stack.add` raises, and NotKept.
    """
    known = kept.identity
    tokens = known.tokens if known else None
    home = stack.add(
        aws, name=name, parameters=parameters, web=web, recipient=recipient, tokens=tokens
    )
    kept.remember(
        Identity(
            port=aws.port,
            web_port=web.port,
            access_key=aws.access_key,
            secret_key=aws.secret_key,
            tokens=home.tokens,
            cameras_port=recipient.port,
        )
    )
    ring_again(aws, stack=home.name, table=home.table.rings, now=time.time())
    return home
