"""One stack for the whole session: AWS on this machine, the real template, IAM enforced."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from local import stack as local_stack

if TYPE_CHECKING:
    from collections.abc import Iterator

    from local.stack import Stack

# The tests' AWS is on this machine: whoever runs them may have an account and a profile.
for _name in [name for name in os.environ if name.startswith("AWS_")]:
    del os.environ[_name]


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """The deployed doorbell, with one device of each role; ring limits are set wide."""
    with local_stack.up(directory=tmp_path_factory.mktemp("stack")) as running:
        yield running


# How long one example takes is the machine's business: a busy one is no failure.
settings.register_profile("doorbell", deadline=None)
settings.load_profile("doorbell")
