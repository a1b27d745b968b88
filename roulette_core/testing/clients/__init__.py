"""A run as its clients saw it, who know nothing of the server.

``sightings.py`` says what a client can see, ``judge.py`` judges a run.
"""

from roulette_core.testing.clients.breach import Place, RuleBreach
from roulette_core.testing.clients.client_events import (
    Account,
    Arrived,
    Entry,
    Gone,
    Met,
    PartedFrom,
    SawClosed,
    SawLine,
    SawRefused,
    SawReturned,
    Searches,
    Sighting,
    Welcomed,
)
from roulette_core.testing.clients.judge import RULES, Verdicts, judge
from roulette_core.testing.clients.translation import sighting_of
from roulette_core.testing.clients.words import described

__all__ = [
    "RULES",
    "Account",
    "Arrived",
    "Entry",
    "Gone",
    "Met",
    "PartedFrom",
    "Place",
    "RuleBreach",
    "SawClosed",
    "SawLine",
    "SawRefused",
    "SawReturned",
    "Searches",
    "Sighting",
    "Verdicts",
    "Welcomed",
    "described",
    "judge",
    "sighting_of",
]
