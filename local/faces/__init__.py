"""Amazon Rekognition on one machine: its own API over a real face embedder.

Nothing is imported here, so that a worker process loads only what recognising takes.
"""
