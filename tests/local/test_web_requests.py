"""The app's origin passes the API on, and no body it is sent becomes a request of its own."""

from __future__ import annotations

import socket
from threading import Thread

import pytest

from local import web
from local.web import LONGEST_BODY, Web
from tests.local.origin import NEXT, Api, ask, send, statuses

# --- the API ----------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_the_api_is_passed_on_with_what_it_needs_and_no_more(origin: Web, method: str) -> None:
    answer, content = ask(
        origin, method, "/api/rings/%2e%2e%2Fx?cursor=a%2Bb&only=missed", b"{}",
        Authorization="Bearer t", Content_Type="application/json", If_Match='"1"',
        Cookie="a=b", X_Forwarded_For="1.2.3.4", X_Other="x",
    )  # fmt: skip
    ((said, path, given, body),) = Api.asked
    assert (said, body) == (method, b"{}")
    assert path.endswith("/%24default/api/rings/%2e%2e%2Fx?cursor=a%2Bb&only=missed")
    assert (given["authorization"], given["if-match"]) == ("Bearer t", '"1"')
    assert not {"cookie", "x-forwarded-for", "x-other"} & set(given)
    assert (answer.status, content) == (201, b'{"a":1}')
    assert (answer.headers["ETag"], answer.headers["Allow"]) == ('"1"', "GET")
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in answer.headers
    assert "X-Amzn-RequestId" not in answer.headers


def test_an_answer_without_content_is_passed_back(
    origin: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Api, "status", 204)
    answer, content = ask(origin, "DELETE", "/api/me/push")
    assert (answer.status, content, answer.headers["ETag"]) == (204, b"", '"1"')


def test_a_line_serves_several_requests(origin: Web) -> None:
    said = send(
        origin, "POST /api/a HTTP/1.1", "Host: x", "Content-Length: 2", body=b"{}", then=NEXT
    )
    assert statuses(said) == [201, 200]


def test_a_stack_that_does_not_answer_is_a_bad_gateway(origin: Web) -> None:
    assert origin.behind
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        origin.behind = origin.behind._replace(api=f"http://127.0.0.1:{closed.getsockname()[1]}")
        assert ask(origin, "GET", "/api/home")[0].status == 502


def test_a_stack_that_answers_nonsense_is_a_bad_gateway(origin: Web) -> None:
    assert origin.behind
    with socket.create_server(("127.0.0.1", 0)) as server:

        def nonsense() -> None:
            line, _ = server.accept()
            with line:
                line.recv(1000)
                line.sendall(b"what?\r\n\r\n")

        Thread(target=nonsense, daemon=True).start()
        origin.behind = origin.behind._replace(api=f"http://127.0.0.1:{server.getsockname()[1]}")
        assert ask(origin, "GET", "/api/home")[0].status == 502


def test_before_the_stack_stands_nothing_is_served() -> None:
    with Web(0).serving() as served:
        for path in ("/", "/api/home", "/config.json"):
            assert ask(served, "GET", path)[0].status == 503


# --- large and lying bodies -------------------------------------------------------------


@pytest.mark.parametrize(("length", "status"), [(LONGEST_BODY, 201), (LONGEST_BODY + 1, 413),
                                                (900_000, 413)])  # fmt: skip
def test_a_body_that_is_too_large_is_refused_before_the_api(
    origin: Web, length: int, status: int
) -> None:
    """The API itself takes 16 KB, and says so in its own words."""
    assert ask(origin, "POST", "/api/guests", b"x" * length)[0].status == status
    assert len(Api.asked) == (status == 201)


@pytest.mark.parametrize("length", ["-1", "x", "", "1e3", "+2", "0x2", "\u00b2", "9" * 16, "2, 2"])
@pytest.mark.parametrize("path", ["/api/guests", "/", "/index.html"])
def test_a_length_that_is_none_is_refused_and_the_line_closed(
    origin: Web, path: str, length: str
) -> None:
    said = send(
        origin, f"POST {path} HTTP/1.1", "Host: x", f"Content-Length: {length}", body=b"{}",
        then=NEXT,
    )  # fmt: skip
    assert statuses(said) == [400]
    assert Api.asked == []


def test_two_lengths_are_none(origin: Web) -> None:
    said = send(
        origin, "POST /api/x HTTP/1.1", "Host: x", "Content-Length: 2", "Content-Length: 9",
        body=b"{}", then=NEXT,
    )  # fmt: skip
    assert statuses(said) == [400]


@pytest.mark.parametrize("path", ["/api/guests", "/index.html"])
def test_a_body_in_chunks_is_refused_and_hides_no_second_request(origin: Web, path: str) -> None:
    hidden = b"0\r\n\r\nDELETE /api/hidden HTTP/1.1\r\nHost: x\r\n\r\n"
    said = send(
        origin, f"POST {path} HTTP/1.1", "Host: x", "Transfer-Encoding: chunked",
        "Content-Length: 5", body=hidden,
    )  # fmt: skip
    assert statuses(said) == [411]
    assert Api.asked == []


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_the_body_of_a_request_for_a_file_is_no_request(origin: Web, method: str) -> None:
    hidden = b"DELETE /api/hidden HTTP/1.1\r\nHost: x\r\n\r\n"
    said = send(
        origin, f"{method} /worker.js HTTP/1.1", "Host: x", f"Content-Length: {len(hidden)}",
        body=hidden, then=NEXT,
    )  # fmt: skip
    assert statuses(said) == [200 if method == "GET" else 405, 200]
    assert Api.asked == []


def test_a_body_that_ends_early_is_not_passed_on(origin: Web) -> None:
    said = send(origin, "POST /api/x HTTP/1.1", "Host: x", "Content-Length: 9", body=b"{}")
    assert said == b""
    assert Api.asked == []


def test_whoever_sends_nothing_more_does_not_hold_a_thread_for_ever(
    origin: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web._Handler, "timeout", 0.2)
    with socket.create_connection(("127.0.0.1", origin.port), timeout=10) as line:
        line.sendall(b"POST /api/x HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{}")
        assert line.recv(100) == b""
    assert Api.asked == []
