"""Which version this is."""

from importlib import metadata


def version() -> str:
    """As it was installed; a copy of the repository that is run as it is has none."""
    try:
        return metadata.version("doorbell")
    except metadata.PackageNotFoundError:
        return "not installed: run from its folder"
