"""Why the phone's API refuses: a closed list, `docs/openapi.yaml` has the same."""

from __future__ import annotations

from typing import Final, Literal, TypeAlias, get_args

from doorbell import problems

ProblemName: TypeAlias = Literal[
    "not_json",
    "bad_field",
    "bad_name",
    "bad_endpoint",
    "no_consent",
    "bad_token",
    "not_manager",
    "not_found",
    "no_such_pairing",
    "wrong_method",
    "last_manager",
    "name_taken",
    "too_many",
    "film_under_way",
    "changed",
    "too_large",
    "wrong_type",
    "try_again",
]

PROBLEMS: Final[tuple[ProblemName, ...]] = get_args(ProblemName)

STATUS: Final[dict[ProblemName, int]] = {
    "not_json": 400,
    "bad_field": 400,
    "bad_name": 400,
    "bad_endpoint": 400,
    "no_consent": 400,
    "bad_token": 401,
    "not_manager": 403,
    "not_found": 404,
    "no_such_pairing": 404,
    "wrong_method": 405,
    "last_manager": 409,
    "name_taken": 409,
    "too_many": 409,
    "film_under_way": 409,
    "changed": 412,
    "too_large": 413,
    "wrong_type": 415,
    "try_again": 503,
}
"""HTTP's status for each."""


class Problem(problems.Problem):
    """A request that the phone's API refuses."""

    def __init__(self, name: ProblemName, title: str) -> None:
        super().__init__(name, title, STATUS[name])


def not_found() -> Problem:
    """The same words for what is nowhere and for what is in another home."""
    return Problem("not_found", "This home has none such.")
