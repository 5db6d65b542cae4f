"""PhoneApi: a file for each part of the phone's HTTP API (docs/openapi.yaml)."""
