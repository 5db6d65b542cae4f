"""Reads a device's configuration: a TOML file, then the environment, then the token's own file.

Every key has an environment variable: `[camera] width` is DOORBELL_CAMERA_WIDTH, and DOORBELL_TOKEN
stands for the token. Whatever is wrong is named with file, line and what was expected.
"""

import os
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import fields, replace
from pathlib import Path
from typing import Any, Final, cast

import platformdirs

from doorbell_client.config.conflicts import conflicts
from doorbell_client.config.schema import Config
from doorbell_client.config.toml_lines import Keys, lines_of
from doorbell_client.config.validators import Key, keys_of
from doorbell_client.errors import ConfigError

FILE_NAME: Final = "doorbell.toml"
SYSTEM_FOLDER: Final = Path("/etc/doorbell")
MAX_FILE_BYTES: Final = 64 * 1024


def config_folder() -> Path:
    """Where `doorbell init` writes: the machine's folder for root, else the user's own."""
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        return SYSTEM_FOLDER
    return platformdirs.user_config_path("doorbell")


def find_config(named: Path | None, environment: Mapping[str, str] = os.environ) -> Path | None:
    """The configuration that counts: named, by DOORBELL_CONFIG, the user's, the machine's."""
    if named is not None:
        return named
    if by_environment := environment.get("DOORBELL_CONFIG"):
        return Path(by_environment)
    usual = (platformdirs.user_config_path("doorbell"), SYSTEM_FOLDER)
    return next((folder / FILE_NAME for folder in usual if (folder / FILE_NAME).exists()), None)


def load(file: Path | None, environment: Mapping[str, str] = os.environ) -> Config:
    """The configuration in `file` (None: all defaults), with what the environment says instead.

    Relative paths in the file count from the file's own folder. Raises ConfigError.
    """
    config = _with_environment(Config() if file is None else read_file(file), environment)
    for section, key, what, expected in conflicts(config):
        where = _where(section, key, file, environment)
        raise ConfigError(f"{where}: {what}; expected {expected}.")
    return config


def read_file(file: Path) -> Config:
    """The configuration in one file. Raises ConfigError."""
    document = _document(file)
    try:
        content = tomllib.loads(document)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{file}: this is not TOML: {error}.") from None
    except RecursionError:
        raise ConfigError(f"{file}: this is no configuration: it is nested too deeply.") from None
    return _Reader(file, document).config(content)


class _Reader:
    """One file's content, turned into a Config."""

    def __init__(self, file: Path, document: str) -> None:
        self._file = file
        self._document = document

    def config(self, content: Mapping[str, object]) -> Config:
        sections = {each.name: getattr(Config(), each.name) for each in fields(Config)}
        for name, table in content.items():
            if name not in sections:
                raise self._wrong((name,), f"[{name}] is no section", _listed("sections", sections))
            if not isinstance(table, dict):
                raise self._wrong((name,), f"`{name}` is no section", f"[{name}] and keys below it")
        return Config(
            **{
                name: self._section(
                    name, defaults, cast("dict[str, object]", content.get(name, {}))
                )
                for name, defaults in sections.items()
            }
        )

    def _section(self, name: str, defaults: Any, table: Mapping[str, object]) -> Any:
        known = {each.name: each for each in keys_of(type(defaults))}
        made: dict[str, Any] = {}
        for key, value in table.items():
            if key not in known:
                expected = _listed("keys", known)
                raise self._wrong((name, key), f"[{name}] has no key `{key}`", expected)
            made[key] = self._value(name, known[key], value)
        return replace(_beside(defaults, self._file.parent), **made)

    def _value(self, section: str, of: Key, value: object) -> Any:
        try:
            accepted = of.check.accept(value)
        except ValueError:
            wrong = f"`{of.name}` in [{section}] cannot be {_shown(value)}"
            raise self._wrong((section, of.name), wrong, of.check.expected) from None
        return self._file.parent / accepted if isinstance(accepted, Path) else accepted

    def _wrong(self, keys: Keys, what: str, expected: str) -> ConfigError:
        line = lines_of(self._document).get(keys, 1)
        return ConfigError(f"{self._file}, line {line}: {what}; expected {expected}.")


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


def variable(section: str, key: str) -> str:
    """The environment variable of one key."""
    return f"DOORBELL_{section}_{key}".upper()


def _with_environment(config: Config, environment: Mapping[str, str]) -> Config:
    changed: dict[str, Any] = {}
    for section in fields(Config):
        before = getattr(config, section.name)
        if told := dict(_told(section.name, before, environment)):
            changed[section.name] = replace(before, **told)
    return replace(config, **changed)


def _told(section: str, of: Any, environment: Mapping[str, str]) -> Iterator[tuple[str, Any]]:
    for each in keys_of(type(of)):
        name = variable(section, each.name)
        if name not in environment:
            continue
        check = each.check
        try:
            yield each.name, check.accept(check.from_text(environment[name]))
        except ValueError:
            shown = _shown(environment[name])
            raise ConfigError(f"{name} cannot be {shown}; expected {check.expected}.") from None


def _where(section: str, key: str, file: Path | None, environment: Mapping[str, str]) -> str:
    """Who set this key, for a person."""
    name = variable(section, key)
    if file is None or name in environment:
        return name
    return f"{file}, line {lines_of(_document(file)).get((section, key), 1)}"


def _beside(defaults: Any, folder: Path) -> Any:
    """Default paths count from the configuration's folder too."""
    paths = {
        each.name: folder / value
        for each in fields(defaults)
        if isinstance(value := getattr(defaults, each.name), Path)
    }
    return replace(defaults, **paths)


def _listed(kind: str, names: Mapping[str, object]) -> str:
    return f"one of the {kind} {', '.join(names)}"


def _shown(value: object) -> str:
    words = str(value).lower() if isinstance(value, bool) else repr(value)
    return words if len(words) <= 60 else words[:57] + "..."
