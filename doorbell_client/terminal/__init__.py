"""A door in a terminal, and what happens in words."""
