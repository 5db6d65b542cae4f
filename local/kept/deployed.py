"""Deploy the doorbell for a home that stays."""

import time

from local import stack
from local.aws import Aws
from local.kept.home import Identity, KeptHome
from local.kept.under_way import ring_again
from local.stack import Stack
from local.web import Web


def add(aws: Aws, kept: KeptHome, *, name: str, web: Web) -> Stack:
    """Deploy it with what was kept, and with the devices of the last start.

    Raises what `stack.add` raises, and NotKept.
    """
    known = kept.identity
    home = stack.add(aws, name=name, web=web, tokens=known.tokens if known else None)
    kept.remember(Identity(aws.port, web.port, aws.access_key, aws.secret_key, home.tokens))
    ring_again(aws, stack=home.name, table=home.table, now=time.time())
    return home
