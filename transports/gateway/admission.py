"""Admission of connections: limited in total and per address, and banned networks are turned away."""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from transports.dialects import CloseReason
from transports.limits import Limits, Network

_SITE = 64
"""The prefix length of an IPv6 network that is treated as one address: a household's (RFC 6177)."""


class Admission:
    """Counts admitted connections per address. Bans last until the server stops."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._present = 0
        self._from: dict[Network, int] = {}
        self._bans: dict[Network, None] = {}

    def refusal(self, address: str) -> CloseReason | None:
        """Returns why a new connection is turned away; None if it may be admitted.

        The address is numeric; if it is empty, only the limit of all connections applies.
        """
        if self._limits.users and self._present >= self._limits.users:
            return CloseReason.FULL
        if not address:
            return None
        where = ip_address(address)
        if any(where in ban for ban in self._bans):
            return CloseReason.BANNED
        if self._limits.per_address and self._from.get(place(where), 0) >= self._limits.per_address:
            exempt = any(where in network for network in self._limits.exempt)
            return None if exempt else CloseReason.TOO_MANY_CONNECTIONS
        return None

    def enter(self, address: str) -> None:
        """Counts a connection that was admitted."""
        self._present += 1
        if address:
            site = place(ip_address(address))
            self._from[site] = self._from.get(site, 0) + 1

    def leave(self, address: str) -> None:
        """Counts the end of a connection that was admitted."""
        self._present -= 1
        if address:
            site = place(ip_address(address))
            self._from[site] -= 1
            if not self._from[site]:
                del self._from[site]

    def ban(self, network: Network) -> None:
        """Turns away all future connections from a network."""
        self._bans[network] = None

    def unban(self, network: Network) -> bool:
        """Ends a ban. Returns False if there was none."""
        return self._bans.pop(network, self) is None

    def bans(self) -> list[Network]:
        """Returns all bans, the oldest first."""
        return list(self._bans)


def place(address: IPv4Address | IPv6Address) -> Network:
    """Returns the network that counts as one address: a single IPv4 address, the /64 of an IPv6 address."""
    return ip_network((address, address.max_prefixlen if address.version == 4 else _SITE), strict=False)
