"""Signals that stop a program in order."""

import asyncio
import contextlib
import signal
from collections.abc import Callable, Iterable
from typing import Any


class StopSignals:
    """Calls a function on the thread of the loop when one of several signals arrives, until ``restore``."""

    def __init__(self, numbers: Iterable[signal.Signals], stop: Callable[[], object]) -> None:
        self._loop = asyncio.get_running_loop()
        self._former: dict[signal.Signals, Any] = {}
        for number in numbers:
            self._former[number] = signal.getsignal(number)
            try:
                self._loop.add_signal_handler(number, stop)
            except NotImplementedError:  # on Windows
                signal.signal(number, lambda *_: self._loop.call_soon_threadsafe(stop))

    def restore(self) -> None:
        """Handles each signal as before."""
        for number, former in self._former.items():
            with contextlib.suppress(NotImplementedError):
                self._loop.remove_signal_handler(number)
            signal.signal(number, former)
