"""AWS on one machine: start it, deploy the real template onto it, print what devices see."""
