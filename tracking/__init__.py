"""Where the pieces of a picture are in the next one. What they are pieces of, it does not know."""
