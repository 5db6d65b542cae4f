"""What stands in front: the phones' app and its API, and the cameras' recipient."""

from __future__ import annotations

from typing import Final
from urllib.parse import quote, unquote

import httpx

from demo.people import empty_doorstep
from operations.smoke.scene import Scene, SmokeFailed

PATIENCE: Final = 30.0
ODD: Final = "Who? #1"
"""A resident whose name API Gateway or CloudFront may cut at its question mark."""


def app_is_served(scene: Scene) -> str:
    """The page, and where it finds the socket."""
    app = scene.stack.phone
    page = _ask("GET", app + "/")
    config = _ask("GET", app + "/config.json").json()
    if "text/html" not in page.headers.get("content-type", ""):
        raise SmokeFailed(f"{app} serves no page: run `make deploy` to put the app there.")
    if not config.get("push"):
        raise SmokeFailed("The app's config.json has no key for notices.")
    return app


def api_answers_at_the_apps_origin(scene: Scene) -> str:
    """With a phone's token; and names with `?`, `#` and space come whole."""
    api, token = scene.stack.phone + "/api", scene.token("phone")
    home = _ask("GET", f"{api}/home", token=token).json()
    asked = f"{api}/residents/{quote(ODD)}/photos"
    added = _ask("POST", asked, token=token, json={"consent": True}).json()
    if f"/{ODD}/" not in unquote(added["upload"]["url"]):
        raise SmokeFailed(
            f"The path of a resident named {ODD!r} is cut on its way: look at the API's log."
        )
    return f"{len(home)} fields of /home; a resident may be named {ODD!r}"


def cameras_are_received(scene: Scene) -> str:
    """The recipient answers a test without a token, and keeps a picture with one."""
    recipient = scene.stack.recipient
    _ask("GET", recipient)
    headers = {"Content-Type": "image/jpeg", "Content-Disposition": 'attachment; filename="a.jpg"'}
    asked = f"{recipient}?accessToken={quote(scene.token('camera'))}"
    key = _ask("POST", asked, content=empty_doorstep(), headers=headers).json()["key"]
    plain = scene.outputs.get("PlainRecipient", "")
    if plain:
        _ask("GET", plain)
    return f"a picture is kept under {key.partition('/')[0]}/" + (
        "; plain HTTP is taken, too" if plain else ""
    )


def schedule_is_set_by_the_app(scene: Scene) -> str:
    """The API may make a schedule, and hand it the role of the stack (iam:PassRole)."""
    camera = scene.token("camera").split(".")[1]
    place, token = f"{scene.stack.phone}/api/cameras/{camera}/schedule", scene.token("phone")
    every_day = {"every": "day", "at": "06:00", "zone": "Europe/Vienna"}
    _ask("PUT", place, token=token, json=every_day)
    seen = _ask("GET", place, token=token).json()
    _ask("PUT", place, token=token, json={"every": "never"})
    if seen.get("every") != "day":
        raise SmokeFailed(f"A camera's schedule was set to every day, and read as {seen}.")
    return "every day at 06:00 in Vienna; then never"


def _ask(method: str, url: str, *, token: str = "", **what: object) -> httpx.Response:
    headers = {**dict(what.pop("headers", None) or {})}  # type: ignore[call-overload]
    if token:
        headers["Authorization"] = f"Bearer {token}"
    place = url.partition("?")[0]
    try:
        answer = httpx.request(
            method,
            url,
            headers=headers,
            timeout=PATIENCE,
            trust_env=False,
            **what,  # type: ignore[arg-type]
        )
    except httpx.HTTPError as error:
        raise SmokeFailed(f"{place} was not reached: {type(error).__name__}.") from None
    if not answer.is_success:
        raise SmokeFailed(f"{place} answered {answer.status_code} to {method}.")
    return answer
