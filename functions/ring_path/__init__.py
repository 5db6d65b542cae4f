"""RingPath: a file for each job of the one warm function."""
