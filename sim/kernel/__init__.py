"""The fast kernel: users are seats, everything about them stands in typed arrays, and what happens is written as rows.

Ordinary Python throughout, which gives the same rows as ``roulette_core``, the reference, to the last bit. The ``.pxd``
file beside a module declares types with which Cython can compile it.
"""

from sim.kernel.growing import longer
from sim.kernel.running import run, unknown

__all__ = ["longer", "run", "unknown"]
