"""Whatever a door is called, its topics are topics, and no other door's."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorbell_client.bridge.topics import LONGEST_NAME, Topics, door_id, home_id, shown_name

TOPICS = Topics("home")
NAMES = st.text(max_size=200)


@given(NAMES)
def test_a_doors_id_may_stand_in_every_topic(name: str) -> None:
    """Home Assistant takes these letters alone; `+` and `#` would be wildcards."""
    assert re.fullmatch(r"[a-z0-9_]{1,40}", door_id(name))


@given(NAMES, NAMES)
def test_different_names_are_different_doors(one: str, other: str) -> None:
    assert (door_id(one) == door_id(other)) is (one == other)


def test_names_that_look_alike_are_different_doors() -> None:
    names = ["Front door", "front door", "Front  door", "Front_door", "Frönt door", "前門", ""]
    assert len({door_id(name) for name in names}) == len(names)


def test_an_id_can_be_read() -> None:
    assert door_id("Front door").startswith("front_door_")
    assert door_id("Haustür").startswith("haustur_")


@given(NAMES)
def test_what_is_shown_can_be_printed_and_ends(name: str) -> None:
    shown = shown_name(name)
    assert 1 <= len(shown) <= LONGEST_NAME
    assert shown.isprintable()


@pytest.mark.parametrize("name", ["", "  ", "\n\x00\x1b[31m"[:2], "\u202e"])
def test_a_door_without_a_name_that_can_be_shown_is_a_door(name: str) -> None:
    assert shown_name(name) == "Door"


@given(st.text(max_size=80))
def test_a_homes_id_may_stand_in_every_topic(home: str) -> None:
    assert re.fullmatch(r"[a-zA-Z0-9_-]{1,64}", home_id(home))


def test_a_usual_home_keeps_its_id() -> None:
    assert home_id("our-home-7") == "our-home-7"


def test_commands_of_every_door_are_heard() -> None:
    assert TOPICS.commands == ("doorbell/home/+/let_in", "doorbell/home/+/decline")
