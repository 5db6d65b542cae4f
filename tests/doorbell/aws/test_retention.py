"""What is kept goes when docs/security.md says: rows, objects, the queue, log lines."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from doorbell.aws.dynamodb import table as layout
from doorbell.aws.dynamodb.camera_films import CameraFilmTable
from doorbell.aws.dynamodb.connections import ConnectionTable
from doorbell.aws.dynamodb.consents import ConsentTable
from doorbell.aws.dynamodb.devices import DeviceTable
from doorbell.aws.dynamodb.last_pictures import LastPictureTable
from doorbell.aws.dynamodb.opens import OpenTable
from doorbell.aws.dynamodb.pairings import PairingTable
from doorbell.aws.dynamodb.passcodes import PasscodeTable
from doorbell.aws.dynamodb.presences import PresenceTable
from doorbell.aws.dynamodb.published import PublishedTable
from doorbell.aws.dynamodb.residents import ResidentTable
from doorbell.aws.dynamodb.rings import RingTable
from doorbell.aws.dynamodb.settings import SettingsTable
from doorbell.aws.dynamodb.subscriptions import SubscriptionTable
from doorbell.aws.dynamodb.table import DAY
from doorbell.aws.dynamodb.visits import VisitTable
from doorbell.household import camera_films, cameras, history
from doorbell.household.model import (
    CameraFilm,
    Consent,
    FilmUnderWay,
    LastPicture,
    Pairing,
    Quiet,
    Subscription,
)
from doorbell.model import (
    Attempt,
    AttemptLog,
    Connection,
    DoorState,
    OpenOrder,
    Passcode,
    ResidentPhoto,
)
from doorbell_client.outbox.spool import Limits
from tests.fakes import ADA, DOOR, NOON, a_ring
from tests.household_fakes import make_household
from tests.template.sources import properties, template

if TYPE_CHECKING:
    from doorbell.aws.dynamodb.table import Table

PAGE: Final = Path(__file__).resolve().parents[3] / "docs" / "security.md"
WORDS: Final = {"a day": 1, "one day": 1, "two days": 2, "seven days": 7}

UNTIL_REVOKED: Final = "devices' names, residents' names and face ids"
KINDS: Final = {
    "connection": "hashes of codes, tries, orders to open, sockets",
    "ring": "rings, doors' last presses",
    "door": "rings, doors' last presses",
    "waiting": "hashes of codes, tries, orders to open, sockets",
    "code": "hashes of codes, tries, orders to open, sockets",
    "code#guest": "guests' names, doors and times, hashes of their PINs",
    "keypad": "hashes of codes, tries, orders to open, sockets",
    "open": "hashes of codes, tries, orders to open, sockets",
    "device": UNTIL_REVOKED,
    "face": UNTIL_REVOKED,
    "photo": UNTIL_REVOKED,
    "object": "that a resident's photo was deleted, by its key",
    "consent": "who said, and when, that a resident agrees to be known by face",
    "phone": "when devices were last seen, phones' settings and where their notices go",
    "push": "when devices were last seen, phones' settings and where their notices go",
    "presence": "when devices were last seen, phones' settings and where their notices go",
    "home": "what was chosen for all phones of a home",
    "pairing": "hashes of pairing codes",
    "history": "who came, when, to which door, what became of it and who answered",
    "picture": "cameras' pictures and clips, and films of them",
    "film": "cameras' pictures and clips, and films of them",
    "filming": "that a film is being made",
    "published": "that a film was published",
}
"""Which line of the page each kind of row stands in."""


def until(what: str) -> str:
    """The last cell of the line that begins so."""
    lines = [line for line in PAGE.read_text("utf-8").splitlines() if line.startswith(f"| {what}")]
    (line,) = lines
    return line.strip("| ").split(" | ")[-1]


def days(what: str) -> int | None:
    """The first number of days in it."""
    found = re.search(rf"{'|'.join(WORDS)}|\d+ days", until(what))
    return None if found is None else WORDS.get(found[0]) or int(found[0].split()[0])


def write_all(table: Table) -> None:
    """A row of each kind, at noon or good until then."""
    DeviceTable(table).add(DOOR)
    DeviceTable(table).add(ADA)
    residents = ResidentTable(table)
    for key in ("residents/home/Ada/1.jpeg", "residents/home/Ada/2.jpeg"):
        residents.photo_came(ResidentPhoto("home", "Ada", key, "1"))
    residents.add_face(ResidentPhoto("home", "Ada", "residents/home/Ada/1.jpeg", "1"), "f1")
    _write_of_rings(table)
    _write_of_the_household(table)


def _write_of_rings(table: Table) -> None:
    rings, codes = RingTable(table), PasscodeTable(table)
    ring = a_ring()._replace(pressed_at=NOON)
    rings.record(ring, rings.door_state("home", DOOR.id), 0)
    rings.ask(ring, "stranger", NOON, None)
    code = Passcode("home", ring.id, "ring", "Ada", ("front",), NOON - 120, NOON, ("hash",))
    codes.issue(code, [])
    codes.issue(code._replace(kind="guest", id="g1"), [])
    codes.settle("home", "front", AttemptLog((Attempt(NOON, ()),)), None, None)
    OpenTable(table).add(OpenOrder("o1", "home", "front", None, "Ada", NOON))
    connection = Connection("c1", "home", "phone", ADA.id, NOON, "Ada")
    ConnectionTable(table).add(connection, ADA.token_hash)


def _write_of_the_household(table: Table) -> None:
    """What is kept for a parameter's days, by the jobs that know it."""
    ConsentTable(table).add(Consent("home", "Ada", "Bob", NOON))
    SettingsTable(table).set_phone_quiet("home", ADA.id, Quiet(None, NOON))
    SettingsTable(table).set_home_quiet("home", Quiet(None, NOON), 0)
    SubscriptionTable(table).add(Subscription("home", ADA.id, "https://e", "p", "a", False, NOON))
    PresenceTable(table).seen("home", ADA.id, NOON)
    PairingTable(table).add(Pairing("home", "hash", "Tablet", False, NOON))
    PublishedTable(table, lambda: NOON).claim("home", "film", "publication")
    made = make_household()
    made.made.rings.kept["home", "r1"] = a_ring()._replace(id="r1", pressed_at=NOON)
    household = made.household._replace(
        visits=VisitTable(table),
        last_pictures=LastPictureTable(table),
        camera_films=CameraFilmTable(table),
    )
    history.ring_happened(household, "home", "r1")
    cameras.picture_came(household, LastPicture("home", "camera", "key", NOON))
    camera_films.film_told(household, CameraFilm("home", "camera", "f", NOON, NOON, NOON, "g", "m"))
    CameraFilmTable(table).begin(FilmUnderWay("home", "camera", "f2", NOON, NOON, NOON), NOON)


def kind_of(sk: str) -> str:
    return "code#guest" if sk.startswith("code#guest#") else sk.partition("#")[0]


def test_each_kind_of_row_goes_when_the_page_says(table: Table) -> None:
    """Seconds of a day are not counted; those of before are DynamoDB's."""
    write_all(table)
    ResidentTable(table).photo_went(ResidentPhoto("home", "Ada", "residents/home/Ada/2.jpeg", "2"))
    rows = [row for name in table.names for row in table.whole("home", name)]
    assert {kind_of(row["sk"]) for row in rows} == set(KINDS)
    for row in rows:
        kind = kind_of(row["sk"])
        stays = kind == "object" and not row["deleted"]
        expected = None if stays else days(KINDS[kind])
        assert _days_left(row) == expected, kind


def _days_left(row: dict[str, object]) -> int | None:
    ttl = row.get("ttl")
    if ttl is None:
        return None
    # That a photo was deleted is counted from now, for S3 does not say when it was.
    begun = time.time() if str(row["sk"]).startswith("object#") else NOON
    return round((int(str(ttl)) - begun) / DAY)


def test_the_tables_have_no_kind_of_row_that_the_page_does_not_know() -> None:
    known = re.findall(r"^\| `([a-z]+)#", layout.__doc__ or "", re.MULTILINE)
    assert set(known) == {kind_of(kind) for kind in KINDS} - {"code#guest"} | {"code"}


def test_the_bucket_forgets_when_the_page_says() -> None:
    """Residents' photos have no rule: they stay until they are deleted."""
    rules = properties("AWS::S3::Bucket")["Bucket"]["LifecycleConfiguration"]["Rules"]
    after = {each["Prefix"]: each["ExpirationInDays"] for each in rules if "Prefix" in each}
    pictures = {"Ref": "PictureDays"}
    assert after == {
        "guest/": days("visitors' photos"),
        "pictures/": pictures,
        "clips/": pictures,
        "films/": pictures,
        "bursts/": 1,
    }
    assert "bursts a day" in until("cameras' pictures and clips")


def test_queue_and_logs_forget_when_the_page_says() -> None:
    queue = properties("AWS::SQS::Queue")["Lost"]["MessageRetentionPeriod"]
    assert queue == days("events that reached nobody") * DAY  # type: ignore[operator]
    groups = properties("AWS::Logs::LogGroup")
    assert {str(each["RetentionInDays"]) for each in groups.values()} == {"{'Ref': 'LogDays'}"}


@pytest.mark.parametrize(
    ("parameter", "what"),
    [
        ("PictureDays", "cameras' pictures and clips"),
        ("HistoryDays", "who came, when"),
        ("LogDays", "log lines"),
    ],
)
def test_a_parameters_days_are_those_of_the_page(parameter: str, what: str) -> None:
    assert int(template()["Parameters"][parameter]["Default"]) == days(what)
    assert parameter in until(what)


def test_a_door_keeps_what_is_not_delivered_as_long_as_the_page_says() -> None:
    told = days("presses and photos that are not delivered")
    assert told is not None
    assert Limits().max_age == told * DAY


def test_a_late_press_is_kept_for_a_month_after_it(table: Table) -> None:
    """`late`: it may be as old when it is written."""
    rings = RingTable(table)
    rings.record(a_ring()._replace(kind="late", pressed_at=NOON), DoorState(), 0)
    (row,) = table.starting("home", "ring#")
    assert f"a late press: {_days_left(row)} after it" in until("rings, doors' last presses")
