"""One JSON object a line, as CloudWatch can search it.

Powertools' logger does the same and more, and its import costs several times what a cold ring may
spend on logging (docs/decisions/own-client.md).
"""

from __future__ import annotations

import json
import logging
import sys
import time
from functools import cache
from typing import Final

SERVICE: Final = "doorbell"
FACTS: Final = "facts"
"""The attribute of a log record that holds what the line says beside its message."""


class JsonLines(logging.Formatter):
    """Level, message, time and service; then the facts."""

    def format(self, record: logging.LogRecord) -> str:
        """One line, in ASCII: some readers end a line at other signs, too. Facts that JSON does not
        know are written as their text.
        """
        seconds = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
        line = {
            "level": record.levelname,
            "message": record.getMessage(),
            "timestamp": f"{seconds}.{int(record.msecs):03d}Z",
            "service": SERVICE,
            **getattr(record, FACTS, {}),
        }
        return json.dumps(line, default=str)


class StandardOutput(logging.Handler):
    """Lambda puts what is printed into the log."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write the line at once: an environment may be frozen in the next moment."""
        sys.stdout.write(self.format(record) + "\n")
        sys.stdout.flush()


@cache
def logger() -> logging.Logger:
    """The logger of the jobs: from INFO, to standard output, and to no other handler."""
    made = logging.getLogger("functions")
    handler = StandardOutput()
    handler.setFormatter(JsonLines())
    made.addHandler(handler)
    made.setLevel(logging.INFO)
    # Lambda's runtime has a handler of its own, which would write every line once more.
    made.propagate = False
    return made
