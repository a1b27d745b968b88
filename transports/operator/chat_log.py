"""What happens in the chat, told to the log; what people say is told only if asked for."""

import logging
from collections.abc import Mapping
from ipaddress import ip_address, ip_network
from typing import Any

from roulette_core import (
    Effect,
    Event,
    LobbyLine,
    Paired,
    Parted,
    PrivateLine,
    Refused,
    Returned,
    Searching,
)
from transports.gateway.connection_events import (
    Connected,
    ConnectionEvent,
    Ended,
    Garbage,
    GatewayObserver,
    Named,
    Throttled,
    TurnedAway,
)

CHAT = "roulette"
"""The name of the logger for what happens in the chat and what its operator does."""

_EVENTS: Mapping[type, str] = {
    Connected: "connected",
    TurnedAway: "turned_away",
    Named: "named",
    Throttled: "throttled",
    Garbage: "garbage",
    Ended: "ended",
}

_LEVELS: Mapping[type, int] = {
    Paired: logging.DEBUG,
    Parted: logging.DEBUG,
    Searching: logging.DEBUG,
    Returned: logging.DEBUG,
    Refused: logging.DEBUG,
}

_SPOKEN: Mapping[type, int] = {LobbyLine: logging.INFO, PrivateLine: logging.INFO}


class ChatLog(GatewayObserver):
    """Writes what happens to a logger. Users are named once, with the number under which they appear afterwards.

    Who meets whom is for debugging: it happens often, and is nobody's business. It heeds the logger's level as it is
    now, so that what is not written costs next to nothing.

    Args:
        texts: whether what people say is written too.
        addresses: whether addresses are written in full, and not the network of many alone.
    """

    def __init__(self, *, texts: bool = False, addresses: bool = False) -> None:
        self._logger = logging.getLogger(CHAT)
        levels = {**_LEVELS, **_SPOKEN} if texts else _LEVELS
        self._levels = {kind: level for kind, level in levels.items() if self._logger.isEnabledFor(level)}
        self._full_addresses = addresses

    def handled(self, now: float, event: Event, effects: tuple[Effect, ...]) -> None:
        """Writes what the core ordered."""
        for effect in effects:
            level = self._levels.get(type(effect))
            if level is not None:
                fields = effect._asdict()
                self._tell(level, fields.pop("kind"), fields)

    def happened(self, now: float, event: ConnectionEvent) -> None:
        """Writes what happened to a connection."""
        fields = event._asdict()
        if "address" in fields and not self._full_addresses:
            fields["address"] = shortened(fields["address"])
        self._tell(logging.INFO, _EVENTS[type(event)], fields)

    def _tell(self, level: int, event: str, fields: dict[str, Any]) -> None:
        if self._logger.isEnabledFor(level):
            self._logger.log(level, event, extra={"event": event, "fields": fields})


def shortened(address: str) -> str:
    """The network that an address is in: 24 bits of IPv4, 48 of IPv6, which stand for many people."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return ""
    return str(ip_network((parsed.packed, 24 if parsed.version == 4 else 48), strict=False))
