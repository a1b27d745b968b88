"""The kit by itself: its claims, its deadline, the gateway that watches, and what it says if a package is missing."""

import contextlib
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from roulette_core import Roulette
from tests.support.fences import ROOT
from transports.gateway import Gateway, Limits
from transports.testing import Connect, TransportTests, in_background, transport_test
from transports.testing.watched_gateway import WatchedGateway

HANGING = """
import contextlib
from transports.testing import in_background, transport_test

@in_background
@contextlib.asynccontextmanager
async def in_its_thread(gateway):
    yield lambda: None
    while True:
        pass

@contextlib.contextmanager
def in_the_tests_thread(gateway):
    while True:
        pass
    yield lambda: None

TestItsThread = transport_test(in_its_thread, deadline=0.5)
TestTheTestsThread = transport_test(in_the_tests_thread, deadline=0.5)
"""


@contextlib.contextmanager
def nothing(gateway: Gateway) -> Iterator[Connect]:
    raise AssertionError("a test that is skipped starts no transport")


def gateway() -> WatchedGateway:
    return WatchedGateway(Roulette(), Limits())


@pytest.mark.parametrize(
    ("claim", "test"),
    [
        ("half_close", "after_a_half_close_the_user_leaves_and_pending_output_is_delivered"),
        ("reset", "the_partner_of_a_client_that_is_reset_is_told"),
        ("lingers", "a_client_that_keeps_sending_after_close_still_reads_the_last_output"),
        ("addresses", "the_gateway_is_told_the_address_of_a_client"),
        ("backpressure", "a_client_that_does_not_read_is_dropped_and_delays_no_other_client"),
    ],
)
def test_a_test_of_what_is_not_claimed_is_skipped_with_the_reason(claim: str, test: str) -> None:
    with pytest.raises(pytest.skip.Exception, match=f"the transport does not claim '{claim}'"):
        getattr(transport_test(nothing)(), f"test_{test}")()
    with pytest.raises(AssertionError, match="starts no transport"):
        getattr(transport_test(nothing, **{claim: True})(), f"test_{test}")()


def test_an_unknown_claim_is_an_error() -> None:
    with pytest.raises(TypeError, match="no claim of a transport is called haste"):
        transport_test(nothing, haste=True)


def test_a_transport_without_serve_is_an_error() -> None:
    with pytest.raises(NotImplementedError, match="override serve"):
        TransportTests().test_a_new_connection_is_greeted()


def test_an_error_on_start_is_the_error_of_the_test() -> None:
    @in_background
    @contextlib.asynccontextmanager
    async def broken(gateway: Gateway) -> AsyncIterator[Connect]:
        raise OSError("the port is taken")
        yield

    with pytest.raises(OSError, match="the port is taken"):
        transport_test(broken)().test_a_new_connection_is_greeted()


def test_the_gateway_records_every_duty_that_a_driver_breaks() -> None:
    watched = gateway()
    watched.received("ghost", b"boo\n", 1.0)
    watched.connected("ada", 0.0, "localhost")
    watched.disconnected("ada", 1.0)
    watched.received("ada", b"still here\n", 1.0)
    watched.connected("ada", 1.0)
    assert watched.breaches == [
        "received: the id 'ghost' was never given to connected",
        "connected: the clock runs back, from 1.0 to 0.0",
        "connected: 'localhost' is no numeric IP address",
        "received: the id 'ada' was given to disconnected before",
        "connected: the id 'ada' was used before",
    ]


def test_the_gateway_records_nothing_of_a_sound_driver() -> None:
    watched = gateway()
    watched.connected("ada", 0.0, "127.0.0.1")
    watched.received("ada", b"ada\n", 0.0)
    watched.tick(watched.next_deadline() or 0.0)
    watched.disconnected("ada", 2000.0)
    watched.goodbye(2000.0)
    assert watched.breaches == []
    assert watched.latest_tick == 0.0


def test_the_gateway_records_how_late_a_tick_is() -> None:
    watched = gateway()
    watched.connected("ada", 0.0)
    watched.tick(watched.limits.registration + 3.0)
    assert watched.latest_tick == 3.0


def test_a_transport_that_never_returns_fails_and_lets_the_process_end(tmp_path: Path) -> None:
    """It spins in a thread of its own, which nothing can end, or in the thread of the tests."""
    (tmp_path / "test_hanging.py").write_text(HANGING, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-k", "greeted", "test_hanging.py"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1, done.stdout
    assert "2 failed" in done.stdout
    message = "TimeLimitExceeded: the transport hangs or is too slow: not finished after 0.5 s"
    assert sum(line.startswith("E ") and message in line for line in done.stdout.splitlines()) == 2


@pytest.mark.parametrize("missing", ["pytest", "hypothesis"])
def test_a_missing_package_is_named_with_the_command_that_installs_it(missing: str) -> None:
    program = f"import sys; sys.modules[{missing!r}] = None; import transports.testing"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    last = done.stderr.splitlines()[-1]
    assert last == f"ImportError: the tests for transports need {missing}: pip install 'roulette-chat[testing]'"
