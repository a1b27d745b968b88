"""Logs what happens in the chat; what users write is logged only on request."""

import logging
from collections.abc import Mapping
from ipaddress import ip_address, ip_network
from typing import Any

from roulette_core import Effect, Event, LobbyLine, Paired, Parted, PrivateLine, Refused, Returned, Searching
from transports.gateway import Connected, ConnectionEvent, Ended, Garbage, GatewayObserver, Named, Throttled, TurnedAway

CHAT = "roulette"
"""The name of the logger for events of the chat and actions of its operator."""

_EVENTS: Mapping[type, str] = {
    Connected: "connected",
    TurnedAway: "turned_away",
    Named: "named",
    Throttled: "throttled",
    Garbage: "garbage",
    Ended: "ended",
}

_LEVELS: Mapping[type, int] = dict.fromkeys((Paired, Parted, Searching, Returned, Refused), logging.DEBUG)

_SPOKEN: Mapping[type, int] = dict.fromkeys((LobbyLine, PrivateLine), logging.INFO)


class ChatLog(GatewayObserver):
    """Logs events. A user's name is logged once, with the connection id that stands for it afterwards.

    Who is paired with whom is logged at level ``debug``: it is frequent, and private. The logger's level is read when
    this object is made, so that an event that is not logged costs next to nothing.

    Args:
        texts: whether to log what users write.
        addresses: whether to log addresses in full instead of shortened.
    """

    def __init__(self, *, texts: bool = False, addresses: bool = False) -> None:
        self._logger = logging.getLogger(CHAT)
        levels = {**_LEVELS, **_SPOKEN} if texts else _LEVELS
        self._levels = {kind: level for kind, level in levels.items() if self._logger.isEnabledFor(level)}
        self._full_addresses = addresses

    def handled(self, now: float, event: Event, effects: tuple[Effect, ...]) -> None:
        """Logs effects of the core."""
        for effect in effects:
            level = self._levels.get(type(effect))
            if level is not None:
                fields = effect._asdict()
                self._tell(level, fields.pop("kind"), fields)

    def happened(self, now: float, event: ConnectionEvent) -> None:
        """Logs an event of a connection."""
        fields = event._asdict()
        if "address" in fields and not self._full_addresses:
            fields["address"] = shortened(fields["address"])
        self._tell(logging.INFO, _EVENTS[type(event)], fields)

    def _tell(self, level: int, event: str, fields: dict[str, Any]) -> None:
        if self._logger.isEnabledFor(level):
            self._logger.log(level, event, extra={"event": event, "fields": fields})


def shortened(address: str) -> str:
    """Returns the /24 (IPv4) or /48 (IPv6) of an address, which many users share; empty if it is not an address."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return ""
    return str(ip_network((parsed.packed, 24 if parsed.version == 4 else 48), strict=False))
