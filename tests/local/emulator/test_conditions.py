"""What a policy's conditions ask for is filled in from the request, and from nothing else."""

import json

import pytest

from local.emulator import conditions


@pytest.mark.parametrize(
    ("action", "headers", "filled_in"),
    [
        ("s3:PutObject", {"if-none-match": "*"}, {"s3:if-none-match": "*"}),
        ("s3:PutObject", {"if-match": "etag"}, {}),
        ("s3:PutObject", {}, {}),
        ("s3:GetObject", {"if-none-match": "*"}, {}),
    ],
)
def test_a_write_says_whether_there_may_be_an_object(
    action: str, headers: dict[str, str], filled_in: dict[str, str]
) -> None:
    assert conditions.of_write(action, headers) == filled_in


@pytest.mark.parametrize(
    ("sources", "filled_in"),
    [
        (["doorbell"], ["doorbell"]),
        (["doorbell", "doorbell"], ["doorbell"]),
        (["doorbell", "aws.s3"], ["aws.s3", "doorbell"]),
    ],
)
def test_events_say_where_they_come_from(sources: list[str], filled_in: list[str]) -> None:
    body = json.dumps({"Entries": [{"Source": source} for source in sources]}).encode()
    assert conditions.of_events("events:PutEvents", body) == {"events:source": filled_in}
    assert conditions.of_events("sqs:SendMessage", body) == {}
