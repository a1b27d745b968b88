"""Server addresses."""

from typing import NamedTuple

PORT = 12000
"""The default port, as in the student project this descends from."""


class Address(NamedTuple):
    """A host, by name or number, and a port."""

    host: str
    port: int = PORT

    def __str__(self) -> str:
        """Returns the address for display."""
        return f"{self.host} port {self.port}"


def parse_address(text: str) -> Address:
    """Reads ``HOST[:PORT]``. An IPv6 address may stand in brackets, and must before a port. Raises ``ValueError``."""
    host, separator, port = text.rpartition(":")
    if not separator or text.endswith("]") or (":" in host and not host.startswith("[")):
        host, port = text, str(PORT)
    if host.startswith("[") and host.endswith("]"):
        host = host[1:-1]
    if not host or not host.isprintable() or " " in host or not (port.isascii() and port.isdigit()):
        raise ValueError(text)
    host.encode("idna")  # as resolving the name will; its UnicodeError is a ValueError
    if not 1 <= int(port) <= 65535:
        raise ValueError(text)
    return Address(host, int(port))
