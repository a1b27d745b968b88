"""Every test of the kit can fail: each bad transport is found by the test that the table names."""

import pytest

from roulette_core.testing import TimeLimitExceeded
from tests.transports.testing.bad_transports import DEADLINE, PLANTS, Plant
from tests.transports.testing.without_driver import serve
from transports.testing import TransportTests, transport_test

PATIENCE = 0.5
"""The longest wait for any one thing, in seconds: here it often never comes."""

BadTransport = transport_test(
    serve, half_close=True, reset=True, lingers=True, backpressure=True, filling=1 << 20, patience=PATIENCE
)


@pytest.mark.parametrize("plant", PLANTS, ids=lambda plant: plant.name)
def test_a_bad_transport_is_found(plant: Plant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plant.owner, plant.method, plant.broken)
    monkeypatch.setattr(BadTransport, "deadline", plant.deadline)
    test = getattr(BadTransport(), plant.found_by)
    if plant.deadline == DEADLINE:
        with pytest.raises(
            TimeLimitExceeded, match=f"hangs or is too slow: not finished after {DEADLINE:g} s; of conn"
        ):
            test()
    else:
        with pytest.raises((AssertionError, ExceptionGroup)):  # a group where Hypothesis cannot reproduce the failure
            test()


def test_every_plant_names_a_test_of_the_kit_and_has_a_name_of_its_own() -> None:
    assert {plant.found_by for plant in PLANTS} <= set(dir(TransportTests))
    assert len({plant.name for plant in PLANTS}) == len(PLANTS) >= 20
