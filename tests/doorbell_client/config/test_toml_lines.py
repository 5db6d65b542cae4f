"""The line that is named is the line on which the key stands, whatever stands around it."""

import tomllib

from hypothesis import given
from hypothesis import strategies as st

from doorbell_client.config.toml_lines import lines_of

NAMES = st.from_regex(r"[a-z]{1,4}", fullmatch=True)
DECOYS = st.sampled_from(["key = 1", "[table]", '"""', "'''", "]", "}", "#", "", "x = ["])
"""Words that look like statements, put where they are none."""


def _comment(decoy: str) -> list[str]:
    return [f"# {decoy}"]


def _long_string(decoy: str) -> list[str]:
    safe = decoy.replace('"""', "").replace("'''", "")
    return ["'''", safe, f"  {safe}", "'''"]


def _long_list(decoy: str) -> list[str]:
    return ["[", f"  1, # {decoy}", "  2,", "]"]


VALUES = st.one_of(
    st.integers(0, 99).map(lambda n: [str(n)]),
    DECOYS.map(lambda decoy: [f'"{decoy}"'.replace('"""', "")] if '"' not in decoy else ['""']),
    DECOYS.map(_long_string),
    DECOYS.map(_long_list),
    st.just(["{a = 1, b.c = 2}"]),
)


@st.composite
def documents(draw: st.DrawFn) -> tuple[str, dict[tuple[str, ...], int]]:
    """A document, and for each of its keys the line it was put on."""
    lines: list[str] = []
    where: dict[tuple[str, ...], int] = {}
    for table in draw(st.lists(NAMES, unique=True, max_size=4)):
        lines += draw(st.lists(DECOYS.map(lambda decoy: f"# {decoy}"), max_size=2))
        lines.append(f"[{table}]")
        where[(table,)] = len(lines)
        for key in draw(st.lists(NAMES, unique=True, max_size=4)):
            lines += draw(st.lists(st.just(""), max_size=2))
            first, *rest = draw(VALUES)
            lines += [f"{key} = {first}", *rest]
            where[(table, key)] = len(lines) - len(rest)
    return "\n".join(lines), where


@given(documents())
def test_every_key_is_found_on_its_own_line(case: tuple[str, dict[tuple[str, ...], int]]) -> None:
    document, where = case
    tomllib.loads(document)
    found = lines_of(document)
    assert {keys: found.get(keys) for keys in where} == where


def test_dotted_keys_inline_tables_and_lists_of_tables_are_found_where_they_begin() -> None:
    document = 'a.b = 1\nc = {d = 2}\n"quoted key" = 3\n[[many]]\nx = 1\n[[many]]\n'
    assert lines_of(document) == {
        ("a",): 1,
        ("a", "b"): 1,
        ("c",): 2,
        ("c", "d"): 2,
        ("quoted key",): 3,
        ("many",): 4,
    }
