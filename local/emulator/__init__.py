"""What is changed in ministack, in memory, where it differs from AWS or waits for nothing.

Each file is one subject. All of them reach for private names, which `tests/local/emulator` watches:
when ministack moves one, a test says so plainly.
"""

from local.emulator import (
    activity,
    callbacks,
    conditions,
    frames,
    histories,
    queries,
    unready,
    waits,
    workers,
)


def change() -> None:
    """Make every change, once, before the server starts."""
    frames.take_any_frame()
    frames.hide_errors()
    unready.say_when_it_is_not_there_yet()
    activity.tell_as_aws_does()
    callbacks.fail_with_their_function()
    workers.limit(workers.CEILING)
    waits.leave_out()
    queries.compare_keys()
    conditions.fill_in()
    histories.keep_the_newest()
