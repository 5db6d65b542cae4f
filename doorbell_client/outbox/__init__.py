"""Presses and photos on their way to the cloud."""
