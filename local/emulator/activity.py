"""When something last went through a socket, in AWS's words.

ministack writes the names with capitals and whole epoch seconds; API Gateway writes `lastActiveAt`
and ISO 8601 (API reference of apigatewaymanagementapi, GetConnectionResponse).
"""

import json
from datetime import UTC, datetime
from typing import Any, Final

from ministack.services import apigateway

TIMES: Final = ("ConnectedAt", "LastActiveAt")


def tell_as_aws_does() -> None:
    """Let GetConnection answer as on AWS."""
    serve = apigateway.handle_connections_api

    async def answer(method: str, *given: Any, **named: Any) -> Any:
        status, headers, body = await serve(method, *given, **named)
        if method == "GET" and status == 200:
            body = json.dumps(_as_aws(json.loads(body))).encode()
        return status, headers, body

    apigateway.handle_connections_api = answer


def _as_aws(said: dict[str, Any]) -> dict[str, Any]:
    return {
        name[:1].lower() + name[1:]: _time(value) if name in TIMES else value
        for name, value in said.items()
    }


def _time(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat()
