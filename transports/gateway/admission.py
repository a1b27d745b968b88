"""Who is let in: so many at once, so many from one place, and nobody who is banned."""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from transports.dialects.wording import CloseReason
from transports.limits import Limits, Network

_SITE = 64
"""How many bits of an IPv6 address are one place's: the network of one household (RFC 6177)."""


class Admission:
    """Counts who is in, by where they are from. Bans hold until the server stops.

    Args:
        limits: how many.
    """

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._present = 0
        self._from: dict[Network, int] = {}
        self._bans: dict[Network, None] = {}

    def refusal(self, address: str) -> CloseReason | None:
        """Why somebody is not let in; None if they may come in.

        Args:
            address: a numeric address, or empty for somebody who has none and is counted with all the others only.
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
        """Somebody has been let in."""
        self._present += 1
        if address:
            site = place(ip_address(address))
            self._from[site] = self._from.get(site, 0) + 1

    def leave(self, address: str) -> None:
        """Somebody who was in is gone."""
        self._present -= 1
        if address:
            site = place(ip_address(address))
            self._from[site] -= 1
            if not self._from[site]:
                del self._from[site]

    def ban(self, network: Network) -> None:
        """Nobody from there is let in any more."""
        self._bans[network] = None

    def unban(self, network: Network) -> bool:
        """Ends a ban: whether there was one."""
        return self._bans.pop(network, self) is None

    def bans(self) -> list[Network]:
        """All bans, the oldest first."""
        return list(self._bans)


def place(address: IPv4Address | IPv6Address) -> Network:
    """The network that counts as one place: an IPv4 address by itself, the first 64 bits of an IPv6 address."""
    return ip_network((address, address.max_prefixlen if address.version == 4 else _SITE), strict=False)
