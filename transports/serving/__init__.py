"""Serves a gateway on asyncio by any transport, until it is stopped. Start reading in ``server.py``."""

from transports.serving.server import LoopClock, Server, Transport

__all__ = ["LoopClock", "Server", "Transport"]
