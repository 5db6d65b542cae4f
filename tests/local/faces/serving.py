"""A process for the tests: ministack with Rekognition on a free loopback port, which it prints."""

import asyncio
import socket

from hypercorn.asyncio import serve
from hypercorn.config import Config
from ministack.app import app

from local.faces.register import register


def main() -> None:
    """Serve until killed."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        register().wait_until_ready()
        config = Config()
        config.bind = [f"fd://{listener.fileno()}"]
        config.loglevel = "WARNING"
        print(listener.getsockname()[1], flush=True)
        asyncio.run(serve(app, config))


if __name__ == "__main__":
    main()
