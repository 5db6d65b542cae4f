"""The socket to the cloud."""
