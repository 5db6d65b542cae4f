"""Why there is no film."""

from doorbell.errors import DoorbellError


class FilmError(DoorbellError, ValueError):
    """No film can be made of what was given."""


class NoPictures(FilmError):
    """Not one of the frames is a picture."""


class BrokenPicture(FilmError):
    """A frame that is no JPEG, or one that would take too much to open."""


class CannotJoin(FilmError):
    """Two parts of a film were not made with the same settings."""
