"""What can go wrong on one machine: each error's text is one sentence for the person waiting.

The first line of the text is that sentence; lines after it are evidence, such as a log's end.
"""


class LocalError(Exception):
    """The root: AWS on one machine could not do what was asked."""


class PortInUse(LocalError, OSError):
    """Another program listens on the port that was asked for."""


class ServerDied(LocalError, RuntimeError):
    """The server ended, or never answered; the log's last lines follow."""


class MissingTool(LocalError, FileNotFoundError):
    """A program this needs is not installed."""


class BuildFailed(LocalError, RuntimeError):
    """A function could not be packed."""


class DeploymentFailed(LocalError, RuntimeError):
    """The stack did not come up; the text names the resource and the reason."""


class NotKept(LocalError, OSError):
    """The kept home's folder cannot be used, or not now: another has it, or its disk is full."""


class KeptDamaged(LocalError, ValueError):
    """The kept home's file is not as it was written."""


class KeptByAnotherVersion(LocalError, ValueError):
    """The kept home's file has another format."""
