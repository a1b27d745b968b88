"""A wrapper on stage: set up, asked, and torn down whatever happens, on the tests' clock or on virtual time."""

import asyncio
import contextlib
import inspect
import math
import threading
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import AbstractAsyncContextManager, AbstractContextManager, contextmanager
from typing import Any, Protocol, TypeAlias

from roulette_core.effects import Effect
from roulette_core.events import Block, Join, Leave, Lobby, Next, Say, Start, User
from roulette_core.testing.clients import Sighting
from roulette_core.testing.virtual_time import VirtualTimeLoop

UserEvent: TypeAlias = Join | Say | Start | Next | Block | Lobby | Leave
"""What a user can ask for: any event but ``Tick``."""

Told: TypeAlias = Effect | Sighting
"""What a user was told: an effect as the core returned it, or what a client can see of it."""


class StageFault(AssertionError):
    """The app waits in vain, fails where no caller sees it, ends by itself, or leaves something behind."""


class Wrapper(Protocol):
    """The adapter between the tests and an app that does not run on asyncio: a few lines.

    The app's clock starts at 0 s, and afterwards shows the ``now`` of the latest call.
    """

    def ask(self, event: UserEvent, now: float) -> object:
        """Passes a user's request to the app."""

    def advance(self, now: float) -> object:
        """Lets the app do what is due by ``now``, without a request."""

    def heard(self, user: User) -> Iterable[Told]:
        """Returns what a user was told since the last call, in order."""


class AsyncWrapper(Protocol):
    """The adapter between the tests and an app on asyncio, which runs on a ``VirtualTimeLoop``.

    The app takes the time from its loop, where it starts at 0 s. It stands still during each call; between two calls
    the tests let it pass, and the app's own timers fire. Each method may be a coroutine function.
    """

    def ask(self, event: UserEvent) -> object:
        """Passes a user's request to the app. The app may answer later, but without a timer."""

    def heard(self, user: User) -> Iterable[Told] | Awaitable[Iterable[Told]]:
        """Returns what a user was told since the last call, in order."""


class Lists(Protocol):
    """The additional method of a wrapper that claims ``lists``."""

    def present(self) -> Iterable[User] | Awaitable[Iterable[User]]:
        """Returns all users that the app knows, in any order."""


class Restores(Protocol):
    """The additional method of a wrapper that claims ``restores``."""

    def restart(self) -> object:
        """Shuts the app down and starts it again from what it has saved."""


class Renumbers(Protocol):
    """The additional method of a wrapper that claims ``renumbers``, and tells effects, in which there are ids."""

    def id_of(self, user: User) -> User:
        """Returns the app's own id of a user, on the present visit or the latest one."""


Made: TypeAlias = Wrapper | AbstractContextManager[Wrapper] | AbstractAsyncContextManager[AsyncWrapper]
"""What a factory returns: a context manager, sync or async, that gives the wrapper and stops the app on exit; or the
wrapper itself, if nothing has to be stopped."""


class Stage(Protocol):
    """A wrapper that has been set up, whatever its kind."""

    has_timers: bool
    """Whether the app does by timers of its own what is due."""

    def ask(self, event: UserEvent, now: float) -> None:
        """Passes on a request."""

    def advance(self, now: float) -> None:
        """Lets time pass without a request."""

    def call(self, method: str, *arguments: Any) -> Any:
        """Returns what a method of the wrapper answers."""

    def offers(self, method: str) -> bool:
        """Returns whether the wrapper has a method."""


class SyncStage:
    """A wrapper that is told the time."""

    has_timers = False

    def __init__(self, wrapper: Wrapper) -> None:
        self._wrapper = wrapper

    def ask(self, event: UserEvent, now: float) -> None:
        """Passes on a request."""
        self._wrapper.ask(event, now)

    def advance(self, now: float) -> None:
        """Lets time pass without a request."""
        self._wrapper.advance(now)

    def call(self, method: str, *arguments: Any) -> Any:
        """Returns what a method of the wrapper answers."""
        return getattr(self._wrapper, method)(*arguments)

    def offers(self, method: str) -> bool:
        """Returns whether the wrapper has a method."""
        return hasattr(self._wrapper, method)


class AsyncStage:
    """A wrapper on a virtual-time loop. One task enters and leaves its context, as task groups and timeouts demand."""

    has_timers = True

    def __init__(self, loop: VirtualTimeLoop, made: AbstractAsyncContextManager[AsyncWrapper]) -> None:
        self._loop = loop
        self._leave = asyncio.Event()
        self._entered: asyncio.Future[AsyncWrapper] = loop.create_future()
        self._living = loop.create_task(self._live(made))

    def open(self) -> None:
        """Enters the context.

        Raises:
            StageFault: the app waits for something that never comes.
        """
        self._run()
        if not self._entered.done():
            self._waits_in_vain("to be set up", self._living)
        self._wrapper = self._entered.result()

    def ask(self, event: UserEvent, now: float) -> None:
        """Lets time pass, then passes on a request."""
        self.advance(now)
        self.call("ask", event)

    def advance(self, now: float) -> None:
        """Lets time pass without a request."""
        self._loop.pass_time(now)
        self._run()

    def call(self, method: str, *arguments: Any) -> Any:
        """Returns what a method of the wrapper answers.

        Raises:
            StageFault: the app waits for something that never comes, or has ended, or an error of it was reported
                to the loop alone.
        """
        calling = self._loop.create_task(_answer(getattr(self._wrapper, method), arguments))
        self._run()
        if not calling.done():
            self._waits_in_vain(f"in {method}", calling)
        return calling.result()

    def offers(self, method: str) -> bool:
        """Returns whether the wrapper has a method."""
        return hasattr(self._wrapper, method)

    def close(self) -> None:
        """Leaves the context, for which the app may take time.

        Raises:
            StageFault: the app waits for something that never comes, or has left something behind.
        """
        self._leave.set()
        self._loop.run_until_idle()
        while not self._living.done() and self._loop.due < math.inf:
            self._loop.pass_time(self._loop.due)
        if not self._living.done():
            self._waits_in_vain("to be torn down", self._living)
        self._living.result()
        self._loop.run_until_idle()
        self._raise_reports()
        left = [f"the task {task.get_coro()!r}" for task in asyncio.all_tasks(self._loop)]
        left += [f"{self._loop.open_sockets()} open sockets"] if self._loop.open_sockets() else []
        left += [f"a timer, due at {self._loop.due:g} s"] if self._loop.due < math.inf else []
        if left:
            raise StageFault(f"the app was torn down, and has left behind: {', '.join(left)}")

    async def _live(self, made: AbstractAsyncContextManager[AsyncWrapper]) -> None:
        try:
            async with made as wrapper:
                self._entered.set_result(wrapper)
                await self._leave.wait()
        except BaseException as error:
            if self._entered.done():
                raise
            self._entered.set_exception(error)

    def _run(self) -> None:
        """Lets the app do all it can at the present time."""
        self._loop.run_until_idle()
        self._raise_reports()
        if self._entered.done() and self._living.done() and not self._leave.is_set():
            self._living.result()
            self._entered.result()
            raise StageFault("the app has ended by itself")

    def _raise_reports(self) -> None:
        if self._loop.reports:
            report = self._loop.reports.pop(0)
            raise StageFault(f"the app fails where no caller sees it: {report['message']}") from report.get("exception")

    def _waits_in_vain(self, where: str, task: asyncio.Task[Any]) -> None:
        timer = self._loop.due
        cause = f"for its timer at {timer:g} s" if timer < math.inf else "for something that never comes"
        raise StageFault(f"the app waits {where} {cause}; time stands still meanwhile: {task.get_coro()!r}")


async def _answer(method: Any, arguments: tuple[Any, ...]) -> Any:
    answer = method(*arguments)
    return await answer if inspect.isawaitable(answer) else answer


@contextmanager
def on_stage(make: Callable[[], Made]) -> Iterator[Stage]:
    """Sets a wrapper up, and tears it down whatever happens.

    Raises:
        StageFault: the app has left something behind: a task, a timer, a socket, a thread.
    """
    before = set(threading.enumerate())
    made = make()
    if isinstance(made, AbstractAsyncContextManager):
        with _on_virtual_time(made) as stage:
            yield stage
    elif isinstance(made, AbstractContextManager):
        with made as wrapper:
            yield SyncStage(wrapper)
    else:
        yield SyncStage(made)
    left = [thread.name for thread in threading.enumerate() if thread not in before]
    if left:
        raise StageFault(f"the app was torn down, and has left behind the threads {', '.join(left)}")


@contextmanager
def _on_virtual_time(made: AbstractAsyncContextManager[AsyncWrapper]) -> Iterator[Stage]:
    loop = VirtualTimeLoop()
    try:
        stage = AsyncStage(loop, made)
        stage.open()
        try:
            yield stage
        except BaseException:
            with contextlib.suppress(Exception):  # the first fault is the one to be told
                stage.close()
            raise
        stage.close()
    finally:
        _dispose(loop)


def _dispose(loop: VirtualTimeLoop) -> None:
    """Cancels what still runs, as ``asyncio.run`` does, and closes the loop with all its sockets."""
    for task in (left := asyncio.all_tasks(loop)):
        task.cancel()
    loop.run_until_idle()
    for task in left:
        if task.done() and not task.cancelled():
            task.exception()  # seen: the test fails already, for a better reason
    loop.run_until_complete(loop.shutdown_asyncgens())
    loop.run_until_complete(loop.shutdown_default_executor())
    loop.close()
