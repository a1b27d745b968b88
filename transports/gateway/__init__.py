"""The whole chat server without a socket: bytes of many connections in, bytes for many connections out."""

from transports.gateway.gateway import Gateway
from transports.gateway.incidents import Ending, Incident, Observer
from transports.gateway.limits import Limits
from transports.gateway.outputs import Connection, Order, Output

__all__ = ["Connection", "Ending", "Gateway", "Incident", "Limits", "Observer", "Order", "Output"]
