"""What the owner of a device configures."""
