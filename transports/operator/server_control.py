"""What an operator's commands need of whatever drives the gateway."""

from collections.abc import Callable, Sequence
from typing import Any, Protocol

from transports.gateway import Gateway, Output


class ServerControl(Protocol):
    """Drives a gateway: ``transports.tcp.server.Server``, or a test."""

    @property
    def gateway(self) -> Gateway:
        """The chat server."""

    def clock(self) -> float:
        """The gateway's time, in seconds."""

    def advance(self, step: Callable[..., Sequence[Output]], *what: Any) -> None:
        """Has the gateway take a step now, and carries out what it says."""

    def stop(self) -> None:
        """Says goodbye to everybody and stops."""
