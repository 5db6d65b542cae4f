"""How the door behaves, and what it is made of."""
