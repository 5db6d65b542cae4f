"""Connections that are kept, and servers that do not behave."""

from __future__ import annotations

import ssl
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from doorbell.aws.api.endpoints import Endpoint
from doorbell.aws.api.errors import NotReached
from doorbell.aws.api.pool import KEPT_FOR, MOST_BYTES, Pool, Request, Response
from tests.doorbell.aws.api.servers import OK, Act, Server
from tests.loopback import deaf_address

if TYPE_CHECKING:
    from pathlib import Path


def ask(pool: Pool, at: Endpoint, body: bytes = b"{}") -> Response:
    """One request."""
    return pool.exchange(Request(at, "POST", "/", {"X-Amz-Target": "T.Op"}, body))


def test_a_connection_serves_one_request_after_the_other() -> None:
    with Server().running() as server:
        pool = Pool()
        answers = [ask(pool, server.at) for _ in range(3)]
    assert [(each.status, each.body) for each in answers] == [(200, b"{}")] * 3
    assert server.connections == 1
    assert b"X-Amz-Target: T.Op" in server.requests[0]
    assert server.requests[0].endswith(b"\r\n\r\n{}")
    assert answers[0].headers == {"content-length": "2"}


def test_threads_have_a_connection_each_and_it_is_kept_for_the_next() -> None:
    with Server(Act(after=0.05)).running() as server, ThreadPoolExecutor(8) as threads:
        pool = Pool()
        for _ in range(2):
            bodies = [b"%d" % number for number in range(8)]
            list(threads.map(lambda body: ask(pool, server.at, body), bodies))
    assert len(server.requests) == 16
    assert server.connections == 8


def test_a_warm_connection_is_found_by_the_next_request() -> None:
    with Server().running() as server:
        pool = Pool()
        pool.warm(server.at)
        ask(pool, server.at)
    assert server.connections == 1


def test_a_connection_that_was_hung_up_meanwhile_is_not_used_again() -> None:
    """A frozen environment finds goodbyes that came long ago."""
    with Server().running() as server:
        pool = Pool()
        ask(pool, server.at)
        server.hang_up()
        time.sleep(0.05)
        assert ask(pool, server.at).status == 200
    assert server.connections == 2


def test_one_dead_connection_tells_of_all_that_were_idle_beside_it() -> None:
    """After a freeze the other end may have forgotten them without a word: only silence says so."""
    silent = [Act(b"", after=30)] * 4
    busy = [Act(after=0.1)] * 4
    with Server(*busy, *silent).running() as server, ThreadPoolExecutor(4) as threads:
        pool = Pool(answer_within=0.3)
        list(threads.map(lambda _: ask(pool, server.at), range(4)))
        with pytest.raises(NotReached):
            ask(pool, server.at)
        server.acts = (Act(),)
        began = time.monotonic()
        assert ask(pool, server.at).status == 200
    assert server.connections == 5, "the next try has a new one"
    assert time.monotonic() - began < 0.25


def test_a_connection_that_was_idle_for_long_is_not_believed() -> None:
    now = [0.0]
    with Server().running() as server:
        pool = Pool(clock=lambda: now[0])
        ask(pool, server.at)
        now[0] = KEPT_FOR - 1
        ask(pool, server.at)
        now[0] += KEPT_FOR
        ask(pool, server.at)
    assert server.connections == 2


def test_an_answer_that_says_close_is_taken_and_its_connection_is_not_kept() -> None:
    closing = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}"
    with Server(Act(closing, hang_up=True)).running() as server:
        pool = Pool()
        assert [ask(pool, server.at).body for _ in range(2)] == [b"{}"] * 2
    assert server.connections == 2


def test_an_answer_in_chunks_is_read_whole() -> None:
    chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n1\r\n}\r\n0\r\n\r\n"
    with Server(Act(chunked), Act()).running() as server:
        pool = Pool()
        assert [ask(pool, server.at).body for _ in range(2)] == [b"{}"] * 2
    assert server.connections == 1


@pytest.mark.parametrize(
    "act",
    [
        Act(b"", reset=True),
        Act(b"", hang_up=True),
        Act(b"HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n{", hang_up=True),
        Act(b"HTTP/1.1 200 OK\r\nContent-", hang_up=True),
        Act(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{", hang_up=True),
        Act(b"SSH-2.0-OpenSSH_9.6\r\n", hang_up=True),
        Act(OK, after=0.4),
        Act(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{"),
    ],
    ids=["reset", "hung up", "half a body", "half a head", "half a chunk", "no HTTP", "slow",
         "silent in the middle"],
)  # fmt: skip
def test_what_is_no_whole_answer_is_none_and_spoils_none_after_it(act: Act) -> None:
    with Server(act, Act()).running() as server:
        pool = Pool(answer_within=0.2)
        with pytest.raises(NotReached, match=r"^127\.0\.0\.1:"):
            ask(pool, server.at)
        assert ask(pool, server.at).body == b"{}"
    assert server.connections == 2


def test_an_answer_that_never_ends_is_refused() -> None:
    endless = b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 21_000_000
    with Server(Act(endless, hang_up=True)).running() as server, pytest.raises(NotReached):
        ask(Pool(), server.at)


def long_answer(says: int, sends: int) -> Act:
    return Act(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % says + b"x" * sends)


def test_an_answer_may_have_so_many_bytes_and_no_more() -> None:
    most = long_answer(MOST_BYTES, MOST_BYTES)
    more = long_answer(MOST_BYTES + 1, MOST_BYTES + 1)
    with Server(most, more).running() as server:
        pool = Pool(answer_within=20)
        assert len(ask(pool, server.at).body) == MOST_BYTES
        with pytest.raises(NotReached, match="HTTPException"):
            ask(pool, server.at)


def test_an_answer_that_is_too_long_is_not_waited_for() -> None:
    """A gigabyte, of which the first bytes have come."""
    with Server(long_answer(10**9, MOST_BYTES + 1)).running() as server:
        began = time.monotonic()
        with pytest.raises(NotReached, match="HTTPException"):
            ask(Pool(answer_within=20), server.at)
    assert time.monotonic() - began < 10


def test_a_network_that_swallows_everything_is_left_in_time() -> None:
    with deaf_address() as host:
        at = Endpoint(secure=False, host=host)
        began = time.monotonic()
        with pytest.raises(NotReached, match="TimeoutError"):
            ask(Pool(connect_within=0.2, answer_within=60), at)
    assert time.monotonic() - began < 10


@pytest.mark.parametrize(
    "act",
    [Act(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{"), Act(b"SSH-2.0-OpenSSH_9.6\r\n")],
    ids=["half a body", "no HTTP"],
)
def test_a_connection_that_failed_is_let_go_although_its_error_is_kept(act: Act) -> None:
    """Who tries again has the first error at hand, and with it all that it came through."""
    with Server(act).running() as server:
        pool = Pool(answer_within=0.2)
        with pytest.raises(NotReached) as kept:
            ask(pool, server.at)
        assert server.was_left(within=5)
        assert kept.value.__cause__ is not None


def test_where_nobody_listens_is_an_error_with_a_name() -> None:
    with Server().running() as server:
        at = server.at
    with pytest.raises(NotReached, match="ConnectionRefusedError"):
        ask(Pool(), at)
    with pytest.raises(NotReached):
        Pool().warm(at)


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_one_handshake_serves_a_warm_connection_and_all_that_follows(
    version: ssl.TLSVersion, certificate: Path
) -> None:
    """TLS 1.3 says something after its handshake that nobody has asked for."""
    with Server(certificate=certificate, version=version).running() as server:
        pool = Pool(trust=ssl.create_default_context(cafile=certificate))
        pool.warm(server.at)
        time.sleep(0.1)
        assert [ask(pool, server.at).status for _ in range(3)] == [200] * 3
        assert server.connections == 1
        server.hang_up()
        time.sleep(0.1)
        assert ask(pool, server.at).status == 200
    assert server.connections == 2


def test_a_certificate_that_nobody_vouches_for_is_refused(certificate: Path) -> None:
    with Server(certificate=certificate).running() as server:
        with pytest.raises(NotReached, match="SSLCertVerificationError"):
            ask(Pool(), server.at)
        assert server.requests == []


def test_what_is_not_spoken_over_tls_is_not_taken_for_it() -> None:
    with Server().running() as server, pytest.raises(NotReached):
        ask(Pool(connect_within=0.2), server.at._replace(secure=True))
    assert server.requests == []
