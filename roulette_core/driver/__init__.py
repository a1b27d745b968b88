"""A driver to start from: it keeps the lobby's audience and says exactly who is told what. No I/O, no clock.

``roulette_core.aio`` is a shell around it for asyncio.
"""

from roulette_core.driver.driver import Driver
from roulette_core.driver.told import Told, Waiting

__all__ = ["Driver", "Told", "Waiting"]
