"""docs/home-assistant.md says what the bridge does."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

from doorbell_client.bridge.buttons import PARTS
from doorbell_client.bridge.door import Visit
from doorbell_client.bridge.topics import Topics, door_id
from doorbell_client.config.reader import load

PAGE = (Path(__file__).parents[3] / "docs/home-assistant.md").read_text("utf-8")
TOPICS = Topics("HOME")


def example(language: str) -> str:
    """The first block in this language."""
    found = re.search(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)
    assert found
    return found[1]


def automation() -> Any:
    """The example, as Home Assistant reads it."""
    return yaml.safe_load(example("yaml"))


def test_the_example_of_a_configuration_is_one(tmp_path: Path) -> None:
    file = tmp_path / "doorbell.toml"
    file.write_text(example("toml"))
    assert load(file, {}).bridge.user == "doorbell"


def test_every_state_of_a_visit_and_every_topic_is_told() -> None:
    for visit in Visit:
        assert f"`{visit.value}`" in PAGE
    for part in ("ring", "photo", "lock", "visit", *PARTS):
        assert re.search(rf"`(doorbell/HOME/DOOR|…)/{part}`", PAGE), part


def test_the_automation_listens_to_what_is_published() -> None:
    listens = [automation()["triggers"][0], automation()["actions"][1]["wait_for_trigger"][0]]
    assert [each["topic"] for each in listens] == [TOPICS.of("+", "ring"), TOPICS.of("+", "visit")]


def test_the_automation_presses_a_button_of_the_door_that_rang_for_that_ring_alone() -> None:
    example = automation()
    waits = example["actions"][-2]["wait_for_trigger"]
    assert [each["id"] for each in waits] == list(PARTS)
    published = example["actions"][-1]["data"]
    assert published["topic"] == TOPICS.of("{{ door }}", "{{ wait.trigger.id }}")
    assert (published["payload"], published["retain"]) == ("{{ ring }}", False)
    # The door's id is the third part of the topic that started it.
    assert TOPICS.of(door_id("Front door"), "ring").split("/")[2] == door_id("Front door")
    assert example["variables"]["door"] == "{{ trigger.topic.split('/')[2] }}"
