"""Takes what cameras of other makers send, keeps it, and brings it to the cloud."""
