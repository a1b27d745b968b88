"""The whole chat server without a socket: bytes of many connections in, bytes for many connections out."""

from transports.dialects import CloseReason
from transports.gateway.admission import place
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
from transports.gateway.gateway import Gateway
from transports.gateway.outputs import Connection, Order, Output
from transports.limits import Limits

__all__ = [
    "CloseReason",
    "Connected",
    "Connection",
    "ConnectionEvent",
    "Ended",
    "Garbage",
    "Gateway",
    "GatewayObserver",
    "Limits",
    "Named",
    "Order",
    "Output",
    "Throttled",
    "TurnedAway",
    "place",
]
