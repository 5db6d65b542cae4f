"""Why there is no film."""

from doorbell.errors import DoorbellError, NoFilm


class NoPictures(NoFilm):
    """Not one of the frames is a picture."""

    def __init__(self) -> None:
        super().__init__("no_pictures")


class BrokenPicture(DoorbellError, ValueError):
    """A frame that is no JPEG, or one that would take too much to open."""


class CannotJoin(DoorbellError, ValueError):
    """Two parts of a film were not made with the same settings."""
