"""Our TCP transport, plain and with TLS, passes the conformance kit."""

import asyncio
import contextlib
import socket
import ssl
from collections.abc import AsyncIterator

import trustme

from transports.gateway import Gateway
from transports.serving import Server
from transports.tcp import Certificate, TcpTransport
from transports.testing import Connect, SocketStream, in_background, transport_test


@contextlib.asynccontextmanager
async def running(gateway: Gateway, certificate: Certificate | None = None) -> AsyncIterator[int]:
    """Serves on a free port, and yields its number."""
    server = Server(gateway)
    tcp = TcpTransport(server.driver, "127.0.0.1", 0, certificate)
    await server.listen(tcp)
    serving = asyncio.create_task(server.run())
    yield tcp.addresses[0][1]
    server.stop()
    await serving
    assert server.failure is None


@in_background
@contextlib.asynccontextmanager
async def plain(gateway: Gateway) -> AsyncIterator[Connect]:
    async with running(gateway) as port:
        yield lambda: SocketStream(socket.create_connection(("127.0.0.1", port)))


@in_background
@contextlib.asynccontextmanager
async def encrypted(gateway: Gateway) -> AsyncIterator[Connect]:
    authority = trustme.CA()
    trust = ssl.create_default_context()
    authority.configure_trust(trust)
    with authority.issue_cert("localhost").private_key_and_cert_chain_pem.tempfile() as chain:
        certificate = Certificate(chain)
    async with running(gateway, certificate) as port:

        def connect() -> SocketStream:
            connection = socket.create_connection(("127.0.0.1", port))
            return SocketStream(trust.wrap_socket(connection, server_hostname="localhost"))

        yield connect


TestTcp = transport_test(plain, half_close=True, lingers=True, reset=True, addresses=True, backpressure=True)
TestTls = transport_test(encrypted, reset=True, addresses=True, backpressure=True)
