"""Pictures and clips that cameras send: what is kept of them, where, and when one rings."""
