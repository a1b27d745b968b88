"""The kit by itself: what is claimed and what not, what its gateway notes, what it says where something is missing."""

import contextlib
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator

import pytest

from roulette_core import Roulette
from transports.gateway import Gateway, Limits
from transports.testing import Connect, TransportTests, in_background, transport_test
from transports.testing.watched import WatchedGateway


@contextlib.contextmanager
def nothing(gateway: Gateway) -> Iterator[Connect]:
    raise AssertionError("a test that is skipped starts no transport")


def gateway() -> WatchedGateway:
    return WatchedGateway(Roulette(), Limits())


@pytest.mark.parametrize(
    ("claim", "test"),
    [
        ("half_close", "who_closes_only_their_side_leaves_and_still_reads_the_rest"),
        ("reset", "the_partner_of_who_is_reset_is_told"),
        ("lingers", "who_goes_on_sending_after_close_still_reads_the_last_words"),
        ("addresses", "the_gateway_is_told_from_where_somebody_connects"),
        ("backpressure", "who_does_not_read_is_dropped_and_nobody_else_is_held_up"),
    ],
)
def test_what_is_not_claimed_is_skipped_and_says_so(claim: str, test: str) -> None:
    with pytest.raises(pytest.skip.Exception, match=f"the transport does not claim '{claim}'"):
        getattr(transport_test(nothing)(), f"test_{test}")()
    with pytest.raises(AssertionError, match="starts no transport"):
        getattr(transport_test(nothing, **{claim: True})(), f"test_{test}")()


def test_nothing_can_be_claimed_that_does_not_exist() -> None:
    with pytest.raises(TypeError, match="nothing is called haste that could be claimed"):
        transport_test(nothing, haste=True)


def test_without_a_factory_there_is_nothing_to_test() -> None:
    with pytest.raises(NotImplementedError, match="override serve"):
        TransportTests().test_whoever_connects_is_greeted()


def test_what_keeps_a_transport_from_starting_is_what_the_test_says() -> None:
    @in_background
    @contextlib.asynccontextmanager
    async def broken(gateway: Gateway) -> AsyncIterator[Connect]:
        raise OSError("the port is taken")
        yield

    with pytest.raises(OSError, match="the port is taken"):
        transport_test(broken)().test_whoever_connects_is_greeted()


def test_the_gateway_notes_what_a_driver_does_wrong() -> None:
    watched = gateway()
    watched.received("ghost", b"boo\n", 1.0)
    watched.connected("ada", 0.0, "localhost")
    watched.disconnected("ada", 1.0)
    watched.received("ada", b"still here\n", 1.0)
    watched.connected("ada", 1.0)
    assert watched.breaches == [
        "received: no connection 'ghost' was ever said to be there",
        "connected: the clock runs back, from 1.0 to 0.0",
        "connected: 'localhost' is no numeric IP address",
        "received: the connection 'ada' was said to be gone",
        "connected: the id 'ada' was used before",
    ]


def test_the_gateway_notes_nothing_of_a_driver_that_does_its_duty() -> None:
    watched = gateway()
    watched.connected("ada", 0.0, "127.0.0.1")
    watched.received("ada", b"ada\n", 0.0)
    watched.tick(watched.next_deadline() or 0.0)
    watched.disconnected("ada", 2000.0)
    watched.goodbye(2000.0)
    assert watched.breaches == []
    assert watched.latest == 0.0


def test_it_is_known_how_late_a_tick_came() -> None:
    watched = gateway()
    watched.connected("ada", 0.0)
    watched.tick(watched.limits.registration + 3.0)
    assert watched.latest == 3.0


@pytest.mark.parametrize("missing", ["pytest", "hypothesis"])
def test_what_is_missing_is_named_with_the_command_that_installs_it(missing: str) -> None:
    program = f"import sys; sys.modules[{missing!r}] = None; import transports.testing"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    last = done.stderr.splitlines()[-1]
    assert last == f"ImportError: the tests for transports need {missing}: pip install 'roulette-chat[testing]'"
