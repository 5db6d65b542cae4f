"""What a file imports is read from its source, however it is written."""

from __future__ import annotations

from textwrap import dedent

import pytest

from packing.imports import read_imports


def modules(source: str, module: str = "house.hall.door", *, is_package: bool = False) -> list[str]:
    """What is imported, and what only for types in brackets."""
    return [
        f"({each.module})" if each.types_only else each.module
        for each in read_imports(dedent(source), module, is_package=is_package)
    ]


def test_every_form_of_import_is_read_in_the_order_of_the_lines() -> None:
    source = """
        import rich, httpx.client
        from yaml import safe_load as load
        def late():
            import PIL
        class Part:
            import av
        importlib.import_module("numpy")
        __import__("moto")
    """
    assert modules(source) == ["rich", "httpx.client", "yaml", "PIL", "av", "numpy", "moto"]


def test_only_the_guarded_branch_is_for_types() -> None:
    source = """
        if TYPE_CHECKING:
            import rich
            if True:
                import httpx
        else:
            import yaml
        if typing.TYPE_CHECKING:
            import av
        if sys.version_info > (3, 12):
            import numpy
    """
    assert modules(source) == ["(rich)", "(httpx)", "yaml", "(av)", "numpy"]


@pytest.mark.parametrize(
    ("line", "module", "package"),
    [
        ("from . import bell", "house.hall", "house.hall.door"),
        ("from .bell import ring", "house.hall.bell", "house.hall.door.bell"),
        ("from .. import roof", "house", "house.hall"),
        ("from ..roof import tile", "house.roof", "house.hall.roof"),
    ],
)
def test_a_relative_import_starts_at_the_file_s_own_package(
    line: str, module: str, package: str
) -> None:
    assert modules(line) == [module]
    assert modules(line, is_package=True) == [package]


def test_a_name_after_from_is_a_module_only_where_there_is_one() -> None:
    (each,) = read_imports("from house import door", "garden", is_package=False)
    assert each.target(lambda name: name == "house.door") == "house.door"
    assert each.target(lambda _: False) == "house"


@pytest.mark.parametrize(
    ("name", "module"), [("name", ""), ("f'house.{name}'", "house"), ("f'{name}.door'", "")]
)
def test_of_a_made_up_name_the_package_counts_that_it_begins_with(name: str, module: str) -> None:
    (each,) = read_imports(f"import_module({name})", "garden", is_package=False)
    assert (each.module, each.made_up) == (module, True)
