"""The authorizer of `$connect`: a door's or a phone's token, in the header or in the query."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from doorbell.auth import authenticate, token_in_request
from doorbell.errors import TokenError
from websocket.caller import to_context

if TYPE_CHECKING:
    from doorbell.services import Services


def handle(services: Services, event: dict[str, Any]) -> dict[str, Any]:
    """An IAM policy for this one connection. Anybody unknown is denied (API Gateway: 403)."""
    try:
        token = token_in_request(
            event.get("headers") or {}, event.get("queryStringParameters") or {}
        )
        device = authenticate(token, services.devices, roles=("door", "phone"))
    except TokenError:
        return {"principalId": "nobody", "policyDocument": _policy("Deny", event["methodArn"])}
    return {
        "principalId": f"{device.home}.{device.id}",
        "policyDocument": _policy("Allow", event["methodArn"]),
        "context": to_context(device),
    }


def _policy(effect: str, arn: str) -> dict[str, Any]:
    statement = {"Action": "execute-api:Invoke", "Effect": effect, "Resource": arn}
    return {"Version": "2012-10-17", "Statement": [statement]}
