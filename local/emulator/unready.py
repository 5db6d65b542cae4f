"""Sockets of an API that is not there yet: told to come again, not turned away.

A door of a home that is kept finds this machine again before the doorbell is deployed anew. What
ministack answers it then, 403, is what a revoked device gets: it would stay away for minutes.
"""

from typing import Any

from ministack.services import apigateway, cloudformation

MAKING = "CREATE_IN_PROGRESS"


def say_when_it_is_not_there_yet() -> None:
    """Refuse such a handshake with 503."""
    serve = apigateway.handle_websocket

    async def handle_websocket(
        scope: Any, receive: Any, send: Any, api_id: str, path_override: str | None = None
    ) -> None:
        if _is_there(api_id):
            await serve(scope, receive, send, api_id, path_override)
            return
        await receive()
        message = "Service Unavailable"
        await apigateway._refuse_ws_handshake(scope, send, 503, message, "", "")

    apigateway.handle_websocket = handle_websocket


def _is_there(api_id: str) -> bool:
    """An API is made before what answers for it."""
    stacks = list(cloudformation._stacks.values())
    if any(stack["StackStatus"] == MAKING for stack in stacks):
        made = [stack for stack in stacks if stack["StackStatus"] != MAKING]
        return any(
            each.get("PhysicalResourceId") == api_id
            for stack in made
            for each in stack.get("_resources", {}).values()
        )
    return apigateway._api_owner(api_id) is not None
