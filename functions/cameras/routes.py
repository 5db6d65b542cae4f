"""Which request goes to which handler, and where its token may stand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from doorbell.cameras.problems import not_found, wrong_method
from functions.cameras import media, trouble, uploads

if TYPE_CHECKING:
    from collections.abc import Callable

    from doorbell.cameras.services import Reception
    from functions.cameras.request import Request
    from functions.shared.http import Answer


class Route(NamedTuple):
    """One operation of docs/openapi-cameras.yaml."""

    method: str
    path: tuple[str, ...]
    handle: Callable[[Reception, Request], Answer]
    name: str
    """Its operationId: what the log calls it."""
    anybody: bool = False
    """Whether no token is needed."""
    in_query: bool = False
    """Whether the token may stand in the query: cameras have no other place for it."""


ROUTES: Final = (
    *(
        route
        for path in ((), ("camera",))
        for route in (
            Route("GET", path, media.hello, "hello", anybody=True),
            Route("HEAD", path, media.hello, "hello", anybody=True),
            Route("POST", path, media.take, "take", in_query=True),
            Route("PUT", path, media.take, "take", in_query=True),
        )
    ),
    Route("POST", ("camera", "uploads"), uploads.begin, "beginUpload"),
    Route("POST", ("camera", "uploads", "parts"), uploads.sign_parts, "signParts"),
    Route("POST", ("camera", "uploads", "complete"), uploads.complete, "completeUpload"),
    Route("POST", ("camera", "trouble"), trouble.tell, "tellTrouble"),
)


def find_route(method: str, path: tuple[str, ...]) -> Route:
    """Raises Problem `not_found`, `wrong_method`."""
    fitting = [route for route in ROUTES if route.path == path]
    if not fitting:
        raise not_found()
    for route in fitting:
        if route.method == method:
            return route
    raise wrong_method(", ".join(route.method for route in fitting))
