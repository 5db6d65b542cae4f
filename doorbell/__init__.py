"""The doorbell's domain: what a ring, a code, a visitor and a home are. Standard library alone."""
