"""The Arduino's sketch: it compiles for an UNO and fits, and what it sends is a correct request.

Its logic runs here as on the board: the same headers, compiled for this computer, with a file in
place of the network.
"""

from __future__ import annotations

import re
import socket
import subprocess
import tempfile
import threading
from functools import cache
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.debian import program

HERE = Path(__file__).parent
ARDUINO = HERE.parents[1] / "arduino"

FLASH, RAM = 32_256, 2_048
"""Bytes of an UNO; the boot loader's are not counted."""

JPEG = b"\xff\xd8\xff\xe0" + b"garden" * 500 + b"\xff\xd9"
CREATED = b"HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\n{}"


_BUILT = tempfile.TemporaryDirectory(prefix="sketch-")

# --- on the board -------------------------------------------------------------------


class Use(NamedTuple):
    """What a compiled sketch takes, in bytes."""

    flash: int
    ram: int


def compiled(out: Path) -> Use:
    """Compile the sketch against the stubs; every warning in our own lines is an error."""
    program("avr-g++", "arduino-core-avr")
    made = subprocess.run(
        ["make", "-C", str(ARDUINO), f"OUT={out}"], capture_output=True, text=True, check=False
    )
    assert made.returncode == 0, made.stderr[-3000:]
    found = re.search(r"Program: +(\d+) bytes.*Data: +(\d+) bytes", made.stdout, re.DOTALL)
    assert found, made.stdout
    return Use(int(found[1]), int(found[2]))


def test_the_sketch_compiles_for_an_uno_and_leaves_room_for_the_libraries(tmp_path: Path) -> None:
    """With the real ones it takes 26.7 KB of flash and 860 bytes of memory (docs/cameras)."""
    use = compiled(tmp_path / "build")
    assert use.flash < FLASH / 3
    assert use.ram < RAM / 3


def test_no_secret_and_no_address_of_anybody_is_in_the_sketch() -> None:
    text = (ARDUINO / "StopMotion" / "settings.h").read_text()
    assert '"home.garden.paste-the-secret-here"' in text
    assert "d111111abcdef8.cloudfront.net" in text


# --- what it sends ----------------------------------------------------------------------


@cache
def native(name: str) -> Path:
    """The sketch's own logic as a program for this computer."""
    out = Path(_BUILT.name) / name
    source = HERE / "native" / f"{name}.cpp"
    subprocess.run(
        [program("g++"), "-std=c++11", "-Wall", "-Wextra", "-Werror", "-fsanitize=undefined",
         "-fno-sanitize-recover=all", "-I", HERE / "native", "-o", out, source],
        check=True,
    )  # fmt: skip
    return out


class Sent(NamedTuple):
    """What came out of the sketch."""

    said: str
    """`nothing`, or whether all was sent and the answer's status."""
    wire: bytes


def send(
    folder: Path,
    fifo: bytes,
    length: int | None = None,
    *,
    most: int = 10_000,
    dies_after: int = 10_000_000,
    answer: bytes = CREATED,
    port: int = 80,
) -> Sent:
    """Have the sketch's code send what a camera gave, over a connection like this."""
    (folder / "fifo").write_bytes(fifo)
    (folder / "answer").write_bytes(answer)
    (folder / "wire").write_bytes(b"")
    given = [
        folder / "fifo", len(fifo) if length is None else length, folder / "wire", most,
        dies_after, folder / "answer", "garden.example", port,
    ]  # fmt: skip
    done = subprocess.run(
        [native("replay"), *map(str, given)], capture_output=True, text=True, check=True
    )
    return Sent(done.stdout.strip(), (folder / "wire").read_bytes())


class Heard(NamedTuple):
    """What a server made of a request."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


def replayed(wire: bytes) -> list[Heard]:
    """The bytes once more, to Python's own HTTP server on loopback."""
    heard: list[Heard] = []

    class Server(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            body = self.rfile.read(length)
            heard.append(Heard(self.command, self.path, dict(self.headers), body))
            self.send_response(201)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Server)
    serving = threading.Thread(target=server.serve_forever, daemon=True)
    serving.start()
    try:
        with socket.create_connection(("127.0.0.1", server.server_port), timeout=10) as connection:
            connection.sendall(wire)
            connection.shutdown(socket.SHUT_WR)
            while connection.recv(4096):
                pass
    finally:
        server.shutdown()
        server.server_close()
    return heard


def test_a_picture_is_one_correct_request_with_the_token_in_a_header(tmp_path: Path) -> None:
    sent = send(tmp_path, JPEG)
    assert sent.said == "1 201"
    assert replayed(sent.wire) == [
        Heard(
            "POST",
            "/camera",
            {
                "Host": "garden.example",
                "Authorization": "Bearer home.garden.secret",
                "Content-Type": "image/jpeg",
                "Content-Length": str(len(JPEG)),
                "Connection": "close",
            },
            JPEG,
        )
    ]
    assert b"secret" not in sent.wire.split(b"\r\n", 1)[0]


def test_another_port_stands_in_the_host(tmp_path: Path) -> None:
    [heard] = replayed(send(tmp_path, JPEG, port=8080).wire)
    assert heard.headers["Host"] == "garden.example:8080"


@pytest.mark.parametrize(
    ("fifo", "body"),
    [
        (JPEG, JPEG),
        (b"\x00" + JPEG, JPEG + b"\x00"),  # a byte of nothing first: one more is read at the end
        (b"\x55\xff" + JPEG, JPEG + b"\x00\x00"),
        (JPEG[1:], JPEG),  # the first byte is lost: it is put back
        (JPEG + bytes(7), JPEG + bytes(7)),
    ],
)
def test_the_jpeg_is_whole_from_its_first_byte(tmp_path: Path, fifo: bytes, body: bytes) -> None:
    length = max(len(fifo), len(JPEG))
    [heard] = replayed(send(tmp_path, fifo, length).wire)
    assert heard.body == body
    assert heard.headers["Content-Length"] == str(len(body))


@pytest.mark.parametrize("fifo", [b"", b"\x00" * 2000, b"\xff" * 2000, b"\xd8" * 2000])
def test_what_is_no_picture_is_not_sent_at_all(tmp_path: Path, fifo: bytes) -> None:
    assert send(tmp_path, fifo, 2000) == Sent("nothing", b"")


@settings(max_examples=40)
@given(
    body=st.binary(max_size=1500),
    before=st.sampled_from([b"", b"\x00", b"\x00\x00\x00"]),
    most=st.integers(1, 600),
)
def test_however_the_network_takes_it_every_byte_arrives_in_order(
    tmp_path_factory: pytest.TempPathFactory, body: bytes, before: bytes, most: int
) -> None:
    jpeg = b"\xff\xd8" + body + b"\xff\xd9"
    sent = send(tmp_path_factory.mktemp("sent"), before + jpeg, len(jpeg), most=most)
    head, _, rest = sent.wire.partition(b"\r\n\r\n")
    assert rest == jpeg
    assert f"Content-Length: {len(jpeg)}\r\n".encode() in head + b"\r\n"


@pytest.mark.parametrize("dies_after", [0, 1, 100, 256, 1000, 3100])
def test_a_connection_that_is_lost_is_noticed(tmp_path: Path, dies_after: int) -> None:
    sent = send(tmp_path, JPEG, dies_after=dies_after, answer=b"")
    assert sent.said == "0 0"
    assert len(sent.wire) == dies_after


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        (CREATED, 201),
        (b"HTTP/1.1 403 Forbidden\r\n\r\n", 403),
        (b"HTTP/1.0 503\r\n", 503),
        (b"HTTP/1.1 429 \r\n", 429),
        (b"HTTP/1.1 20", 0),  # it hangs up in the middle
        (b"HTTP/1.1\r\n", 0),
        (b"HTTP/1.1 abc\r\n", 0),
        (b"HTTP/1.1 99999 x\r\n", 0),
        (b"HTTP/1.1 99 x\r\n", 0),
        (b"\r\n\r\n", 0),
        (b"", 0),  # it says nothing, until the time is over
    ],
)
def test_the_answer_s_status_is_read_or_there_is_none(
    tmp_path: Path, answer: bytes, status: int
) -> None:
    assert send(tmp_path, JPEG, answer=answer).said == f"1 {status}"


# --- when -----------------------------------------------------------------------------------


class Plan:
    """The sketch's schedule, with a clock of its own that overflows as millis() does."""

    def __init__(self, every: int, retry: int, tries: int, now: int) -> None:
        self._program = subprocess.Popen(
            [native("plan"), *map(str, (every, retry, tries, now % 2**32))],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip

    def _say(self, word: str, now: int) -> None:
        assert self._program.stdin is not None
        self._program.stdin.write(f"{word} {now % 2**32}\n")
        self._program.stdin.flush()

    def due(self, now: int) -> bool:
        self._say("due", now)
        assert self._program.stdout is not None
        return self._program.stdout.readline().strip() == "1"

    def done(self, now: int) -> None:
        self._say("done", now)

    def failed(self, now: int) -> None:
        self._say("failed", now)

    def close(self) -> None:
        self._program.communicate(timeout=10)
        assert self._program.returncode == 0


HOUR, MINUTE = 3_600_000, 60_000


@pytest.mark.parametrize("start", [0, 12_345, 2**32 - 3 * HOUR, 2**31 - HOUR])
def test_pictures_come_every_six_hours_also_when_the_clock_begins_anew(start: int) -> None:
    plan, taken = Plan(6 * HOUR, MINUTE, 5, start), []
    for minute in range(60 * 24 * 5):
        now = start + minute * MINUTE
        if plan.due(now):
            taken.append(now - start)
            plan.done(now + 20_000)  # it takes its time, and nothing drifts
    assert taken == [6 * HOUR * n for n in range(20)]
    plan.close()


def test_a_picture_that_fails_is_tried_again_ever_later_and_then_left_out() -> None:
    start = 2**32 - 5 * MINUTE
    plan, tried = Plan(6 * HOUR, MINUTE, 5, start), []
    for second in range(7 * 3600):
        now = start + second * 1000
        if plan.due(now):
            tried.append((now - start) // MINUTE)
            plan.failed(now)
    assert tried[:6] == [0, 1, 3, 7, 15, 360]
    plan.close()


def test_a_retry_never_reaches_into_the_next_picture() -> None:
    plan, tried = Plan(HOUR, 40 * MINUTE, 5, 0), []
    for minute in range(125):
        if plan.due(minute * MINUTE):
            tried.append(minute)
            plan.failed(minute * MINUTE)
    assert tried == [0, 40, 60, 100, 120]
    plan.close()


@settings(max_examples=25)
@given(
    start=st.integers(0, 2**32 - 1),
    every=st.integers(MINUTE, 24 * 86_400_000),
    steps=st.lists(st.tuples(st.floats(0.01, 0.9), st.booleans()), max_size=40),
)
def test_between_two_pictures_lies_a_whole_period_whatever_fails(
    start: int, every: int, steps: list[tuple[float, bool]]
) -> None:
    plan, now, arrived = Plan(every, 1000, 3, start), start, []
    for share, works in steps:
        if plan.due(now):
            if works:
                arrived.append((now - start) // every)
                plan.done(now)
                assert not plan.due(now)
            else:
                plan.failed(now)
        now += int(share * every)
    assert arrived == sorted(set(arrived)), "one picture in each period at the most"
    plan.close()
