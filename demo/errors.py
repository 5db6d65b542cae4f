"""What can go wrong in a demonstration; each text is one sentence for the person who waits."""


class DemoFailed(Exception):
    """A step did not happen: what was awaited, and what came instead."""
