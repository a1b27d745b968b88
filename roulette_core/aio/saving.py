"""Saves the state of a roulette on a schedule and at the end, so that what is saved is always whole."""

import asyncio
import contextlib
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

from roulette_core.files import replace_file

Save: TypeAlias = Path | Callable[[str], object]
"""Where the state goes, as JSON: a file, or a function that is called with it in a thread."""


class Saving:
    """Saves every so many seconds, unless nothing has changed, and once more at the end.

    The text is made between two events, in the thread of the loop; it is written in another, one text at a time.
    """

    def __init__(self, state: Callable[[], str], save: Save, every: float) -> None:
        self._state = state
        self._save = save
        self._every = every
        self._ended = asyncio.Event()
        self._schedule = asyncio.ensure_future(self._save_regularly())
        self.changed = False
        """Whether there is something to save."""

    async def end(self) -> None:
        """Ends the schedule, after a writing that has begun."""
        self._ended.set()
        await self._schedule

    async def save(self) -> None:
        """Saves now, if anything has changed. Raises what the saving raises."""
        if self.changed:
            text = self._state()
            self.changed = False
            try:
                await asyncio.to_thread(self._write, text)
            except BaseException:
                self.changed = True
                raise

    def _write(self, text: str) -> None:
        if isinstance(self._save, Path):
            replace_file(self._save, text)
        else:
            self._save(text)

    async def _save_regularly(self) -> None:
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._every):
                    await self._ended.wait()
            if self._ended.is_set():
                return
            try:
                await self.save()
            except Exception as error:  # a full disk may have room later
                report = {"message": "the state could not be saved", "exception": error}
                asyncio.get_running_loop().call_exception_handler(report)
