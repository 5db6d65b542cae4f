"""The command `doorbell`, also `python -m doorbell_client`."""

import logging
import sys
from collections.abc import Sequence

from doorbell_client.commands.parser import parse
from doorbell_client.config.redaction import without_secrets
from doorbell_client.errors import ClientError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status. An expected error is one sentence and status 1."""
    asked, run = parse(arguments)
    _set_up_log(verbose=asked.verbose)
    try:
        return run(asked)
    except ClientError as error:
        print(without_secrets(str(error)), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _set_up_log(*, verbose: bool) -> None:
    logging.basicConfig(
        level=logging.INFO if verbose else logging.WARNING,
        format="%(levelname)s %(name)s: %(message)s",
    )


if __name__ == "__main__":
    sys.exit(main())
