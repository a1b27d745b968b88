import contextlib
import signal
import threading
from itertools import count

import pytest

from roulette_core.testing.time_limit import TimeLimitExceeded, time_limit


def for_ever() -> None:
    for _ in count():
        pass


def test_a_block_that_never_returns_is_interrupted() -> None:
    with pytest.raises(TimeLimitExceeded, match=r"not finished after 0\.05 s"), time_limit(0.05):
        for_ever()


def test_a_handler_of_exceptions_inside_the_block_does_not_catch_it() -> None:
    with pytest.raises(TimeLimitExceeded), time_limit(0.05):
        try:
            for_ever()
        except Exception:
            pytest.fail("taken for an error of the code's own")


def test_a_block_that_returns_in_time_is_left_alone_and_no_alarm_remains() -> None:
    before = signal.getsignal(signal.SIGALRM)
    with time_limit(60.0):
        pass
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)
    assert signal.getsignal(signal.SIGALRM) is before


def test_an_outer_limit_holds_after_an_inner_one_has_ended() -> None:
    with pytest.raises(TimeLimitExceeded, match=r"not finished after 0\.1 s"), time_limit(0.1):
        with pytest.raises(TimeLimitExceeded, match=r"not finished after 0\.05 s"), time_limit(0.05):
            for_ever()
        for_ever()


def test_outside_the_main_thread_no_limit_is_enforced() -> None:
    done: list[bool] = []

    def work() -> None:
        with time_limit(60.0):
            done.append(True)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert done


def test_an_expiry_that_the_block_has_swallowed_is_raised_at_its_end() -> None:
    with pytest.raises(TimeLimitExceeded), time_limit(0.05), contextlib.suppress(BaseException):
        for_ever()
    with pytest.raises(TimeLimitExceeded), time_limit(0.05):
        try:
            for_ever()
        except BaseException:
            raise ValueError("what came of it") from None
