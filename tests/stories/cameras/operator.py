"""Who types `make add-camera`, `make film` and `make revoke`, and reads what they print."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from operations import __main__ as command
from operations import film
from tests.stories.cameras.camera import Camera

if TYPE_CHECKING:
    import pytest

    from tests.stories.doorstep import Home


class Page(NamedTuple):
    """What `make add-camera` says is typed into a camera's page."""

    url: str
    parameters: str
    token: str


class Operator:
    """The operator of one home."""

    def __init__(
        self, home: Home, monkeypatch: pytest.MonkeyPatch, output: pytest.CaptureFixture[str]
    ) -> None:
        self.home = home
        self._output = output
        monkeypatch.setattr(command, "find_stack", lambda _: home.stack.deployed)
        monkeypatch.setattr(film, "LOOK_EVERY", 0.1)

    def types(self, *words: str) -> Any:
        """A verb; what it printed, in `out` and `err`."""
        assert command.main([*words, "--home", self.home.id]) == 0
        return self._output.readouterr()

    def adds(self, name: str) -> Page:
        """`make add-camera NAME=`."""
        said = self.types("add", "camera", name)
        typed = dict(re.findall(r"^ {4}(\S.*?) {2,}(.+)$", said.err, re.MULTILINE))
        return Page(typed["URL"], typed["Custom CGI parameters"], said.out.strip())

    def camera(self, name: str) -> Camera:
        """One that is added by its name."""
        token = self.adds(name).token
        return Camera(self.home, token.split(".")[1], token)

    def films(self, camera: str) -> list[str]:
        """`make film CAMERA=`: the links to MP4 and GIF of its last day."""
        links: list[str] = self.types("film", camera).out.split()
        return links
