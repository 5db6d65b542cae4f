"""A home for the app to live with: what docs/openapi.yaml and docs/protocol.md promise, in memory.

The rules are the cloud's and are tested there; this one answers as it is told to, so that a test
of the app says itself what comes back.
"""

from __future__ import annotations

import itertools
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

import segno

if TYPE_CHECKING:
    from collections.abc import Callable

JSON = dict[str, Any]
QUIET: JSON = {"hours": None, "until": None}


class Answer(NamedTuple):
    """What the API answers."""

    status: int
    body: JSON | None = None


def problem(status: int, name: str) -> Answer:
    """A refusal, as RFC 9457 has it."""
    title = f"{name}, as the API says it."
    return Answer(
        status, {"type": f"urn:doorbell:{name}", "title": title, "status": status, "name": name}
    )


def device(number: str, role: str, name: str, **more: Any) -> JSON:
    """A device as the API shows it."""
    return {
        "id": number, "role": role, "name": name, "resident": None, "manager": False,
        "online": True, "last_seen": time.time() - 60, "offline_since": None, **more,
    }  # fmt: skip


def visit(ring: str, **more: Any) -> JSON:
    """A ring as the history shows it."""
    return {
        "ring": ring, "at": time.time() - 3600, "door": "Front door", "decision": "stranger",
        "resident": None, "outcome": "missed", "by": None, "seconds": 61.0, "photo": None,
        "film": None, "flat": False, **more,
    }  # fmt: skip


def film(number: str, start: float, end: float, link: str | None = None, **more: Any) -> JSON:
    """A film of a camera as the API shows it."""
    return {
        "id": number, "start": start, "end": end, "frames": 240, "skipped": 0, "gif": link,
        "mp4": link, "reason": None, **more,
    }  # fmt: skip


def _page(everything: list[JSON], query: JSON, most: int) -> tuple[list[JSON], str | None]:
    """Some of them, and the cursor of those that follow."""
    start = int(query.get("cursor", 0))
    following = start + most
    return everything[start:following], str(following) if following < len(everything) else None


@dataclass
class FakeHome:
    """The home's records. Tests change them as they like."""

    origin: str = ""
    bucket: str = ""
    send: Callable[[JSON], None] = lambda _message: None
    token: str = "home.phone1.secret"
    phone: JSON = field(
        default_factory=lambda: device(
            "phone1", "phone", "Eileen's phone", resident="Eileen", manager=True
        )
    )  # fmt: skip
    others: list[JSON] = field(default_factory=lambda: [device("door1", "door", "Front door")])
    quiet: JSON = field(default_factory=lambda: dict(QUIET))
    mine: JSON = field(
        default_factory=lambda: {"quiet": dict(QUIET), "push": False, "code_on_lock_screen": False}
    )
    visits: list[JSON] = field(default_factory=list)
    residents: list[JSON] = field(default_factory=list)
    guests: list[JSON] = field(default_factory=list)
    cameras: list[JSON] = field(default_factory=list)
    films: list[JSON] = field(default_factory=list)
    """Of each of the cameras, the latest first."""
    making: JSON | None = None
    schedule: JSON = field(default_factory=lambda: {"every": "never", "at": None, "zone": None})
    pictures: dict[str, list[JSON]] = field(default_factory=dict)
    """By day."""
    pairings: dict[str, JSON] = field(default_factory=dict)
    failures: list[str | None] = field(default_factory=list)
    """Why the next photos give no face; None for one that does."""
    problems: dict[str, Answer] = field(default_factory=dict)
    """What the next request is answered with, by `METHOD /path`."""
    asked: list[tuple[str, str, JSON]] = field(default_factory=list)
    """Every request that changes something: method, path, body."""
    former: FakeHome | None = None
    """The home that this phone was in before it was paired with this one."""
    numbers: itertools.count[int] = field(default_factory=itertools.count)

    def answer(self, method: str, path: str, query: JSON, body: JSON, token: str) -> Answer:
        """What the API says to one request; `path` is below /api."""
        if self.former and token == self.former.token:
            return self.former.answer(method, path, query, body, token)
        if method != "GET":
            self.asked.append((method, path, body))
        if f"{method} {path}" in self.problems:
            return self.problems.pop(f"{method} {path}")
        first, *rest = path.strip("/").split("/")
        if first == "pairings" and rest:
            return self._paired(rest[0], body)
        if token != self.token:
            return problem(401, "bad_token")
        answer: Answer = getattr(self, f"_{first}")(method, rest, query, body)
        return answer

    def _paired(self, code: str, body: JSON) -> Answer:
        if self.pairings.pop(code, None) is None:
            return problem(404, "no_such_pairing")
        self.phone["name"] = body.get("name") or self.phone["name"]
        return Answer(201, {"token": self.token, "home": "home", "phone": self.phone})

    def _pairings(self, _method: str, _rest: list[str], _query: JSON, body: JSON) -> Answer:
        code = f"home.{next(self.numbers):032x}"
        self.pairings[code] = body
        link = f"{self.origin}/#pair={code}"
        matrix = ["".join(str(int(bit)) for bit in row) for row in segno.make(link).matrix]
        return Answer(
            201, {"code": code, "link": link, "expires_at": time.time() + 600, "qr": matrix}
        )

    def _home(self, method: str, _rest: list[str], _query: JSON, body: JSON) -> Answer:
        if method == "PUT":
            self.quiet = body
            return Answer(204)
        return Answer(200, {
            "home": "home", "phone": self.phone, "devices": [*self.others, self.phone],
            "quiet": self.quiet, "mine": self.mine, "history_days": 30,
        })  # fmt: skip

    def _me(self, method: str, rest: list[str], _query: JSON, body: JSON) -> Answer:
        if rest == ["quiet-hours"]:
            self.mine["quiet"] = body
        else:
            self.mine["push"] = method == "PUT"
        return Answer(204)

    def _devices(self, method: str, rest: list[str], _query: JSON, body: JSON) -> Answer:
        found = next((each for each in [*self.others, self.phone] if each["id"] == rest[0]), None)
        if found is None:
            return problem(404, "not_found")
        if method == "DELETE":
            self.others = [each for each in self.others if each is not found]
            self.token = "none" if found is self.phone else self.token
            return Answer(204)
        found.update(body)
        return Answer(200, found)

    def _rings(self, method: str, rest: list[str], query: JSON, body: JSON) -> Answer:
        if method == "POST":
            return Answer(202, {"photo": self.look_at_face(body["resident"])})
        if rest:
            found = next((each for each in self.visits if each["ring"] == rest[0]), None)
            return Answer(200, found) if found else problem(404, "not_found")
        wanted = {"strangers": ("decision", "stranger"), "missed": ("outcome", "missed")}
        name, value = wanted.get(query.get("only", ""), ("", None))
        all_of_them = [each for each in self.visits if each.get(name) == value or not name]
        rings, following = _page(all_of_them, query, 20)
        return Answer(200, {"rings": rings, "next": following})

    def _residents(self, method: str, rest: list[str], _query: JSON, body: JSON) -> Answer:
        match method, rest:
            case "GET", _:
                return Answer(200, {"residents": self.residents})
            case "POST", [name, "photos"]:
                photo = f"photo{next(self.numbers)}"
                upload = {"method": "PUT", "url": f"{self.bucket}/put/{name}/{photo}",
                          "headers": {"Content-Type": "image/jpeg"}}  # fmt: skip
                return Answer(201, {"photo": photo, "upload": upload})
            case "DELETE", [name]:
                self.residents = [each for each in self.residents if each["name"] != name]
            case "PATCH", [name]:
                for each in self.residents:
                    each["name"] = body["name"] if each["name"] == name else each["name"]
        return Answer(204)

    def _cameras(self, method: str, rest: list[str], query: JSON, body: JSON) -> Answer:
        match method, rest:
            case "POST", [_, "films"]:
                self.making = {"id": f"film{next(self.numbers)}", **body}
                return Answer(202, {"id": self.making["id"]})
            case "PUT", [_, "schedule"]:
                self.schedule = body
                return Answer(204)
            case _, [_, "schedule"]:
                return Answer(200, self.schedule)
            case _, [_, "films"]:
                films, following = _page(self.films, query, 10)
                return Answer(200, {"films": films, "next": following, "making": self.making})
            case _, [_, "pictures"]:
                pictures, following = _page(self.pictures.get(query["day"], []), query, 48)
                return Answer(200, {"pictures": pictures, "next": following})
        return Answer(200, {"cameras": self.cameras, "picture_days": 30})

    def _guests(self, method: str, rest: list[str], _query: JSON, body: JSON) -> Answer:
        if method == "GET":
            return Answer(200, {"guests": self.guests})
        if method == "DELETE":
            self.guests = [each for each in self.guests if each["id"] != rest[0]]
            return Answer(204)
        guest = {
            **body,
            "id": f"guest{next(self.numbers)}",
            "uses_left": body["uses"],
            "used_at": None,
        }
        self.guests.append({name: value for name, value in guest.items() if name != "uses"})
        return Answer(201, {**self.guests[-1], "pin": "042137"})

    def look_at_face(self, resident: str, photo: str | None = None) -> str:
        """Says over the socket what was found in a photo, as the cloud does a moment later."""
        photo = photo or f"photo{next(self.numbers)}"
        failure = self.failures.pop(0) if self.failures else None
        told: JSON = {"type": "enrolled", "resident": resident, "faces": 1, "photo": photo}
        if failure:
            told = {
                "type": "enrolment_failed",
                "resident": resident,
                "reason": failure,
                "photo": photo,
            }
        self.send(told)
        return photo
