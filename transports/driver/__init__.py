"""Drives a gateway over any kind of byte pipe: one driver for asyncio TCP and TLS, and for the simulated network.

A transport creates one ``Driver`` with a ``Clock``, and a ``Link`` with a ``Pipe`` for every connection; it reports
what happens to the pipe to the link. Turns, gathering of output, limits, closing, pausing and the one timer are here.
"""

from transports.driver.driver import Driver
from transports.driver.link import LINGER, PATIENCE, READ_SIZE, WATCH_EVERY, Link
from transports.driver.pipe import Clock, Pipe, Timer

__all__ = ["LINGER", "PATIENCE", "READ_SIZE", "WATCH_EVERY", "Clock", "Driver", "Link", "Pipe", "Timer"]
