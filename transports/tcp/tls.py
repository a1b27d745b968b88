"""TLS: the handshake, and the certificate, which can be read again while the server runs."""

import asyncio
import socket
import ssl
from asyncio import sslproto
from typing import NoReturn

SHUTDOWN = 5.0
"""How long a connection may take to end TLS when it is closed, in seconds."""


class BadCertificate(Exception):
    """A certificate or its key is unusable; the message names the file and the reason."""


class SmallSSLProtocol(sslproto.SSLProtocol):
    """asyncio's TLS with a small read buffer. Each connection keeps its buffer, 256 KiB by default.

    Measured: 27 kB a connection instead of 290 kB. This attribute is the only way to set the size (Python 3.11 to
    3.13), and with ``ssl=`` the loop would use asyncio's own class for all connections; hence ``shake_hands``.
    """

    max_size = 4096


async def shake_hands(
    connection: socket.socket, protocol: asyncio.BaseProtocol, context: ssl.SSLContext, seconds: float
) -> None:
    """Accepts a connection with TLS, as ``loop.connect_accepted_socket(ssl=context)`` would.

    Raises ``OSError`` if the handshake fails, or takes more than so many seconds.
    """
    loop = asyncio.get_running_loop()
    done: asyncio.Future[None] = loop.create_future()
    tls = SmallSSLProtocol(
        loop,
        protocol,
        context,
        done,
        server_side=True,
        ssl_handshake_timeout=seconds,  # type: ignore[arg-type]  # typeshed wants whole seconds, asyncio does not
        ssl_shutdown_timeout=SHUTDOWN,
    )
    transport, _ = await loop.connect_accepted_socket(lambda: tls, connection)
    try:
        await done
    except BaseException:  # cancelled, too: nothing else would close the connection
        transport.abort()
        raise


class Certificate:
    """A certificate with its key, and the TLS context made from them.

    Args:
        chain: a PEM file with the certificate, followed by the intermediate certificates.
        key: a PEM file with its private key; None if ``chain`` holds that, too.

    Raises:
        BadCertificate: the certificate or its key is unusable.
    """

    def __init__(self, chain: str, key: str | None = None) -> None:
        self._chain = chain
        self._key = key
        self.context = self._read()  # for new connections; open ones keep theirs

    def reload(self) -> None:
        """Reads the files again, for new connections. Raises ``BadCertificate``, and then changes nothing."""
        self.context = self._read()

    def _read(self) -> ssl.SSLContext:
        for path in dict.fromkeys((self._chain, self._key or self._chain)):
            _require_readable(path)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        try:
            context.load_cert_chain(self._chain, self._key, self._refuse_to_decrypt)
        except (ssl.SSLError, ValueError) as error:
            raise BadCertificate(self._explain(error)) from error
        return context

    def _refuse_to_decrypt(self) -> NoReturn:
        """Without this, OpenSSL would prompt for the pass phrase on the terminal, and block."""
        raise ValueError

    def _explain(self, error: ssl.SSLError | ValueError) -> str:
        key = self._key or self._chain
        if not isinstance(error, ssl.SSLError):
            return f"the private key in {key!r} is encrypted"
        if error.reason == "KEY_VALUES_MISMATCH":
            return f"the private key in {key!r} does not belong to the certificate in {self._chain!r}"
        try:
            ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(self._chain)
        except ssl.SSLError:
            return f"no readable certificate in {self._chain!r}"
        return f"no readable private key in {key!r}"


def _require_readable(path: str) -> None:
    """Raises ``BadCertificate`` for a file that cannot be read: OpenSSL would not say which."""
    try:
        with open(path, "rb"):
            pass
    except OSError as error:
        raise BadCertificate(f"cannot read {path!r}: {error.strerror}") from error
