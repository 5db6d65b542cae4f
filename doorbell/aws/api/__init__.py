"""A small client for the calls of the ring path: signed requests over connections that are kept.

An SDK would be most of a cold start (docs/decisions/own-client.md). What is not on the ring path
goes on using it.
"""
