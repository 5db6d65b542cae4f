"""One file for each command of `doorbell`: its arguments (`add_arguments`) and its `run`."""
