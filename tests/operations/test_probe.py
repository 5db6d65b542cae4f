"""Waiting for S3's events: a probe that the stack answers, another while it does not; no trace."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from operations.probe import MOMENT, PATIENCE, NoEvents, wait_for_events


class Bucket:
    """A bucket whose events begin to come at a certain second, each a second late.

    It is the session, its client, and the clock that all of them live by.
    """

    def __init__(self, begins: float) -> None:
        self.begins, self.now = begins, 1000.0
        self.started = self.now
        self.puts = 0
        self.gone_at: dict[str, float] = {}

    def client(self, service: str, endpoint_url: str | None) -> Bucket:
        assert (service, endpoint_url) == ("s3", None)
        return self

    def clock(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds

    def put_object(self, *, Key: str, **_: Any) -> None:  # noqa: N803 - boto3's names
        self.puts += 1
        heard = self.now - self.started >= self.begins
        self.gone_at[Key] = self.now + 1 if heard else float("inf")

    def head_object(self, *, Key: str, **_: Any) -> None:  # noqa: N803
        if self.gone_at.get(Key, 0) <= self.now:
            raise ClientError({"Error": {"Code": "404", "Message": ""}}, "HeadObject")

    def delete_object(self, *, Key: str, **_: Any) -> None:  # noqa: N803
        self.gone_at.pop(Key, None)


class Stack:
    """As much of a deployed stack as a probe needs."""

    endpoint = None
    bucket = "bucket"

    def __init__(self, session: Bucket) -> None:
        self.session = session

    def client_of(self, service: str) -> Bucket:
        return self.session.client(service, endpoint_url=self.endpoint)


def waited(bucket: Bucket) -> float:
    """How long it took."""
    return wait_for_events(Stack(bucket), bucket.sleep, bucket.clock)  # type: ignore[arg-type]


def test_where_events_come_it_is_a_moment_and_nothing_is_said(
    capsys: pytest.CaptureFixture[str],
) -> None:
    bucket = Bucket(begins=0)
    assert waited(bucket) < MOMENT
    assert (bucket.puts, bucket.gone_at) == (1, {})
    assert capsys.readouterr().err == ""


def test_after_a_first_deployment_it_waits_says_so_once_and_probes_again(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """An event of before they begin never comes: it must be another one."""
    bucket = Bucket(begins=290)
    assert 290 < waited(bucket) < 310
    assert bucket.puts > 15
    assert capsys.readouterr().err.count("within about five minutes") == 1
    assert bucket.gone_at == {}


def test_where_none_ever_comes_it_is_said_where_to_look_and_no_probe_stays() -> None:
    bucket = Bucket(begins=float("inf"))
    with pytest.raises(NoEvents, match="the rule of the state machine `enrol`"):
        waited(bucket)
    assert bucket.now - bucket.started < PATIENCE + 20
    assert bucket.gone_at == {}
