"""What every function needs."""
