"""Frames and requests that nobody would write, from a seed: none breaks anything."""

from __future__ import annotations

import json
import random
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from functools import cache
from itertools import takewhile
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from urllib.parse import quote

import httpx

from proof.abuse.documents import actions, body, operations
from proof.abuse.line import Line

if TYPE_CHECKING:
    from proof.abuse.documents import Action, Operation
    from proof.abuse.leaks import Leaks
    from proof.abuse.scene import House

WAVE: Final = 20
"""Frames that are sent before answers are listened to."""
AT_ONCE: Final = 4
IDLE: Final = 1.0
"""Seconds without an answer, after which the rest of a wave is taken for frames that have none."""

STRANGE: Final[tuple[Any, ...]] = (
    None, True, False, 0, -1, 0.1, 10**400, 1e308, -(2**63), "", " ", "x" * 5000,
    "\x00", "\x1b[2J", "\n", '"}\n{"level":"ERROR"}', "\u2028", "\ufffe", "١٢٣٤٥٦",
    "../../etc/passwd", "%00", "%2e%2e", "' OR 1=1 --", "${jndi:ldap://127.0.0.1/x}", "{{7*7}}",
    "<script>alert(1)</script>", "__class__", "arn", [], {}, [[]], [{}], {"": {}}, {"S": "x"},
    {"$ne": 1}, ["x"] * 100,
)  # fmt: skip
SURROGATE: Final = '"\\ud800"'
MEDIA: Final = (
    "application/json",
    "",
    "text/plain",
    "application/json; charset=utf-16",
    "\xff",
    "image/jpeg",
)


class Fuzzed(NamedTuple):
    """What came of it."""

    sent: int
    answered: int
    failed: list[str]
    """Answers of 500 and more, lines that broke, and what no longer served at the end."""


def frames(house: House, leaks: Leaks, count: int, seed: int) -> Fuzzed:
    """From the door's socket and the phone's, in waves."""
    chance = random.Random(seed)
    answered, failed = 0, []
    with ExitStack() as closing:
        lines = [
            closing.enter_context(Line(house.home.websocket, token, leaks))
            for token in (house.home.door, house.home.phone)
        ]
        for number in range(0, count, WAVE):
            line = lines[(number // WAVE) % 2]
            wave = [_frame(chance) for _ in range(min(WAVE, count - number))]
            for frame in wave:
                line.send(frame)
            answered += sum(1 for _ in takewhile(bool, (_answer(line) for _ in wave)))
        for line in lines:
            if not line.is_alive():
                failed.append("a socket does not answer any more")
    told = [each for line in lines for each in line.told if each.get("error") == "try_again"]
    failed += [f"a frame failed inside: {each}" for each in told]
    return Fuzzed(count, answered, failed)


def _answer(line: Line) -> bool:
    """Whether one more came."""
    return line.hear(lambda told: told["type"] in ANSWERS, within=IDLE) is not None


ANSWERS: Final = {"pong", "hello", "ticket", "refused", "open", "acknowledged", "error"}


def requests(house: House, leaks: Leaks, count: int, seed: int) -> Fuzzed:
    """By the tokens that get furthest: the manager's phone and the camera."""
    chance = random.Random(seed)
    asked = [_request(house, chance) for _ in range(count)]
    limits = httpx.Limits(max_connections=AT_ONCE)
    failed: list[str] = []
    with (
        httpx.Client(trust_env=False, timeout=60, limits=limits) as client,
        ThreadPoolExecutor(AT_ONCE) as threads,
    ):

        def ask(request: httpx.Request) -> bool:
            answer = client.send(request)
            leaks.look(f"{answer.text} {answer.headers}")
            if answer.status_code >= 500:
                failed.append(f"{request.method} {request.url.raw_path!r}: {answer.status_code}")
            return True

        answered = sum(threads.map(ask, asked))
        home = client.get(
            f"{house.home.stack.phone}/api/home",
            headers={"Authorization": f"Bearer {house.home.phone}"},
        )
    if not home.is_success:
        failed.append("the API does not serve any more")
    return Fuzzed(count, answered, failed)


def _frame(chance: random.Random) -> str | bytes:
    """A frame of the document, broken in one way or another."""
    good = dict(chance.choice(actions_known()).example)
    match chance.randrange(6):
        case 0:
            good[chance.choice([*good, "more"])] = chance.choice(STRANGE)
        case 1:
            del good[chance.choice(list(good))]
        case 2:
            good["action"] = chance.choice(STRANGE)
        case 3:
            return _torn(json.dumps(good), chance)
        case 4:
            text = json.dumps(good)
            return text.replace('"action"', '"action": "ping", "action"') + chance.choice(("", "x"))
        case _:
            return json.dumps(good).replace('"ring"', SURROGATE).replace("0", "NaN", 1)
    return json.dumps(good)


def _torn(text: str, chance: random.Random) -> str | bytes:
    """Bytes changed, cut or doubled."""
    raw = bytearray(text.encode())
    for _ in range(chance.randrange(1, 6)):
        at = chance.randrange(len(raw))
        match chance.randrange(3):
            case 0:
                raw[at] = chance.randrange(256)
            case 1:
                del raw[at:]
                raw += b"{"
            case _:
                raw[at:at] = raw[: chance.randrange(len(raw))]
    return raw.decode("utf-8", "replace")


def _request(house: House, chance: random.Random) -> httpx.Request:
    """An operation of the documents with something strange in it."""
    operation = chance.choice(operations_known())
    stack = house.home.stack
    origin = stack.phone if operation.role == "phone" else (stack.cameras or "").rstrip("/")
    strange = {name: quote(_text(chance), safe="") or "x" for name in house.ids}
    path = operation.path.format(
        **(strange if chance.random() < 0.7 else house.ids | {"device": "x"})
    )
    method = operation.method if chance.random() < 0.8 else chance.choice(METHODS)
    token = house.home.phone if operation.role == "phone" else house.callers[3].token
    headers = {"Authorization": f"Bearer {token}", "Content-Type": operation.media}
    if chance.random() < 0.1:
        headers["Authorization"] = f"{chance.choice(('Bearer', 'Basic', 'x'))} {_header(chance)}"
    if chance.random() < 0.2:
        headers["Content-Type"] = chance.choice(MEDIA)
    if chance.random() < 0.1:
        headers["If-Match"] = _header(chance)
    query = {
        chance.choice(("before", "from", "to", "limit", "day", "accessToken", "x")): _text(chance)
    }
    return httpx.Request(
        method,
        f"{origin}{path}",
        params=query if chance.random() < 0.3 else {},
        headers={k.encode(): v.encode("latin-1", "replace") for k, v in headers.items()},
        content=_body(operation, chance),
    )


METHODS: Final = ("GET", "PUT", "POST", "DELETE", "PATCH", "HEAD", "OPTIONS")


def _body(operation: Operation, chance: random.Random) -> bytes:
    try:
        good = body(operation, b"\xff\xd8\xff" + chance.randbytes(200), {"key": "x", "upload": "x"})
    except KeyError:
        good = None
    if good is None:
        return chance.choice((b"", b"{}", b"x"))
    if operation.media != "application/json":
        return good[: chance.randrange(len(good))] + chance.randbytes(chance.randrange(50))
    whole = json.loads(good)
    match chance.randrange(4):
        case 0:
            whole[chance.choice([*whole, "more"])] = chance.choice(STRANGE)
        case 1:
            whole.pop(chance.choice(list(whole)), None)
        case 2:
            torn = _torn(good.decode(), chance)
            return torn if isinstance(torn, bytes) else torn.encode()
        case _:
            return json.dumps(chance.choice(STRANGE)).encode()
    return json.dumps(whole).encode()


def _text(chance: random.Random) -> str:
    return str(chance.choice([each for each in STRANGE if isinstance(each, str)]))[:500]


def _header(chance: random.Random) -> str:
    """What a header may carry: no ends of lines."""
    return "".join(c for c in _text(chance) if c.isprintable()).strip() or "x"


@cache
def actions_known() -> list[Action]:
    """Read once."""
    return actions()


@cache
def operations_known() -> list[Operation]:
    """Read once."""
    return operations()
