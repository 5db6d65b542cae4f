"""Why a camera is refused: a closed list, `docs/openapi-cameras.yaml` has the same."""

from __future__ import annotations

from typing import Final, Literal, TypeAlias, get_args

from doorbell import problems

ProblemName: TypeAlias = Literal[
    "not_json",
    "bad_field",
    "empty",
    "broken_picture",
    "bad_part",
    "no_token",
    "bad_token",
    "not_found",
    "wrong_method",
    "too_slow",
    "lost_upload",
    "too_large",
    "wrong_type",
    "try_again",
]

PROBLEMS: Final[tuple[ProblemName, ...]] = get_args(ProblemName)

STATUS: Final[dict[ProblemName, int]] = {
    "not_json": 400,
    "bad_field": 400,
    "empty": 400,
    "broken_picture": 400,
    "bad_part": 400,
    "no_token": 401,
    "bad_token": 403,
    "not_found": 404,
    "wrong_method": 405,
    "too_slow": 408,
    "lost_upload": 409,
    "too_large": 413,
    "wrong_type": 415,
    "try_again": 503,
}
"""HTTP's status for each."""


class Problem(problems.Problem):
    """A camera's request that is refused."""

    def __init__(self, name: ProblemName, title: str) -> None:
        super().__init__(name, title, STATUS[name])


def too_large(most: int) -> Problem:
    """Says how many bytes it may be."""
    return Problem("too_large", f"This may have {most} bytes at most.")


def wrong_method(allowed: str) -> Problem:
    """Says which ones are understood."""
    problem = Problem("wrong_method", f"Here {allowed} is understood.")
    problem.allowed = allowed
    return problem


def not_found() -> Problem:
    """The same words for what is nowhere and for what is another camera's."""
    return Problem("not_found", "This camera has none such.")
