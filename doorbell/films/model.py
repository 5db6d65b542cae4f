"""The records of films. Times are seconds since 1970."""

from __future__ import annotations

from typing import NamedTuple


class FilmKeys(NamedTuple):
    """Where a film goes."""

    gif: str
    mp4: str


class Party(NamedTuple):
    """What a burst is of that no ring has: a moment before a party camera."""

    camera: str
    film: str
    """The id of its film."""
    at: float
    """When it came."""


class Burst(NamedTuple):
    """Pictures that a device took one after another, in one object."""

    key: str
    home: str
    film: FilmKeys
    ring: str | None = None
    """The ring it belongs to, or None: then it is of a party."""
    party: Party | None = None


class Size(NamedTuple):
    """Width and height in pixels."""

    width: int
    height: int


class Period(NamedTuple):
    """What a camera saw from `start` until just before `end`."""

    home: str
    camera: str
    start: float
    end: float


class Segment(NamedTuple):
    """A part of a film that is made by itself: the pictures from `first` to `last`, each n-th."""

    number: int
    first: str
    last: str
    every: int


class Plan(NamedTuple):
    """How the film of a period is made."""

    segments: tuple[Segment, ...]
    """None if there is no picture that can be opened."""
    size: Size | None
    pictures: int
    """So many are in the film, if all can be opened."""
