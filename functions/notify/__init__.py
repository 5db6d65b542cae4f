"""Notify: messengers that Apprise speaks to, and a topic of plain text."""
