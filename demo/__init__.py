"""Demonstration people and rings, on one machine or on a deployed stack."""
