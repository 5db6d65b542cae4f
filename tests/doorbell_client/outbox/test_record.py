"""A press is read as it was written; what cannot be believed is no press."""

import json
import math
import uuid
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorbell_client.clock import Moment
from doorbell_client.outbox.record import Record, read_record, record_bytes

PRESS = "0f2a7c1e-5c1b-4d7e-9a53-2d8a1c0b7e44"
FINITE = st.floats(allow_nan=False, allow_infinity=False)


def written(folder: Path, content: object, name: str = f"{PRESS}.json") -> Path:
    file = folder / name
    file.write_text(json.dumps(content))
    return file


def whole(**changed: object) -> dict[str, object]:
    content: dict[str, object] = json.loads(record_bytes(Record(PRESS, Moment(1.8e9, "boot", 5.0))))
    return content | changed


@given(
    st.builds(
        Record,
        st.uuids().map(str),
        st.builds(Moment, FINITE, st.text(), FINITE),
        home=st.text(),
        ring=st.none() | st.text(),
        delivered=st.booleans(),
    )
)
def test_a_press_is_read_as_it_was_written(
    tmp_path_factory: pytest.TempPathFactory, it: Record
) -> None:
    file = tmp_path_factory.getbasetemp() / f"{it.press}.json"
    file.write_bytes(record_bytes(it))
    assert read_record(file) == it
    file.unlink()


def test_a_press_of_an_older_version_belongs_to_whoever_has_the_door(tmp_path: Path) -> None:
    old = {key: value for key, value in whole().items() if key in {"press", "at", "boot", "uptime"}}
    assert read_record(written(tmp_path, old)) == Record(PRESS, Moment(1.8e9, "boot", 5.0))


@pytest.mark.parametrize("clock", ["at", "uptime"])
@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_a_moment_that_is_none_is_not_believed(tmp_path: Path, clock: str, value: float) -> None:
    assert read_record(written(tmp_path, whole(**{clock: value}))) is None


def test_a_press_under_another_s_name_is_not_believed(tmp_path: Path) -> None:
    assert read_record(written(tmp_path, whole(), f"{uuid.uuid4()}.json")) is None


@pytest.mark.parametrize("ring", [7, ["r"], {"a": 1}, True])
def test_a_ring_that_is_no_text_is_not_known(tmp_path: Path, ring: object) -> None:
    found = read_record(written(tmp_path, whole(ring=ring)))
    assert found is not None
    assert found.ring is None


@pytest.mark.parametrize("delivered", ["yes", 1, None])
def test_only_a_plain_true_says_that_a_press_is_delivered(
    tmp_path: Path, delivered: object
) -> None:
    found = read_record(written(tmp_path, whole(delivered=delivered)))
    assert found is not None
    assert not found.delivered


@pytest.mark.parametrize("content", [None, [], "x", 7, {}, {"press": PRESS}, {"at": []}])
def test_what_is_no_press_is_none(tmp_path: Path, content: object) -> None:
    assert read_record(written(tmp_path, content)) is None
    assert read_record(tmp_path / "none.json") is None
