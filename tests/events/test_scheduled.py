"""A schedule's input, as EventBridge Scheduler hands it on, at the machine and its function."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from jsonata import Jsonata  # type: ignore[import-untyped]

from doorbell.aws.film_machine import FilmSchedules, Target
from doorbell.films.schedule import DAYS, set_schedule
from functions.film import entry as film
from tests.events.documented import forms, in_form
from tests.statemachines.asl import definition

if TYPE_CHECKING:
    from tests.doorbell.films.fakes import Studio
    from tests.template.sources import Tree

CONTEXT = "context-object"
DAY = 24 * 60 * 60


class Client:
    """EventBridge Scheduler, as far as a schedule is made there."""

    def __init__(self) -> None:
        self.made: list[Tree] = []

    def create_schedule(self, **given: Any) -> None:
        self.made.append(given)


def scheduled(every: Any) -> Tree:
    """What an execution gets that Scheduler starts: its target's `Input`, unchanged."""
    client = Client()
    schedules = FilmSchedules(lambda: client, Target("group", "arn", "role", "queue"))
    set_schedule(schedules, "home", "yard", every, "06:00", "Europe/Berlin")
    (made,) = client.made
    given: Tree = json.loads(made["Target"]["Input"])
    return given


def payload(given: Tree, context: Tree) -> Tree:
    """What `Plan` asks the function for, worked out from its JSONata."""
    states = definition("StopMotion")["States"]
    bound: Tree = {"states": {"input": given, "context": context}}
    bound |= {name: _value(text, bound) for name, text in states["Read"]["Assign"].items()}
    asked = states["Plan"]["Arguments"]["Payload"]
    return {field: _value(text, bound) for field, text in asked.items()}


def _value(written: str, bound: Tree) -> Any:
    if not written.startswith("{%"):
        return written
    return Jsonata.jsonata(written[2:-2].strip()).evaluate(None, bound)


@pytest.mark.parametrize("every", DAYS)
@pytest.mark.parametrize("form", forms(CONTEXT))
def test_a_scheduled_film_is_planned_up_to_when_it_was_started(
    studio: Studio, form: str, every: Any
) -> None:
    asked = payload(scheduled(every), in_form(form, CONTEXT))
    plan = film.handler(asked, None)
    assert plan["end"] == 1_699_999_980.0, "the minute in which it was started"
    assert plan["end"] - plan["start"] == DAYS[every] * DAY
