"""Films out of JPEGs: an MP4 that every browser plays, and a GIF that can be sent anywhere.

Pillow reads the pictures and squeezes the GIF, PyAV (FFmpeg's libraries) writes the MP4. What is
filmed, why and where to is `doorbell.films`'s business: here are files and pictures alone.
"""
