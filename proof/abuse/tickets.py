"""A stolen ticket: whoever has read one may put one photo of that press, once, for minutes."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import httpx

from demo.people import Person, door_photo
from doorbell.protocol import Ring, Ticket

if TYPE_CHECKING:
    from collections.abc import Iterator

    from demo.device import Device
    from doorbell.protocol import Upload
    from proof.abuse.scene import House


def steal(house: House, door: Device, other: Device) -> tuple[int, list[str]]:
    """How many uses of stolen tickets were tried, and those that S3 took."""
    photo = door_photo(Person.GRACE)
    tickets = []
    for device in (door, other):
        device.send(Ring())
        tickets.append(device.hear(Ticket))
    mine, theirs = tickets[0].upload, tickets[1].upload
    taken, tried = [], 0
    for what, url, headers, method in _before(mine, theirs, house):
        tried += 1
        if _status(method, url, headers, photo) < 300:
            taken.append(what)
    right = dict(mine.headers)
    if _status("PUT", mine.url, right, photo) != 200:
        taken.append("nothing: the ticket serves nobody, so that this proves nothing")
    after = [
        ("a second photo", "PUT", right),
        ("a second photo without If-None-Match", "PUT", _without(right, "If-None-Match")),
        ("reading it", "GET", {}),
        ("deleting it", "DELETE", {}),
    ]
    for what, method, headers in after:
        tried += 1
        if _status(method, mine.url, headers, photo[:-9]) < 300:
            taken.append(what)
    return tried, taken


def _before(
    mine: Upload, theirs: Upload, house: House
) -> Iterator[tuple[str, str, dict[str, str], str]]:
    right = dict(mine.headers)
    path, their_path = urlsplit(mine.url).path, urlsplit(theirs.url).path
    bucket = path[: path.index("/guest/")]
    home = house.home.id
    yield "another type", mine.url, right | {"Content-Type": "text/html"}, "PUT"
    yield "no type", mine.url, _without(right, "Content-Type"), "PUT"
    yield "to replace what is there", mine.url, _without(right, "If-None-Match"), "PUT"
    yield "for reading", mine.url, {}, "GET"
    yield "for deleting", mine.url, {}, "DELETE"
    for what, other in (
        ("another home's ring", their_path),
        ("the film of the ring", path.replace("photo.jpeg", "film.mp4")),
        ("the burst of the ring", path.replace("photo.jpeg", "burst.mjpeg")),
        ("a resident's photo", f"{bucket}/residents/{home}/Zoe/thief.jpeg"),
        ("the owner's photo", f"{bucket}/source.jpeg"),
        ("climbing out", path.replace("photo.jpeg", "../../../source.jpeg")),
    ):
        yield what, _replaced(mine.url, path=other), right, "PUT"
    yield "longer than it lives", _queried(mine.url, "X-Amz-Expires", "604800"), right, "PUT"
    yield "later", _queried(mine.url, "X-Amz-Date", "20200101T000000Z"), right, "PUT"
    yield "no signature", mine.url.partition("?")[0], right, "PUT"
    yield "the other's signature", _signed_as(mine.url, theirs.url), right, "PUT"


def _status(method: str, url: str, headers: dict[str, str], photo: bytes) -> int:
    content = photo if method == "PUT" else None
    answer = httpx.request(
        method, url, content=content, headers=headers, trust_env=False, timeout=30
    )
    return answer.status_code


def _without(headers: dict[str, str], name: str) -> dict[str, str]:
    return {key: value for key, value in headers.items() if key != name}


def _replaced(url: str, **parts: str) -> str:
    return urlunsplit(urlsplit(url)._replace(**parts))


def _queried(url: str, name: str, value: str) -> str:
    query = dict(parse_qsl(urlsplit(url).query)) | {name: value}
    return _replaced(url, query=urlencode(query))


def _signed_as(url: str, other: str) -> str:
    theirs = dict(parse_qsl(urlsplit(other).query))["X-Amz-Signature"]
    return _queried(url, "X-Amz-Signature", theirs)
