"""A transport that lives in an event loop of asyncio, in a thread of its own, while blocking tests talk to it."""

import asyncio
import contextlib
import functools
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import AbstractAsyncContextManager, AbstractContextManager
from typing import Any, TypeAlias

from transports.gateway import Gateway
from transports.testing.streams import Connect

Serve: TypeAlias = Callable[[Gateway], AbstractContextManager[Connect]]
"""Starts a transport around a gateway, and stops it in the end; gives what opens connections to it."""


def in_background(serve: Callable[[Gateway], AbstractAsyncContextManager[Connect]]) -> Serve:
    """Makes a blocking context manager of an asynchronous one, entered and left in one task of a loop of its own.

    Args:
        serve: starts a transport around a gateway, and stops it in the end.

    Returns:
        The same for tests that block. Whatever ``serve`` raises is raised there.
    """

    @functools.wraps(serve)
    @contextlib.contextmanager
    def blocking(gateway: Gateway) -> Iterator[Connect]:
        ready: Future[tuple[Connect, Callable[[], object]]] = Future()

        async def live() -> None:
            leave = asyncio.Event()
            stop = functools.partial(asyncio.get_running_loop().call_soon_threadsafe, leave.set)
            async with serve(gateway) as connect:
                ready.set_result((connect, stop))
                await leave.wait()

        with ThreadPoolExecutor(1, "transport") as pool:
            living = pool.submit(asyncio.run, live())
            either: list[Future[Any]] = [ready, living]
            wait(either, return_when=FIRST_COMPLETED)
            if not ready.done():
                living.result()
            connect, stop = ready.result()
            try:
                yield connect
            finally:
                with contextlib.suppress(RuntimeError):  # the loop has come to its end by itself
                    stop()
                living.result()

    return blocking
