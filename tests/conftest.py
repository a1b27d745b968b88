"""How hard Hypothesis tries: ``dev`` at the desk, ``ci`` thorough and the same every time, ``nightly`` for hours.

``mutation`` is for those who only want to know whether a test fails, a thousand times over, and not by what.
``HYPOTHESIS_PROFILE`` names one; without it, ``ci`` where the variable ``CI`` is set and ``dev`` elsewhere.
"""

import os

import pytest
from hypothesis import HealthCheck, Phase, settings

# Machines that run tests are shared and slow at times: no example is ever too slow, only wrong.
_calm = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

settings.register_profile("dev", _calm, max_examples=30, stateful_step_count=40)
settings.register_profile("ci", _calm, max_examples=100, stateful_step_count=50, derandomize=True)
settings.register_profile("nightly", _calm, max_examples=5000, stateful_step_count=100)
settings.register_profile(
    "mutation",
    _calm,
    max_examples=30,
    stateful_step_count=40,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    report_multiple_bugs=False,
)

settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE") or ("ci" if os.environ.get("CI") else "dev"))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """One process more than there are processors: some tests wait for real sockets, terminals and clocks."""
    return (os.cpu_count() or 1) + 1
