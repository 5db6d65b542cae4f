"""Prints and people before a door, simulated: who is said to move like a flat print."""

from proof.liveness.proving import prove as prove
