"""The device at the door, and its twin without hardware."""
