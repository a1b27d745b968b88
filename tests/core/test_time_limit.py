import signal
import threading
from itertools import count

import pytest

from roulette_core.testing.time_limit import TimeLimitExceeded, time_limit


def for_ever() -> None:
    for _ in count():
        pass


def test_what_never_returns_is_given_up() -> None:
    with pytest.raises(TimeLimitExceeded, match="does not come to an end"), time_limit(0.05):
        for_ever()


def test_no_handler_of_exceptions_on_the_way_keeps_it() -> None:
    with pytest.raises(TimeLimitExceeded), time_limit(0.05):
        try:
            for_ever()
        except Exception:
            pytest.fail("taken for an error of the code's own")


def test_what_returns_in_time_is_left_alone_and_nothing_rings_later() -> None:
    before = signal.getsignal(signal.SIGALRM)
    with time_limit(60.0):
        pass
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)
    assert signal.getsignal(signal.SIGALRM) is before


def test_in_a_thread_there_is_no_end_to_it() -> None:
    done: list[bool] = []

    def work() -> None:
        with time_limit(60.0):
            done.append(True)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert done
