"""What the model must notice: the code with one of its safeguards taken out."""

from __future__ import annotations

from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING, Final, NamedTuple
from unittest import mock

from doorbell import answer, model, resident, sending, visitor
from doorbell.aws.dynamodb import passcodes, rings
from doorbell.protocol import Code
from doorbell_client.door.effects import Energise
from doorbell_client.door.openings import Openings
from proof.model.scenes import GUEST, RESIDENT, STRANGER, TWO_DOORS, Scene, search

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from typing import Any

    from doorbell.model import Connection, Passcode, Ring
    from doorbell.protocol import Message, Open
    from doorbell.services import Services
    from doorbell_client.door.effects import Effect
    from proof.model.explore import Found
    from proof.model.machines import Change, Tree


class Mutation(NamedTuple):
    """One safeguard less."""

    name: str
    scene: Scene
    breaks: str
    """The claim that does not hold without it."""
    patched: Callable[[], AbstractContextManager[Any]] = nullcontext
    visitor: Change | None = None
    """A change of the state machine."""
    without: frozenset[str] = frozenset()


def tried(mutation: Mutation) -> Found:
    """The search with the mutated code."""
    machines = {"visitor": mutation.visitor} if mutation.visitor else {}
    with mutation.patched():
        return search(mutation.scene, machines, mutation.without)


def _claims_always(states: Tree) -> None:
    claim = states["Claim"]["Arguments"]
    claim["ConditionExpression"] = "pressed_at >= :since"


@contextmanager
def _sent_is_shown() -> Iterator[None]:
    """A code that API Gateway took counts as shown; nobody waits for a phone's `got`."""

    def sent(services: Services, to: list[Connection], message: Message) -> int:
        took = sending.send(services, to, message)
        if isinstance(message, Code) and took:
            found = services.rings.find(to[0].home, message.ring)
            resident.code_arrived(services, to[0], found)
        return took

    with mock.patch.object(resident, "send", sent):
        yield


@contextmanager
def _told_once() -> Iterator[None]:
    """The door says `opened` once, and waits for no `acknowledged`."""
    with (
        mock.patch.object(Openings, "tick", return_value=[]),
        mock.patch.object(Openings, "moments", return_value=()),
    ):
        yield


@contextmanager
def _uses_not_counted() -> Iterator[None]:
    def is_live(passcode: Passcode, now: float) -> bool:
        return passcode.valid_from <= now < passcode.valid_until

    with mock.patch.object(model.Passcode, "is_live", is_live):
        yield


@contextmanager
def _use_unconditional() -> Iterator[None]:
    use = passcodes._use

    def unconditional(used: Passcode) -> Any:
        written = use(used)
        values = written["Update"]["ExpressionAttributeValues"]
        kept = {name: values[name] for name in (":now", ":left")}
        update = {**written["Update"], "ExpressionAttributeValues": kept}
        del update["ConditionExpression"]
        return {"Update": update}

    with mock.patch.object(passcodes, "_use", unconditional):
        yield


@contextmanager
def _last_answer_counts() -> Iterator[None]:
    def last(self: rings.RingTable, home: str, ring: str, answer: str, by: str, now: float) -> Any:
        item = self._table.update(
            home,
            f"ring#{ring}",
            "SET answer = :answer, answered_by = :by, answered_at = :now",
            "answer_until >= :now",
            {":answer": answer, ":by": by, ":now": now},
        )
        return rings.read_ring(item)

    with mock.patch.object(rings.RingTable, "answer", last):
        yield


@contextmanager
def _old_answers_count() -> Iterator[None]:
    """An answer is carried out whenever the wait for it ends."""

    def carry_out(services: Services, found: Ring) -> None:
        answer.apply_answer(services, found.home, found.id, found.answer or "", "")

    with mock.patch.object(visitor, "_carry_out_late", carry_out):
        yield


@contextmanager
def _opens_again() -> Iterator[None]:
    """The door remembers no order."""

    def decide(
        self: Openings, message: Open, visits: object, now: float, age: float
    ) -> list[Effect]:
        return [Energise(message.open, float(message.seconds), now + message.valid_for)]

    with mock.patch.object(Openings, "decide", decide):
        yield


def _with(scene: Scene, *faults: str, **left: int) -> Scene:
    allowed = scene.left._replace(faults=int(bool(faults)), **left)
    return scene._replace(faults=frozenset(faults), left=allowed)


MUTATIONS: Final = (
    Mutation(
        "a ring is claimed without a condition",
        _with(RESIDENT, "again", typed=0),
        "two executions decide one ring",
        visitor=_claims_always,
    ),
    Mutation(
        "nobody watches",
        _with(STRANGER, answers=0)._replace(photographs=False),
        "a press is never decided: nobody is asked",
        without=frozenset({"watch"}),
    ),
    Mutation(
        "a phone need not say `got`",
        _with(RESIDENT, "die", typed=0),
        "a press is silent for ever",
        _sent_is_shown,
    ),
    Mutation(
        "the door does not wait for `acknowledged`",
        _with(RESIDENT, "kill"),
        "the door opened, and the phones were never told",
        _told_once,
    ),
    Mutation("a PIN's uses are not looked at", GUEST, "the door opened twice", _uses_not_counted),
    Mutation(
        "a use is written unconditionally", TWO_DOORS, "the door opened twice", _use_unconditional
    ),
    Mutation("the last answer counts", _with(STRANGER), "declined", _last_answer_counts),
    Mutation(
        "an answer of long ago counts",
        _with(STRANGER, "kill"),
        "the door opened for an answer of long ago",
        _old_answers_count,
    ),
    Mutation(
        "the door remembers no `open`",
        _with(STRANGER, "twice"),
        "the door opened twice",
        _opens_again,
    ),
)
