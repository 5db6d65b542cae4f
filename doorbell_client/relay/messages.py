"""What a camera asks and what it is answered, apart from how that is written on a wire."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import h11


class BadRequest(Exception):
    """What came is no HTTP. `status` is what to answer."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status


class Cut(Exception):
    """The connection ended before the request did."""


class Head(NamedTuple):
    """Request line and headers."""

    method: str
    target: str
    headers: Sequence[tuple[str, str]]
    """Names in lower case."""

    @classmethod
    def of(cls, request: "h11.Request") -> "Head":
        """As h11 has read it."""
        headers = [(name.decode(), _text(value)) for name, value in request.headers]
        return cls(request.method.decode(), request.target.decode(), headers)

    @property
    def path(self) -> str:
        """The target without its query."""
        return self.target.partition("?")[0]

    def one(self, name: str) -> str | None:
        """The value of a header that stands there once; None for any other number."""
        values = [value for each, value in self.headers if each == name]
        return values[0] if len(values) == 1 else None

    @property
    def media_type(self) -> str:
        """`Content-Type` without its parameters, in lower case."""
        return (self.one("content-type") or "").partition(";")[0].strip().lower()

    @property
    def is_chunked(self) -> bool:
        """The body says piece by piece how long it is."""
        return self.one("transfer-encoding") is not None

    @property
    def length(self) -> int | None:
        """How long the body is, if that is said before it. h11 has checked that it is a number."""
        said = self.one("content-length")
        return int(said) if said is not None and not self.is_chunked else None


class Answer(NamedTuple):
    """What is answered."""

    status: int
    body: bytes = b""
    type: str = "text/plain; charset=utf-8"
    headers: Sequence[tuple[str, str]] = ()

    def response(self, *, closes: bool) -> "h11.Response":
        """As h11 writes it; `closes`: no further request is read from this connection."""
        import h11

        headers = [
            ("Content-Type", self.type),
            ("Content-Length", str(len(self.body))),
            *self.headers,
            *([("Connection", "close")] if closes else []),
        ]
        phrase = HTTPStatus(self.status).phrase.encode()
        return h11.Response(status_code=self.status, headers=headers, reason=phrase)


def _text(value: bytes) -> str:
    """Names of files come in UTF-8, or in what Western Europe had before it."""
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.decode("latin-1")
