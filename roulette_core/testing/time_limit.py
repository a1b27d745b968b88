"""A limit on how long a block of code may run, for code of others that may never return."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

REPEAT = 1.0
"""Seconds after which the alarm repeats, because an exception raised inside a callback (a GC hook) is swallowed."""


class TimeLimitExceeded(BaseException):
    """The block ran longer than it may. Not an ``Exception``, so that no handler inside the block catches it."""


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Limits how long a block of code may run. An outer limit stands still while an inner one runs.

    On platforms without ``setitimer`` (Windows) and outside the main thread, no limit is enforced.

    Args:
        seconds: the longest time, on the wall clock.

    Raises:
        TimeLimitExceeded: the block ran longer, even if it swallowed that, as an event loop does in its callbacks.
    """
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return

    expired: list[TimeLimitExceeded] = []

    def expire(number: int, frame: FrameType | None) -> None:
        expired.append(TimeLimitExceeded(f"not finished after {seconds:g} s"))
        raise expired[-1]

    before = signal.signal(signal.SIGALRM, expire)
    outer = signal.setitimer(signal.ITIMER_REAL, seconds, REPEAT)
    try:
        yield
    except Exception:
        if not expired:
            raise
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0.0)
        signal.signal(signal.SIGALRM, before)
        signal.setitimer(signal.ITIMER_REAL, *outer)
    if expired:
        raise expired[0] from None
