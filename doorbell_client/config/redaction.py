"""Removes secrets from what a person or a log is about to see."""

import re
from typing import Final

_TOKEN: Final = re.compile(r"[\w-]+\.[\w-]+\.[\w-]{20,}")
"""`home.device.secret`; the cloud's secrets have 43 characters."""

_USER: Final = re.compile(r"(://)[^/\s'\"@]*@")
_QUERY: Final = re.compile(r"(://[^\s'\"?#]*)[?#][^\s'\"]*")
"""A query may hold a token or a signature."""


def without_secrets(text: str) -> str:
    """`text` without tokens, and without the queries and passwords of URLs."""
    text = _USER.sub(r"\1", text)
    text = _QUERY.sub(r"\1?…", text)
    return _TOKEN.sub("(token)", text)
