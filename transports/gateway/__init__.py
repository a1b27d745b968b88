"""The whole chat server without a socket: bytes of many connections in, bytes for many connections out."""

from transports.dialects.wording import CloseReason
from transports.gateway.connection_events import ConnectionEvent, GatewayObserver
from transports.gateway.gateway import Gateway
from transports.gateway.outputs import Connection, Order, Output
from transports.limits import Limits

__all__ = ["CloseReason", "Connection", "ConnectionEvent", "Gateway", "GatewayObserver", "Limits", "Order", "Output"]
