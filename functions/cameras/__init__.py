"""Cameras: what cameras send over HTTP (docs/openapi-cameras.yaml)."""
