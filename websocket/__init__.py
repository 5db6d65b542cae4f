"""One file for each message of the socket. A handler parses, calls one thing, maps the answer."""
