"""An asyncio event loop on virtual time: its clock stands still until it is told to move."""

import asyncio
import math
import selectors
from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from typing import Any, TypeVar, TypeVarTuple

T = TypeVar("T")
Ts = TypeVarTuple("Ts")


class VirtualTimeLoop(asyncio.SelectorEventLoop):
    """Runs what can run now, and moves its clock only in ``pass_time``, from one timer to the next.

    ``asyncio.sleep``, ``asyncio.timeout``, ``call_later`` and ``call_at`` go by this clock, as ``time()`` does; it
    starts at 0 s. Sockets are real, and so are threads of ``run_in_executor`` and ``asyncio.to_thread``: the loop is
    idle only when all of those have finished. Other threads are not waited for.

    Attributes:
        due: the time of the earliest timer, when the loop was last idle; ``math.inf`` if there was none.
        reports: what went wrong in callbacks and tasks of which no caller was told, as of ``call_exception_handler``.
    """

    def __init__(self) -> None:
        self._now = 0.0
        self._in_threads = 0
        self._watch = _Selector(self._idle)
        self._until_idle = False
        self.due = math.inf
        self.reports: list[dict[str, Any]] = []
        super().__init__(self._watch)
        self._own_sockets = len(self._watch.get_map())  # the pair by which other threads wake the loop
        self.set_exception_handler(lambda _, report: self.reports.append(report))

    def time(self) -> float:
        """Returns the virtual time, in seconds."""
        return self._now

    def run_until_idle(self) -> None:
        """Runs all that can run at the present time."""
        self._until_idle = True
        try:
            self.run_forever()
        finally:
            self._until_idle = False

    def pass_time(self, until: float) -> None:
        """Moves the clock to a time, runs each timer on the way at its own time, and returns when the loop is idle."""
        self.run_until_idle()
        while self.due < until:
            self._now = self.due
            self.run_until_idle()
        self._now = max(self._now, until)
        self.run_until_idle()

    def open_sockets(self) -> int:
        """Returns how many sockets are read or written on the loop."""
        return len(self._watch.get_map()) - self._own_sockets

    def run_in_executor(self, executor: Executor | None, func: Callable[[*Ts], T], *args: *Ts) -> asyncio.Future[T]:
        """Runs a function in a thread, which the loop waits for before it is idle."""
        future = super().run_in_executor(executor, func, *args)
        self._in_threads += 1
        future.add_done_callback(self._thread_done)
        return future

    def _thread_done(self, _: asyncio.Future[Any]) -> None:
        self._in_threads -= 1

    def _idle(self, timeout: float | None) -> bool:
        """Stops the loop if it has nothing to do for a time; returns False if it is to wait for that in real time."""
        if not self._until_idle or self._in_threads:
            return False
        self.due = math.inf if timeout is None else self._now + timeout
        self.stop()
        return True


class _Selector(selectors.DefaultSelector):
    """Asks the loop before it would wait: ``select`` is the one place where an event loop can sleep."""

    def __init__(self, idle: Callable[[float | None], bool]) -> None:
        super().__init__()
        self._idle_for = idle

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(0)
        if ready or timeout == 0 or self._idle_for(timeout):
            return ready
        return super().select(timeout)

    def get_map(self) -> Mapping[Any, selectors.SelectorKey]:
        return super().get_map() or {}
