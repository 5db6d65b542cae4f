"""What each function is built from is what the template gives it, and nothing is called yet."""

from __future__ import annotations

import json
from contextlib import nullcontext
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

import pytest

from doorbell.aws.build import build_services
from doorbell.aws.build_cameras import build_reception
from doorbell.aws.build_enrolment import build_registry
from doorbell.aws.build_films import REBOUND, build_films
from doorbell.aws.build_household import build_household
from doorbell.aws.build_notify import build_notifying
from doorbell.aws.build_publish import build_publishing
from doorbell.aws.build_push import NOBODY, build_pushing
from doorbell.errors import BadEndpoint, SettingsError
from doorbell.push.model import Sending
from doorbell.settings import Settings
from tests.doorbell.aws.gateway import Gateway, serving
from tests.doorbell.aws.pools import ScriptedPool, said, some_client
from tests.push_service import Browser, Got, PushService, claims_of, push_service
from tests.template.sources import functions, template

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from doorbell.aws.api.client import Client
    from doorbell.household.services import Household


def films(environment: Mapping[str, str], client: Client) -> Any:
    return build_films(environment, client, None, None)  # type: ignore[arg-type]


def reception(environment: Mapping[str, str], _: Client) -> Any:
    return build_reception(environment, lambda picture: None)


def registry(environment: Mapping[str, str], _: Client) -> Any:
    return build_registry(environment)


NUMBERS = {"PICTURE_DAYS", "HISTORY_DAYS", "OFFLINE_AFTER"}
"""Variables of a household that are numbers, beside those of all settings."""

SETTINGS = {field.upper() for field in Settings._fields}
"""Each function is told what it needs of them."""
ANOTHERS = {
    "Household": {
        "ORIGIN", "PUSH_TO_LOOPBACK", "STOP_MOTION", "FILM_SCHEDULES", "FILM_SCHEDULE_ROLE", "LOST",
    },
    "PhoneApi": {"STACK", "OFFLINE_AFTER"},
}  # fmt: skip
"""What the other of two functions that are built alike is told."""

BUILDERS: dict[str, Callable[[Mapping[str, str], Client], Any]] = {
    "RingPath": build_services,
    "Cameras": reception,
    "Enrolment": registry,
    "Film": films,
    "Household": build_household,
    "PhoneApi": build_household,
    "Notify": build_notifying,
    "Publish": build_publishing,
    "Push": build_pushing,
}


class Told(dict[str, str]):
    """An environment that keeps which of its variables somebody asked for."""

    def __init__(self, *given: Any, **more: str) -> None:
        super().__init__(*given, **more)
        self.asked: set[str] = set()

    def get(self, name: str, otherwise: Any = None) -> Any:
        self.asked.add(name)
        return super().get(name, otherwise)

    def __getitem__(self, name: str) -> str:
        self.asked.add(name)
        return super().__getitem__(name)


@cache
def given() -> dict[str, set[str]]:
    """The variables that the template gives to each function."""
    shared: set[str] = set(template()["Globals"]["Function"]["Environment"]["Variables"])
    return {
        function: shared | set(each.get("Environment", {}).get("Variables", {}))
        for function, each in functions().items()
    }


def environment_of(function: str, **more: str) -> Told:
    """Each variable's value says its name; numbers and choices are left to their defaults."""
    names = {name: f"the-{name.lower()}" for name in given()[function]}
    choices = {"FILM_REBOUND": "all", "AWS_REGION": "eu-central-1"}
    tuned = SETTINGS | NUMBERS
    defaults = {name: "" for name in names if name in tuned}
    return Told(names | defaults | choices | more)


class Scheduler(Gateway):
    """Takes every schedule."""

    def do_POST(self) -> None:
        self.got.append((self.command, self.path, self.body()))
        self.answer(200, b'{"ScheduleArn": "arn:of:it"}')


class Topic(Gateway):
    """Takes every message."""

    def do_POST(self) -> None:
        self.got.append((self.command, self.path, self.body()))
        answer = "<PublishResult><MessageId>1</MessageId></PublishResult>"
        self.answer(200, f"<PublishResponse>{answer}</PublishResponse>".encode())


@pytest.mark.parametrize("function", BUILDERS)
def test_a_function_is_built_from_what_the_template_gives_it(function: str) -> None:
    environment = environment_of(function)
    pool = ScriptedPool()
    BUILDERS[function](environment, some_client(pool))
    asked = {name for name in environment.asked if not name.startswith("AWS_")}
    assert asked - SETTINGS <= given()[function] | ANOTHERS.get(function, set())
    assert pool.requests == []


@pytest.mark.parametrize("function", BUILDERS)
@pytest.mark.parametrize("name", ["TABLE", "HOUSEHOLD_TABLE", "BUCKET"])
def test_what_is_missing_is_named(function: str, name: str) -> None:
    environment = environment_of(function, **{name: ""})
    with pytest.raises(SettingsError, match=name):
        BUILDERS[function](environment, some_client())


# --- the household -----------------------------------------------------------------------


def household(**more: str) -> Household:
    return build_household(environment_of("PhoneApi", **more), some_client())


@pytest.mark.parametrize(
    ("name", "otherwise", "most"),
    [
        ("picture_days", 30, 3650),
        ("history_days", 30, 3650),
        ("offline_after", 600, 86_400),
        ("open_valid_for", 15, 60),
    ],
)
def test_a_household_s_numbers_have_bounds_and_the_template_s_defaults(
    name: str, otherwise: int, most: int
) -> None:
    variable = name.upper()
    assert getattr(household(**{variable: ""}), name) == otherwise
    for value in (1, most):
        assert getattr(household(**{variable: str(value)}), name) == value
    for value in (0, most + 1):
        with pytest.raises(SettingsError, match=variable):
            household(**{variable: str(value)})
    parameter = "".join(part.title() for part in name.split("_"))
    assert int(template()["Parameters"][parameter]["Default"]) == otherwise


def test_what_only_one_of_the_household_s_functions_is_told_is_empty_for_the_other() -> None:
    other = build_household(environment_of("Household"), some_client())
    assert (other.origin, other.stack, other.loopback_push) == ("", "the-stack", False)
    assert (household().origin, household().stack) == ("the-origin", "")


@pytest.mark.parametrize(("told", "allowed"), [("true", True), ("false", False), ("", False)])
def test_push_services_on_this_machine_are_for_one_machine(told: str, allowed: bool) -> None:
    assert household(PUSH_TO_LOOPBACK=told).loopback_push is allowed
    with push_service() as service, nullcontext() if allowed else pytest.raises(BadEndpoint):
        assert pushed(service, PUSH_TO_LOOPBACK=told)


def test_schedules_start_the_machine_by_the_role_that_the_template_names(
    nobodys_account: pytest.MonkeyPatch,
) -> None:
    with serving(Scheduler) as url:
        nobodys_account.setenv("AWS_ENDPOINT_URL_SCHEDULER", url)
        household().schedules.set("home", "garden", "rate(1 day)", "UTC", {})
    [(_, path, body)] = Scheduler.got
    assert path == "/schedules/home.garden"
    asked = json.loads(body)
    assert asked["GroupName"] == "the-film_schedules"
    assert asked["Target"]["Arn"] == "the-stop_motion"
    assert asked["Target"]["RoleArn"] == "the-film_schedule_role"
    assert asked["Target"]["DeadLetterConfig"] == {"Arn": "the-lost"}


# --- films, notices ------------------------------------------------------------------------


@pytest.mark.parametrize("chosen", REBOUND)
def test_films_are_rebound_as_the_template_says(chosen: str) -> None:
    made = films(environment_of("Film", FILM_REBOUND=chosen), some_client())
    assert made.rebound == REBOUND[chosen]


def test_a_choice_that_there_is_not_is_named() -> None:
    with pytest.raises(SettingsError, match="none, party, all, not 'some'"):
        films(environment_of("Film", FILM_REBOUND="some"), some_client())


@pytest.mark.parametrize(
    ("origin", "contact"),
    [
        ("https://door.example.org", "https://door.example.org"),
        ("http://127.0.0.1:8000", NOBODY),
        ("", NOBODY),
    ],
)
def test_push_services_are_told_who_sends(origin: str, contact: str) -> None:
    """An address of the app that is on the internet, or nobody's (RFC 8292, 2.1)."""
    with push_service() as service:
        got = pushed(service, ORIGIN=origin, PUSH_TO_LOOPBACK="true")
    assert claims_of(got.headers["Authorization"])["sub"] == contact


def pushed(service: PushService, **more: str) -> Got:
    """What a browser's push service gets from Push, whose key is where the template says."""
    secret = ScriptedPool(said({"Parameter": {"Value": "s" * 64}}))
    pushing = build_pushing(environment_of("Push", **more), some_client(secret))
    it = Browser(service, "it")
    sending = Sending(it.endpoint, it.p256dh, it.auth, b"{}", 60, urgent=True, topic=None)
    pushing.push.post(sending, 5)
    assert [asked.given["Name"] for asked in secret.requests] == ["the-push_key"]
    (got,) = service.at(it.path)
    return got


def test_messages_are_published_to_the_topic_of_the_stack(
    nobodys_account: pytest.MonkeyPatch,
) -> None:
    with serving(Topic) as url:
        nobodys_account.setenv("AWS_ENDPOINT_URL_SNS", url)
        build_notifying(environment_of("Notify"), some_client()).topic.publish("Someone rings.")
    [(_, _, body)] = Topic.got
    asked = parse_qs(body.decode())
    assert (asked["TopicArn"], asked["Message"]) == (["the-topic"], ["Someone rings."])
