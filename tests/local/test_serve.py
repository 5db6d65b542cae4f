"""What the server changes in ministack is still there to be changed."""

import pytest
from ministack.services import apigateway

from local import serve


def test_ministack_still_chooses_a_frames_route_where_it_is_mended(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert hasattr(apigateway, "_evaluate_route_selection"), (
        "ministack has moved `_evaluate_route_selection`: see `local.serve.take_any_frame`"
    )

    def fail(expression: str, frame: str) -> str:
        raise RecursionError

    monkeypatch.setattr(apigateway, "_evaluate_route_selection", fail)
    serve.take_any_frame()
    assert apigateway._evaluate_route_selection("$request.body.action", "[[") == "$default"
