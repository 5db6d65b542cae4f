"""Publish: films go to Mastodon, X and others where a home has said so."""
