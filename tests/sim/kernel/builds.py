"""Which build of the kernel is tested."""

import inspect

import pytest

from sim.kernel.agenda import Agenda

pure_only = pytest.mark.skipif(not inspect.isfunction(Agenda.put), reason="compiled methods cannot be replaced")
"""For tests that plant bugs in the kernel."""
