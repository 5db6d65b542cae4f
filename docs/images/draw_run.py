"""Draw docs/images/run.svg: what `make run` prints, from a real run.

.venv/bin/python -m docs.images.draw_run
"""

import io
import tempfile
from pathlib import Path

from rich.console import Console

from demo import rings
from demo.screen import Screen
from docs.images.terminal import save
from local import server, stack

PICTURE = Path(__file__).with_name("run.svg")


def main() -> None:
    """Run the demonstration once and keep what it printed."""
    console = Console(record=True, width=104, file=io.StringIO(), highlight=False)
    screen = Screen(console)
    with tempfile.TemporaryDirectory() as folder, server.running(directory=Path(folder)) as aws:
        rings.demonstrate(stack.add(aws, name="doorbell").demo, screen)
    save(console, PICTURE, "make run")


if __name__ == "__main__":
    main()
