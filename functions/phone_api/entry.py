"""PhoneApi: what a resident's app asks for beside its socket. A function with a role of its own."""

from __future__ import annotations

import os
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from doorbell.auth import authenticate, read_token
from doorbell.aws.api.client import Client
from doorbell.aws.build_household import build_household
from doorbell.errors import BadEndpoint, BadName, BadSetting, Conflict, TokenError
from doorbell.household.problems import Problem
from functions.phone_api.managers import check_manager
from functions.phone_api.request import Answer, Request, read_event
from functions.phone_api.routes import Route, find_route
from functions.shared.http import refusal, response
from functions.shared.run import JobFailed, run

if TYPE_CHECKING:
    from doorbell.household.problems import ProblemName
    from doorbell.household.services import Household
    from doorbell.model import Token

_NAMES: Final[dict[type[Exception], ProblemName]] = {
    BadName: "bad_name",
    BadSetting: "bad_field",
    BadEndpoint: "bad_endpoint",
    TokenError: "bad_token",
    # Written by somebody else in this moment, and no job knew what that means.
    Conflict: "try_again",
}
"""Errors of the domain that say enough by themselves."""


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """AWS's entry: API Gateway's HTTP API."""
    facts: dict[str, object] = {"request_id": str(getattr(context, "aws_request_id", ""))}
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
        answer = _answer(route, request, facts)
    except Problem as problem:
        answer = refusal(problem)
    except tuple(_NAMES) as error:
        answer = refusal(Problem(_NAMES[type(error)], str(error)))
    facts["status"] = answer.status
    return answer


def _answer(route: Route, request: Request, facts: dict[str, object]) -> Answer:
    if not route.anybody:
        phone = authenticate(_token(request), household().devices, roles=("phone",))
        facts.update(home=phone.home, phone=phone.id)
        request = request._replace(caller=phone)
        if route.manager:
            check_manager(household(), phone)
    return route.handle(household(), request, *route.parts(request.path))


def _token(request: Request) -> Token:
    scheme, _, credentials = request.headers.get("authorization", "").strip().partition(" ")
    return read_token(credentials if scheme.lower() == "bearer" else "")


@cache
def household() -> Household:
    """What this environment works with, made with the first request."""
    return build_household(os.environ, Client(os.environ))
