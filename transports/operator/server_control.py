"""The interface that the operator's commands need of a server."""

from collections.abc import Callable, Sequence
from typing import Any, Protocol

from transports.gateway import Gateway, Output


class ServerControl(Protocol):
    """Drives a gateway: ``transports.tcp.Server``, or a test."""

    @property
    def gateway(self) -> Gateway:
        """The chat server."""

    def clock(self) -> float:
        """The gateway's time, in seconds."""

    def advance(self, step: Callable[..., Sequence[Output]], *what: Any) -> None:
        """Calls ``step``, a method of the gateway, at the present time, and carries out its outputs."""

    def stop(self) -> None:
        """Says goodbye to all users and stops."""
