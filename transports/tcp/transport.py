"""TCP, with or without TLS, as a transport of ``transports.serving``."""

from functools import partial
from types import TracebackType
from typing import Any

from transports.driver import READ_SIZE, Driver
from transports.tcp._pipe import TcpPipe
from transports.tcp.listener import Listener
from transports.tcp.tls import Certificate

HANDSHAKE = 10.0
"""How long a TLS handshake may take where registration has no limit, in seconds."""

REACHABLE = {"0.0.0.0": "127.0.0.1", "::": "::1"}
"""Addresses that stand for all interfaces → one at which this machine reaches itself."""


class TcpTransport:
    """Listens on a TCP port while it is entered.

    Args:
        driver: drives the gateway.
        host: an address or name of this machine.
        port: 0 for any free one.
        certificate: for TLS; without it, connections are plain text.

    Attributes:
        addresses: where it listens, as of ``socket.getsockname``, once it is entered.
    """

    def __init__(self, driver: Driver[Any], host: str, port: int, certificate: Certificate | None = None) -> None:
        self.addresses: list[tuple[Any, ...]] = []
        self._place = host, port
        self._client = "nc" if certificate is None else "ncat --ssl"
        # A view, as asyncio's TLS reads into a slice of it, which of a bytearray would be a copy.
        accept = partial(TcpPipe, driver, memoryview(bytearray(READ_SIZE)))
        self.listener = Listener(driver.gateway, accept, certificate, driver.gateway.limits.registration or HANDSHAKE)

    async def __aenter__(self) -> list[str]:
        """Binds the port and accepts connections. Returns a line for each address, with the command to join.

        Raises:
            OSError: the port is in use, or there is no such address here.
        """
        self.addresses = await self.listener.bind(*self._place)
        self.listener.start()
        return [
            f"listening on {address} port {port}; to join: {self._client} {REACHABLE.get(address, address)} {port}"
            for address, port, *_ in self.addresses
        ]

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Stops accepting connections; established ones are kept."""
        self.listener.close()
