"""Log injection: names that would end a line, colour it, or look like another one."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

import httpx

from proof.abuse.line import refused_with

if TYPE_CHECKING:
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


def inject(house: House, leaks: Leaks, most: int | None = None) -> int:
    """Wherever somebody may write something: how often it was tried."""
    stack, home = house.home.stack, house.home
    camera = house.callers[3].token
    tried = 0
    s3 = stack.aws.client("s3")
    with httpx.Client(trust_env=False, timeout=30) as client:
        for text in FORGED[-1::-1][:most]:
            # A header cannot hold an end of line; all else here can.
            header = "".join(each for each in text if each.isprintable()).strip().encode()
            agent = {b"User-Agent": header}
            bearer = agent | {b"Authorization": f"Bearer {home.phone}".encode()}
            for path, sent in (
                ("pairings", {"name": text}),
                ("guests", {"name": text}),
                (f"residents/{house.ids['name']}/photos", {"consent": text}),
                ("me/push", {"endpoint": text}),
            ):
                answer = client.post(f"{stack.phone}/api/{path}", json=sent, headers=bearer)
                leaks.look(f"{answer.text} {answer.headers}")
                tried += 1
            client.get(f"{stack.phone}/api/rings/{quote(text, safe='')}", headers=bearer)
            for disposition in (b'attachment; filename="' + header + b'.jpg"', header):
                client.post(
                    f"{stack.cameras}?accessToken={camera}",
                    content=b"\xff\xd8\xff",
                    headers=agent
                    | {b"Content-Type": b"image/jpeg", b"Content-Disposition": disposition},
                )
                tried += 1
            refused_with(home.websocket, {"Authorization": f"Bearer {CANARY}"}, leaks)
            for key in (
                f"residents/{home.id}/{text}/x.jpeg",
                f"residents/{home.id}/Zoe/{text}.jpeg",
                f"guest/{home.id}/{text}/photo.jpeg",
            ):
                s3.put_object(Bucket=stack.bucket, Key=key, Body=b"x")
                tried += 1
            tried += 2
    return tried


def read(house: House) -> tuple[int, list[str]]:
    """All lines of all functions, and those that are not one line of one JSON object, or forged."""
    logs = house.home.stack.aws.client("logs")
    lines, wrong = 0, []
    groups = [group["logGroupName"] for group in logs.describe_log_groups()["logGroups"]]
    for group in groups:
        for event in logs.filter_log_events(logGroupName=group)["events"]:
            said = event["message"].removesuffix("\n")
            lines += 1
            if fault := _fault(said.rstrip()):
                wrong.append(f"{fault}: {said[:160]!r}")
    return lines, wrong


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
