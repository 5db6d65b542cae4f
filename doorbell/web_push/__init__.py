"""Notices to browsers: Web Push's keys, encryption and delivery (RFC 8030, 8291, 8292)."""
