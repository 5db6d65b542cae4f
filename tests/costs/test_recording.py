"""The recording in the repository is of the doorbell in the repository."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from costs.recording import ENVIRONMENT_MS, Function, Recording, Story, read_recording
from local.server import ROOT
from local.template import read_template

RECORDING = read_recording()
TEMPLATE = read_template(ROOT / "template.yaml")
FILES = {"watchdog": "watch"}
"""The definitions whose machine is called otherwise."""
WALKS = [
    (story, machine)
    for story, told in RECORDING.stories.items()
    for machine in told.states
    if not story.endswith("twice")
]


def definition(machine: str) -> dict[str, Any]:
    file = Path("statemachines", f"{FILES.get(machine, machine)}.asl.json")
    read: dict[str, Any] = json.loads((ROOT / file).read_text("utf-8"))
    return read


def leads_to(state: dict[str, Any]) -> set[str]:
    """Where one may go from a state."""
    ways = [state, *state.get("Choices", []), *state.get("Catch", [])]
    return {way["Next"] for way in ways if "Next" in way} | {state.get("Default", "")}


def is_last(state: dict[str, Any]) -> bool:
    return bool(state.get("End")) or state["Type"] in ("Succeed", "Fail")


@pytest.mark.parametrize(("story", "machine"), WALKS)
def test_the_states_that_were_recorded_are_ways_through_the_machine(
    story: str, machine: str
) -> None:
    """Whoever changes a machine records anew: `python -m benchmarks usage`."""
    machine_is = definition(machine)
    states, walk = machine_is["States"], RECORDING.stories[story].states[machine]
    assert set(walk) <= set(states)
    assert walk[0] == machine_is["StartAt"]
    assert is_last(states[walk[-1]])
    for here, there in pairwise(walk):
        begins_anew = is_last(states[here]) and there == machine_is["StartAt"]
        assert begins_anew or there in leads_to(states[here]), (here, there)


def test_functions_have_the_memory_that_they_were_recorded_with() -> None:
    usual = TEMPLATE["Globals"]["Function"]["MemorySize"]
    given = {
        each["Properties"]["Handler"].split(".")[1]: each["Properties"].get("MemorySize", usual)
        for each in TEMPLATE["Resources"].values()
        if each["Type"] == "AWS::Serverless::Function"
    }
    for name, function in RECORDING.functions.items():
        assert function.memory == given[name], name
    ran = {c.split(".")[1] for s in RECORDING.stories.values() for c in s.counts if "lambda." in c}
    assert ran <= set(RECORDING.functions)


def test_a_cold_function_is_billed_its_start_and_a_warm_one_is_not() -> None:
    counts = {"lambda.push.runs": 2.0, "lambda.push.ms": 100.0}
    it = Recording("", {"push": Function(512, 22.0)}, {"ring": Story(counts, {})})
    warm = it.usage("ring", cold=False)
    assert warm["lambda.gb_s"] == pytest.approx(0.05)
    cold = it.usage("ring")
    assert cold["lambda.gb_s"] - warm["lambda.gb_s"] == pytest.approx((ENVIRONMENT_MS + 22) / 2000)
    assert cold["lambda.request"] == warm["lambda.request"] == 2


def test_express_machines_cost_by_the_second_and_standard_ones_by_the_state() -> None:
    counts = {"express.watchdog.runs": 1.0, "express.watchdog.seconds": 20.0}
    states = {"watchdog": ["Read", "Wait", "Done"], "visitor": ["Claim", "Search"]}
    usage = Recording("", {}, {"ring": Story(counts, states)}).usage("ring")
    assert usage["states.transition"] == 2
    assert (usage["express.request"], usage["express.gb_s"]) == (1, 20 / 16)
