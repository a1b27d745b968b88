"""Worker processes for many tasks; they never outlive the process that started them."""

import os
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from multiprocessing import active_children, get_context, parent_process, resource_tracker
from multiprocessing.connection import Connection
from typing import Any, TypeAlias

Submit: TypeAlias = Callable[..., Future[Any]]
"""Takes a function, which can be pickled, and its arguments."""

_SAFE_PATH = "PYTHONSAFEPATH"
"""The environment variable for ``python -P``: multiprocessing has no other way to pass that on."""


@contextmanager
def worker_pool(processes: int) -> Iterator[Submit]:
    """Yields a function that submits a task to a worker, and kills all workers at the end.

    What they still do by then is not needed, and may take for ever. They are spawned: a process with threads, such as a
    progress bar's, is not safely forked. Ctrl-C at the terminal does not reach them.
    """
    others = set(active_children())
    with _safe_path():  # starts a process of its own, which tracks what is shared
        executor = ProcessPoolExecutor(processes, get_context("spawn"), initializer=_end_with_parent)

    def submit(task: Callable[..., Any], *arguments: Any) -> Future[Any]:
        with _deaf_to_ctrl_c(), _safe_path():  # a worker is spawned for every task that finds none idle
            return executor.submit(task, *arguments)

    try:
        yield submit
    finally:
        executor.shutdown(wait=False, cancel_futures=True)
        workers = set(active_children()) - others
        for worker in workers:
            worker.kill()
        for worker in workers:
            worker.join()


@contextmanager
def worker_pipes(processes: int, work: Callable[[Connection], object]) -> Iterator[list[Connection]]:
    """Yields one end of a pipe to each of so many workers, and kills all workers at the end.

    For work that is talked about while it is done. Each worker, spawned as in ``worker_pool``, calls ``work``, a
    function that can be pickled, with the other end of its pipe, which it reads until there is an ``EOFError``.
    """
    spawn = get_context("spawn")
    if processes > 0:
        with _safe_path():
            resource_tracker.ensure_running()  # else the first start does it, and hears Ctrl-C again
    workers = []
    with ExitStack() as open_ends:
        try:
            ends = []
            for _ in range(processes):
                ours, theirs = spawn.Pipe()
                open_ends.callback(ours.close)
                workers.append(spawn.Process(target=_work, args=(work, theirs), daemon=True))
                with _deaf_to_ctrl_c(), _safe_path(), theirs:
                    workers[-1].start()
                ends.append(ours)
            yield ends
        finally:
            started = [worker for worker in workers if worker.pid is not None]
            for worker in started:
                worker.kill()
            for worker in started:
                worker.join()


def _work(work: Callable[[Connection], object], pipe: Connection) -> None:
    _end_with_parent()
    work(pipe)


def _end_with_parent() -> None:
    """Ends this process when its parent is gone: a worker waits for tasks at a pipe that it keeps open itself."""
    parent = parent_process()
    assert parent is not None, "this is a worker"

    def wait() -> None:
        parent.join()
        os._exit(1)

    threading.Thread(target=wait, daemon=True).start()


@contextmanager
def _safe_path() -> Iterator[None]:
    """Keeps Python programs that are started meanwhile from importing from the working directory on their own."""
    before = os.environ.get(_SAFE_PATH)
    os.environ[_SAFE_PATH] = "1"
    try:
        yield
    finally:
        if before is None:
            del os.environ[_SAFE_PATH]
        else:
            os.environ[_SAFE_PATH] = before


@contextmanager
def _deaf_to_ctrl_c() -> Iterator[None]:
    """Delays Ctrl-C in this process; processes that are started meanwhile never get it."""
    if not hasattr(signal, "pthread_sigmask"):  # not a Unix
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
