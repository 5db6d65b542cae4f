"""Jobs whose errors hold what must not be told. Run as a program, as Lambda would run them."""

from __future__ import annotations

import json
import traceback
from typing import TYPE_CHECKING

from doorbell.aws.api.pool import Response
from doorbell.aws.api.refusals import read_error
from doorbell.errors import MessageError
from functions.shared.run import JobFailed, run

if TYPE_CHECKING:
    from collections.abc import Callable

SECRETS = ("042137", "home.front.s3cr3t", "guest/home/r/photo.jpeg")
WHAT = " ".join(SECRETS)
FACTS = {"home": "home", "door": "front", "ring": "ring-1", "request_id": "request-1"}


def plain() -> None:
    """An error that quotes what it was given."""
    raise ValueError(WHAT)


def keyed() -> None:
    """An error whose text is a key."""
    raise KeyError(WHAT)


def chained() -> None:
    """An error that another one caused."""
    try:
        plain()
    except ValueError as error:
        raise RuntimeError("while handling " + WHAT) from error


def refused() -> None:
    """An error of ours."""
    raise MessageError("bad_field", WHAT)


def of_aws() -> None:
    """AWS quotes requests in its messages."""
    said = {"__type": "com.amazon.coral.validate#ValidationException", "message": WHAT}
    raise read_error(Response(400, {}, json.dumps(said).encode()))


def well() -> str:
    """A job that goes well has an answer, which is no business of the log's."""
    return WHAT


JOBS: tuple[Callable[[], object], ...] = (plain, keyed, chained, refused, of_aws, well)


def main() -> None:
    """Run all of them; what they raise is printed, as Lambda's runtime prints it."""
    for job in JOBS:
        try:
            run(job.__name__, job, FACTS)
        except JobFailed:
            traceback.print_exc()


if __name__ == "__main__":
    main()
