"""Ctrl-C and SIGTERM end a long run early; the command reports what it has found until then."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Terminated(KeyboardInterrupt):
    """SIGTERM: the same as Ctrl-C, but for the exit status."""


class Interruption:
    """Whether, and by what, a block was ended early."""

    status: int | None = None
    """The exit status of a command that was ended early: 130 for Ctrl-C, 143 for SIGTERM; None if it was not."""

    @property
    def happened(self) -> bool:
        """Whether the block was ended early, so that the results are partial."""
        return self.status is not None


@contextmanager
def interruptible() -> Iterator[Interruption]:
    """Ends the block, and nothing but the block, at Ctrl-C and SIGTERM."""
    interruption = Interruption()
    try:
        yield interruption
    except KeyboardInterrupt as error:
        interruption.status = interrupt_status(error)


@contextmanager
def stop_requested() -> Iterator[Interruption]:
    """Notes the first Ctrl-C or SIGTERM in the block, which is to ask for it now and then, and to end by itself.

    For work that cannot be cut off anywhere without spoiling what was done. The second one ends it at once.
    """
    interruption = Interruption()

    def note(number: int, frame: object) -> None:
        if interruption.happened:
            raise Terminated if number == signal.SIGTERM else KeyboardInterrupt
        interruption.status = 128 + number

    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    in_use = [number for number, handler in before.items() if handler != signal.SIG_IGN]  # as nohup and & leave them
    if threading.current_thread() is not threading.main_thread():
        in_use = []
    try:
        for number in in_use:
            signal.signal(number, note)
        yield interruption
    finally:
        for number in in_use:
            signal.signal(number, before[number])


def interrupt_status(error: BaseException) -> int:
    """Returns the exit status, 128 and the number of the signal, as shells have it."""
    return 143 if isinstance(error, Terminated) else 130
