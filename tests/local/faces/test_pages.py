"""Pages: together they are the list, whatever the sizes, and whatever goes meanwhile."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local.faces.errors import BadPage
from local.faces.pages import page

KEYS = st.lists(st.integers(min_value=0), unique=True).map(sorted) | st.lists(
    st.text(), unique=True
).map(sorted)


@given(KEYS, st.integers(min_value=1, max_value=7))
def test_pages_make_up_the_list(items: list[int] | list[str], size: int) -> None:
    """Following the tokens gives every item once, in order, in pages of `size`."""
    seen: list[object] = []
    token: str | None = None
    for _ in range(len(items) + 1):
        chosen, token = page(items, lambda item: item, size, token)
        seen += chosen
        assert len(chosen) == size or token is None
        if token is None:
            break
    assert seen == items


@given(st.sets(st.integers(0, 50), min_size=2), st.sets(st.integers(0, 50)))
def test_what_goes_meanwhile_costs_nobody_its_place(items: set[int], gone: set[int]) -> None:
    """Items deleted between two pages neither hide nor repeat the others."""
    first, token = page(sorted(items), int, 1, None)
    rest, _ = page(sorted(items - gone), int, 100, token)
    assert first + rest == sorted({min(items)} | (items - gone))


@given(st.text(max_size=20))
def test_a_token_of_nobodys_is_refused_or_read(token: str) -> None:
    """Any text at all is a token of ours or BadPage, never another error."""
    try:
        page([1, 2, 3], int, 2, token)
    except BadPage as error:
        assert str(error) == "Invalid pagination token"  # noqa: PT017
    else:
        assert token


def test_a_token_of_another_list_is_refused() -> None:
    """A token that names a text does not page through numbers."""
    _, token = page(["a", "b"], str, 1, None)
    with pytest.raises(BadPage):
        page([1, 2], int, 1, token)
