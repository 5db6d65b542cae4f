"""A notice in plain words, for services that show text. The app has words of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from doorbell.events import TroubleKind
    from doorbell.protocol import Reason
    from doorbell.push.model import Notice, NoticeType

REASONS: Final[dict[Reason, str]] = {
    "stranger": "Nobody we know.",
    "no_face": "No face was seen.",
    "unreadable": "The photo could not be read.",
    "unavailable": "Faces could not be compared.",
    "no_photo": "No photo came.",
    "no_phone": "A resident, whose phone did not take a code.",
    "late": "The photo came late.",
}


TROUBLES: Final[dict[TroubleKind, str]] = {
    "disk_full": "The relay's disk is full: pictures and clips are lost.",
    "unreachable": "Its stream cannot be fetched.",
    "refused": "Something it sent could not be kept.",
}


class Words(NamedTuple):
    """A title, and a sentence that may be empty."""

    title: str
    text: str

    @property
    def line(self) -> str:
        """Both in one line."""
        return f"{self.title}. {self.text}".strip()


def words_of(notice: Notice) -> Words | None:
    """What is told of this notice; None for one that only an app on the screen can use.

    A message cannot be replaced, so of a ring there is one, and one more if the door did not open.
    """
    reason = REASONS[notice.reason] if notice.reason else ""
    told: dict[NoticeType, Words] = {
        "visitor": Words(f"Someone is at {notice.door}", reason),
        "resident": Words(f"{notice.resident} is at {notice.door}", ""),
        "not_opened": Words(f"{notice.door} did not open", "Go and look."),
        "door_offline": Words(
            f"{notice.door} is offline", "Nobody can ring there until it is back."
        ),
        "camera_trouble": Words(
            f"{notice.door} has a problem", TROUBLES[notice.trouble] if notice.trouble else ""
        ),
        "door_online": Words(f"{notice.door} is back", ""),
    }
    if notice.type == "missed" and notice.reason == "late":
        return Words(f"Missed: someone was at {notice.door}", "")
    if notice.type == "opened" and notice.ring is None:
        return Words(f"{notice.by} came in", f"By PIN, at {notice.door}.")
    return told.get(notice.type)


def code_words(notice: Notice) -> Words:
    """A code, for whoever chose to have it sent there."""
    return Words(f"{notice.code}", f"{notice.resident}'s code for {notice.door}.")
