"""Races over the real adapter: everybody has read before anybody writes, and the rules hold."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from doorbell import answer, resident
from doorbell.aws.api.errors import ServiceError
from doorbell.aws.dynamodb.connections import ConnectionTable
from doorbell.aws.dynamodb.passcodes import PasscodeTable
from doorbell.aws.dynamodb.rings import RingTable
from doorbell.aws.dynamodb.table import Table
from doorbell.errors import DeviceGone, MessageError
from doorbell.events import OpenSent
from doorbell.model import Attempt, Connection, ResidentPhoto
from doorbell.passcode import digest
from doorbell.protocol import Answer, Open, Refused, RingThrough
from doorbell.protocol import Ring as Asked
from doorbell.settings import Settings
from doorbell.visitor import ring_through
from tests.doorbell.aws.pools import MotoPool, refusal, said, some_client
from tests.doorbell.aws.table_ports import Meeting, Ports, on_dynamodb, services_on, together
from tests.fakes import ADA, BOB, DOOR, KEY, a_ring, make_services
from tests.fakes import NOON as NOW
from tests.jobs import issue_code, press, type_code

if TYPE_CHECKING:
    from doorbell.aws.api.pool import Response
    from doorbell.events import RingPressed
    from doorbell.services import Services
    from tests.fakes import FakeServices

PRESS = "123e4567-e89b-42d3-a456-426614174000"


@pytest.fixture
def made() -> FakeServices:
    """All of the world but the table."""
    return make_services()


@pytest.fixture
def ports(table: Table) -> Ports:
    """The table alone, as it is deployed."""
    return on_dynamodb(table)


def with_a_code(made: FakeServices, ports: Ports) -> None:
    """Ada has rung and was sent 042137."""
    made.connections = ports.connections  # type: ignore[assignment]
    ports.rings.record(a_ring(), ports.rings.door_state("home", "front"), was=0)
    photo = ResidentPhoto("home", "Ada", "key")
    ports.residents.photo_came(photo)
    ports.residents.add_face(photo, "face-a")
    made.connect(ADA)
    issue_code(services_on(ports, made), "home", "ring-1", "face-a", "token")
    assert made.waits.failed == []


def key_at(meeting: Meeting) -> bytes:
    """The key is asked for when all is read and nothing is written."""
    meeting.wait()
    return KEY


def test_of_racing_checks_of_one_code_one_opens(made: FakeServices, ports: Ports) -> None:
    with_a_code(made, ports)
    door = made.connect(DOOR)
    services = services_on(ports, made, code_key=partial(key_at, Meeting(4)))
    assert together([partial(type_code, services, DOOR, "042137")] * 4) == []
    told = made.heard(door)
    assert [said for said in told if isinstance(said, Refused)] == []
    # Whoever lost sees a used code whose order is on its way, and sends that order again.
    assert len({said.open for said in told if isinstance(said, Open)}) == 1
    assert len({event.open for event in made.bus.events if isinstance(event, OpenSent)}) == 1
    (kept,) = ports.passcodes.in_home("home", NOW)
    assert kept.uses_left == 0


def test_of_racing_wrong_guesses_each_is_counted(made: FakeServices, ports: Ports) -> None:
    """Eight at once at a ring that allows five: five are judged, three are locked out."""
    with_a_code(made, ports)
    door = made.connect(DOOR)
    services = services_on(ports, made, code_key=partial(key_at, Meeting(8)))
    guesses = [partial(type_code, services, DOOR, f"99999{n}") for n in range(8)]
    assert together(guesses) == []
    told = [said for said in made.heard(door) if isinstance(said, Refused)]
    assert sorted(said.reason for said in told) == ["locked"] * 3 + ["wrong"] * 5
    assert sorted(said.attempts_left for said in told if said.reason == "wrong") == [0, 1, 2, 3, 4]
    assert ports.passcodes.attempts("home", "front").tries == (Attempt(NOW, ("ring-1",)),) * 5


def test_guesses_that_race_with_the_right_code_open_at_most_once(
    made: FakeServices, ports: Ports
) -> None:
    with_a_code(made, ports)
    door = made.connect(DOOR)
    services = services_on(ports, made, code_key=partial(key_at, Meeting(6)))
    typed = ["042137", "999999", "042137", "999998", "999997", "042137"]
    assert together([partial(type_code, services, DOOR, code) for code in typed]) == []
    opened = {said.open for said in made.heard(door) if isinstance(said, Open)}
    assert len(opened) <= 1
    assert len(made.heard(door)) == 6


def test_the_hours_limit_holds_for_racing_guesses(made: FakeServices, ports: Ports) -> None:
    made.settings = Settings(tries_per_ring=10, tries_per_hour=3)
    with_a_code(made, ports)
    services = services_on(ports, made, code_key=partial(key_at, Meeting(7)))
    assert together([partial(type_code, services, DOOR, "999999")] * 7) == []
    assert len(ports.passcodes.attempts("home", "front").tries) == 3


def clock_at(meeting: Meeting) -> float:
    """A press asks for the time when it has read and not yet written."""
    meeting.wait()
    return NOW


def rung(services: Services, events: list[RingPressed], name: str | None) -> None:
    """Press, and keep what it was."""
    events.append(press(services, DOOR, Asked(name)))


@pytest.mark.parametrize("names", [[PRESS] * 4, [PRESS, PRESS.upper()] * 2])
def test_the_same_press_at_once_is_one_ring(
    made: FakeServices, ports: Ports, names: list[str]
) -> None:
    services = services_on(ports, made, clock=partial(clock_at, Meeting(4)))
    events: list[RingPressed] = []
    assert together([partial(rung, services, events, name) for name in names]) == []
    assert {(event.ring, event.kind) for event in events} == {(events[0].ring, "new")}
    assert ports.rings.door_state("home", "front").rung_at == (NOW,)


def test_different_presses_at_once_are_one_ring_and_its_repeats(
    made: FakeServices, ports: Ports
) -> None:
    services = services_on(ports, made, clock=partial(clock_at, Meeting(5)))
    events: list[RingPressed] = []
    assert together([partial(rung, services, events, None)] * 5) == []
    assert sorted(event.kind for event in events) == ["new"] + ["repeat"] * 4
    assert len({event.ring for event in events}) == 1


def test_of_two_answers_at_once_one_counts(made: FakeServices, ports: Ports) -> None:
    ports.rings.record(a_ring(), ports.rings.door_state("home", "front"), was=0)
    services = services_on(ports, made, clock=partial(clock_at, Meeting(2)))
    ports.rings.ask(a_ring(), "stranger", NOW + 60, "token")
    errors = together(
        [
            partial(answer.answer, services, ADA, Answer("ring-1", "let_in")),
            partial(answer.answer, services, BOB, Answer("ring-1", "decline")),
        ]
    )
    assert [e.name for e in errors if isinstance(e, MessageError)] == ["already_answered"]
    assert len(made.waits.resumed) == 1


def test_two_phones_that_come_back_at_once_both_get_a_code_that_opens(
    made: FakeServices, ports: Ports
) -> None:
    """Neither fresh code is lost by the other's being written."""
    with_a_code(made, ports)
    phones = [made.connect(ADA), made.connect(ADA)]
    meeting, numbers = Meeting(2), iter((111111, 222222))

    def dice(_: int) -> int:
        meeting.wait()
        return next(numbers)

    services = services_on(ports, made, randbelow=dice)
    assert together([partial(resident.resend_codes, services, phone) for phone in phones]) == []
    (kept,) = ports.passcodes.in_home("home", NOW)
    assert set(kept.hashes) == {digest(c, KEY, kept) for c in ("111111", "222222", "042137")}


class BusyPool(MotoPool):
    """DynamoDB, of which the next so many writes meet another write or a limit."""

    def __init__(self, reason: str, times: int) -> None:
        super().__init__()
        self._reason = reason
        self._times = times

    def serve(self, operation: str, given: dict[str, Any]) -> Response:
        if self._times and operation in ("TransactWriteItems", "UpdateItem"):
            self._times -= 1
            if operation == "UpdateItem":
                return refusal(f"{self._reason}Exception")
            reasons = [{"Code": "None"}, {"Code": self._reason}]
            told = {"__type": "TransactionCanceledException", "CancellationReasons": reasons}
            return said(told, 400)
        return super().serve(operation, given)


def busy(table: Table, reason: str, times: int) -> Table:
    """The same table, under a load."""
    client = some_client(BusyPool(reason, times), sleep=lambda seconds: None)
    return Table(client, table.names)


@pytest.mark.parametrize("reason", ["TransactionConflict", "ThrottlingError"])
def test_a_write_that_met_another_one_is_no_sign_of_a_revoked_device(
    table: Table, ports: Ports, reason: str
) -> None:
    connection = Connection("c", "home", "door", "front", NOW)
    ConnectionTable(busy(table, reason, 3)).add(connection, DOOR.token_hash)
    assert ports.connections.of("home", "door") == [connection]
    with pytest.raises(ServiceError):
        ConnectionTable(busy(table, reason, 99)).add(connection, DOOR.token_hash)
    with pytest.raises(DeviceGone):
        ConnectionTable(busy(table, reason, 3)).add(connection, "another hash")


@pytest.mark.parametrize("reason", ["TransactionConflict", "Throttling"])
def test_a_write_that_met_another_one_loses_no_bell_and_no_answer(
    made: FakeServices, table: Table, ports: Ports, reason: str
) -> None:
    made.connections = ports.connections  # type: ignore[assignment]
    ports.rings.record(a_ring(), ports.rings.door_state("home", "front"), was=0)
    door = made.connect(DOOR)
    for times in (1, 4):
        services = services_on(ports, made, rings=RingTable(busy(table, reason, times)))
        ring_through(services, "home", "ring-1", "stranger", "token")
    assert [type(said) for said in made.heard(door)] == [RingThrough] * 2
    services = services_on(ports, made, rings=RingTable(busy(table, reason, 2)))
    answer.answer(services, ADA, Answer("ring-1", "let_in"))
    assert made.waits.resumed == [("token", {"answer": "let_in", "by": ""})]


def test_a_code_is_typed_while_another_write_is_in_the_way(
    made: FakeServices, table: Table, ports: Ports
) -> None:
    with_a_code(made, ports)
    door = made.connect(DOOR)
    passcodes = PasscodeTable(busy(table, "TransactionConflict", 2))
    type_code(services_on(ports, made, passcodes=passcodes), DOOR, "042137")
    assert [type(said) for said in made.heard(door)][-1] is Open
