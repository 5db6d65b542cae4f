"""The topics of one home, and names that may stand in them.

Doors are named by people, so a door stands in topics by an id that is made of its name.
"""

import hashlib
import re
import unicodedata
from typing import Final, NamedTuple

BIRTH: Final = "homeassistant/status"
"""Home Assistant says here that it has come (or gone)."""

LONGEST_NAME: Final = 64
"""Letters of a door's name that are shown."""

_LONGEST_WORDS: Final = 24


class Topics(NamedTuple):
    """Where everything of one home stands."""

    home: str
    """The home's id, as its tokens begin."""
    discovery_prefix: str = "homeassistant"

    @property
    def node(self) -> str:
        """This home among all that announce themselves."""
        return f"doorbell_{self.home}"

    @property
    def status(self) -> str:
        """`online` while doorbell and cloud are there, else `offline`."""
        return f"doorbell/{self.home}/status"

    @property
    def commands(self) -> tuple[str, ...]:
        """What every door's buttons are heard at."""
        return self.of("+", "let_in"), self.of("+", "decline")

    @property
    def announcements(self) -> str:
        """The configurations of this home's event entities, one for each door."""
        return f"{self.discovery_prefix}/event/{self.node}/+/config"

    def of(self, door: str, part: str) -> str:
        """One part of one door, such as `photo`."""
        return f"doorbell/{self.home}/{door}/{part}"

    def config(self, component: str, door: str, part: str) -> str:
        """Where Home Assistant looks for the configuration of one part."""
        return f"{self.discovery_prefix}/{component}/{self.node}/{door}_{part}/config"


def door_id(name: str) -> str:
    """What stands for this door in topics: small letters, digits and `_`; different for each name.

    `Front door` → `front_door_1c4b5e55`.
    """
    plain = unicodedata.normalize("NFKD", name.casefold()).encode("ascii", "ignore").decode()
    words = re.sub(r"[^a-z0-9]+", "_", plain)[:_LONGEST_WORDS].strip("_")
    digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{words}_{digest}" if words else digest


def home_id(home: str) -> str:
    """`home` itself where it may stand in a topic, as every home's id may; else an id of it."""
    return home if re.fullmatch(r"[a-zA-Z0-9_-]{1,64}", home) else door_id(home)


def shown_name(name: str) -> str:
    """A door's name as people see it: nothing that cannot be printed, and not endless."""
    printable = "".join(letter for letter in name if letter.isprintable())
    return printable[:LONGEST_NAME].strip() or "Door"
