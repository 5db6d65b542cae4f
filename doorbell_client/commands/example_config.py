"""The configuration that `doorbell init` writes: every key with what it means, ready to be edited.

Only what a device cannot do without is set; a line that begins with `#` shows the default, or the
pin of the wiring in docs/hardware.md.
"""

import json
import textwrap
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from doorbell_client.config.keys import Key, keys_of, sections
from doorbell_client.hardware import wiring

_HEAD: Final = """\
# Written by `doorbell init`. Take the `#` away from a line to set it; `doorbell doctor` says what
# is wrong. docs/hardware.md has the wiring that the pins below are from.
"""


def example(settings: Mapping[str, Mapping[str, Any]]) -> str:
    """A whole configuration; `settings` are the keys that are set, by section and name."""
    return _HEAD + "".join(_section(name, settings.get(name, {})) for name in sections())


def _section(name: str, settings: Mapping[str, Any]) -> str:
    wired = tomllib.loads(wiring.toml()).get(name, {})
    lines = [f"\n[{name}]"]
    for key in keys_of(name).values():
        lines += _comment(key)
        if key.name in settings:
            lines.append(f"{key.name} = {_toml(settings[key.name])}")
        else:
            lines.append(f"#{key.name} = {_toml(wired.get(key.name, key.shown_default))}")
    return "\n".join(lines) + "\n"


def _comment(key: Key) -> Iterator[str]:
    words = f"{key.about[0].upper()}{key.about[1:]} ({key.expected})."
    yield from textwrap.wrap(words, 98, initial_indent="# ", subsequent_indent="# ")


def _toml(value: Any) -> str:
    """TOML writes text, numbers, booleans and lists as JSON does."""
    return json.dumps(str(value) if isinstance(value, Path) else value)
