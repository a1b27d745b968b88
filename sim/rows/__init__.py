"""The narrow waist of the simulator: whatever a run is made by, what happens in it is rows, in blocks.

Sources write them: the core's effects (``from_effects.py``), the kernel, the accounts of clients. Sinks read them: the
watcher and the tally of ``sim.measure``. ``codes.py`` says what a row can mean, ``block.py`` how rows are kept.
"""

from sim.rows.block import BLOCK, Rows, Sink
from sim.rows.from_effects import EffectRows
from sim.rows.kept import Columns, Kept

__all__ = ["BLOCK", "Columns", "EffectRows", "Kept", "Rows", "Sink"]
