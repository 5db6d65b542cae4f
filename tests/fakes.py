"""A house in memory: one small class for each port, time that moves when told to, scripted chance.

`make_house()` has devices of two homes; whoever should hear something must `connect` first.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING, Any, Final

from doorbell import auth, passcode
from doorbell.enrolment import Registry
from doorbell.errors import Conflict, ConnectionGone, DeviceGone, NotResumed
from doorbell.model import (
    WHOLE_HOME,
    AttemptLog,
    Connection,
    Device,
    DoorState,
    KnownFace,
    OpenOrder,
    Passcode,
    ResidentPhoto,
    Ring,
    Token,
)
from doorbell.protocol import Message, Upload, read_message
from doorbell.services import Services
from doorbell.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable

    from doorbell.events import Event
    from doorbell.model import Key, Role
    from doorbell.protocol import EnrolmentFailure, Reason

NOON: Final = 1_700_000_000.0
KEY: Final = b"what codes are hashed with"


def secret_of(device: str) -> str:
    """The secret of a ready-made device."""
    return f"secret-of-{device}"


def _device(home: str, name: str, role: Role, resident: str | None = None) -> Device:
    token_hash = auth.digest(secret_of(name))
    return Device(home, name, role, name.title(), token_hash, resident)


DOOR: Final = _device("home", "front", "door")
BACK_DOOR: Final = _device("home", "front-2", "door")
KITCHEN: Final = _device("home", "kitchen", "phone")
"""The household's phone: it gets everybody's codes."""
ADA: Final = _device("home", "ada", "phone", "Ada")
BOB: Final = _device("home", "bob", "phone", "Bob")
CAMERA: Final = _device("home", "camera", "camera")
FOREIGN_DOOR: Final = _device("away", "front", "door")
FOREIGN_PHONE: Final = _device("away", "kitchen", "phone")
EVERYBODY: Final = (DOOR, BACK_DOOR, KITCHEN, ADA, BOB, CAMERA, FOREIGN_DOOR, FOREIGN_PHONE)


def token_of(device: Device) -> str:
    """The token that a ready-made device carries."""
    return str(Token(device.home, device.id, secret_of(device.id)))


class Clock:
    """Time that passes when it is told to, and while somebody sleeps."""

    def __init__(self, now: float = NOON) -> None:
        self.now = now
        self.slept = 0.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept += seconds
        self.now += seconds


class Dice:
    """`randbelow` that counts up from a number, so that a test knows the next code."""

    def __init__(self, first: int = 42137) -> None:
        self._numbers = count(first)

    def __call__(self, below: int) -> int:
        return next(self._numbers) % below


class FakeRecords:
    """`doorbell.ports.Records`: what the other fakes keep."""

    def __init__(self, made: FakeServices) -> None:
        self._made = made

    def read(self, home: str, *keys: Key) -> tuple[Any, ...]:
        return tuple(self._one(home, key) for key in keys)

    def _one(self, home: str, key: Key) -> object:
        made = self._made
        finders: dict[type, Callable[[], object]] = {
            Device: lambda: made.devices.find(home, key.id),
            Ring: lambda: made.rings.find(home, key.id),
            DoorState: lambda: made.rings.door_state(home, key.id),
            AttemptLog: lambda: made.passcodes.attempts(home, key.id),
            OpenOrder: lambda: made.opens.find(home, key.door, key.id),
            KnownFace: lambda: made.residents.known(home, key.id),
        }
        return finders[key.kind]()


class FakeDevices:
    """`doorbell.ports.Devices`."""

    def __init__(self) -> None:
        self.known: dict[tuple[str, str], Device] = {}

    def find(self, home: str, device: str) -> Device | None:
        return self.known.get((home, device))

    def add(self, device: Device) -> None:
        if (device.home, device.id) in self.known:
            raise Conflict
        self.known[device.home, device.id] = device

    def remove(self, home: str, device: str) -> None:
        self.known.pop((home, device), None)


class FakeConnections:
    """`doorbell.ports.Connections`."""

    def __init__(self, devices: FakeDevices) -> None:
        self._devices = devices
        self.open: dict[str, Connection] = {}

    def add(self, connection: Connection, token_hash: str) -> None:
        device = self._devices.find(connection.home, connection.device)
        if device is None or device.token_hash != token_hash:
            raise DeviceGone
        self.open[connection.id] = connection

    def remove(self, connection: Connection) -> None:
        self.open.pop(connection.id, None)

    def of(self, home: str, role: Role, device: str | None = None) -> list[Connection]:
        return [
            c
            for c in self.open.values()
            if (c.home, c.role) == (home, role) and device in (None, c.device)
        ]

    def of_both(self, home: str, door: str) -> tuple[list[Connection], list[Connection]]:
        return self.of(home, "door", door), self.of(home, "phone")


class FakeRings:
    """`doorbell.ports.Rings`."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], Ring] = {}
        self.states: dict[tuple[str, str], DoorState] = {}

    def find(self, home: str, ring: str) -> Ring | None:
        return self.kept.get((home, ring))

    def door_state(self, home: str, door: str) -> DoorState:
        return self.states.get((home, door), DoorState())

    def record(self, ring: Ring, state: DoorState, was: int) -> None:
        moves_on = ring.kind in ("new", "limited")
        stale = moves_on and self.door_state(ring.home, ring.door).version != was
        if stale or (ring.home, ring.id) in self.kept:
            raise Conflict
        self.kept[ring.home, ring.id] = ring
        if moves_on:
            self.states[ring.home, ring.door] = state._replace(version=was + 1)

    def announced(self, ring: Ring, now: float) -> None:
        known = self.kept.get((ring.home, ring.id))
        if known and not known.announced_at:
            self.kept[ring.home, ring.id] = known._replace(announced_at=now)

    def claim(self, home: str, ring: str, execution: str) -> None:
        """What the state machine `visitor` writes by itself."""
        self.kept[home, ring] = self.kept[home, ring]._replace(claimed_by=execution)

    def ask(self, ring: Ring, reason: Reason, until: float, token: str | None) -> Ring:
        known = self.kept.get((ring.home, ring.id))
        if known is None or known.answer is not None:
            raise Conflict
        asked = known._replace(reason=reason, decision=reason, answer_until=until, token=token)
        self.kept[ring.home, ring.id] = asked
        return asked

    def answer(self, home: str, ring: str, answer: str, by: str, now: float) -> Ring:
        known = self.kept.get((home, ring))
        if known is None or known.answer is not None or known.answer_until < now:
            raise Conflict
        self.kept[home, ring] = known._replace(answer=answer, answered_by=by, answered_at=now)
        return self.kept[home, ring]

    def decide(self, ring: Ring, decision: str) -> None:
        known = self.kept[ring.home, ring.id]
        if known.decision:
            raise Conflict
        self.kept[ring.home, ring.id] = known._replace(decision=decision)

    def photo_came(self, home: str, ring: str, now: float) -> Ring | None:
        known = self.kept.get((home, ring))
        if known:
            self.kept[home, ring] = known._replace(photo_at=now)
        return self.kept.get((home, ring))

    def end(self, ring: Ring) -> None:
        known = self.kept[ring.home, ring.id]
        if known.answer is not None:
            raise Conflict("somebody has answered")
        self.kept[ring.home, ring.id] = known._replace(answer_until=ring.pressed_at)

    def waiting(self, home: str, now: float) -> list[Ring]:
        return [r for r in self.kept.values() if r.home == home and r.waits(now)]


class FakePasscodes:
    """`doorbell.ports.Passcodes`."""

    def __init__(self, opens: FakeOpens, rings: FakeRings) -> None:
        self.kept: dict[tuple[str, str, float], Passcode] = {}
        self.logs: dict[tuple[str, str], AttemptLog] = {}
        self._opens = opens
        self._rings = rings

    def in_home(self, home: str, since: float) -> list[Passcode]:
        known = [
            p
            for p in self.kept.values()
            if p.home == home and (p.kind == "guest" or p.valid_from >= since)
        ]
        return sorted(known, key=lambda passcode: (passcode.kind == "guest", passcode.valid_from))

    def guests(self, home: str) -> list[Passcode]:
        return [p for p in self.kept.values() if (p.home, p.kind) == (home, "guest")]

    def at_door(self, home: str, door: str, since: float) -> list[Passcode]:
        return [p for p in self.in_home(home, since) if door in p.doors]

    def issue(self, passcode: Passcode, former: list[Passcode], token: str | None = None) -> None:
        if any(self.kept.get(_key(each), each).used_at != each.used_at for each in former):
            raise Conflict
        if token is not None:
            known = self._rings.kept[passcode.home, passcode.id]
            waits = known._replace(code_for=passcode.whom, code_token=token)
            self._rings.kept[passcode.home, passcode.id] = waits
        for each in former:
            self.kept[_key(each)] = each._replace(valid_until=passcode.valid_from)
        self.kept[_key(passcode)] = passcode

    def add_hash(self, passcode: Passcode, digest: str, most: int) -> None:
        known = self.kept.get(_key(passcode))
        ended = known and known.valid_until != passcode.valid_until
        if known is None or ended or known.used_at or len(known.hashes) >= most:
            raise Conflict
        self.kept[_key(passcode)] = known._replace(hashes=(*known.hashes, digest))

    def withdraw(self, passcode: Passcode) -> None:
        self.kept.pop(_key(passcode), None)

    def take_back(self, passcode: Passcode) -> None:
        known = self.kept.get(_key(passcode))
        if known is None or known.used_at or len(known.hashes) != len(passcode.hashes):
            raise Conflict
        del self.kept[_key(passcode)]

    def attempts(self, home: str, door: str) -> AttemptLog:
        return self.logs.get((home, door), AttemptLog())

    def settle(
        self,
        home: str,
        door: str,
        log: AttemptLog,
        used: Passcode | None,
        order: OpenOrder | None,
        in_home: AttemptLog | None = None,
    ) -> None:
        known = self.kept.get(_key(used)) if used else None
        if self.attempts(home, door).version != log.version:
            raise Conflict
        if in_home and self.attempts(home, WHOLE_HOME).version != in_home.version:
            raise Conflict
        if used and (known is None or known.uses_left != used.uses_left + 1):
            raise Conflict
        if used and known and known.valid_until <= used.used_at:
            raise Conflict
        if order:
            self._opens.add(order)
        self.logs[home, door] = log._replace(version=log.version + 1)
        if in_home:
            self.logs[home, WHOLE_HOME] = in_home._replace(version=in_home.version + 1)
        if used and known:
            left, at = used.uses_left, used.used_at
            self.kept[_key(used)] = known._replace(uses_left=left, used_at=at)


def _key(kept: Passcode) -> tuple[str, str, float]:
    return kept.home, kept.id, kept.valid_from


class FakeOpens:
    """`doorbell.ports.Opens`."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str, str], OpenOrder] = {}

    def add(self, order: OpenOrder) -> None:
        if (order.home, order.door, order.id) in self.kept:
            raise Conflict
        self.kept[order.home, order.door, order.id] = order

    def renew(self, order: OpenOrder, valid_until: float) -> None:
        known = self.kept[order.home, order.door, order.id]
        if known.opened_at:
            raise Conflict
        self.kept[order.home, order.door, order.id] = known._replace(valid_until=valid_until)

    def find(self, home: str, door: str, order: str) -> OpenOrder | None:
        return self.kept.get((home, door, order))

    def acknowledge(self, order: OpenOrder, now: float) -> None:
        known = self.kept[order.home, order.door, order.id]
        if known.opened_at:
            raise Conflict
        self.kept[order.home, order.door, order.id] = known._replace(opened_at=now)

    def pending(self, home: str, door: str, now: float) -> list[OpenOrder]:
        return [
            o
            for o in self.kept.values()
            if (o.home, o.door) == (home, door) and not o.opened_at and now < o.valid_until
        ]


class FakeResidents:
    """`doorbell.ports.Residents`."""

    def __init__(self) -> None:
        self.faces: dict[tuple[str, str], str] = {}
        self.photos: dict[tuple[str, str], list[str]] = defaultdict(list)
        self.happened: dict[tuple[str, str], tuple[str, bool]] = {}
        self.failures: dict[tuple[str, str], EnrolmentFailure] = {}

    def known(self, home: str, face: str) -> KnownFace | None:
        resident = self.faces.get((home, face))
        return KnownFace(face, resident) if resident else None

    def of_face(self, home: str, face: str) -> str | None:
        return self.faces.get((home, face))

    def faces_in(self, home: str, key: str) -> list[str]:
        return list(self.photos[home, key])

    def photo_came(self, photo: ResidentPhoto) -> None:
        self._happened(photo, deleted=False)

    def photo_went(self, photo: ResidentPhoto) -> None:
        self._happened(photo, deleted=True)

    def _happened(self, photo: ResidentPhoto, *, deleted: bool) -> None:
        last, _ = self.happened.get((photo.home, photo.key), ("", False))
        if last > photo.in_order:
            raise Conflict
        self.happened[photo.home, photo.key] = (photo.in_order, deleted)

    def add_face(self, photo: ResidentPhoto, face: str) -> None:
        if self.happened.get((photo.home, photo.key)) != (photo.in_order, False):
            raise Conflict
        self.faces[photo.home, face] = photo.resident
        if face not in self.photos[photo.home, photo.key]:
            self.photos[photo.home, photo.key].append(face)

    def refused(self, photo: ResidentPhoto, reason: EnrolmentFailure) -> None:
        if self.happened.get((photo.home, photo.key)) == (photo.in_order, False):
            self.failures[photo.home, photo.key] = reason

    def disown(self, home: str, face: str) -> None:
        self.faces.pop((home, face), None)

    def forget(self, home: str, key: str, face: str) -> None:
        if face in self.photos[home, key]:
            self.photos[home, key].remove(face)

    def count_faces(self, home: str, resident: str) -> int:
        return sum(h == home and r == resident for (h, _), r in self.faces.items())


class FakeFaces:
    """`doorbell.ports.Faces`: what Rekognition was told to forget."""

    def __init__(self) -> None:
        self.removed: list[tuple[str, str]] = []
        self.broken: Exception | None = None

    def remove(self, home: str, faces: list[str]) -> None:
        if self.broken:
            raise self.broken
        self.removed += [(home, face) for face in faces]


class FakeStoredPhotos:
    """`doorbell.ports.StoredPhotos`: every photo is there, but for the `gone`."""

    def __init__(self) -> None:
        self.gone: set[str] = set()

    def exists(self, key: str) -> bool:
        return key not in self.gone


class FakeSockets:
    """`doorbell.ports.Sockets`: sockets may be gone, not there yet, or broken."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.frames: dict[str, list[str]] = defaultdict(list)
        self.closed: list[str] = []
        self.gone: set[str] = set()
        self.there_at: dict[str, float] = {}
        self.broken: dict[str, Exception] = {}
        self.within: list[float | None] = []
        """How long each post might take."""

    def post(self, connection: str, frame: str, within: float | None = None) -> None:
        self.within.append(within)
        if connection in self.broken:
            raise self.broken[connection]
        if connection in self.gone or self._clock() < self.there_at.get(connection, 0.0):
            raise ConnectionGone
        self.frames[connection].append(frame)

    def close(self, connection: str) -> None:
        self.closed.append(connection)


class FakeBus:
    """`doorbell.ports.Bus`: what was published; set `refuses` to make it raise."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.refuses: Exception | None = None

    def publish(self, event: Event) -> None:
        if self.refuses:
            raise self.refuses
        self.events.append(event)


class FakePhotos:
    """`doorbell.ports.Photos`: URLs that show what they are for."""

    def upload(self, key: str, expires_in: int, content_type: str = "image/jpeg") -> Upload:
        return Upload("PUT", f"https://put/{key}?{expires_in}", {"Content-Type": content_type})

    def link(self, key: str, expires_in: int) -> str:
        return f"https://get/{key}?{expires_in}"


class FakeWaits:
    """`doorbell.ports.Waits`: which waits were ended, and how."""

    def __init__(self) -> None:
        self.resumed: list[tuple[str, dict[str, str]]] = []
        self.failed: list[tuple[str, str]] = []
        self.over: set[str] = set()
        self.refuses: Exception | None = None

    def resume(self, token: str, output: dict[str, str]) -> None:
        if self.refuses:
            raise self.refuses
        if token in self.over:
            raise NotResumed
        self.over.add(token)
        self.resumed.append((token, output))

    def fail(self, token: str, error: str) -> None:
        if self.refuses:
            raise self.refuses
        if token in self.over:
            raise NotResumed
        self.over.add(token)
        self.failed.append((token, error))


@dataclass
class FakeServices:
    """A house whose every part can be looked into."""

    settings: Settings
    clock: Clock = field(default_factory=Clock)
    dice: Dice = field(default_factory=Dice)
    devices: FakeDevices = field(default_factory=FakeDevices)
    rings: FakeRings = field(default_factory=FakeRings)
    opens: FakeOpens = field(default_factory=FakeOpens)
    residents: FakeResidents = field(default_factory=FakeResidents)
    faces: FakeFaces = field(default_factory=FakeFaces)
    stored: FakeStoredPhotos = field(default_factory=FakeStoredPhotos)
    bus: FakeBus = field(default_factory=FakeBus)
    waits: FakeWaits = field(default_factory=FakeWaits)

    def __post_init__(self) -> None:
        self.connections = FakeConnections(self.devices)
        self.passcodes = FakePasscodes(self.opens, self.rings)
        self.sockets = FakeSockets(self.clock)
        self._numbers = count(1)

    @property
    def services(self) -> Services:
        """What jobs get."""
        return Services(
            records=FakeRecords(self),
            devices=self.devices,
            connections=self.connections,
            rings=self.rings,
            passcodes=self.passcodes,
            opens=self.opens,
            sockets=self.sockets,
            bus=self.bus,
            photos=FakePhotos(),
            waits=self.waits,
            code_key=lambda: KEY,
            settings=self.settings,
            clock=self.clock,
            sleep=self.clock.sleep,
            randbelow=self.dice,
        )

    @property
    def registry(self) -> Registry:
        """What enrolment gets."""
        return Registry(
            self.residents,
            self.faces,
            self.stored,
            self.connections,
            self.sockets,
            self.clock,
            self.clock.sleep,
        )

    def connect(self, device: Device, age: float = 3600.0) -> Connection:
        """Open a socket of this device, `age` seconds ago."""
        connection = Connection(
            f"{device.home}-{device.id}-{next(self._numbers)}",
            device.home,
            device.role,
            device.id,
            self.clock() - age,
            device.resident,
        )
        self.connections.add(connection, device.token_hash)
        return connection

    def heard(self, connection: Connection) -> list[Message]:
        """All that this socket was told."""
        return [read_message(frame) for frame in self.sockets.frames[connection.id]]


def make_services(settings: Settings | None = None, dice: Dice | None = None) -> FakeServices:
    """A house that knows all ready-made devices, none of them connected."""
    made = FakeServices(settings or Settings(), dice=dice or Dice())
    for device in EVERYBODY:
        made.devices.add(device)
    return made


def a_ring(ring: str = "ring-1", door: Device = DOOR, pressed_at: float = NOON) -> Ring:
    """A ring of the front door that nobody has decided."""
    return Ring(door.home, ring, door.id, door.name, pressed_at, "new")


def a_code(
    code: str = "042137",
    ring: str = "ring-1",
    at: float = NOON,
    life: float = 120,
    door: Device = DOOR,
) -> Passcode:
    """Ada's code of one ring of a door, as `issue_code` keeps it."""
    bare = Passcode(door.home, ring, "ring", "Ada", (door.id,), at, at + life, ())
    return bare._replace(hashes=(passcode.digest(code, KEY, bare),))


def keep_ring(made: FakeServices, ring: Ring | None = None) -> Ring:
    """Record a ring as the last one of its door."""
    kept = ring or a_ring(pressed_at=made.clock())
    state = made.rings.door_state(kept.home, kept.door)
    changed = state._replace(ring=kept.id, pressed_at=kept.pressed_at)
    made.rings.record(kept, changed, was=state.version)
    return kept


def enrol_face(made: FakeServices, resident: str, face: str, home: str = "home") -> None:
    """A photo of the resident gave this face."""
    photo = ResidentPhoto(home, resident, f"residents/{home}/{resident}/{face}.jpeg")
    made.residents.photo_came(photo)
    made.residents.add_face(photo, face)
