"""The worlds that carry bytes: the same personas as everywhere, as clients of the real gateway.

Start reading in ``simulated_clients.py``. The network to the server is virtual in ``wire``, real in ``tcp``.
"""

from sim.worlds.client_visit import ClientVisit
from sim.worlds.faults import DELAYS, MILD, NAMED, PERFECT, ROUGH, Faults, Occurrence
from sim.worlds.interfaces import ClientPopulation
from sim.worlds.merge import write_accounts
from sim.worlds.simulated_clients import CODECS, DIALECTS

__all__ = [
    "CODECS",
    "DELAYS",
    "DIALECTS",
    "MILD",
    "NAMED",
    "PERFECT",
    "ROUGH",
    "ClientPopulation",
    "ClientVisit",
    "Faults",
    "Occurrence",
    "write_accounts",
]
