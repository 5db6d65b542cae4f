"""Household: what the phones look up later, written off the ring path."""
