"""One stack for the whole session: AWS on this machine, the real template, IAM enforced."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from local import stack as local_stack

if TYPE_CHECKING:
    from collections.abc import Iterator

    from local.stack import Stack


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """The deployed doorbell, with one device of each role; ring limits are set wide."""
    with local_stack.up(directory=tmp_path_factory.mktemp("stack")) as running:
        yield running
