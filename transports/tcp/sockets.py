"""What the system is asked about sockets: to listen, to look after idle connections, whose they are."""

import socket
from ipaddress import ip_address
from typing import Any

BACKLOG = 1024
"""How many connections the system may hold for us until we accept them."""

KEEPALIVE_IDLE, KEEPALIVE_INTERVAL, KEEPALIVE_PROBES = 120, 30, 4
"""After so many seconds of silence the system asks for a sign of life, then every so many seconds, so many times in
all: somebody whose machine was switched off is gone after four minutes, and not, as otherwise, after days."""


def listen(family: int, address: Any) -> socket.socket:
    """A socket that listens on an address. Raises ``OSError``."""
    listening = socket.socket(family, socket.SOCK_STREAM)
    try:
        listening.setblocking(False)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:  # each address on its own, or 0.0.0.0 and :: would collide
            listening.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        listening.bind(address)
        listening.listen(BACKLOG)
    except OSError:
        listening.close()
        raise
    return listening


def prepare(connection: socket.socket) -> None:
    """Has the system send at once, and notice when the other side is gone without a word.

    Raises:
        OSError: it is gone already.
    """
    connection.setblocking(False)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for option, value in (
        ("TCP_KEEPIDLE", KEEPALIVE_IDLE),
        ("TCP_KEEPINTVL", KEEPALIVE_INTERVAL),
        ("TCP_KEEPCNT", KEEPALIVE_PROBES),
    ):
        if hasattr(socket, option):  # not on every system
            connection.setsockopt(socket.IPPROTO_TCP, getattr(socket, option), value)


def numeric(host: str) -> str:
    """A numeric address, those of IPv4 in their own form even where IPv6 carries them."""
    address = ip_address(host)
    return str(getattr(address, "ipv4_mapped", None) or address)
