"""Patience has an end: whoever runs code of others must come back from it, also if it never returns."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

AGAIN = 1.0
"""After how many seconds it rings again: where Python calls back, as from a collection, errors get lost."""


class TimeLimitExceeded(BaseException):
    """It took too long. No ``Exception``, so that nobody on the way takes it for one of the code's own."""


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Lets a block of code take so long and no longer.

    Where there is no timer that could interrupt it, as in threads and on Windows, it takes as long as it takes.

    Args:
        seconds: how long, on the wall clock.

    Raises:
        OutOfPatience: it took longer.
    """
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return

    def ring(number: int, frame: FrameType | None) -> None:
        raise TimeLimitExceeded(f"it does not come to an end: given up after {seconds:.0f} s")

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds, AGAIN)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0.0)
        signal.signal(signal.SIGALRM, before)
