"""One stack for the whole session: AWS on this machine, the real template, IAM enforced."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Final

import pytest
from hypothesis import settings
from xdist.scheduler import LoadFileScheduling

from local import stack as local_stack

if TYPE_CHECKING:
    from collections.abc import Iterator

    from local.stack import Stack

# The tests' AWS is on this machine: whoever runs them may have an account and a profile.
for _name in [name for name in os.environ if name.startswith("AWS_")]:
    del os.environ[_name]


TOGETHER: Final = ("app", "phone", "statemachines")
"""Folders whose files share what is costly, or look at what the others did."""


LONG: Final = (
    "tests/template/test_build.py",
    "tests/operations/test_by_make.py",
    "tests/local/test_main.py",
    "tests/local/kept/test_up.py",
    "tests/statemachines/",
    "tests/stories/test_update.py",
    "tests/proof/",
    "tests/app/",
    "tests/phone/",
    "tests/local/",
)
"""What takes longest is begun first, so that no process is left alone with it at the end."""


class _FoldersTogether(LoadFileScheduling):  # type: ignore[misc]
    """Sends a file's tests to one process, and so those of a folder that stays together."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return next((each for each in TOGETHER if file.startswith(f"tests/{each}/")), file)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """With `--no-loadscope-reorder` they are handed out in this order."""
    items.sort(
        key=lambda item: next((i for i, f in enumerate(LONG) if item.nodeid.startswith(f)), 99)
    )


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """For `pytest -n 2 --dist loadfile`."""
    return _FoldersTogether(config, log) if config.getvalue("dist") == "loadfile" else None


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """The deployed doorbell, with one device of each role; ring limits are set wide."""
    with local_stack.up(directory=tmp_path_factory.mktemp("stack")) as running:
        yield running


# How long one example takes is the machine's business: a busy one is no failure.
settings.register_profile("doorbell", deadline=None)
settings.load_profile("doorbell")
