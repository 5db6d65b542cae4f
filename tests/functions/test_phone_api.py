"""PhoneApi: who may ask, and that no fault and no line of the log says what was said.

Every answer in these tests is held against docs/openapi.yaml (`tests/functions/phone.py`).
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from doorbell.aws.api.errors import ServiceError
from doorbell.errors import Conflict
from doorbell.household.problems import PROBLEMS, STATUS
from functions.phone_api import entry
from functions.phone_api.routes import ROUTES, Route
from tests.fakes import ADA, BOB, CAMERA, DOOR, FOREIGN_PHONE, NOON, token_of
from tests.functions.phone import BODIES, Phone, ask_for, event, send

if TYPE_CHECKING:
    from tests.household_fakes import FakeHousehold

with_a_token = [route for route in ROUTES if not route.anybody]
for_managers = [route for route in ROUTES if route.manager]


def name_of(route: Route) -> str:
    """What a test of it is called."""
    return route.name


# --- who may ask ------------------------------------------------------------------------


@pytest.mark.parametrize("route", with_a_token, ids=name_of)
@pytest.mark.parametrize(
    "token",
    [None, "", "nonsense", "home.ada.wrong", "home.ada.", "home..x", "away.ada.secret-of-ada",
     "home.kitchen.secret-of-ada", "HOME.ada.secret-of-ada", "home.ada.secret-of-ad\u00e4",
     token_of(DOOR), token_of(CAMERA), f"{'x' * 9000}.ada.secret"],
    ids=lambda token: str(token)[:20],
)  # fmt: skip
@pytest.mark.usefixtures("made")
def test_without_a_phone_s_token_nothing_is_told(route: Route, token: str | None) -> None:
    answer = ask_for(route, token)
    assert (answer.status, answer.problem) == (401, "bad_token")


@pytest.mark.parametrize(
    "header",
    ["", "Bearer", "Bearer ", "Basic {}", "{}", "bearer{}", "Bearer {} {}", "Token {}"],
)
@pytest.mark.usefixtures("made")
def test_a_token_is_a_bearer_s(header: str) -> None:
    given = {"Authorization": header.replace("{}", token_of(ADA))}
    assert send(event("GET", "/api/home", None, "", given)).problem == "bad_token"


@pytest.mark.parametrize("header", ["Bearer {}", "bearer {}", "BEARER  {} "])
@pytest.mark.usefixtures("made")
def test_the_word_bearer_may_be_written_in_any_case(header: str) -> None:
    given = {"Authorization": header.replace("{}", token_of(ADA))}
    assert send(event("GET", "/api/home", None, "", given)).status == 200


@pytest.mark.parametrize("route", for_managers, ids=name_of)
def test_a_phone_that_does_not_manage_the_home_may_not_and_changes_nothing(
    made: FakeHousehold, route: Route
) -> None:
    """Nor is it told whether what it asks about is there, or its body any good."""
    before = state(made)
    answers = [ask_for(route, token_of(BOB)), ask_for(route, token_of(BOB), "{")]
    assert {(each.status, each.problem) for each in answers} == {(403, "not_manager")}
    assert state(made) == before


@pytest.mark.parametrize("route", for_managers, ids=name_of)
def test_a_manager_of_another_home_manages_nothing_here(made: FakeHousehold, route: Route) -> None:
    """What it changes is in its own home."""
    made.settings.make_manager(FOREIGN_PHONE.home, FOREIGN_PHONE.id)
    before = state(made, "home")
    ask_for(route, token_of(FOREIGN_PHONE))
    assert state(made, "home") == before


def state(made: FakeHousehold, home: str | None = None) -> str:
    """All that is kept, or all of one home."""
    kept: list[dict[Any, Any]] = [
        made.devices.known, made.devices.phones, made.devices.pushes, made.pairings.kept,
        made.made.passcodes.kept, made.consents.kept, made.visits.kept,
    ]  # fmt: skip
    rows = [{key: row for key, row in each.items() if home in (None, key[0])} for each in kept]
    return str((rows, made.settings.homes if home is None else made.settings.homes.get(home),
                made.store.keys))  # fmt: skip


@pytest.mark.parametrize("route", for_managers, ids=name_of)
def test_who_was_unmade_is_no_manager_from_the_next_request_on(
    made: FakeHousehold, route: Route
) -> None:
    made.settings.make_manager("home", BOB.id)
    made.settings.unmake_manager("home", ADA.id, BOB.id)
    assert ask_for(route, token_of(ADA)).problem == "not_manager"


# --- when something fails ---------------------------------------------------------------

SECRET = "what errors quote: 042137, home.ada.secret, guest/home/r/photo.jpeg"


def broken(kind: type[Exception] | None) -> Any:
    """A port of which nothing works."""

    class Broken:
        def __getattr__(self, _name: str) -> Any:
            raise ServiceError("ThrottlingException", 400) if kind is None else kind(SECRET)

    return Broken()


@pytest.mark.parametrize("kind", [RuntimeError, KeyError, StopIteration, RecursionError, None])
def test_a_fault_is_try_again_and_tells_nothing_of_its_text(
    made: FakeHousehold,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    kind: type[Exception] | None,
) -> None:
    """Neither to the phone nor to the log; the log has the kind and the place."""
    household = made.household._replace(connections=broken(kind))
    monkeypatch.setattr(entry, "household", lambda: household)
    answer = Phone().ask("GET", "home")
    assert (answer.status, answer.problem) == (503, "try_again")
    assert answer.json["title"] == "That did not work. Please try again."
    line = json.loads(capsys.readouterr().out)
    assert (line["level"], line["job"]) == ("ERROR", "getHome")
    assert line["error"] == (kind.__name__ if kind else "ThrottlingException")
    for secret in ("042137", "secret", "guest/"):
        assert secret not in answer.text + str(line)


def test_a_conflict_that_no_job_expects_is_try_again(
    made: FakeHousehold, monkeypatch: pytest.MonkeyPatch
) -> None:
    household = made.household._replace(connections=broken(Conflict))
    monkeypatch.setattr(entry, "household", lambda: household)
    assert Phone().ask("GET", "home").problem == "try_again"


def test_the_log_has_a_line_for_each_request_and_nothing_of_what_was_said(
    made: FakeHousehold, capsys: pytest.CaptureFixture[str]
) -> None:
    """No code, no token, no PIN, no name, no body, no path."""
    code = Phone().ask("POST", "pairings", {"name": "Zebra"}).json["code"]
    token = Phone(None).ask("POST", f"pairings/{code}", {}).json["token"]
    pin = Phone().ask("POST", "guests", BODIES["addGuest"] | {"name": "Zebra"}).json["pin"]
    Phone().ask("POST", "residents/Zebra/photos", {"consent": True})
    Phone(token + "x").ask("GET", "home")
    lines = capsys.readouterr().out
    jobs = [(json.loads(line)["job"], json.loads(line)["status"]) for line in lines.splitlines()]
    assert jobs == [
        ("createPairing", 201), ("usePairing", 201), ("addGuest", 201), ("addPhoto", 201),
        ("getHome", 401),
    ]  # fmt: skip
    for secret in (code, code.split(".")[1], token, token.split(".")[2], pin, "Zebra"):
        assert secret not in lines
    assert made.clock() == NOON


def test_every_problem_of_the_list_has_a_status_and_no_other_has() -> None:
    assert set(STATUS) == set(PROBLEMS)
    assert all(400 <= status < 600 for status in STATUS.values())
