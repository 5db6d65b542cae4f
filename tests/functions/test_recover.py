"""A failed execution rings, whatever it was given to begin with."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorbell.protocol import RingThrough, Visitor
from functions.ring_path import recover
from functions.ring_path.recover import ring_of
from tests.fakes import DOOR, KITCHEN, FakeServices, keep_ring, make_services

PHOTO = {"bucket": "b", "key": "guest/home/ring-1/photo.jpeg", "size": 1}
WATCH = {"key": "guest/home/ring-1/photo.jpeg"}


def failed(made: FakeServices, given: object, status: str = "FAILED") -> None:
    """Step Functions' word that an execution with this input failed."""
    detail = {"status": status, "input": json.dumps(given), "name": "execution"}
    recover.handle(made.services, {"detail": detail})


@pytest.mark.parametrize("given", [PHOTO, WATCH])
def test_every_execution_of_a_ring_rings(given: dict[str, Any]) -> None:
    assert ring_of(given) == ("home", "ring-1")
    made = make_services()
    keep_ring(made)
    door, phone = made.connect(DOOR), made.connect(KITCHEN)
    failed(made, given)
    assert made.heard(door) == [RingThrough("ring-1", "unavailable", 60)]
    (told,) = made.heard(phone)
    assert isinstance(told, Visitor)


@pytest.mark.parametrize(
    "given",
    [
        None,
        [],
        "x",
        {},
        {"detail": {}},
        {"key": "residents/home/Ada/1.jpeg"},
        {"key": "guest/home/ring-1/frames/01.jpeg"},
        {"key": "guest/home/ring-1/x/photo.jpeg"},
        {"key": 1},
        {"detail": {"home": "home", "ring": "ring-1"}},
    ],
)
def test_an_execution_of_no_ring_rings_nowhere(given: Any) -> None:
    assert ring_of(given) is None
    made = make_services()
    keep_ring(made)
    door = made.connect(DOOR)
    failed(made, given)
    assert made.heard(door) == []


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: (
            st.dictionaries(
                st.sampled_from(["detail", "object", "key", "home", "ring", "detail-type"]), inner
            )
            | st.lists(inner)
        ),
    )
)
def test_any_input_is_read_without_an_error(given: Any) -> None:
    found = ring_of(given)
    assert found is None or all(isinstance(part, str) for part in found)
