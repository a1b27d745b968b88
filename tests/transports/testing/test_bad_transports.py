"""Every test of the kit can fail: each bad transport is found by the test that its table names."""

import pytest

from tests.transports.testing.bad_transports import PLANTS, Plant, serve
from transports.testing import TransportTests, transport_test

IMPATIENT = 0.5
"""How long to wait for what may never come, in seconds: here it often does not."""

BadTransport = transport_test(
    serve, half_close=True, reset=True, lingers=True, backpressure=True, filling=1 << 20, patience=IMPATIENT
)


@pytest.mark.parametrize("plant", PLANTS, ids=lambda plant: plant.name)
def test_a_bad_transport_is_found(plant: Plant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plant.owner, plant.method, plant.spoilt)
    test = getattr(BadTransport(), plant.found_by)
    with pytest.raises((AssertionError, ExceptionGroup)):  # a group where Hypothesis cannot have it fail again
        test()


def test_every_test_that_a_plant_names_is_there_and_none_is_named_for_nothing() -> None:
    assert {plant.found_by for plant in PLANTS} <= set(dir(TransportTests))
    assert len({plant.name for plant in PLANTS}) == len(PLANTS) >= 20
