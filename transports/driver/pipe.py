"""What the driver needs from a transport: a pipe for each connection, and a clock."""

from collections.abc import Callable
from typing import Protocol


class Timer(Protocol):
    """A scheduled call."""

    def cancel(self) -> None:
        """Prevents the call, if it has not happened yet."""


class Clock(Protocol):
    """Tells the time and schedules calls. The time never runs back. No call happens within a method of the clock."""

    def now(self) -> float:
        """Returns the time, in seconds."""

    def call_soon(self, act: Callable[[], object]) -> object:
        """Calls ``act`` at the end of the turn, once the events at hand have been handled."""

    def call_at(self, when: float, act: Callable[[], object]) -> Timer:
        """Calls ``act`` when the time has come; at once if it is past."""


class Pipe(Protocol):
    """One connection's bytes, in the terms of asyncio's transports.

    The transport reports to the ``Link``: ``opened``, ``received``, ``eof``, and last, once, ``lost``; also
    ``pause_writing`` when the pipe holds more than it can pass on, ``resume_writing`` when it has passed on everything.
    Within a method of the pipe, none of them may be called, except ``pause_writing`` within ``write``.
    """

    def write(self, data: bytes) -> None:
        """Sends bytes, or keeps them until the peer reads."""

    def write_eof(self) -> None:
        """Half-closes after everything written; a pipe that cannot half-close closes. Ignores errors."""

    def pause_reading(self) -> None:
        """Stops calls of ``Link.received`` and ``Link.eof``. Harmless if paused already."""

    def resume_reading(self) -> None:
        """Ends ``pause_reading``. Harmless if not paused."""

    def abort(self) -> None:
        """Drops the connection and what is still unsent; ``Link.lost`` follows later. Harmless if it is gone."""

    def unsent(self) -> int:
        """Returns how many written bytes the operating system has not taken yet."""

    def is_reset(self) -> bool:
        """Returns whether the peer has reset the connection. Polled while reading is paused."""
