"""The operator's commands: a stack from its deployment to its end, and what lives in it."""
