"""Which build of the kernel is tested."""

import pytest

from sim.compiled import compiled

pure_only = pytest.mark.skipif(compiled(), reason="compiled methods cannot be replaced")
"""For tests that plant bugs in the kernel."""
