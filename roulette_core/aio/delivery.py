"""Hands over what users are told, in order, to a function that may be a coroutine function."""

import asyncio
import inspect
from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from typing import TypeAlias

from roulette_core.driver import Told

Deliver: TypeAlias = Callable[[Told], Awaitable[None] | None]
"""Tells users something; or returns an awaitable that does."""


class Delivery:
    """Calls ``deliver`` for one thing after another; if it returns an awaitable, only when that is done.

    So what comes of a request that ``deliver`` makes itself is told after all that came before it. An exception in
    ``deliver`` is reported to the loop's exception handler, and the others are told all the same.
    """

    def __init__(self, deliver: Deliver) -> None:
        self._deliver = deliver
        self._waiting: deque[Told] = deque()
        self._busy = False
        self._task: asyncio.Task[None] | None = None

    def put(self, told: Iterable[Told]) -> None:
        """Delivers what users are told, now if it can."""
        self._waiting.extend(told)
        if not self._busy:
            self._go_on()

    async def flushed(self) -> None:
        """Waits until all is delivered."""
        while self._task is not None:
            await asyncio.wait([self._task])

    def _go_on(self) -> None:
        self._busy = True
        while self._waiting:
            told = self._waiting.popleft()
            try:
                delivering = self._deliver(told)
            except Exception as error:
                self._report(told, error)
                continue
            if inspect.isawaitable(delivering):
                self._task = asyncio.ensure_future(self._finish(told, delivering))
                return
        self._busy, self._task = False, None

    async def _finish(self, told: Told, delivering: Awaitable[None]) -> None:
        try:
            await delivering
        except Exception as error:
            self._report(told, error)
        self._go_on()

    def _report(self, told: Told, error: Exception) -> None:
        message = f"an effect could not be delivered: {told.effect!r}"
        asyncio.get_running_loop().call_exception_handler({"message": message, "exception": error})
