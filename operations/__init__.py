"""The operator's commands: devices, and emptying a stack before it is deleted."""
