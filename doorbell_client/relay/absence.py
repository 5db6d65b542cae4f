"""A stream that is away: for how long, and what was told of that."""


class Absence:
    """One, from the moment in which it began."""

    def __init__(self, since: float) -> None:
        self._since = since
        self._why = ""
        self._long = False

    def is_news(self, why: str) -> bool:
        """Whether this reason is another than the last one."""
        self._why, before = why, self._why
        return why != before

    def is_long(self, now: float, seconds: float) -> bool:
        """Whether it is away for so long by now; said once."""
        if self._long or now - self._since < seconds:
            return False
        self._long = True
        return True
