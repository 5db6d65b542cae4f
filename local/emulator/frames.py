"""Frames of a socket: any of them reaches `$default`, and an error's text reaches nobody."""

import json
from typing import Any

from ministack.services import apigateway

_FAILED = (429, 502)
"""What ministack makes of a function that was not run, or that raised."""


def take_any_frame() -> None:
    """Send a frame that cannot be read to `$default`, as AWS does.

    ministack closes the socket on one that is nested too deeply.
    """
    select = apigateway._evaluate_route_selection

    def route(expression: str, frame: str) -> str:
        try:
            return str(select(expression, frame))
        except Exception:
            return "$default"

    apigateway._evaluate_route_selection = route


def hide_errors() -> None:
    """Answer a frame whose function failed in AWS's words; ministack sends the error's text."""
    invoke = apigateway._invoke_ws_lambda

    async def answer(*positional: Any, **named: Any) -> Any:
        response = await invoke(*positional, **named)
        _api, _account, _region, _route, _stage, connection, event_type, request = positional[:8]
        if event_type != "MESSAGE" or (response or {}).get("statusCode") not in _FAILED:
            return response
        content = {
            "message": "Internal server error",
            "connectionId": connection,
            "requestId": request,
        }
        return {"statusCode": 500, "body": json.dumps(content)}

    apigateway._invoke_ws_lambda = answer
