"""Hypothesis profiles, and the tests that only the nightly profile runs.

``dev`` is quick, ``ci`` is thorough and repeats the same examples, ``nightly`` runs for hours; ``mutation`` only asks
whether a test fails, not by which example. ``HYPOTHESIS_PROFILE`` chooses one; the default is ``ci`` if the variable
``CI`` is set, and ``dev`` if not.
"""

import os

import pytest
from hypothesis import HealthCheck, Phase, settings

# Machines that run tests are shared and slow at times, so no example fails for being slow.
_patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

settings.register_profile("dev", _patient, max_examples=30, stateful_step_count=40)
settings.register_profile("ci", _patient, max_examples=100, stateful_step_count=50, derandomize=True)
settings.register_profile("nightly", _patient, max_examples=5000, stateful_step_count=100)
settings.register_profile(
    "mutation",
    _patient,
    max_examples=30,
    stateful_step_count=40,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    report_multiple_bugs=False,
)

PROFILE = os.environ.get("HYPOTHESIS_PROFILE") or ("ci" if os.environ.get("CI") else "dev")

settings.load_profile(PROFILE)


def pytest_configure(config: pytest.Config) -> None:
    """Deselects the tests marked ``nightly``, unless the profile or ``-m`` asks for them."""
    if PROFILE != "nightly" and not config.option.markexpr:
        config.option.markexpr = "not nightly"


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Returns one more than there are processors: some tests wait for sockets, terminals and clocks."""
    return (os.cpu_count() or 1) + 1
