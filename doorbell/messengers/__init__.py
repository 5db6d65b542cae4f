"""Messengers that Apprise speaks to."""
