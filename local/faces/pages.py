"""Lists in pages: `NextToken` says after which item the next one begins."""

import base64
import binascii
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from local.faces.errors import BadPage

Item = TypeVar("Item")


def page(
    items: Sequence[Item],
    key: Callable[[Item], Any],
    size: int,
    token: str | None,
) -> tuple[list[Item], str | None]:
    """At most `size` of `items` after `token`, and the token of the next page if there is one.

    `items` are in the order of their keys (text or whole numbers), so a page stays right when
    items go between two calls. Raises BadPage.
    """
    if token is not None:
        after = _read(token)
        if items and not isinstance(after, type(key(items[0]))):
            raise BadPage
        items = [item for item in items if key(item) > after]
    chosen = list(items[:size])
    more = len(items) > len(chosen) and chosen
    return chosen, _token(key(chosen[-1])) if more else None


def _token(key: int | str) -> str:
    kind = "n" if isinstance(key, int) else "t"
    return base64.urlsafe_b64encode(f"{kind}{key}".encode()).decode()


def _read(token: str) -> int | str:
    try:
        text = base64.b64decode(token, altchars=b"-_", validate=True).decode()
        kind, key = text[0], text[1:]
        if kind == "t":
            return key
        if kind == "n":
            return int(key)
    except (binascii.Error, ValueError, IndexError):
        pass
    raise BadPage
