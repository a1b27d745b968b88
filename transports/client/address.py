"""Where a server is."""

from typing import NamedTuple

PORT = 12000
"""The port of a server that names no other, as in the student project this descends from."""


class Address(NamedTuple):
    """A host, by name or number, and a port."""

    host: str
    port: int = PORT

    def __str__(self) -> str:
        """As people read it."""
        return f"{self.host} port {self.port}"


def parse_address(text: str) -> Address:
    """Reads ``HOST[:PORT]``; an address of IPv6 may stand in brackets, and must before a port.

    Raises:
        ValueError: this is no address.
    """
    host, separator, port = text.rpartition(":")
    if not separator or text.endswith("]") or (":" in host and not host.startswith("[")):
        host, port = text, str(PORT)
    if host.startswith("[") and host.endswith("]"):
        host = host[1:-1]
    if not host or not host.isprintable() or " " in host or not (port.isascii() and port.isdigit()):
        raise ValueError(text)
    host.encode("idna")  # as whoever looks it up will, and raises as we do
    if not 1 <= int(port) <= 65535:
        raise ValueError(text)
    return Address(host, int(port))
