"""What a handler reaches is what runs: lazily or at once, with the packages around it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from packing.reach import NothingToPack, Reached

if TYPE_CHECKING:
    from pathlib import Path

ENTRY = "jobs.ring.entry"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A repository with one handler that imports nothing yet."""
    return write(
        tmp_path / "root", {"jobs/__init__": "", "jobs/ring/__init__": "", "jobs/ring/entry": ""}
    )


def write(folder: Path, files: dict[str, str]) -> Path:
    """Python files by name."""
    for name, source in files.items():
        file = folder / f"{name}.py"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(source)
    return folder


def test_what_nobody_imports_stays_out(root: Path) -> None:
    write(root, {"jobs/ring/stranger": "", "jobs/stranger/__init__": "", "stranger": ""})
    assert set(Reached(ENTRY, root).files) == {"jobs", "jobs.ring", ENTRY}


def test_a_module_brings_the_packages_around_it_and_what_they_import(root: Path) -> None:
    write(
        root,
        {
            "jobs/ring/entry": "from house.hall import door",
            "house/__init__": "import garden",
            "house/hall/__init__": "",
            "house/hall/door": "",
            "garden": "",
        },
    )
    reached = set(Reached(ENTRY, root).files) - {"jobs", "jobs.ring", ENTRY}
    assert reached == {"house", "house.hall", "house.hall.door", "garden"}


def test_an_import_inside_a_function_is_followed_and_one_for_types_is_not(root: Path) -> None:
    guarded = "if TYPE_CHECKING:\n    import typed\ndef job():\n    import late\n"
    write(root, {"jobs/ring/entry": guarded, "typed": "", "late": ""})
    assert set(Reached(ENTRY, root).files) == {"jobs", "jobs.ring", ENTRY, "late"}


def test_a_circle_ends(root: Path) -> None:
    write(root, {"jobs/ring/entry": "import one", "one": "import two", "two": "import one"})
    assert {"one", "two"} < set(Reached(ENTRY, root).files)


def test_an_installed_package_is_followed_into_itself_and_never_into_ours(
    root: Path, tmp_path: Path
) -> None:
    write(root, {"jobs/ring/entry": "import web", "stranger": ""})
    installed = write(
        tmp_path / "installed",
        {
            "web/__init__": "from web import core\nimport absent",
            "web/core": "import stranger",
            "web/tests": "",
        },
    )
    reached = Reached(ENTRY, root, installed).files
    assert set(reached) == {"jobs", "jobs.ring", ENTRY, "web", "web.core"}
    assert reached["web.core"] == installed / "web/core.py"


def test_without_installed_packages_ours_alone_are_followed(root: Path) -> None:
    write(root, {"jobs/ring/entry": "import web\nimport late", "late": ""})
    assert set(Reached(ENTRY, root).files) == {"jobs", "jobs.ring", ENTRY, "late"}


def test_an_import_of_ours_that_no_pinned_package_answers_is_named(
    root: Path, tmp_path: Path
) -> None:
    write(root, {"jobs/ring/entry": "import json\nimport forgotten"})
    with pytest.raises(NothingToPack, match=r"entry\.py, line 2: forgotten is in no pinned"):
        Reached(ENTRY, root, tmp_path / "installed")


def test_a_module_whose_name_is_made_up_cannot_be_packed(root: Path) -> None:
    write(root, {"jobs/ring/entry": "name = 'late'\n__import__(f'jobs.{name}')", "jobs/late": ""})
    with pytest.raises(NothingToPack, match=r"entry\.py, line 2: what it imports is made up"):
        Reached(ENTRY, root)


def test_a_handler_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(NothingToPack, match=r"jobs\.ring\.entry"):
        Reached(ENTRY, tmp_path)
