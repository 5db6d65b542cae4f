"""Log injection: names that would end a line, colour it, or look like another one."""

from __future__ import annotations

import json
import time
from collections import Counter
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from urllib.parse import quote

import httpx

from operations.log_lines import NotRead, groups_below, lines_of
from proof.abuse.line import refused_with

if TYPE_CHECKING:
    from collections.abc import Sequence

    from proof.abuse.leaks import Leaks
    from proof.abuse.scene import House

CANARY: Final = "injected-canary"
FORGED: Final = (
    f'\n{{"level":"ERROR","message":"{CANARY}"}}\n',
    f'\r\n{{"level":"ERROR","message":"{CANARY}"}}',
    f'","message":"{CANARY}","x":"',
    f"\x1b[31m{CANARY}\x1b[0m",
    f"\u2028{CANARY}",
    f"\x85{CANARY}",
    f"END RequestId: {CANARY}",
)
STEERS: Final = tuple(map(chr, (*range(0x20), *range(0x7F, 0xA0), 0x2028, 0x2029)))
"""Ends a line or steers a terminal, wherever it stands in a log."""


LEAVES: Final = {
    "createPairing": 1, "addGuest": 1, "addPhoto": 1, "setMyPush": 1, "take": 2, "authorize": 1,
    "record_faces": 2, "late_photo": 1,
}  # fmt: skip
"""For each text, so many lines of which jobs it must leave: where one is missing, nobody has read
what was written there.
"""
LATE: Final = 1
"""So many of a job may lack: on one machine a line that comes a moment after its run's end stands
in the log when its process runs again, if ever.
"""
PATIENCE: Final = 10.0
"""Seconds within which they must stand there."""


class Injected(NamedTuple):
    """What was tried."""

    texts: int
    tried: int
    since: int
    """Epoch milliseconds: when it began."""


class Read(NamedTuple):
    """What was read of it."""

    lines: int
    left: int
    """How many of them the injection must leave, and did."""
    wrong: list[str]
    """Lines that are not one line of one JSON object, or forged; groups that cannot be read whole;
    jobs without their lines.
    """


def inject(house: House, leaks: Leaks, most: int | None = None) -> Injected:
    """Wherever somebody may write something."""
    since = int(time.time() * 1000)
    texts = FORGED[-1::-1][:most]
    with httpx.Client(trust_env=False, timeout=30) as client:
        tried = sum(
            _by_phone(house, text, client, leaks)
            + _by_camera(house, text, client)
            + _by_key(house, text)
            + _by_handshake(house, leaks)
            for text in texts
        )
    return Injected(len(texts), tried, since)


def _by_phone(house: House, text: str, client: httpx.Client, leaks: Leaks) -> int:
    """How often it was tried; so do the others."""
    home, now = house.home, time.time()
    headers = {b"User-Agent": _header(text), b"Authorization": f"Bearer {home.phone}".encode()}
    guest = {"doors": ["front-door"], "start": now, "end": now + 60, "uses": 1}
    asked: tuple[tuple[str, str, dict[str, Any] | None], ...] = (
        ("POST", "pairings", {"name": text}),
        ("POST", "guests", {**guest, "name": text}),
        ("POST", f"residents/{house.ids['name']}/photos", {"consent": text}),
        ("PUT", "me/push", {"endpoint": text}),
        ("GET", f"rings/{quote(text, safe='')}", None),
    )
    for method, path, content in asked:
        url = f"{home.stack.phone}/api/{path}"
        answer = client.request(method, url, json=content, headers=headers)
        leaks.look(f"{answer.text} {answer.headers}")
    return len(asked)


def _by_camera(house: House, text: str, client: httpx.Client) -> int:
    name = _header(text)
    dispositions = (b'attachment; filename="' + name + b'.jpg"', name)
    for disposition in dispositions:
        client.post(
            f"{house.home.stack.cameras}?accessToken={house.callers[3].token}",
            content=b"\xff\xd8\xff",
            headers={
                b"User-Agent": name,
                b"Content-Type": b"image/jpeg",
                b"Content-Disposition": disposition,
            },
        )
    return len(dispositions)


def _by_key(house: House, text: str) -> int:
    home = house.home.id
    keys = (
        f"residents/{home}/{text}/x.jpeg",
        f"residents/{home}/Zoe/{text}.jpeg",
        f"guest/{home}/{text}/photo.jpeg",
    )
    stack = house.home.stack
    for key in keys:
        stack.aws.client("s3").put_object(Bucket=stack.bucket, Key=key, Body=b"x")
    return len(keys)


def _by_handshake(house: House, leaks: Leaks) -> int:
    refused_with(house.home.websocket, {"Authorization": f"Bearer {CANARY}"}, leaks)
    return 1


def _header(text: str) -> bytes:
    """A header cannot hold an end of line; all else here can."""
    return "".join(each for each in text if each.isprintable()).strip().encode()


def read(house: House, injected: Injected, patience: float = PATIENCE) -> Read:
    """All lines of all functions, as soon as what was injected has left its own."""
    logs, until = house.home.stack.aws.client("logs"), time.monotonic() + patience
    due = Counter({job: count * injected.texts for job, count in LEAVES.items()})
    groups = groups_below(logs)
    while due - _jobs(logs, groups, injected.since) and time.monotonic() < until:
        time.sleep(0.2)
    lines, left, wrong = 0, Counter[str](), []
    for group in groups:
        try:
            for event in lines_of(logs, group):
                said = event["message"].removesuffix("\n").rstrip()
                lines += 1
                if event["timestamp"] >= injected.since:
                    left[_job(said)] += 1
                if fault := _fault(said):
                    wrong.append(f"{fault}: {said[:160]!r}")
        except NotRead as error:
            wrong.append(str(error))
    wrong += [
        f"only {left[job]} of {count} lines of {job}"
        for job, count in due.items()
        if left[job] < count - LATE
    ]
    return Read(lines, (due & left).total(), wrong)


def _jobs(logs: Any, groups: Sequence[str], since: int) -> Counter[str]:
    """What has left a line since then."""
    lines = (line for group in groups for line in lines_of(logs, group, since))
    return Counter(_job(line["message"]) for line in lines)


def _job(said: str) -> str:
    """Whose line it is; empty for one of the runtime's."""
    try:
        return str(json.loads(said).get("job", ""))
    except (ValueError, AttributeError):
        return ""


def _fault(said: str) -> str:
    if any(sign in said for sign in STEERS if sign != "\t"):
        return "more than a line, or steers a terminal"
    if not said.lstrip().startswith("{"):
        return "forged" if CANARY in said else ""
    try:
        line = json.loads(said)
    except ValueError:
        return "no JSON"
    return "forged" if line.get("message") == CANARY else ""
