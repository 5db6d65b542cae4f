"""One file for each command of `doorbell`."""
