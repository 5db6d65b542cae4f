"""What Home Assistant is told so that it makes a device with entities of this home by itself.

The keys are those of its integrations `event.mqtt`, `image.mqtt`, `binary_sensor.mqtt`,
`button.mqtt` and `sensor.mqtt`. One configuration for each entity, not one for the device: Home
Assistant before 2024.11 and other houses understand only those.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from doorbell_client.bridge.publication import Publication, state
from doorbell_client.bridge.topics import Topics, door_id, shown_name

RING: Final = "ring"
"""The one type of event; Home Assistant's own name for it."""

_DEVICE_NAME: Final = "Doorbell"

PRESS: Final = "PRESS"
"""What a button says that means whoever waits, which is enough to decline; a ring's id means that
ring alone."""

_THE_RING_SHOWN: Final = "{{ state_attr(entity_id, 'ring') }}"
"""What a button says, made when it is pressed: a line may hold it back until somebody else waits,
and whom the resident saw is known to Home Assistant alone. It has no other way to know a ring than
the button's own attributes."""

_BUTTONS: Final = (
    ("let_in", "let in", "mdi:door-open"),
    ("decline", "decline", "mdi:account-cancel"),
)
"""Part, what it says, and its icon."""


class Described(NamedTuple):
    """What a home says of itself."""

    topics: Topics
    version: str
    buttons: bool = True
    """False: nobody on the broker may answer a visitor."""


def announce(home: Described, door: str) -> list[Publication]:
    """The configurations of all entities of one door, by its name."""
    return [
        *(_config(home, door, *entity) for entity in _entities(home, door)),
        *(_button_config(home, door, *button) for button in _BUTTONS),
    ]


def announced_door(home: Topics, topic: str, payload: bytes) -> str | None:
    """The door whose event entity was announced so, in an earlier run; None: no door of ours."""
    try:
        content = json.loads(payload)
        name = content["door"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    ours = isinstance(name, str) and topic == home.config("event", door_id(name), RING)
    return name if ours else None


def withdrawn_door(home: Topics, topic: str, payload: bytes) -> str | None:
    """The id of the door that Home Assistant's owner has deleted there."""
    before, _, after = home.config("event", "\0", RING).partition("\0")
    if payload or not (topic.startswith(before) and topic.endswith(after)):
        return None
    return topic[len(before) : -len(after)]


def _entities(home: Described, door: str) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """Component, part and own keys of each."""
    name, topics, id_ = shown_name(door), home.topics, door_id(door)
    # `door` is ours: a later run finds its doors by it. Home Assistant passes over unknown keys.
    yield (
        "event", RING,
        {"name": f"{name} ring", "device_class": "doorbell", "event_types": [RING],
         "state_topic": topics.of(id_, RING), "door": door},
    )  # fmt: skip
    yield (
        "image", "photo",
        {"name": f"{name} photo", "image_topic": topics.of(id_, "photo"),
         "content_type": "image/jpeg"},
    )  # fmt: skip
    yield (
        "binary_sensor", "lock",
        {"name": f"{name} lock", "device_class": "lock", "state_topic": topics.of(id_, "lock"),
         "payload_on": "ON", "payload_off": "OFF"},
    )  # fmt: skip
    yield (
        "sensor", "visit",
        {"name": f"{name} visit", "icon": "mdi:account-clock",
         "state_topic": topics.of(id_, "visit"), "value_template": "{{ value_json.visit }}",
         "json_attributes_topic": topics.of(id_, "visit")},
    )  # fmt: skip


def _button_config(home: Described, door: str, part: str, does: str, icon: str) -> Publication:
    if not home.buttons:
        # Those of an earlier run are taken away: they would seem to work.
        return state(home.topics.config("button", door_id(door), part), b"")
    topics, id_ = home.topics, door_id(door)
    keys = {
        "name": f"{shown_name(door)} {does}",
        "icon": icon,
        "command_topic": topics.of(id_, part),
        "command_template": _THE_RING_SHOWN,
        "json_attributes_topic": topics.of(id_, "visit"),
        "payload_press": PRESS,
        "retain": False,
    }
    return _config(home, door, "button", part, keys)


def _config(
    home: Described, door: str, component: str, part: str, keys: Mapping[str, Any]
) -> Publication:
    topics, id_ = home.topics, door_id(door)
    content = {
        **keys,
        "unique_id": f"{topics.node}_{id_}_{part}",
        "availability_topic": topics.status,
        "qos": 1,
        "device": {
            "identifiers": [topics.node],
            "name": _DEVICE_NAME,
            "manufacturer": "Doorbell",
            "sw_version": home.version,
        },
        "origin": {"name": "Doorbell", "sw_version": home.version},
    }
    return state(topics.config(component, id_, part), json.dumps(content).encode())
