"""Runs an asyncio transport in an event loop in a thread of its own, while blocking tests talk to it."""

import asyncio
import contextlib
import functools
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import AbstractAsyncContextManager, AbstractContextManager
from typing import Any, TypeAlias

from transports.gateway import Gateway
from transports.testing.streams import Connect

Serve: TypeAlias = Callable[[Gateway], AbstractContextManager[Connect]]
"""Starts a transport around a gateway and stops it on exit; gives a function that opens connections to it."""


def in_background(serve: Callable[[Gateway], AbstractAsyncContextManager[Connect]]) -> Serve:
    """Turns an asynchronous context manager into a blocking one, which raises whatever it raises.

    One task of an event loop of its own enters and leaves it.
    """

    @functools.wraps(serve)
    @contextlib.contextmanager
    def blocking(gateway: Gateway) -> Iterator[Connect]:
        ready: Future[tuple[Connect, Callable[[], object]]] = Future()
        ended: Future[None] = Future()

        async def live() -> None:
            leave = asyncio.Event()
            stop = functools.partial(asyncio.get_running_loop().call_soon_threadsafe, leave.set)
            async with serve(gateway) as connect:
                ready.set_result((connect, stop))
                await leave.wait()

        def run() -> None:
            try:
                ended.set_result(asyncio.run(live()))
            except BaseException as error:
                ended.set_exception(error)

        # A daemon thread, because one that never ends must not keep the process of the tests from ending; an executor's
        # threads would, as the interpreter joins them at exit.
        threading.Thread(target=run, name="transport", daemon=True).start()
        either: list[Future[Any]] = [ready, ended]
        wait(either, return_when=FIRST_COMPLETED)
        if not ready.done():
            ended.result()
        connect, stop = ready.result()
        try:
            yield connect
        finally:
            with contextlib.suppress(RuntimeError):  # the loop is closed: ``serve`` has ended by itself
                stop()
            ended.result()

    return blocking
