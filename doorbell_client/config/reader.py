"""Reads the configuration: a TOML file, then the environment.

Every key has an environment variable: `[camera] width` is DOORBELL_CAMERA_WIDTH. An error names
the file and the line, or the variable, and says what was expected.
"""

import os
import tomllib
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, Final, TypeAlias

import msgspec

from doorbell_client.config.conflicts import Conflict, conflicts
from doorbell_client.config.keys import Key, all_keys, keys_of, sections
from doorbell_client.config.redaction import without_secrets
from doorbell_client.config.schema import Config
from doorbell_client.config.toml_lines import Keys, lines_of
from doorbell_client.errors import ConfigError

MAX_FILE_BYTES: Final = 64 * 1024


Report: TypeAlias = Callable[[ConfigError], None]
"""Is told what is wrong. Where it does not raise, the section counts as left out."""


def strictly(error: ConfigError) -> None:
    """Raise whatever is wrong."""
    raise error


def load(
    file: Path | None, environment: Mapping[str, str] = os.environ, report: Report = strictly
) -> Config:
    """The configuration in `file` (None: all defaults), changed by what the environment says.

    Relative paths in the file count from the file's own folder. Raises ConfigError; with another
    `report` only for a file that cannot be read at all: one wrong section must not silence a door.
    """
    config = Config() if file is None else read_file(file, report)
    config = _with_environment(config, environment, report)
    for conflict in conflicts(config):
        where = _where(conflict, file, environment)
        report(_error(where, conflict.what, conflict.expected))
        left_out = sections()[conflict.section]()
        config = msgspec.structs.replace(config, **{conflict.section: left_out})
    return config


def read_file(file: Path, report: Report = strictly) -> Config:
    """The configuration in one file. Raises ConfigError, as `load` does."""
    document = _document(file)
    try:
        content = tomllib.loads(document)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{file}: this is not TOML: {error}.") from None
    except RecursionError:
        raise ConfigError(f"{file}: this is no configuration: it is nested too deeply.") from None
    return _Reader(file, document, report).config(content)


class _Reader:
    """Turns the content of one file into a Config."""

    def __init__(self, file: Path, document: str, report: Report) -> None:
        self._file = file
        self._document = document
        self._report = report

    def config(self, content: Mapping[str, object]) -> Config:
        known = sections()
        for name, table in content.items():
            if name not in known:
                what = f"[{name}] is no section"
                self._report(self._wrong((name,), what, _one_of("sections", known)))
            elif not isinstance(table, dict):
                what = f"`{name}` is no section"
                self._report(self._wrong((name,), what, f"[{name}] and keys below it"))
        return Config(**{name: self._section(name, content.get(name, {})) for name in known})

    def _section(self, name: str, table: Any) -> Any:
        try:
            return self._whole_section(name, table if isinstance(table, dict) else {})
        except ConfigError as error:
            # All of it: half a strike's settings may hold a door open.
            self._report(error)
            return self._whole_section(name, {})

    def _whole_section(self, name: str, table: Mapping[str, object]) -> Any:
        known = keys_of(name)
        for key in table:
            if key not in known:
                what = f"[{name}] has no key `{key}`"
                raise self._wrong((name, key), what, _one_of("keys", known))
        values = {
            key.name: self._value(key, table[key.name]) if key.name in table else key.default
            for key in known.values()
        }
        return sections()[name](**{key: self._beside(value) for key, value in values.items()})

    def _value(self, key: Key, value: object) -> Any:
        try:
            return key.read(value)
        except msgspec.ValidationError:
            what = f"`{key.name}` in [{key.section}] cannot be {_shown(value)}"
            raise self._wrong((key.section, key.name), what, key.expected) from None

    def _beside(self, value: Any) -> Any:
        """Paths, default ones too, count from the folder of the file."""
        return self._file.parent / value if isinstance(value, Path) else value

    def _wrong(self, keys: Keys, what: str, expected: str) -> ConfigError:
        return _error(_line(self._file, self._document, keys), what, expected)


def _document(file: Path) -> str:
    try:
        with file.open("rb") as stream:
            content = stream.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        raise ConfigError(f"{file} cannot be read: {error.strerror}.") from None
    if len(content) > MAX_FILE_BYTES:
        raise ConfigError(f"{file} is no configuration: it is longer than 64 KiB.")
    try:
        return content.decode().replace("\r\n", "\n")
    except UnicodeDecodeError:
        raise ConfigError(f"{file} is not TOML: it is not UTF-8 text.") from None


def _with_environment(
    config: Config, environment: Mapping[str, str], report: Report = strictly
) -> Config:
    for key in all_keys():
        if key.variable in environment:
            try:
                value = _from_variable(key, environment[key.variable])
            except ConfigError as error:
                report(error)
                continue
            section = msgspec.structs.replace(getattr(config, key.section), **{key.name: value})
            config = msgspec.structs.replace(config, **{key.section: section})
    return config


def _from_variable(key: Key, text: str) -> Any:
    try:
        return key.read_text(text)
    except msgspec.ValidationError:
        raise _error(None, f"{key.variable} cannot be {_shown(text)}", key.expected) from None


def _where(conflict: Conflict, file: Path | None, environment: Mapping[str, str]) -> str:
    """Who set this key: a variable, or a line of the file."""
    variable = keys_of(conflict.section)[conflict.key].variable
    if file is None or variable in environment:
        return variable
    return _line(file, _document(file), (conflict.section, conflict.key))


def _line(file: Path, document: str, keys: Keys) -> str:
    return f"{file}, line {lines_of(document).get(keys, 1)}"


def _error(where: str | None, what: str, expected: str) -> ConfigError:
    place = f"{where}: " if where else ""
    return ConfigError(without_secrets(f"{place}{what}; expected {expected}."))


def _one_of(kind: str, names: Iterable[str]) -> str:
    return f"one of the {kind} {', '.join(names)}"


def _shown(value: object) -> str:
    words = str(value).lower() if isinstance(value, bool) else repr(value)
    # Before it is cut: the beginning of a token is as secret as the whole.
    words = without_secrets(words)
    return words if len(words) <= 60 else words[:57] + "..."
