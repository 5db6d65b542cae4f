"""One file for each job behind the bus and the state machines."""
