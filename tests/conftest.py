"""One stack for the whole session: AWS on this machine, the real template, IAM enforced."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
from hypothesis import settings

from local import stack as local_stack

if TYPE_CHECKING:
    from collections.abc import Iterator

    from local.stack import Stack

# The tests' AWS is on this machine: whoever runs them may have an account and a profile.
for _name in [name for name in os.environ if name.startswith("AWS_")]:
    del os.environ[_name]


TOGETHER: Final = ("app", "phone", "statemachines")
"""Folders whose files share what is costly, or look at what the others did."""


@pytest.hookimpl(tryfirst=True)  # xdist reads the mark
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What shall run in one process (`pytest -n 2 --dist loadgroup`): a file, or such a folder."""
    for item in items:
        folder = item.path.relative_to(Path(__file__).parent).parts[0]
        item.add_marker(pytest.mark.xdist_group(folder if folder in TOGETHER else item.path.name))


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """The deployed doorbell, with one device of each role; ring limits are set wide."""
    with local_stack.up(directory=tmp_path_factory.mktemp("stack")) as running:
        yield running


# How long one example takes is the machine's business: a busy one is no failure.
settings.register_profile("doorbell", deadline=None)
settings.load_profile("doorbell")
