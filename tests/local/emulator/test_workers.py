"""No more functions run at once than the machine can bear; the others wait for their turn."""

import contextlib
import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from ministack.core import lambda_runtime

from benchmarks.processes import descendants
from doorbell.protocol import (
    Answer,
    EnterCode,
    Got,
    Opened,
    Ping,
    Request,
    Ring,
    request_frame,
)
from local import server
from local.aws import Aws
from local.build import pack
from local.emulator import workers
from local.emulator.workers import CEILING, Turns


def test_so_many_go_at_once_and_the_others_in_the_order_they_came_the_urgent_first() -> None:
    turns, order = Turns(2), list[int]()
    inside, most = set[int](), list[int]()
    go_on = threading.Semaphore(0)

    def go(number: int) -> None:
        with turns.taken(urgent=number >= 4):
            order.append(number)
            inside.add(number)
            most.append(len(inside))
            go_on.acquire()
            inside.discard(number)

    threads = [threading.Thread(target=go, args=(number,)) for number in range(6)]
    for number, thread in enumerate(threads):
        thread.start()
        _await(lambda number=number: len(order) + turns.waiting() == number + 1)
    assert order == [0, 1]
    for _ in threads:
        go_on.release()
        time.sleep(0.01)
    for thread in threads:
        thread.join(5)
    assert order == [0, 1, 4, 5, 2, 3]
    assert max(most) == 2


def test_a_turn_is_given_on_by_one_that_fails() -> None:
    turns = Turns(1)
    for _ in range(2):
        with contextlib.suppress(ValueError), turns.taken(urgent=True):
            raise ValueError
    assert turns.waiting() == 0


def test_a_device_that_asks_anew_waits_for_what_was_begun() -> None:
    assert workers._is_asked(_frame(Ring()))
    assert workers._is_asked(_frame(Ping()))
    assert workers._is_asked({"requestContext": {"http": {"method": "POST"}}})
    assert not workers._is_asked({"requestContext": {"eventType": "CONNECT"}})
    assert not workers._is_asked({"detail-type": "RingPressed"})
    assert not workers._is_asked("any payload")


@pytest.mark.parametrize(
    "request_", [Got("r"), EnterCode("042137"), Answer("r", "let_in"), Opened("o")]
)
def test_what_a_device_says_of_a_ring_under_way_does_not_wait_behind_new_ones(
    request_: Request,
) -> None:
    """A `got` that came too late would ring the bell, though the phone shows the code."""
    assert not workers._is_asked(_frame(request_))


def _frame(request: Request) -> dict[str, Any]:
    return {"requestContext": {"eventType": "MESSAGE"}, "body": request_frame(request)}


def test_a_burst_of_calls_is_answered_by_as_many_processes_as_the_ceiling_allows(
    aws: Aws, outputs: dict[str, str]
) -> None:
    calls = 3 * CEILING
    client = aws.client("lambda")
    event = json.dumps({"requestContext": {"eventType": "TEST"}, "do": "take a moment"})
    before = len(descendants())

    def call(_: int) -> object:
        return json.load(client.invoke(FunctionName=outputs["Echo"], Payload=event)["Payload"])

    with ThreadPoolExecutor(calls) as pool:
        answers = [pool.submit(call, number) for number in range(calls)]
        most = 0
        while not all(answer.done() for answer in answers):
            most = max(most, len(descendants()) - before)
            time.sleep(0.05)
    assert [answer.result() for answer in answers] == [{"statusCode": 200}] * calls
    assert 1 < most <= CEILING


def test_processes_that_are_idle_for_long_are_let_go_but_for_one(
    small: Path, tmp_path: Path
) -> None:
    """By ministack's own hand, which its server calls twice a minute (see the canary)."""
    code = pack(small, "Echo", tmp_path / "echo")
    config = {
        "FunctionArn": "arn:aws:lambda:us-east-1:000000000000:function:burst",
        "Runtime": "provided.al2023",
        "Handler": "echo.handle",
        "Timeout": 10,
    }
    ours = [lambda_runtime.acquire_worker("burst", config, code)[0] for _ in range(3)]
    try:
        for worker in ours:
            lambda_runtime.ensure_spawned(worker)
        assert lambda_runtime.reap_idle_workers(0) == 0, "they are at work"
        for worker in ours:
            lambda_runtime.release_worker(worker)
        assert lambda_runtime.reap_idle_workers(server.WORKER_IDLE_SECONDS) == 0
        assert len(_running(ours)) == 3
        assert lambda_runtime.reap_idle_workers(0) == 2
        assert len(_running(ours)) == 1
    finally:
        lambda_runtime.kill_workers(ours)
    assert not _running(ours)


def _running(ours: list[Any]) -> list[int]:
    pids = [worker._proc.pid for worker in ours if worker._proc]
    return [pid for pid in pids if pid in descendants()]


def _await(condition: object) -> None:
    deadline = time.monotonic() + 5
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < deadline
        time.sleep(0.001)
