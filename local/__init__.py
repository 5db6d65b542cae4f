"""AWS on one machine: start it, deploy the real template onto it, tell what devices see."""
