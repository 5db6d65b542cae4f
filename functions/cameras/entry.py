"""Cameras: what cameras send, and S3's word that it is there. A function with a role of its own."""

from __future__ import annotations

import os
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from doorbell.auth import authenticate
from doorbell.aws.build_cameras import build_reception
from doorbell.cameras.arriving import object_came
from doorbell.cameras.problems import Problem
from doorbell.errors import Conflict, TokenError
from functions.cameras.picture import check_picture
from functions.cameras.request import read_event
from functions.cameras.routes import Route, find_route
from functions.shared.http import refusal, response
from functions.shared.run import JobFailed, run

if TYPE_CHECKING:
    from doorbell.cameras.services import Reception
    from doorbell.model import Device
    from functions.cameras.request import Request
    from functions.shared.http import Answer

CHALLENGE: Final = {"www-authenticate": 'Basic realm="doorbell", charset="UTF-8"'}
"""A camera that was given a name and a password sends them when it is asked (RFC 7617)."""


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """AWS's entry: API Gateway's HTTP API, and the rule on new objects."""
    facts: dict[str, object] = {"request_id": str(getattr(context, "aws_request_id", ""))}
    if event.get("do") == "object_came":
        run("object_came", lambda: object_came(reception(), event["key"]), facts)
        return {}
    request = read_event(event)
    try:
        route = find_route(request.method, request.path)
    except Problem as problem:
        return response(refusal(problem))
    try:
        answer = run(route.name, lambda: _serve(route, request, facts), facts)
    except JobFailed:
        answer = refusal(Problem("try_again", "That did not work. Please try again."))
    return response(answer)


def _serve(route: Route, request: Request, facts: dict[str, object]) -> Answer:
    """The handler's answer, or the problem that keeps it from giving one."""
    try:
        if not route.anybody:
            camera = _camera(route, request)
            facts.update(home=camera.home, camera=camera.id, bytes=len(request.body))
            request = request._replace(caller=camera)
        answer = route.handle(reception(), request)
    except Problem as problem:
        answer = refusal(problem)
        facts["problem"] = problem.name
    if answer.status == 401:
        answer = answer._replace(headers={**answer.headers, **CHALLENGE})
    facts["status"] = answer.status
    return answer


def _camera(route: Route, request: Request) -> Device:
    """Whose token it is. Raises Problem `no_token`, `bad_token`."""
    token = request.token(in_query=route.in_query)
    devices = reception().devices
    try:
        camera = authenticate(token, devices, roles=("camera",))
        if request.is_plain:
            # Before anything else: from now on it may be anybody's.
            devices.mark_plain(camera.home, camera.id)
    except (TokenError, Conflict):
        raise Problem("bad_token", "This token is no camera's, or was revoked.") from None
    return camera


@cache
def reception() -> Reception:
    """What this environment works with, made with the first request."""
    return build_reception(os.environ, check_picture)
