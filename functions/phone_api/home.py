"""`/api/home` and `/api/me`: the home as this phone sees it, and what is chosen for it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from doorbell.errors import Conflict, TokenError
from doorbell.household import devices
from doorbell.household.endpoints import check_endpoint, check_keys
from doorbell.household.model import Quiet, QuietHours, Subscription
from doorbell.household.problems import Problem
from doorbell.household.quiet import check_hours
from functions.phone_api import answers
from functions.phone_api.bodies import PushBody, QuietBody
from functions.phone_api.request import Answer, Request

if TYPE_CHECKING:
    from doorbell.household.services import Household


def show(household: Household, request: Request) -> Answer:
    """All that the app needs to know at its start. `ETag` is the version of the quiet hours."""
    phone = request.phone
    shown = devices.show_all(household, phone.home)
    mine = household.settings.phone(phone.home, phone.id)
    subscription = household.subscriptions.find(phone.home, phone.id)
    home = household.settings.of_home(phone.home)
    asking = next((each for each in shown if each.device.id == phone.id), None)
    if asking is None:
        raise TokenError("This token was revoked in this moment.")
    content = {
        "home": phone.home,
        "phone": answers.device(asking),
        "devices": [answers.device(each) for each in shown],
        "quiet": answers.quiet(home.quiet),
        "mine": {
            "quiet": answers.quiet(mine.quiet),
            "push": subscription is not None,
            "code_on_lock_screen": subscription is not None and subscription.code_on_lock_screen,
        },
        "history_days": household.history_days,
    }
    return Answer(200, content, {"etag": _etag(home.version)})


def set_home_quiet(household: Household, request: Request) -> Answer:
    """When all phones stay silent, if nobody has changed it since it was shown."""
    chosen = _quiet(request)
    try:
        was = _version(request)
        version = household.settings.set_home_quiet(request.home, chosen, was)
    except Conflict:
        raise Problem("changed", "Another phone has changed this meanwhile.") from None
    return Answer(204, headers={"etag": _etag(version)})


def set_my_quiet(household: Household, request: Request) -> Answer:
    """When this phone stays silent."""
    household.settings.set_phone_quiet(request.home, request.phone.id, _quiet(request))
    return Answer(204)


def set_push(household: Household, request: Request) -> Answer:
    """Where notices go while the app is closed."""
    asked = request.read(PushBody)
    check_keys(asked.keys.p256dh, asked.keys.auth)
    household.subscriptions.add(
        Subscription(
            home=request.home,
            device=request.phone.id,
            endpoint=check_endpoint(asked.endpoint, loopback=household.loopback_push),
            p256dh=asked.keys.p256dh,
            auth=asked.keys.auth,
            code_on_lock_screen=asked.code_on_lock_screen,
            added_at=household.clock(),
        )
    )
    return Answer(204)


def end_push(household: Household, request: Request) -> Answer:
    """No more notices."""
    household.subscriptions.remove(request.home, request.phone.id)
    return Answer(204)


def _quiet(request: Request) -> Quiet:
    asked = request.read(QuietBody)
    if asked.hours is None:
        return Quiet(None, asked.until)
    hours = QuietHours(asked.hours.start, asked.hours.end, asked.hours.zone)
    return Quiet(check_hours(hours), asked.until)


def _etag(version: int) -> str:
    return f'"{version}"'


def _version(request: Request) -> int:
    """The version that was shown. Raises Problem `bad_field`; Conflict for none of ours."""
    given = request.headers.get("if-match")
    if given is None:
        raise Problem("bad_field", "`If-Match` must say which version was shown.")
    found = re.fullmatch(r'(?:W/)?"(\d{1,9})"', given.strip(), re.ASCII)
    if found is None:
        raise Conflict("no version of ours")
    return int(found[1])
