"""Options of sockets: listening, keep-alive, addresses."""

import socket
from ipaddress import ip_address
from typing import Any

BACKLOG = 1024
"""How many connections the system queues until they are accepted."""

KEEPALIVE_IDLE, KEEPALIVE_INTERVAL, KEEPALIVE_PROBES = 120, 30, 4
"""The system probes a connection after this many idle seconds, then at this interval, this many times in all. A client
whose machine was switched off is thus gone after four minutes instead of days."""


def listen(family: int, address: Any) -> socket.socket:
    """Returns a socket that listens on an address. Raises ``OSError``."""
    listening = socket.socket(family, socket.SOCK_STREAM)
    try:
        listening.setblocking(False)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:  # or 0.0.0.0 and :: would collide
            listening.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        listening.bind(address)
        listening.listen(BACKLOG)
    except OSError:
        listening.close()
        raise
    return listening


def prepare(connection: socket.socket) -> None:
    """Makes the system send without delay, and probe idle connections. Raises ``OSError`` if it is gone already."""
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
    """Returns a numeric address; IPv4 in its own form even where it is mapped into IPv6."""
    address = ip_address(host)
    return str(getattr(address, "ipv4_mapped", None) or address)
