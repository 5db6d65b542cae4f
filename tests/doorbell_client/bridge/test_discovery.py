"""Home Assistant understands what it is told of a door, whatever the door is called."""

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorbell_client.bridge.discovery import (
    Described,
    announce,
    announced_door,
    withdrawn_door,
)
from doorbell_client.bridge.topics import Topics, door_id

TOPICS = Topics("home")
HOME = Described(TOPICS, "1.2")

COMMON = {
    "name", "unique_id", "availability_topic", "qos", "device", "origin",
}  # fmt: skip
KEYS = {
    "event": {"device_class", "event_types", "state_topic"},
    "image": {"image_topic", "content_type"},
    "binary_sensor": {"device_class", "state_topic", "payload_on", "payload_off"},
    "sensor": {"icon", "state_topic", "value_template", "json_attributes_topic"},
    "button": {
        "icon",
        "command_topic",
        "command_template",
        "json_attributes_topic",
        "payload_press",
        "retain",
    },
}
"""Keys that the documentation of each integration of Home Assistant has, and that are used here."""

OURS = {"door"}
"""A key of our own; Home Assistant passes over what it does not know."""


def configs(door: str) -> dict[str, dict[str, Any]]:
    """By topic."""
    return {each.topic: json.loads(each.payload) for each in announce(HOME, door)}


def test_a_door_is_six_entities_of_one_device() -> None:
    found = configs("Front door")
    names = sorted(each["name"] for each in found.values())
    assert names == [
        "Front door decline", "Front door let in", "Front door lock", "Front door photo",
        "Front door ring", "Front door visit",
    ]  # fmt: skip
    assert {tuple(each["device"]["identifiers"]) for each in found.values()} == {("doorbell_home",)}
    assert len({each["unique_id"] for each in found.values()}) == 6


def test_every_configuration_is_retained() -> None:
    assert all(each.retain for each in announce(HOME, "Front door"))


def test_every_key_is_one_that_home_assistant_has() -> None:
    for topic, config in configs("Front door").items():
        component = topic.split("/")[1]
        assert set(config) - OURS == COMMON | KEYS[component]


def test_the_bell_is_an_event_entity_of_class_doorbell() -> None:
    config = configs("Front door")[TOPICS.config("event", door_id("Front door"), "ring")]
    assert (config["device_class"], config["event_types"]) == ("doorbell", ["ring"])


@pytest.mark.parametrize("part", ["let_in", "decline"])
def test_a_button_says_which_ring_home_assistant_shows(part: str) -> None:
    """It has the attributes of the visit, and its template is rendered when it is pressed."""
    config = configs("Front door")[TOPICS.config("button", door_id("Front door"), part)]
    assert config["json_attributes_topic"] == TOPICS.of(door_id("Front door"), "visit")
    assert config["command_template"] == "{{ state_attr(entity_id, 'ring') }}"


@given(st.text(max_size=300))
def test_a_hostile_name_stays_a_name(name: str) -> None:
    for topic, config in configs(name).items():
        # Home Assistant's own pattern for a discovery topic.
        assert re.fullmatch(r"homeassistant/\w+/[a-zA-Z0-9_-]+/[a-zA-Z0-9_-]+/config", topic)
        topics = [value for key, value in config.items() if key.endswith("_topic")]
        assert all(re.fullmatch(r"doorbell/home(/[a-z0-9_]+)+", each) for each in topics)
        assert "{{" not in config.get("value_template", "").removeprefix("{{")


@given(st.text(max_size=100))
def test_a_later_run_finds_the_doors_of_an_earlier_one(name: str) -> None:
    event = announce(HOME, name)[0]
    assert announced_door(TOPICS, event.topic, event.payload) == name


@given(st.binary(max_size=50))
def test_what_is_no_announcement_of_ours_is_no_door(payload: bytes) -> None:
    topic = announce(HOME, "Front door")[0].topic
    assert announced_door(TOPICS, topic, payload) is None


def test_a_door_that_is_announced_under_another_doors_topic_is_none() -> None:
    other = announce(HOME, "Back door")[0]
    topic = announce(HOME, "Front door")[0].topic
    assert announced_door(TOPICS, topic, other.payload) is None


def test_an_empty_announcement_withdraws_the_door() -> None:
    topic = announce(HOME, "Front door")[0].topic
    assert withdrawn_door(TOPICS, topic, b"") == door_id("Front door")
    assert withdrawn_door(TOPICS, topic, b"{}") is None


@pytest.mark.parametrize("topic", ["", "homeassistant/event/doorbell_other/x_ring/config"])
def test_an_empty_announcement_of_others_withdraws_nothing(topic: str) -> None:
    assert withdrawn_door(TOPICS, topic, b"") is None


def test_without_buttons_those_of_an_earlier_run_are_taken_away() -> None:
    """Home Assistant removes an entity whose configuration is empty."""
    told = announce(HOME._replace(buttons=False), "Front door")
    buttons = [each for each in told if "/button/" in each.topic]
    assert [(each.payload, each.retain) for each in buttons] == [(b"", True)] * 2
