"""An asyncio shell around ``roulette_core.driver``: clock, order, timer, delivery, saving. Standard library only."""

from roulette_core.aio.async_driver import AsyncDriver
from roulette_core.aio.delivery import Deliver
from roulette_core.aio.saving import Save

__all__ = ["AsyncDriver", "Deliver", "Save"]
