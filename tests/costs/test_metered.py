"""The meters count as AWS bills."""

from __future__ import annotations

import json
from typing import Any

import pytest

from benchmarks.metered import Meters, measure_call, measure_dynamodb, measure_s3

ITEM = {"home": {"S": "home"}, "sk": {"S": "x"}}


def counted(meters: Meters) -> dict[str, float]:
    counts: dict[str, float] = json.loads(meters.take())["counts"]
    return counts


def asked(action: str, given: dict[str, Any], answer: dict[str, Any], status: int = 200) -> Any:
    meters = Meters()
    measure_dynamodb(meters, action, given, (status, {}, json.dumps(answer).encode()))
    return counted(meters)


def large(size: int) -> dict[str, Any]:
    return {**ITEM, "text": {"S": "x" * size}}


@pytest.mark.parametrize(("given", "units"), [({}, 0.5), ({"ConsistentRead": True}, 1.0)])
def test_a_read_is_half_a_unit_unless_it_is_consistent(given: Any, units: float) -> None:
    assert asked("GetItem", given, {"Item": ITEM})["dynamodb.read"] == units


def test_what_is_not_there_costs_as_much_as_what_is_small() -> None:
    assert asked("GetItem", {}, {})["dynamodb.read"] == 0.5


def test_four_kilobytes_are_one_unit_and_more_are_two() -> None:
    assert asked("GetItem", {"ConsistentRead": True}, {"Item": large(4200)})["dynamodb.read"] == 2


def test_a_query_is_billed_for_its_items_together_and_a_batch_for_each() -> None:
    items = [large(1000)] * 4
    assert asked("Query", {}, {"Items": items})["dynamodb.read"] == 0.5
    assert asked("BatchGetItem", {}, {"Responses": {"t": items}})["dynamodb.read"] == 2.0


def test_a_refused_write_is_billed_and_a_refused_transaction_twice_for_each_part() -> None:
    refused = {"__type": "ConditionalCheckFailedException"}
    assert asked("UpdateItem", {}, refused, 400)["dynamodb.write"] == 1
    parts: dict[str, Any] = {"TransactItems": [{}, {}, {}]}
    assert asked("TransactWriteItems", parts, refused, 400)["dynamodb.write"] == 6


def test_a_write_is_billed_as_the_table_says() -> None:
    units = {"ConsumedCapacity": [{"CapacityUnits": 4.0}]}
    assert asked("TransactWriteItems", {}, units)["dynamodb.write"] == 4


def test_a_photo_read_by_a_link_goes_out_to_the_internet_and_one_read_by_a_function_does_not() -> (
    None
):
    meters = Meters()
    measure_s3(meters, "GET", True, (200, {}, b"photo"))
    measure_s3(meters, "GET", False, (200, {}, b"photo"))
    measure_s3(meters, "PUT", True, (200, {}, b""))
    assert counted(meters) == {"s3.get": 2, "s3.put": 1, "internet.bytes": 5}


def test_each_event_counts_and_a_large_one_as_several() -> None:
    meters = Meters()
    entries = [{"Detail": "{}"}, {"Detail": "x" * 100_000}]
    measure_call(meters, "events", "PutEvents", {"Entries": entries})
    assert counted(meters) == {"events": 3}


def test_a_search_is_one_image_which_rekognition_reads_from_s3() -> None:
    meters = Meters()
    measure_call(meters, "rekognition", "SearchFacesByImage", {})
    measure_call(meters, "rekognition", "CreateCollection", {})
    assert counted(meters) == {"rekognition": 1, "s3.get": 1}


def test_what_was_taken_is_counted_no_more() -> None:
    meters = Meters()
    meters.add("events")
    meters.entered("visitor", ["Claim"])
    assert json.loads(meters.take()) == {"counts": {"events": 1}, "states": {"visitor": ["Claim"]}}
    assert json.loads(meters.take()) == {"counts": {}, "states": {}}
