"""A folder for each deployed function, and what they share."""
