"""Drives a roulette on an asyncio event loop: class ``AsyncDriver``."""

import asyncio
import json
import signal
import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from types import TracebackType

from roulette_core.aio.delivery import Deliver, Delivery
from roulette_core.aio.saving import Save, Saving
from roulette_core.aio.signals import StopSignals
from roulette_core.driver import Driver, Told
from roulette_core.effects import Effect
from roulette_core.errors import BrokenPolicy, CallsOverlap
from roulette_core.events import Event, Tick
from roulette_core.machine import Roulette


class AsyncDriver:
    """Runs a roulette while it is entered: ``async with AsyncDriver(roulette, deliver) as driver: …``.

    It owns the clock, the order of events, the timer for ``Tick``, delivery and saving. When it is left, all that was
    handled has been delivered, and the state is saved.

    A policy that breaks stops it: the effects before the failure are delivered; ``handle``, ``until_stopped`` and
    leaving raise ``BrokenPolicy``; what was saved before stays.

    Args:
        roulette: new or restored. Others may read it, but must not drive it.
        deliver: called with each effect and who is told, in order; may be a coroutine function, and is then awaited
            before it is called again. It may call ``handle``. What it raises goes to the loop's exception handler.
        save: where the state is saved, as JSON: a path, or a function that is called with the text in a thread.
        every: seconds from one saving to the next. Nothing is written if nothing has changed.
        record: called with each event that was handled, its time and its effects, before anything is delivered, such as
            ``Journal.append``. If it raises, the driver stops with that error.
        signals: the signals that stop it, such as SIGTERM, which systemd and docker send; until it has been left.
    """

    def __init__(
        self,
        roulette: Roulette,
        deliver: Deliver,
        *,
        save: Save | None = None,
        every: float = 60.0,
        record: Callable[[Event, float, Sequence[Effect]], object] | None = None,
        signals: Iterable[signal.Signals] = (),
    ) -> None:
        self.roulette = roulette
        self._driver = Driver(roulette)
        self._delivery = Delivery(deliver)
        self._save = save
        self._every = every
        self._record = record
        self._signals = tuple(signals)
        self._stopping: StopSignals
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread = 0
        self._offset = 0.0
        self._saving: Saving | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._stopped = asyncio.Event()
        self._failure: Exception | None = None

    async def __aenter__(self) -> "AsyncDriver":
        loop = self._loop = asyncio.get_running_loop()
        self._thread = threading.get_ident()
        self._offset = self.roulette.now - loop.time()  # time goes on from where the roulette was saved
        if self._save is not None:
            self._saving = Saving(lambda: json.dumps(self.roulette.snapshot()), self._save, self._every)
        self._stopping = StopSignals(self._signals, self.stop)
        self._set_timer()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()
        try:
            await self._delivery.flushed()
            self._drop_timer()
            self._loop = None  # nothing is handled from here on, so what is saved is the end
            if self._saving is not None:
                await self._saving.end()
                if self._failure is None:
                    await self._saving.save()
        finally:
            self._stopping.restore()
        if self._failure is not None and error is None:
            raise self._failure

    def now(self) -> float:
        """Returns the time in seconds, on the clock of the roulette. While the program does not run, it stands still.

        Raises:
            RuntimeError: the driver is not entered.
        """
        return max(self.roulette.now, self._offset + self._running().time())

    def handle(self, event: Event) -> list[Told]:
        """Handles an event, and delivers what comes of it, now or, if ``deliver`` has to be awaited, soon.

        Args:
            event: what a user asks for.

        Returns:
            What is delivered.

        Raises:
            RouletteError: a mistake of the caller; nothing has changed. ``CallsOverlap`` in another thread than the
                loop's, where ``handle_threadsafe`` is to be called.
            BrokenPolicy: the policy has broken its contract.
            RuntimeError: the driver is not entered.
        """
        now = self.now()
        if threading.get_ident() != self._thread:
            raise CallsOverlap("this is not the thread of the event loop: call handle_threadsafe")
        return self._handle(event, now)

    def handle_threadsafe(self, event: Event) -> "Future[list[Told]]":
        """Lets the thread of the loop handle an event. May be called from any thread.

        Returns:
            A future with what ``handle`` returns or raises.
        """
        future: Future[list[Told]] = Future()

        def call() -> None:
            if not future.set_running_or_notify_cancel():
                return
            try:
                future.set_result(self.handle(event))
            except Exception as error:
                future.set_exception(error)

        self._running().call_soon_threadsafe(call)
        return future

    def stop(self) -> None:
        """Lets ``until_stopped`` return."""
        self._stopped.set()

    async def until_stopped(self) -> None:
        """Waits for ``stop`` or one of the signals. Raises what has stopped the driver, such as ``BrokenPolicy``."""
        await self._stopped.wait()
        if self._failure is not None:
            raise self._failure

    async def save(self) -> None:
        """Saves the state now, if anything has changed. Raises what the saving raises."""
        if self._saving is not None:
            await self._saving.save()

    def _handle(self, event: Event, now: float) -> list[Told]:
        if self._failure is not None:
            raise self._failure
        try:
            told = self._driver.handle(event, now)
        except BrokenPolicy as error:
            self._fail(error)
            raise
        if self._saving is not None:
            self._saving.changed = True
        try:
            if self._record is not None:
                self._record(event, now, self._driver.effects)
        except Exception as error:
            self._fail(error)
            raise
        self._delivery.put(told)
        self._set_timer()
        return told

    def _fail(self, error: Exception) -> None:
        self._failure = error
        self._drop_timer()
        self.stop()

    def _running(self) -> asyncio.AbstractEventLoop:
        if self._loop is None:
            raise RuntimeError("this driver is not running: use it inside `async with`")
        return self._loop

    # The timer.

    def _set_timer(self) -> None:
        """Sets the timer for what becomes due by time alone. Raises ``BrokenPolicy``."""
        self._drop_timer()
        now = self.now()
        try:
            wait = self._driver.wait(now)
        except BrokenPolicy as error:
            self._fail(error)
            raise
        if wait is not None:
            self._timer = self._running().call_later(wait, self._tick, now + wait)

    def _drop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _tick(self, due: float) -> None:
        # Not the clock alone: a loop may fire a moment early, and the deadline would not have come yet.
        now = max(self.now(), due)
        try:
            self._handle(Tick(), now)
        except Exception as error:
            self._fail(error)  # of which until_stopped tells
