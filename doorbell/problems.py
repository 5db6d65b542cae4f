"""A request over HTTP that is refused. Each API has its own closed list of names."""

from __future__ import annotations

from doorbell.errors import DoorbellError


class Problem(DoorbellError, ValueError):
    """A request that is refused, by name; the text is one sentence for a person.

    `status` is HTTP's.
    """

    allowed: str = ""
    """Of a method that is not understood: those that are, as the header Allow has them."""

    def __init__(self, name: str, title: str, status: int) -> None:
        super().__init__(title)
        self.name = name
        self.title = title
        self.status = status

    @property
    def shown(self) -> dict[str, str | int]:
        """Its members in a body of application/problem+json (RFC 9457)."""
        return {
            "type": f"urn:doorbell:{self.name}",
            "title": self.title,
            "status": self.status,
            "name": self.name,
        }
